"""``tula replicate``: published results, run again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli.guard import FAILED, guarded, out

if TYPE_CHECKING:
    from rich.table import Table

    from tula.replicate import ReplicationReport


@guarded
def replicate(
    name: Annotated[str, typer.Argument(help="Which result: cp2015 or gegravity.")],
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="Folder of reference data.")],
) -> None:
    """Run a published result again; exit code 1 if a figure is outside its tolerance."""
    from tula.replicate import run

    report = run(name, data)
    console = out()
    console.print(report.title, style="bold")
    console.print(report.citation, markup=False)
    console.print(_figures(report))
    if report.comparisons:
        console.print(_comparisons(report))
    for remark in report.remarks:
        console.print(remark, markup=False)
    verdict = "agree" if report.agrees else "do not all agree"
    console.print(f"The figures {verdict} within their tolerances.", style="bold")
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
