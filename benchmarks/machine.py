"""One core, one thread: times, memory, and what that core reads at best."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
}


def cores() -> set[int]:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def pin_to_one_core() -> None:
    """Keep this process and its children on one core; call before numpy or jax is."""
    os.environ.update(ONE_THREAD)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(cores())})


#: What two measurements of one page must share.
LASTING = ("cpu", "cores", "system", "python", "numpy", "jax")


def describe() -> dict[str, str]:
    """Machine and versions, as printed above the tables."""
    return {
        "cpu": _cpu_model(),
        "cores": f"1 of {os.cpu_count()}",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "jax": version("jax"),
        "load before the run": f"{os.getloadavg()[0]:.1f}",
    }


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def seconds(action: Callable[[], object], least: int = 10, budget: float = 2.0) -> float:
    """Least processor time of an action: ``least`` runs, then more until the budget is spent.

    On one core with one thread this is the wall time of an idle machine; the least of many runs
    is what the work of others on the same machine disturbs least.
    """
    times: list[float] = []
    while len(times) < least or (sum(times) < budget and len(times) < 500):
        times.append(once(action))
    return min(times)


def once(action: Callable[[], object]) -> float:
    """Processor time of a single run."""
    start = time.process_time()
    action()
    return time.process_time() - start


def of_child(command: list[str], folder: str, runs: int = 3) -> float:
    """Least processor time of a command; raises ``CalledProcessError`` if it fails."""

    def run() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)

    return min(run() for _ in range(runs))


def peak_bytes() -> int:
    """Largest resident size of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def memory_maps() -> int:
    """How many memory maps this process holds (Linux; zero elsewhere)."""
    maps = Path("/proc/self/maps")
    return len(maps.read_bytes().splitlines()) if maps.exists() else 0


def read_seconds(arrays: Iterable[np.ndarray]) -> float:
    """Time to read some arrays one after another, by the fastest vectorised pass numpy has.

    They are as warm or cold as each leaves the next, as in an evaluation that reads them all.
    """
    flat = [one.ravel() for one in arrays]
    return seconds(lambda: [one.max() for one in flat], least=50, budget=1.0)
