"""Blocks of rows, and what a worker does with one."""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections.abc import Generator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np

from tula._version import __version__
from tula.errors import TulaError
from tula.shapes import Float
from tula.uncertainty.work.errors import WorkerCodeError
from tula.uncertainty.work.task import Function, Result, Task, result_of

Array = np.ndarray

#: Rooms whose code changes no number of an evaluation.
TELLING = ("cli", "report", "say")


@dataclass(frozen=True)
class Block:
    """Consecutive rows [b, k] of a design; ``index`` counts blocks from 0."""

    index: int
    rows: Float[Array, "b k"]

    @property
    def rows_hash(self) -> str:
        """SHA-256 of the shape and the numbers, the same on every machine."""
        numbers = np.ascontiguousarray(self.rows, dtype="<f8")
        return hashlib.sha256(repr(numbers.shape).encode() + numbers.tobytes()).hexdigest()


@dataclass(frozen=True)
class Job:
    """A task as it travels: pickled, with the hash of the code it expects to meet."""

    key: str
    pickled: bytes
    code: str


#: Blocks with their results, in the order in which they are finished.
Stream = Generator[tuple[Block, list[Result]], None, None]


def blocks_of(rows: Float[Array, "R k"], size: int) -> list[Block]:
    """Cut a design into blocks of ``size`` rows in order; the last may be shorter."""
    starts = range(0, len(rows), size)
    return [Block(index, rows[start : start + size]) for index, start in enumerate(starts)]


def job_of(task: Task) -> Job:
    """Pack a task for the way to a worker."""
    return Job(task.key, pickle.dumps(task), code_hash())


@cache
def code_hash() -> str:
    """Return the SHA-256 of the source that decides numbers, as it stood at the first call.

    All of Tula but the rooms that only tell results, ``TELLING``: file names and contents in order.
    """
    folder = Path(str(resources.files("tula")))
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        place = path.relative_to(folder)
        if place.parts[0] not in TELLING:
            digest.update(place.as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


_built: dict[Job, Function] = {}
_one_at_a_time = threading.Lock()


def evaluate_block(job: Job, rows: Float[Array, "b k"]) -> list[Result]:
    """Evaluate the rows [b, k] of a block in this process, in order, and in one thread at a time.

    The function is built when its task is first met and kept until another comes. Raises whatever
    it raises beyond ``TulaError``.
    """
    with _one_at_a_time:
        if job not in _built:
            _built.clear()
            _built[job] = pickle.loads(job.pickled).build()
        return [result_of(_built[job], row.copy()) for row in rows]


def evaluate_away(job: Job, rows: Float[Array, "b k"]) -> list[Result]:
    """Do ``evaluate_block`` in a worker, with errors that survive the way back to the caller.

    Raises ``WorkerCodeError`` where the worker's code is not the caller's.
    """
    if job.code != code_hash():
        raise WorkerCodeError(
            f"the caller's code is {job.code[:12]}, a worker's is {code_hash()[:12]} (Tula "
            f"{__version__}): install the same Tula on every machine, restart the workers, "
            "and do not edit Tula while it runs"
        )
    try:
        return evaluate_block(job, rows)
    except Exception as error:
        if _travels(error):
            raise
        kind = TulaError if isinstance(error, TulaError) else RuntimeError
        raise kind(f"{type(error).__name__}: {error}") from error


def _travels(error: Exception) -> bool:
    """Tell whether an error can be pickled and read again; one that cannot would kill a pool."""
    try:
        return type(pickle.loads(pickle.dumps(error))) is type(error)
    except Exception:
        return False
