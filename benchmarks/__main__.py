"""``make bench``: measure everything in one run, and write the page and the README's figures.

``python -m benchmarks --page`` writes both again from the last run's ``results.json``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from benchmarks import machine, page, worlds

ROOT = worlds.ROOT
RESULTS = ROOT / "benchmarks" / "results.json"
#: The interpreter with the engine of the previous release and the other packages.
OTHER = ROOT / ".venv" / "bench" / "bin" / "python"
#: Seconds after which a task is given up; what it was to measure is then told as not ended.
LIMIT = 150.0
FIRST = (
    "import tula as tl; print(tl.solve(tl.load_world('icio-2024'), [tl.Tariff(importer='USA',"
    " exporter='IND', sectors=tl.GOODS, add=0.5)]).certificate)"
)
TASKS = (
    "solve 33x25", "solve 81x50", "solve 400x65",
    "floor 33x25", "floor nafta", "floor 81x50", "floor 400x65",
    "nested 33x25", "nested nafta",
    "gradient 33x25", "gradient 81x50",
    "batch 33x25 100 numpy", "batch 33x25 100 jax", "batch 33x25 1000 numpy",
    "batch 33x25 1000 jax", "batch 81x50 100 numpy", "batch 81x50 100 jax",
    "stream 500 2500", "maps", "options", "best uniform", "best partner",
    "war uniform", "war cell", "scenarios", "agreement", "embargo",
)  # fmt: skip
PREVIOUS = ("solve 33x25", "solve 81x50", "gradient 33x25", "batch 33x25 200")


def measured(python: Path | str, arguments: list[str]) -> dict[str, Any]:
    """Run a task to its end; what is missing, failed or not ended in time is told as ``why``."""
    if not Path(python).exists():
        return {"why": "not installed"}
    environment = dict(os.environ)
    if Path(python) == OTHER:
        environment |= {"PYTHONPATH": "", "PYTHONWARNINGS": "ignore"}
    try:
        ended = subprocess.run(
            [str(python), *arguments], cwd=ROOT, env=environment, timeout=LIMIT,
            capture_output=True, text=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"why": f"not ended after {LIMIT:.0f} s"}
    if ended.returncode:
        return {"why": (ended.stderr.strip().splitlines() or ["failed"])[-1][:200]}
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def commands() -> dict[str, float]:
    """Processor time of whole commands, each in a fresh process."""
    tula, python = str(Path(sys.executable).with_name("tula")), sys.executable
    with tempfile.TemporaryDirectory() as folder:
        asked = {
            "python alone": [python, "-c", "pass"],
            "import tula": [python, "-c", "import tula"],
            "tula --help": [tula, "--help"],
            "first answer": [python, "-c", FIRST],
            "tula solve": [tula, "solve", "--tariff", "USA:IND:goods:+25pp"],
        }
        return {name: machine.of_child(command, folder) for name, command in asked.items()}


def study() -> dict[str, Any]:
    """Time the India study with 64 draws by the clock, on all cores."""
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    with tempfile.TemporaryDirectory() as folder:
        asked = ["-m", "tula", "run", "india-2025", "--draws", "64", "--out", folder]
        start = time.perf_counter()
        ended = subprocess.run(
            [sys.executable, *asked], cwd=folder, capture_output=True, text=True, check=True
        )
        clock = time.perf_counter() - start
    return {"clock_s": clock, "cores": len(cores) or os.cpu_count(), "told": ended.stdout[-200:]}


def run() -> dict[str, Any]:
    """Measure everything; the study first, before this process keeps to one core."""
    found: dict[str, Any] = {"machine": machine.describe(), "study": study()}
    machine.pin_to_one_core()
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("", total=len(TASKS) + len(PREVIOUS) + 2)

        def tell(what: str) -> None:
            progress.update(bar, description=what, advance=1)

        tell("commands")
        found["commands"] = commands()
        for task in TASKS:
            tell(task)
            found[task] = measured(sys.executable, ["-m", "benchmarks.tasks", *task.split()])
        for task in PREVIOUS:
            tell(f"previous engine: {task}")
            found[f"previous {task}"] = measured(OTHER, ["-m", "benchmarks.tasks", *task.split()])
        tell("other packages")
    return found | peers()


def peers() -> dict[str, dict[str, Any]]:
    """Time the other packages at their own tasks."""
    script, folder = str(ROOT / "benchmarks" / "peers.py"), worlds.reference_folder()
    found = {"sanction-simulator": measured(OTHER, [script, "sanction-simulator"])}
    if folder is None:
        return found | {"gegravity": {"why": "no reference data"}}
    sample = folder / "gegravity_sample" / "sample_data_set.dlm"
    return found | {"gegravity": measured(OTHER, [script, "gegravity", str(sample)])}


def main() -> None:
    """Measure unless told ``--page``, and write what was found."""
    if "--page" not in sys.argv:
        RESULTS.write_text(json.dumps(run(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    page.write(found, ROOT / "docs" / "benchmarks.md")
    page.place(found, ROOT / "README.md")


if __name__ == "__main__":
    main()
