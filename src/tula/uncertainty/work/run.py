"""Evaluate a function on many rows of a design."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from tula.shapes import Float
from tula.uncertainty.work.block import Block, Job, Stream, blocks_of, evaluate_block, job_of
from tula.uncertainty.work.cluster import on_cluster, require_cluster
from tula.uncertainty.work.errors import (
    UnkeptBlockWarning,
    WorkerLostError,
    WorkersLost,
    WorkSettingsError,
)
from tula.uncertainty.work.pool import in_processes
from tula.uncertainty.work.store import BlockStore
from tula.uncertainty.work.task import Result, Task
from tula.world.files import UnwritableFileError

Array = np.ndarray

#: Rows of a block unless told otherwise: 2 to 3 seconds of work at 0.15 s a row, which an
#: interruption may cost per worker, and which dwarfs the hand-over of a block (milliseconds).
BLOCK_ROWS = 16

Progress = Callable[[int, int], None]


def evaluate(
    task: Task,
    rows: Float[Array, "R k"],
    *,
    jobs: int = 1,
    cluster: str | None = None,
    store: str | os.PathLike[str] | None = None,
    block: int = BLOCK_ROWS,
    progress: Progress | None = None,
) -> list[Result]:
    """Return what the task's function gives on each row of a design, in the order of the rows.

    The answer is the same whichever way it is run: in this process (``jobs=1``), in ``jobs``
    processes of this machine, or on the workers of a dask scheduler (``cluster``, such as
    "tcp://host:8786"). ``store`` is a folder of finished blocks of ``block`` rows: an interrupted
    run, started again, evaluates only the blocks that are missing there; one that takes no more is
    told in an ``UnkeptBlockWarning`` and done without. ``progress`` is told the rows done and the
    rows in all after each block. Raises ``WorkSettingsError``,
    ``WorkerLostError``, ``WorkerCodeError``, ``MissingClusterExtraError``,
    ``UnreachableClusterError``, ``UnwritableFileError``, and whatever the function raises beyond
    ``TulaError``; finished blocks are kept in all these cases.
    """
    _check(jobs, cluster, block)
    blocks = blocks_of(np.asarray(rows, dtype=np.float64), block)
    kept = None if store is None else BlockStore(Path(store), task.key)
    finished = _Finished(blocks, kept, progress)
    missing = finished.restore()
    if missing:
        finished.take(_way(job_of(task), missing, jobs, cluster))
    return [result for block in blocks for result in finished.results[block.index]]


def require_means(jobs: int, cluster: str | None) -> None:
    """Raise now what ``evaluate`` would raise of its means: wrong settings, or a cluster not there.

    Raises ``WorkSettingsError``, ``MissingClusterExtraError`` and ``UnreachableClusterError``.
    """
    _check(jobs, cluster, BLOCK_ROWS)
    if cluster is not None:
        require_cluster(cluster)


def _check(jobs: int, cluster: str | None, block: int) -> None:
    wrong = [f"{name}={n}" for name, n in (("jobs", jobs), ("block", block)) if n < 1]
    if wrong:
        raise WorkSettingsError(f"expected whole numbers from 1; got {', '.join(wrong)}")
    if cluster is not None and jobs > 1:
        raise WorkSettingsError(
            f"got jobs={jobs} and the cluster {cluster}; give one of them: a cluster brings its "
            "own workers"
        )


def _way(job: Job, blocks: list[Block], jobs: int, cluster: str | None) -> Stream:
    if cluster is not None:
        return on_cluster(job, blocks, cluster)
    if jobs > 1:
        return in_processes(job, blocks, jobs)
    return ((block, evaluate_block(job, block.rows)) for block in blocks)


class _Finished:
    """Results by block, kept in the store and told to ``progress`` as they come."""

    def __init__(
        self, blocks: list[Block], store: BlockStore | None, progress: Progress | None
    ) -> None:
        self.blocks, self.store, self.progress = blocks, store, progress
        self.results: dict[int, list[Result]] = {}
        self.done, self.total = 0, sum(len(block.rows) for block in blocks)

    def restore(self) -> list[Block]:
        """Take what the store holds; return the blocks that are missing."""
        for block in self.blocks:
            results = None if self.store is None else self.store.read(block)
            if results is not None:
                self._add(block, results)
        return [block for block in self.blocks if block.index not in self.results]

    def take(self, coming: Stream) -> None:
        """Take blocks as they come and keep each at once."""
        with closing(coming) as stream:
            try:
                for block, results in stream:
                    self._keep(block, results)
                    self._add(block, results)
            except WorkersLost as error:
                raise WorkerLostError(f"{error}; {self._standing()}") from error

    def _keep(self, block: Block, results: list[Result]) -> None:
        """Put a block into the store; one that takes no more is told once and done without."""
        if self.store is None:
            return
        try:
            self.store.write(block, results)
        except UnwritableFileError as error:
            self.store = None
            warnings.warn(
                f"{error}; the work goes on, but what is finished from here on is not kept",
                UnkeptBlockWarning,
                stacklevel=2,
            )

    def _add(self, block: Block, results: list[Result]) -> None:
        self.results[block.index] = results
        self.done += len(results)
        if self.progress is not None:
            self.progress(self.done, self.total)

    def _standing(self) -> str:
        count = f"{len(self.results)} of {len(self.blocks)} blocks are finished"
        if self.store is None:
            return f"{count} and were not kept; give a store to be able to resume"
        return f"{count} and kept in {self.store.folder}; the same command resumes"
