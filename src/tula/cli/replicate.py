"""``tula replicate``: published results, run again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli.guard import FAILED, guarded, out, say, solving, working

if TYPE_CHECKING:
    from rich.table import Table

    from tula.replicate import ReplicationReport


@guarded
def replicate(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Which result: cp2015, gegravity or liberation_day."),
    ],
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="Folder of reference data.")],
) -> None:
    """Run a published result again and compare the figures.

    Exit code 0: all figures agree within their tolerances; 1: some do not; 2: the data are not
    there. docs/replication says where each result comes from and which files it needs.
    """
    with working(f"replicating {name}"), solving():
        from tula.replicate import run

        report = run(name, data)
    say(report.title, "bold")
    verdict = "agree" if report.agrees else "do not all agree"
    say(f"The figures {verdict} within their tolerances.", "bold")
    say(report.citation)
    out().print(_figures(report))
    if report.comparisons:
        out().print(_comparisons(report))
    for remark in report.remarks:
        say(remark)
    raise typer.Exit(0 if report.agrees else FAILED)


def _figures(report: ReplicationReport) -> Table:
    from rich.table import Table

    frame = report.to_frame()[["quantity", "place", "unit", "published", "reproduced", "agrees"]]
    table = Table(*(str(column) for column in frame.columns))
    for row in frame.itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    return table


def _comparisons(report: ReplicationReport) -> Table:
    from rich.table import Table

    frame = report.comparison_frame()[["quantity", "against", "figures", "worst", "agrees"]]
    table = Table(*(str(column) for column in frame.columns))
    for row in frame.itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    return table


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
