"""``make bench``: measure everything in one run, and write the page and the README's figures.

``python -m benchmarks TASK ...`` measures only these again (``"solve 33x25"``, ``study``), and
``--page`` nothing: the rest stands as the last run left it in ``results.json``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from benchmarks import machine, page, worlds

ROOT = worlds.ROOT
RESULTS = ROOT / "benchmarks" / "results.json"
#: The interpreter with the engine of the previous release and the other packages.
OTHER = ROOT / ".venv" / "bench" / "bin" / "python"
#: Runs of the study, whose least time counts.
STUDIES = 3
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
    "stream 2500 7500", "maps", "options", "best uniform", "best partner",
    "war uniform", "war cell", "scenarios", "agreement", "embargo",
    "slider 33x25", "slider 81x50",
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
    """Time the India study with 64 draws by the clock, on all cores: the least of ``STUDIES``."""
    taken = []
    for _ in range(STUDIES):
        with tempfile.TemporaryDirectory() as folder:
            asked = ["-m", "tula", "run", "india-2025", "--draws", "64", "--out", folder]
            start = time.perf_counter()
            subprocess.run([sys.executable, *asked], cwd=folder, capture_output=True, check=True)
            taken.append(time.perf_counter() - start)
    return {"clock_s": min(taken), "cores": len(machine.cores())}


def plan() -> dict[str, Callable[[], dict[str, Any]]]:
    """All that can be measured, in order; the study first, while the process has all cores."""
    script, sample = str(ROOT / "benchmarks" / "peers.py"), str(worlds.ROOT / "none")
    if folder := worlds.reference_folder():
        sample = str(folder / "gegravity_sample" / "sample_data_set.dlm")
    tasks = {task: (sys.executable, task) for task in TASKS}
    tasks |= {f"previous {task}": (str(OTHER), task) for task in PREVIOUS}
    return {
        "study": study,
        "commands": commands,
        **{
            name: partial(measured, python, ["-m", "benchmarks.tasks", *task.split()])
            for name, (python, task) in tasks.items()
        },
        "gegravity": partial(measured, OTHER, [script, "gegravity", sample]),
        "sanction-simulator": partial(measured, OTHER, [script, "sanction-simulator"]),
    }


def run(names: list[str], found: dict[str, Any]) -> dict[str, Any]:
    """Measure what is named into what was found before, kept after every task."""
    planned = plan()
    if unknown := [name for name in names if name not in planned]:
        raise SystemExit(f"no tasks: {', '.join(unknown)}; there are {', '.join(planned)}")
    found = {name: one for name, one in found.items() if name in planned}
    here = machine.describe()
    if any(found.setdefault("machine", here)[name] != here[name] for name in machine.LASTING):
        raise SystemExit("the rest was measured on another machine: make bench measures everything")
    for name in track(names, description="Measuring", console=Console(stderr=True)):
        if name != "study":
            machine.pin_to_one_core()
        found[name] = planned[name]()
        RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return found


def main() -> None:
    """Measure what is asked for, and write what was found."""
    asked = [name for name in sys.argv[1:] if name != "--page"]
    before = json.loads(RESULTS.read_text(encoding="utf-8")) if sys.argv[1:] else {}
    names = asked if sys.argv[1:] else list(plan())
    shown = page.Results(run(names, before) if names else before)
    page.write(shown, ROOT / "docs" / "benchmarks.md")
    page.place(shown, ROOT / "README.md")


if __name__ == "__main__":
    main()
