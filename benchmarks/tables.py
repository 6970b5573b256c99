"""Results as rows, as a terminal table and as a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

Result = dict[str, Any]
Measure = Callable[[Result], str]

#: Reads of an (S, N, I) array in one evaluation: prices, revenue, sales.
READS = 3


@dataclass(frozen=True)
class Sheet:
    """One table: a title, column heads, rows of text and a line of explanation."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str


def race(results: Sequence[Result]) -> Sheet:
    """The engine against the textbook solver on the same questions at the same tolerance."""
    raced = [result for result in results if "nested_s" in result]
    measures: dict[str, Measure] = {
        "question": lambda result: str(result["question"]),
        "nested, dense": lambda result: as_time(result["nested_dense_s"]),
        "nested, iterated": lambda result: as_time(result["nested_s"]),
        "Tula": lambda result: as_time(result["solve_s"]),
        "ratio to dense": lambda result: f"{result['nested_dense_s'] / result['solve_s']:.0f}",
        "ratio to iterated": lambda result: f"{result['nested_s'] / result['solve_s']:.0f}",
        "residual, nested": lambda result: f"{result['nested_residual']:.0e}",
        "residual, Tula": lambda result: f"{result['residual']:.0e}",
        "apart": lambda result: f"{result['apart']:.0e}",
    }
    note = (
        "Nested: NumPy, wages outside, prices inside, spending from a dense linear system or "
        "iterated from the last round. Time of one solve, compiled, certificate included. "
        "Residual: largest relative violation of an equation. Apart: largest relative difference "
        "in real income between the solvers."
    )
    return by_world("One solve against the textbook nested-loop solver", raced, measures, note)


def limits(results: Sequence[Result], bandwidth: float) -> Sheet:
    """What a solve costs in reads of the trade array, and how near memory speed it runs."""
    measures: dict[str, Measure] = {
        "solve": lambda result: as_time(result["solve_s"]),
        "100 passes": lambda result: as_time(100 * result["pass_s"]),
        "solve / 100 passes": lambda result: f"{result['solve_s'] / result['pass_s'] / 100:.1f}",
        "evaluations": lambda result: str(result["evaluations"]),
        "read in an evaluation": lambda result: as_bytes(_moved(result)),
        "read a second": lambda result: as_bytes(_rate(result)),
        "of memory speed": lambda result: f"{_rate(result) / bandwidth:.0%}",
        "peak memory of the process": lambda result: as_bytes(result["peak_bytes"]),
        "of which before the solve": lambda result: as_bytes(result["peak_before_bytes"]),
    }
    note = (
        "A pass reads the trade array (sectors x importers x exporters, float64) once. An "
        f"evaluation reads it {READS} times and the input shares twice. This core reads "
        f"{as_bytes(bandwidth)} a second from memory. The nearer a solve comes to that, the less "
        "there is to gain except by fewer evaluations; small worlds are limited by the fixed cost "
        "of a call."
    )
    return by_world("What limits a solve", results, measures, note)


def by_world(
    title: str, results: Sequence[Result], measures: dict[str, Measure], note: str
) -> Sheet:
    """A table with one column per world and one row per measure."""
    worlds = (f"{result['world']}, {result['regions']} x {result['sectors']}" for result in results)
    rows = tuple(
        (name, *(measure(result) for result in results)) for name, measure in measures.items()
    )
    return Sheet(title, ("", *worlds), rows, note)


def _moved(result: Result) -> float:
    """Bytes one evaluation reads."""
    return float(READS * result["trade_bytes"] + 2 * result["shares_bytes"])


def _rate(result: Result) -> float:
    """Bytes a second over the whole solve."""
    return float(_moved(result) * result["evaluations"] / result["solve_s"])


def starts(times: dict[str, float]) -> Sheet:
    """Times before the first number appears."""
    rows = tuple((what, as_time(value)) for what, value in times.items())
    note = "Each in a process of its own; the interpreter's own start is included."
    return Sheet("Getting started", ("what", "time"), rows, note)


def show(sheets: Sequence[Sheet], machine: dict[str, str]) -> None:
    """Print the tables to the terminal."""
    console = Console()
    for sheet in sheets:
        table = Table(title=sheet.title, caption=sheet.note, title_justify="left")
        for index, head in enumerate(sheet.heads):
            table.add_column(head, justify="left" if index == 0 else "right")
        for row in sheet.rows:
            table.add_row(*row)
        console.print(table)
    console.print(_machine_line(machine))


def write(
    folder: Path, page: Path, sheets: Sequence[Sheet], machine: dict[str, str], raw: Result
) -> None:
    """Write ``results.json`` in the folder and the Markdown page."""
    _replace(folder / "results.json", json.dumps(raw, indent=2, sort_keys=True) + "\n")
    parts = [
        "# Benchmarks",
        "Made by `make bench`, which measures everything in one run, on one core with one "
        "thread. Times are processor time, which is wall time on an idle machine.",
        _machine_line(machine),
    ]
    for sheet in sheets:
        parts += [f"## {sheet.title}", _markdown(sheet), sheet.note]
    _replace(page, "\n\n".join(parts) + "\n")


def _markdown(sheet: Sheet) -> str:
    lines = ["| " + " | ".join(sheet.heads) + " |"]
    lines.append("|---" + "|---:" * (len(sheet.heads) - 1) + "|")
    lines += ["| " + " | ".join(row) + " |" for row in sheet.rows]
    return "\n".join(lines)


def _machine_line(machine: dict[str, str]) -> str:
    return "Measured on: " + ", ".join(f"{key} {value}" for key, value in machine.items()) + "."


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def as_time(value: float) -> str:
    """Seconds, or milliseconds below a tenth of one."""
    return f"{value:.2f} s" if value >= 0.1 else f"{1e3 * value:.1f} ms"


def as_bytes(value: float) -> str:
    """Bytes in the largest decimal unit that leaves a number above one."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if value >= size:
            return f"{value / size:.1f} {unit}"
    return f"{value:.0f} B"
