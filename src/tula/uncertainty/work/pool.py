"""Blocks in processes of this machine."""

from __future__ import annotations

import multiprocessing
import warnings
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from tula.uncertainty import worker
from tula.uncertainty.work.block import Block, Job, Stream, evaluate_away
from tula.uncertainty.work.errors import LostWorkerWarning, WorkersLost

#: Fresh pools after the first; a block that kills its worker every time ends the run.
FRESH_POOLS = 2


def in_processes(job: Job, blocks: Iterable[Block], jobs: int) -> Stream:
    """Yield blocks with their results as they are finished, from ``jobs`` processes at most.

    Processes are spawned, not forked, because JAX holds threads. Raises ``WorkersLost`` when a
    worker has died in the first pool and in each of ``FRESH_POOLS`` after it.
    """
    missing = {block.index: block for block in blocks}
    for left in reversed(range(FRESH_POOLS + 1)):
        try:
            for block, results in _one_pool(job, list(missing.values()), jobs):
                del missing[block.index]
                yield block, results
            return
        except BrokenProcessPool as error:
            if not left:
                raise WorkersLost(
                    f"a worker process died in each of {FRESH_POOLS + 1} pools"
                ) from error
            warnings.warn(
                f"a worker process died; {len(missing)} blocks are tried again in a fresh pool",
                LostWorkerWarning,
                stacklevel=2,
            )


def _one_pool(job: Job, blocks: list[Block], jobs: int) -> Stream:
    """Yield what one pool finishes; raise its ``BrokenProcessPool`` after all that it finished."""
    worker.start_tracker()
    pool = ProcessPoolExecutor(
        min(jobs, len(blocks)), multiprocessing.get_context("spawn"), worker.start
    )
    lost: BrokenProcessPool | None = None
    done = False
    try:
        futures = {pool.submit(evaluate_away, job, block.rows): block for block in blocks}
        for future in as_completed(futures):
            try:
                results = future.result()
            except BrokenProcessPool as error:
                lost = error
            else:
                yield futures[future], results
        done = True
    finally:
        if not done:
            _kill(pool)
        pool.shutdown(wait=True, cancel_futures=True)
    if lost is not None:
        raise lost


def _kill(pool: ProcessPoolExecutor) -> None:
    """End workers in the middle of their blocks: whoever ended the work does not wait for them."""
    for process in (pool._processes or {}).values():
        process.kill()
