"""How a worker process starts, before it loads anything that looks at the machine.

This module imports the standard library alone: the settings it makes are read once, when NumPy and
JAX are first imported.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import BaseContext

#: What XLA ("NPROC"), OpenMP, OpenBLAS and MKL read to size their thread pools. One thread each:
#: there is one worker per core already. Limits rather than a core of its own for each worker,
#: because a pinned worker waits whenever its core is taken, and two runs would take the same cores.
THREAD_LIMITS = ("NPROC", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
#: What is loaded before workers are told what to do.
LOADED = (
    "tula.study.asked",
    "tula.study.tie_records",
    "scipy.interpolate",
    "scipy.optimize",
    "scipy.sparse.csgraph",
)


def ready() -> BaseContext:
    """Return how workers start, all from one process that begins now to load what they need.

    It has one thread and never loads JAX, so that it can be forked. Where systems do not take that
    well, every worker is a new process and loads for itself.
    """
    start_tracker()
    if sys.platform != "linux" or os.cpu_count() == 1:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))  # it inherits that
    try:
        with _environment(**{name: os.environ.get(name, "1") for name in THREAD_LIMITS}):
            forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)
    return context


def start() -> None:
    """Set up this process as a worker: one thread, ended with its parent and by Ctrl-C.

    A limit that the environment sets already is kept.
    """
    for name in THREAD_LIMITS:
        os.environ.setdefault(name, "1")
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT,))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()


def start_tracker() -> None:
    """Start the process that tidies up after workers, where there is one, and keep it quiet."""
    if os.name == "posix":
        told = os.environ.get("PYTHONWARNINGS")
        with _environment(PYTHONWARNINGS=",".join(filter(None, (told, "ignore:resource_tracker")))):
            resource_tracker.ensure_running()


@contextmanager
def _environment(**settings: str) -> Iterator[None]:
    """Let processes that are started meanwhile have these settings."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _end_with_parent() -> None:
    """End at once when the parent is gone, however it went; no worker is left behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
