"""``tula export`` and ``tula compare``: what is taken out of runs, and between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli import completion
from tula.cli.guard import err, guarded, out, say, working

if TYPE_CHECKING:
    from tula.study.compare import Compared
    from tula.study.results import StudyResults

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
    why: Annotated[
        str,
        typer.Option(
            metavar="STUDY",
            help="Run this study, of which both are runs, with every mixture of what was set "
            "differently, and tell each setting's part.",
            autocompletion=completion.studies,
        ),
    ] = "",
    jobs: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, help="Processes that share the draws.", show_default="one a core"
        ),
    ] = None,
) -> None:
    """Compare two runs: what moved, by how much, and the inputs that differ.

    With --set and --out, tula run makes the second run: what moved is then the work of that number.
    Of several, --why tells each one's part: its effect averaged over every order in which they
    could change (Shapley). That takes two further runs for two settings, six for three, 2^n - 2.
    Odds that part by less than two standard errors are told as within the error of the draws.

    Exit code 0: compared; 2: the runs cannot be used, or share nothing.
    """
    with working("reading"):
        from tula.study.compare import compare as compared
        from tula.study.parts import differing, runs_needed
        from tula.study.results import StudyResults

        runs = StudyResults.load(first), StudyResults.load(second)
        found = compared(*runs)
    if why:
        found = replace(found, parts=_parts(why, *runs, jobs))
    _tell(found)
    apart = differing(*runs)
    if len(apart) > 1 and not why:
        told = f"{len(apart)} settings differ: tula compare {first} {second} --why STUDY"
        say(f"{told} tells each one's part, in {runs_needed(len(apart))} further runs.")


def _parts(
    study: str, first: StudyResults, second: StudyResults, jobs: int | None
) -> Mapping[str, Mapping[str, float]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from tula.equilibrium.traced import cores
    from tula.study.parts import parts

    columns = (TextColumn("further runs"), BarColumn(), MofNCompleteColumn())
    console = err()
    shown = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
        task = bar.add_task("", total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return parts(study, first, second, jobs=jobs or cores(), progress=tell)


def _tell(found: Compared) -> None:
    from rich.table import Table

    from tula.study.compare import LEAST

    if found.labels:
        before, after = found.labels
        told = f"{before}, then {after}" if before != after else f"{before} in both"
        say(f"Balance: {told}.", "bold")
    if not found.inputs:
        say("No input differs.")
    for changed in found.inputs:
        say(f"{changed.name}: {changed.first or 'none'} -> {changed.second or 'none'}")
    if not found.shown:
        say(f"Nothing moved: {len(found.moved)} figures differ by less than {LEAST:g}.")
        return
    table = Table(title="What moved", title_justify="left")
    for head in ("", "First", "Second", "Difference", *(f"by {name}" for name in found.parts)):
        table.add_column(head, justify="left" if not head else "right")
    for move in found.shown:
        table.add_row(*move.told, *(found.part(name, move) for name in found.parts))
    out().print(table)
    if hidden := len(found.moved) - len(found.shown):
        say(f"{hidden} more moved by less than {LEAST:g}, or not at all.")
