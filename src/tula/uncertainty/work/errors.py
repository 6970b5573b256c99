"""What can go wrong between a design and its answers."""

from __future__ import annotations

from tula.errors import TulaError


class WorkSettingsError(TulaError):
    """The work cannot be divided as asked. Give whole numbers from 1, and jobs or a cluster."""


class WorkerLostError(TulaError):
    """Workers were lost again and again, most often for want of memory.

    Give fewer jobs, or workers with more memory. Finished blocks are kept where a store is given:
    the same command goes on from there.
    """


class WorkerCodeError(TulaError):
    """A worker runs other code than the caller. Install the same Tula on it and restart it."""


class MissingClusterExtraError(TulaError):
    """The library that speaks to a cluster is absent. Install it: pip install "tula[cluster]"."""


class UnreachableClusterError(TulaError):
    """No scheduler answers at this address. Check the address, and that the scheduler runs."""


class IgnoredBlockWarning(UserWarning):
    """A stored block cannot be trusted; its rows are evaluated again."""


class UnkeptBlockWarning(UserWarning):
    """Finished blocks cannot be kept any more; the work goes on. Make room to be able to resume."""


class LostWorkerWarning(UserWarning):
    """A worker was lost; the blocks not finished are tried again with fresh workers."""


class IdleClusterWarning(UserWarning):
    """The cluster has no worker yet; the work waits until one joins."""


class WorkersLost(Exception):  # noqa: N818  (told to the caller as a WorkerLostError)
    """Inside this package: the workers were lost too often, and why."""
