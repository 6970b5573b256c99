"""Work shared among processes of this machine or of a cluster; results do not depend on them."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import lru_cache, partial
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

    What is ``common`` travels packed and is unpacked once by each worker: what it computes from it
    is kept with it. Without workers all is done when it is waited for.
    """
    if executor is None:
        return lambda: [work(common, one) for one in items]
    chunk = max(1, len(items) // (CHUNKS * getattr(executor, "_max_workers", 1)))
    away = partial(_away, work, pickle.dumps(common))
    under_way = executor.map(away, items, chunksize=chunk)
    return lambda: list(under_way)


def _away(work: Callable[[Any, T], V], packed: bytes, item: T) -> V:
    return work(_unpacked(packed), item)


@lru_cache(maxsize=KEPT)
def _unpacked(packed: bytes) -> Any:
    return pickle.loads(packed)
