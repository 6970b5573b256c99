"""``tula world``: the economies results are computed on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli.guard import guarded, out

if TYPE_CHECKING:
    from rich.table import Table

    from tula.world.compare import Comparison
    from tula.world.summary import WorldSummary

world = typer.Typer(help="List, show, compare and import worlds.", no_args_is_help=True)


@world.command("list")
@guarded
def list_worlds() -> None:
    """List the worlds that come with Tula or are computed on request."""
    from tula.world.store import COMPUTED_WORLDS, DEFAULT_WORLD, embedded_worlds

    for name in embedded_worlds():
        mark = " (default)" if name == DEFAULT_WORLD else ""
        out().print(f"{name}{mark}")
    for name in sorted(COMPUTED_WORLDS):
        out().print(f"{name} (computed on request; needs the extra tula\\[data])")


@world.command()
@guarded
def show(
    name: Annotated[str, typer.Argument(help="A world by name, or a world file.")],
    rows: Annotated[int, typer.Option(min=1, help="How many regions, largest first.")] = 15,
) -> None:
    """Show what a world holds, where it comes from and what was done to it."""
    from tula.world.store import describe, load_world

    summary = describe(load_world(name))
    _print_origin(summary)
    out().print(_regions(summary, rows))


def _print_origin(summary: WorldSummary) -> None:
    console, told = out(), summary.provenance
    console.print(f"{told.name}, {told.vintage}", style="bold", markup=False)
    console.print(
        f"{summary.regions} regions, {summary.sectors} sectors; output "
        f"{summary.output / 1e6:,.1f} tn USD, trade between regions "
        f"{summary.trade_between_regions / 1e6:,.1f} tn USD, mean duty {summary.mean_duty:.2%}."
    )
    low, mean, high = summary.elasticity_range
    console.print(
        f"Trade elasticities {low:.2f} to {high:.2f}, mean {mean:.2f}: {summary.elasticity_source}",
        markup=False,
    )
    for kind, lines in (("Source", told.sources), ("Step", told.steps)):
        for line in lines:
            console.print(f"{kind}: {line}", markup=False)
    console.print(f"Hash: {told.content_hash or 'none'}", soft_wrap=True)


def _regions(summary: WorldSummary, rows: int) -> Table:
    from rich.table import Table

    table = Table(title="bn USD", title_justify="left")
    table.add_column("Code")
    table.add_column("Region")
    for title in ("Value added", "Spending", "Exports", "Imports", "Duties"):
        table.add_column(title, justify="right")
    for row in summary.rows[:rows]:
        figures = (
            row.value_added,
            row.final_spending,
            row.exports,
            row.imports,
            row.duty_revenue,
        )
        table.add_row(row.code, row.name, *(f"{value / 1000.0:,.1f}" for value in figures))
    return table


@world.command()
@guarded
def compare(
    name: Annotated[str, typer.Argument(help="The world to judge.")],
    reference: Annotated[str, typer.Argument(help="The world to compare it with.")],
    without: Annotated[str, typer.Option(metavar="CODES", help="Regions left out.")] = "",
    flows: Annotated[int, typer.Option(min=0, help="How many flows to show.")] = 10,
) -> None:
    """Compare two worlds on the same codes: errors in totals, and the flows that differ most."""
    from tula.world.compare import compare as distances
    from tula.world.store import load_world

    codes = tuple(code.strip() for code in without.split(",") if code.strip())
    found = distances(load_world(name), load_world(reference), without=codes, largest=flows)
    console = out()
    console.print(f"{found.names[0]} against {found.names[1]}", style="bold", markup=False)
    console.print(
        f"Sum of absolute differences over the reference: trade between pairs "
        f"{found.bilateral:.1%}, by sector {found.bilateral_by_sector:.1%}; output "
        f"{found.output:.1%}, value added {found.value_added:.1%}, final spending "
        f"{found.final_spending:.1%}. Mean difference of duties {100 * found.tariff:.2f} points."
    )
    console.print(_flows(found))


def _flows(found: Comparison) -> Table:
    from rich.table import Table

    table = Table("From", "To", "Sector", title="bn USD", title_justify="left")
    for title in ("Here", "Reference", "Difference"):
        table.add_column(title, justify="right")
    for flow in found.largest:
        figures = (flow.value, flow.reference, flow.difference)
        shown = (f"{value / 1000.0:,.1f}" for value in figures)
        table.add_row(flow.exporter, flow.importer, flow.sector, *shown)
    return table


@world.command("import")
@guarded
def import_(
    kind: Annotated[str, typer.Argument(help="Kind of source: oecd-icio or long.")],
    source: Annotated[Path, typer.Argument(help="The file or folder to read.")],
    target: Annotated[Path, typer.Argument(help="The world file to write, ending in .nc.")],
    name: Annotated[str, typer.Option(help="Name of the world.")] = "imported",
    vintage: Annotated[str, typer.Option(help="Year the values describe.")] = "not stated",
    citation: Annotated[list[str] | None, typer.Option(help="Source; may be repeated.")] = None,
    tariffs: Annotated[Path | None, typer.Option(help="Table of import duties.")] = None,
    export_taxes: Annotated[Path | None, typer.Option(help="Table of export taxes.")] = None,
    elasticities: Annotated[
        str | None, typer.Option(help="A published set by name, or a table.")
    ] = None,
    zero_negatives: Annotated[
        bool, typer.Option("--zero-negatives", help="Set negative flows to zero and say so.")
    ] = False,
    sparse: Annotated[bool, typer.Option("--sparse", help="Absent rows are zero.")] = False,
) -> None:
    """Import a table, check it, and write it as a world file."""
    from tula.world.importers import ImportSettings, import_world
    from tula.world.store import describe, save_world

    settings = ImportSettings(
        name=name,
        vintage=vintage,
        sources=tuple(citation or ()),
        tariffs=tariffs,
        export_taxes=export_taxes,
        elasticities=elasticities,
        negatives="zero" if zero_negatives else "refuse",
        sparse=sparse,
    )
    economy = import_world(source, kind, settings=settings)
    _print_origin(describe(economy))
    out().print(f"World: {save_world(economy, target)}", soft_wrap=True)
