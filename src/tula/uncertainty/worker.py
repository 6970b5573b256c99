"""How a worker process starts, before it loads anything that looks at the machine.

This module imports the standard library alone: the settings it makes are read once, when NumPy and
JAX are first imported.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading

#: What XLA ("NPROC"), OpenMP, OpenBLAS and MKL read to size their thread pools. One thread each:
#: there is one worker per core already. Limits rather than a core of its own for each worker,
#: because a pinned worker waits whenever its core is taken, and two runs would take the same cores.
THREAD_LIMITS = ("NPROC", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def start() -> None:
    """Set up this process as a worker: one thread, ended with its parent and by Ctrl-C.

    A limit that the environment sets already is kept.
    """
    for name in THREAD_LIMITS:
        os.environ.setdefault(name, "1")
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End at once when the parent is gone, however it went; no worker is left behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
