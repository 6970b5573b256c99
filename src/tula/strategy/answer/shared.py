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


def shared(
    work: Callable[[C, T], V], common: C, items: Sequence[T], executor: Executor | None
) -> list[V]:
    """Do the same to every item, in order, by workers if there are any.

    What is ``common`` travels packed and is unpacked once by each: what a worker computes from it
    is kept with it.
    """
    if executor is None:
        return [work(common, one) for one in items]
    chunk = max(1, len(items) // (CHUNKS * getattr(executor, "_max_workers", 1)))
    away = partial(_away, work, pickle.dumps(common))
    return list(executor.map(away, items, chunksize=chunk))


def _away(work: Callable[[Any, T], V], packed: bytes, item: T) -> V:
    return work(_unpacked(packed), item)


@lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> Any:
    return pickle.loads(packed)
