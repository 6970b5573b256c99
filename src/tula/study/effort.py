"""How much a run draws, and who does the work."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

#: Draws of the beliefs behind odds and ranges, and those of a quick look.
DRAWS, QUICK = 64, 16


@dataclass(frozen=True)
class Effort:
    """Draws of the beliefs, and the processes of this machine or of a cluster that share them.

    The numbers do not depend on who does the work. ``cluster`` is the address of a dask scheduler.
    """

    draws: int = DRAWS
    jobs: int = 1
    cluster: str | None = None

    def workers(self) -> AbstractContextManager[Executor | None]:
        """Return who does the work, to be held while it is done; None: this process alone."""
        if self.cluster is not None:
            from distributed import Client

            pool: AbstractContextManager[Executor] = Client(self.cluster).get_executor()  # type: ignore[no-untyped-call]
            return pool
        if self.jobs == 1:
            return nullcontext()
        return ProcessPoolExecutor(self.jobs, multiprocessing.get_context("spawn"))
