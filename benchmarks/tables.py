"""Results as rows, as a terminal table and as a page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

Result = dict[str, Any]

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
    rows = tuple(
        (
            f"{result['world']}, {result['regions']} x {result['sectors']}",
            result["question"],
            _time(result["nested_dense_s"]),
            _time(result["nested_s"]),
            _time(result["solve_s"]),
            f"{result['nested_dense_s'] / result['solve_s']:.0f}",
            f"{result['nested_s'] / result['solve_s']:.0f}",
            f"{result['nested_residual']:.0e} / {result['residual']:.0e}",
            f"{result['apart']:.0e}",
        )
        for result in results
        if "nested_s" in result
    )
    heads = (
        "world",
        "question",
        "nested, dense",
        "nested, iterated",
        "Tula",
        "ratio to dense",
        "ratio to iterated",
        "residuals",
        "apart",
    )
    note = (
        "Nested: NumPy, wages outside, prices inside, spending from a dense linear system or "
        "iterated from the last round. "
        "Time of one solve, compiled, certificate included. Residuals: largest relative violation "
        "of an equation, nested / Tula. Apart: largest relative difference in real income."
    )
    return Sheet("One solve against the textbook nested-loop solver", heads, rows, note)


def limits(results: Sequence[Result], bandwidth: float) -> Sheet:
    """What a solve costs in reads of the trade array, and how near memory speed it runs."""
    heads = (
        "world",
        "solve",
        "100 passes",
        "solve / 100 passes",
        "evaluations",
        "bytes an evaluation",
        "bytes a second",
        "of memory speed",
        "peak memory",
    )
    rows = tuple(_limit_row(result, bandwidth) for result in results)
    note = (
        "A pass reads the trade array (sectors x importers x exporters, float64) once. An "
        f"evaluation reads it {READS} times and the input shares twice. This core reads "
        f"{_bytes(bandwidth)}/s from memory. The nearer a solve comes to that, the less there is to "
        "gain except by fewer evaluations; small worlds are limited by the fixed cost of a call."
    )
    return Sheet("What limits a solve", heads, rows, note)


def _limit_row(result: Result, bandwidth: float) -> tuple[str, ...]:
    passes = 100 * result["pass_s"]
    moved = READS * result["trade_bytes"] + 2 * result["shares_bytes"]
    rate = moved * result["evaluations"] / result["solve_s"]
    return (
        f"{result['world']}, {result['regions']} x {result['sectors']}",
        _time(result["solve_s"]),
        _time(passes),
        f"{result['solve_s'] / passes:.1f}",
        str(result["evaluations"]),
        _bytes(moved),
        f"{_bytes(rate)}/s",
        f"{rate / bandwidth:.0%}",
        _bytes(result["peak_bytes"]),
    )


def starts(times: dict[str, float]) -> Sheet:
    """Times before the first number appears."""
    rows = tuple((what, _time(value)) for what, value in times.items())
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


def _time(value: float) -> str:
    return f"{value:.2f} s" if value >= 0.1 else f"{1e3 * value:.1f} ms"


def _bytes(value: float) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if value >= size:
            return f"{value / size:.1f} {unit}"
    return f"{value:.0f} B"
