"""How much a run draws, and who does the work."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from tula.uncertainty import worker
from tula.uncertainty.work import WorkerLostError
from tula.uncertainty.work.cluster import connected, watched

#: Draws of the beliefs behind odds and ranges, and those of a quick look.
DRAWS, QUICK = 64, 8


@dataclass(frozen=True)
class Effort:
    """Draws of the beliefs, and the processes of this machine or of a cluster that share them.

    The numbers do not depend on who does the work. ``cluster`` is the address of a dask scheduler.
    """

    draws: int = DRAWS
    jobs: int = 1
    cluster: str | None = None

    @contextmanager
    def workers(self) -> Iterator[Executor | None]:
        """Give who does the work while it is done; None: this process alone.

        Raises ``WorkerLostError`` where a worker dies, and the errors of ``connected``.
        """
        with self.watched():
            if self.cluster is not None:
                with connected(self.cluster) as client:
                    yield client.get_executor()
            elif self.jobs == 1:
                yield None
            else:
                with ProcessPoolExecutor(self.jobs, worker.ready(), worker.start) as pool:
                    try:
                        yield pool
                    except BaseException:
                        pool.shutdown(cancel_futures=True)
                        raise

    @contextmanager
    def drawer(self) -> Iterator[Executor | None]:
        """Give a worker of this machine that draws charts; None: this process does.

        It starts when it is first asked for something.
        """
        if self.jobs == 1:
            yield None
        else:
            with ProcessPoolExecutor(1, worker.ready(), worker.start) as pool:
                yield pool

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Raise ``WorkerLostError`` where a worker dies meanwhile."""
        with watched() if self.cluster else nullcontext():
            try:
                yield
            except BrokenExecutor as error:
                told = "a worker was lost, most often for want of memory; give fewer jobs"
                raise WorkerLostError(told) from error
