"""Evaluate a function on many rows: in blocks, any way of running them, nothing lost."""

from tula.uncertainty.work.block import code_hash
from tula.uncertainty.work.errors import (
    IdleClusterWarning,
    IgnoredBlockWarning,
    LostWorkerWarning,
    MissingClusterExtraError,
    UnkeptBlockWarning,
    UnreachableClusterError,
    WorkerCodeError,
    WorkerLostError,
    WorkSettingsError,
)
from tula.uncertainty.work.run import BLOCK_ROWS, Progress, evaluate, require_means
from tula.uncertainty.work.task import SIGNIFICANT_DIGITS, Function, Result, Task

__all__ = [
    "BLOCK_ROWS",
    "SIGNIFICANT_DIGITS",
    "Function",
    "IdleClusterWarning",
    "IgnoredBlockWarning",
    "LostWorkerWarning",
    "MissingClusterExtraError",
    "Progress",
    "Result",
    "Task",
    "UnkeptBlockWarning",
    "UnreachableClusterError",
    "WorkSettingsError",
    "WorkerCodeError",
    "WorkerLostError",
    "code_hash",
    "evaluate",
    "require_means",
]
