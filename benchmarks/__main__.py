"""``make bench``: time the engine, its baseline, its memory traffic and its start, in one run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from rich.progress import track

from benchmarks import machine, sheets, tables

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
PYTHON = sys.executable
MEASUREMENTS = (("embedded", "nested"), ("cp2015", "nested"), ("large",), ("memory",))
TASKS = (
    ("gradient",),
    ("gradient-large",),
    ("options",),
    ("optima",),
    ("war",),
    ("batch",),
    ("batch", "all-cores"),
)


def _measured(arguments: tuple[str, ...], cache: str, module: str = "measure") -> Any:
    """Run one measurement in its own process with this compilation cache."""
    finished = subprocess.run(
        [PYTHON, "-m", f"benchmarks.{module}", *arguments],
        cwd=HERE.parent,
        env=dict(os.environ) | _cache(cache),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(finished.stdout.splitlines()[-1])


def _task(arguments: tuple[str, ...]) -> Any:
    """Run one task from an empty compilation cache."""
    with tempfile.TemporaryDirectory() as cache:
        return _measured(arguments, cache, "tasks")


def _cache(folder: str) -> dict[str, str]:
    return {
        "JAX_COMPILATION_CACHE_DIR": folder,
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }


def _starts(first: dict[str, Any], second: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Times to the first number, from an empty and from a filled compilation cache."""
    yield "python alone", _typical([PYTHON, "-c", "pass"])
    yield "import tula", _typical([PYTHON, "-c", "import tula"])
    yield "import tula.equilibrium", _typical([PYTHON, "-c", "import tula.equilibrium"])
    command = Path(PYTHON).with_name("tula")
    yield "tula --help", _typical([str(command), "--help"])
    world = f"{first['world']}, {first['regions']} x {first['sectors']}"
    yield f"first solve, compiling ({world})", first["first_solve_s"]
    yield "first solve, compiled by an earlier run", second["first_solve_s"]


def _typical(command: list[str]) -> float:
    return median(machine.of_child(command) for _ in range(5))


def main() -> None:
    """Measure, print, and write ``results.json`` and the page."""
    machine.pin_to_one_core()
    with tempfile.TemporaryDirectory() as cache:
        found = {
            arguments[0]: _measured(arguments, cache)
            for arguments in track(MEASUREMENTS, description="Measuring")
        }
        again = _measured(("embedded",), cache)
    tasks = {
        " ".join(arguments): _task(arguments)
        for arguments in track(TASKS, description="Measuring what is built on a solve")
    }
    worlds = [found[name] for name in ("embedded", "cp2015", "large") if found[name]]
    starts = dict(_starts(found["embedded"], again))
    speeds = found["memory"]
    pages = (
        tables.race(worlds),
        tables.limits(worlds, speeds["bandwidth"]),
        sheets.gradients([tasks["gradient"], tasks["gradient-large"]]),
        sheets.options(tasks["options"]),
        sheets.optima(tasks["optima"]),
        sheets.war(tasks["war"]),
        sheets.batch(tasks["batch"], tasks["batch all-cores"], speeds["copy"]),
        tables.starts(starts),
    )
    described = machine.describe()
    raw = {"machine": described, "worlds": worlds, "starts_s": starts, "tasks": tasks, **speeds}
    tables.show(pages, described)
    tables.write(HERE, PAGE, pages, described, raw)


if __name__ == "__main__":
    main()
