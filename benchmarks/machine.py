"""One core, one thread; and what machine that core belongs to."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
}


def pin_to_one_core() -> None:
    """Keep this process and its children on one core; call before numpy or jax are loaded."""
    os.environ.update(ONE_THREAD)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def free_all_cores() -> None:
    """Undo ``pin_to_one_core`` in a process of its own; call before numpy or jax are loaded."""
    for name in ONE_THREAD.keys() - {"JAX_PLATFORMS"}:
        os.environ.pop(name, None)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))


def describe() -> dict[str, str]:
    """Machine and versions, as printed under every table."""
    return {
        "cpu": _cpu_model(),
        "cores": f"1 of {os.cpu_count()}",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "jax": version("jax"),
    }


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def seconds(action: Callable[[], object], least: int = 5, budget: float = 3.0) -> float:
    """Median processor time of an action: ``least`` runs, then more until the budget is spent.

    On one pinned core with one thread this is the wall time of an idle machine.
    """
    times: list[float] = []
    while len(times) < least or (sum(times) < budget and len(times) < 200):
        times.append(once(action))
    return median(times)


def once(action: Callable[[], object]) -> float:
    """Processor time of a single run."""
    start = time.process_time()
    action()
    return time.process_time() - start


def of_child(command: list[str], environment: dict[str, str] | None = None) -> float:
    """Processor time of a command run to its end; raises ``CalledProcessError`` if it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command, env=dict(os.environ) | (environment or {}), check=True, capture_output=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def peak_bytes() -> int:
    """Largest resident size of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def pass_seconds(shape: tuple[int, ...]) -> float:
    """Time of one read of a float64 array of this shape (its sum)."""
    values = np.random.default_rng(0).uniform(size=shape)
    return seconds(lambda: float(values.sum()), least=50, budget=1.0)


def memory_bandwidth(size: int = 256 * 2**20) -> float:
    """Bytes a second this core reads from memory: the sum of an array larger than any cache."""
    values = np.ones(size // 8)
    return size / seconds(lambda: float(values.sum()), least=5, budget=1.0)


def copy_bandwidth(size: int = 256 * 2**20) -> float:
    """Bytes a second read and written together as one large array is copied to another."""
    source, target = np.ones(size // 8), np.zeros(size // 8)
    return 2 * size / seconds(lambda: np.copyto(target, source), least=5, budget=1.0)
