"""Blocks on a cluster of machines, through dask.distributed."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from tula.uncertainty.work.block import Block, Job, Stream, evaluate_away
from tula.uncertainty.work.errors import (
    IdleClusterWarning,
    MissingClusterExtraError,
    UnreachableClusterError,
    WorkerLostError,
    WorkersLost,
)
from tula.uncertainty.work.task import Result

#: Seconds to wait for a scheduler to answer.
CONNECT_SECONDS = 10.0


def on_cluster(job: Job, blocks: Iterable[Block], address: str) -> Stream:
    """Yield blocks with their results as they are finished by the workers of a scheduler.

    The scheduler itself hands the block of a lost worker to another one, as often as its setting
    ``distributed.scheduler.allowed-failures`` allows (3 unless set); then ``WorkersLost`` is
    raised. Raises ``MissingClusterExtraError`` and ``UnreachableClusterError``.
    """
    distributed = _distributed()
    with _client(distributed, address) as client:
        pairs = [
            (client.submit(evaluate_away, job, block.rows, pure=False), block) for block in blocks
        ]
        block_of = {future.key: block for future, block in pairs}
        for future in distributed.as_completed([future for future, _ in pairs], client.loop):
            yield block_of[future.key], _results(distributed, future)


def require_cluster(address: str) -> None:
    """Raise what ``on_cluster`` does unless a scheduler answers at the address."""
    with connected(address):
        pass


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """Give a client of a scheduler while its workers are needed.

    Raises ``MissingClusterExtraError``, ``UnreachableClusterError`` and, where they are lost
    meanwhile, ``WorkerLostError``.
    """
    with _client(_distributed(), address) as client, watched():
        yield client


@contextmanager
def watched() -> Iterator[None]:
    """Raise ``WorkerLostError`` where a cluster loses its workers meanwhile."""
    try:
        yield
    except (_distributed().KilledWorker, CancelledError) as error:
        raise WorkerLostError(f"the cluster lost its workers: {error}") from error


def _distributed() -> ModuleType:
    try:
        import distributed
    except ImportError as error:
        raise MissingClusterExtraError(
            'a cluster needs dask.distributed; install it: pip install "tula[cluster]"'
        ) from error
    module: ModuleType = distributed
    return module


def _client(distributed: ModuleType, address: str) -> Any:
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, AssertionError, ImportError, RuntimeError) as error:
        why = f" ({error})" if isinstance(error, TypeError | ImportError) else ""
        raise UnreachableClusterError(
            f"no scheduler answers at {address} within {CONNECT_SECONDS:g} s{why}; "
            "check the address (tcp://host:port) and that the scheduler runs"
        ) from error
    if not client.nthreads():
        warnings.warn(
            f"the cluster at {address} has no worker yet; waiting until one joins",
            IdleClusterWarning,
            stacklevel=2,
        )
    return client


def _results(distributed: ModuleType, future: Any) -> list[Result]:
    try:
        results: list[Result] = future.result()
    except distributed.KilledWorker as error:
        raise WorkersLost(f"the cluster gave a block up: {error}") from error
    except CancelledError as error:
        raise WorkersLost("the cluster's scheduler was lost") from error
    return results
