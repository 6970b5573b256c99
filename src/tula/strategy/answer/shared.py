"""Work shared among processes of this machine or of a cluster; results do not depend on them."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

C = TypeVar("C")
T = TypeVar("T")
V = TypeVar("V")
#: Parts into which each worker's share of a work is cut.
CHUNKS = 16
#: Works whose common part a worker keeps, as several are under way at once.
KEPT = 6


def shared(
    work: Callable[[C, T], V], common: C, items: Sequence[T], executor: Executor | None
) -> list[V]:
    """Do the same to every item, in order, by workers if there are any."""
    return begun(work, common, items, executor)()


def begun(
    work: Callable[[C, T], V], common: C, items: Sequence[T], executor: Executor | None
) -> Callable[[], list[V]]:
    """Begin to do the same to every item, and return how to wait for what comes of it, in order.

    What is ``common`` travels packed, to processes of this machine by a file, and is unpacked once
    by each worker: what it computes from it is kept with it. Without workers all is done when it is
    waited for.
    """
    if executor is None:
        return lambda: [work(common, one) for one in items]
    chunk = max(1, len(items) // (CHUNKS * getattr(executor, "_max_workers", 1)))
    packed = pickle.dumps(common)
    if not isinstance(executor, ProcessPoolExecutor):
        under_way = executor.map(partial(_away, work, packed), items, chunksize=chunk)
        return lambda: list(under_way)
    folder = TemporaryDirectory(prefix="tula-", ignore_cleanup_errors=True)
    place = Path(folder.name) / "common"
    place.write_bytes(packed)
    found = executor.map(partial(_away, work, place), items, chunksize=chunk)

    def waited() -> list[V]:
        with folder:
            return list(found)

    return waited


def _away(work: Callable[[Any, T], V], packed: bytes | Path, item: T) -> V:
    return work(_unpacked(packed), item)


@lru_cache(maxsize=KEPT)
def _unpacked(packed: bytes | Path) -> Any:
    return pickle.loads(packed if isinstance(packed, bytes) else packed.read_bytes())
