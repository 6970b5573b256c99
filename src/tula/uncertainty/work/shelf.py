"""A pool of processes of this machine, to each of which a function travels once."""

from __future__ import annotations

import os
import pickle
import weakref
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
#: Functions that a worker keeps, as several are under way at once.
KEPT = 8
_numbers = count()


class Pool(ProcessPoolExecutor):
    """Workers who fetch what they are to do, worlds and all, from memory, and keep it."""

    def map(
        self,
        fn: Callable[..., T],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
    ) -> Iterator[T]:
        """Do ``fn`` as every executor does."""
        shelved = _Shelved(fn) if hasattr(os, "memfd_create") else fn
        return super().map(shelved, *iterables, timeout=timeout, chunksize=chunksize)


class _Shelved:
    """A function laid down in memory that has no name, gone with the last who holds it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        shelf, self.number = os.memfd_create("shelf"), next(_numbers)
        weakref.finalize(self, os.close, shelf)
        self.place = Path(f"/proc/{os.getpid()}/fd/{shelf}")
        self.place.write_bytes(pickle.dumps(function))

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return partial, (_called, self.place, self.number)

    def __call__(self, *given: Any) -> Any:
        raise TypeError("called where it was laid down, not by a worker")


def _called(place: Path, number: int, *given: Any) -> Any:
    return _fetched(place, number)(*given)


@lru_cache(maxsize=KEPT)
def _fetched(place: Path, number: int) -> Callable[..., Any]:
    fetched: Callable[..., Any] = pickle.loads(place.read_bytes())
    return fetched
