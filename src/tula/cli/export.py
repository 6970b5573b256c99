"""``tula export`` and ``tula compare``: what is taken out of runs, and between them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli import completion
from tula.cli.guard import guarded, out, say, working

if TYPE_CHECKING:
    from tula.study.compare import Compared

#: Figures that moved less than this, in their unit, are not shown.
LEAST = 5e-4

Run = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run.")]


@guarded
def export(
    run: Run,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go.")],
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="NAME",
            help="csv, xlsx, pyam, parquet or stata.",
            autocompletion=completion.formats,
        ),
    ] = "csv",
) -> None:
    """Export the numbers of a run for other tools.

    csv: a table for every variable, with datapackage.json that tells units and bases; xlsx: a
    workbook with a sheet for each; pyam: one table in its long form; parquet and stata: the same
    table in their formats. Excel needs the extra tula[excel], Parquet tula[data].

    Exit code 0: exported; 2: the run or the format cannot be used.
    """
    with working("exporting"):
        from tula.study.export import exported
        from tula.study.results import StudyResults
        from tula.world.files import write_together

        files = exported(StudyResults.load(run), form)
        write_together(directory, files)
    say(f"{directory}: {', '.join(files)}")


@guarded
def compare(
    first: Run,
    second: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of another run.")],
) -> None:
    """Compare two runs: what moved, by how much, and the inputs that differ.

    With --set and --out, tula run makes the second run: what moved is then the work of that number.
    Odds that part by less than two standard errors are told as within the error of the draws.

    Exit code 0: compared; 2: the runs cannot be used, or share nothing.
    """
    with working("reading"):
        from tula.study.compare import compare as compared
        from tula.study.results import StudyResults

        found = compared(StudyResults.load(first), StudyResults.load(second))
    _tell(found)


def _tell(found: Compared) -> None:
    from rich.table import Table

    from tula.numbers import write

    if found.labels:
        before, after = found.labels
        told = f"{before}, then {after}" if before != after else f"{before} in both"
        say(f"Balance: {told}.", "bold")
    if not found.inputs:
        say("No input differs.")
    for changed in found.inputs:
        say(f"{changed.name}: {changed.first or 'none'} -> {changed.second or 'none'}")
    shown = [one for one in found.moved if abs(one.difference) >= LEAST]
    if not shown:
        say(f"Nothing moved: {len(found.moved)} figures differ by less than {LEAST:g}.")
        return
    table = Table(title="What moved", title_justify="left")
    for head in ("", "First", "Second", "Difference"):
        table.add_column(head, justify="left" if not head else "right")
    for move in sorted(shown, key=lambda moved: -abs(moved.difference)):
        told = write.fine(move.difference, signed=True)
        note = "" if move.clear else ", within the error"
        unit = "points" if move.unit == "%" else move.unit
        row = move.name, write.fine(move.first), write.fine(move.second), f"{told} {unit}{note}"
        table.add_row(*row)
    out().print(table)
    if hidden := len(found.moved) - len(shown):
        say(f"{hidden} more moved by less than {LEAST:g}, or not at all.")
