"""``tula world``: the economies results are computed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli import completion
from tula.cli.duties import duties
from tula.cli.examples import examples
from tula.cli.fetch import fetch
from tula.cli.findings import print_findings, print_origin
from tula.cli.guard import guarded, out, say, working
from tula.cli.imports import import_
from tula.cli.schedules import answer_duties, import_duties

if TYPE_CHECKING:
    from rich.table import Table

    from tula.world.compare import Comparison
    from tula.world.economy import Economy
    from tula.world.summary import WorldSummary

world = typer.Typer(help="List, show, compare and import worlds.", no_args_is_help=True)
world.command(
    "import",
    epilog=examples(
        "tula world import oecd-icio 2022_SML.csv mine.nc --vintage 2022 --tariffs duties.csv",
        "tula world import oecd-icio 2016-2022_SML.zip mine.nc --vintage 2022 --to icio-2024",
        "tula world import figaro matrix_eu-ic-io_ind-by-ind_25ed_2023.csv eu.nc --unit 'million "
        "EUR at 1.08'",
        "tula world import long my-folder mine.nc --unit 'thousand USD' --elasticities FGO",
    ),
    short_help="Make a world file from a table of yours.",
)(import_)
world.command(
    epilog=examples(
        "tula world duties USA:CHN --as-of 2026-03-01",
        "tula world duties USA:IND --between 2025-01-01 2025-11-17",
        "tula world duties USA:EU --timeline --csv duties.csv --svg duties.svg",
    ),
    short_help="Show what the duty on a pair is made of.",
)(duties)
world.command(
    "import-duties",
    epilog=examples(
        "tula world import-duties lines hs8.csv mine.csv --importer USA --duty-unit percent",
        "tula world import-duties wits wits-2022.csv mine.csv --duty-type AHS",
        "tula solve --as-of 2026-03-01 --duties mine.csv",
    ),
    short_help="Make layers of duty from a schedule of yours.",
)(import_duties)
world.command(
    "answer-duties",
    epilog=examples(
        "tula world answer-duties CHN:USA:kind answered.csv --as-of 2025-04-05",
        "tula solve --as-of 2025-06-01 --duties answered.csv",
    ),
    short_help="Add an answer to the duties of a day to the table.",
)(answer_duties)
world.command(
    epilog=examples(
        "tula world fetch", "tula world fetch oecd-icio-2016-2022", "tula world fetch figaro --show"
    ),
    short_help="Fetch a published table, or say how to get it.",
)(fetch)


@world.command("list", epilog=examples("tula world list"))
@guarded
def list_worlds() -> None:
    """List the worlds that come with Tula or are computed on request."""
    from tula.world.store import COMPUTED_WORLDS, DEFAULT_WORLD, embedded_worlds

    for name in embedded_worlds():
        mark = " (default)" if name == DEFAULT_WORLD else ""
        out().print(f"{name}{mark}")
    for name in sorted(COMPUTED_WORLDS):
        out().print(f"{name} (computed on request; needs the extra tula\\[data])")


@world.command(
    epilog=examples("tula world show", "tula world show mine.nc --rows 50"),
    short_help="Show what a world holds and where it comes from.",
)
@guarded
def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="WORLD",
            help="A world by name, or a world file.",
            show_default="icio-2024",
            autocompletion=completion.worlds,
        ),
    ] = "",
    rows: Annotated[
        int, typer.Option(min=1, metavar="NUMBER", help="How many regions, largest first.")
    ] = 15,
) -> None:
    """Show what a world holds, where it comes from, what was done to it, and what is odd in it.

    docs/checks.md explains every finding.
    """
    with working("reading the world"):
        from tula.world.store import DEFAULT_WORLD, describe, load_world

        economy = load_world(name or DEFAULT_WORLD)
        summary = describe(economy)
    print_origin(summary)
    out().print(_regions(summary, rows))
    hidden = summary.regions - rows
    if hidden > 0:
        say(f"{hidden} smaller regions are not shown (--rows {summary.regions} shows all).")
    _print_names(economy)
    print_findings(economy)


def _print_names(economy: Economy) -> None:
    """Codes and groups, as what-ifs and study files may name them."""
    labels = economy.labels
    say("Sectors: " + ", ".join(_spoken(labels.sectors, labels.sector_names)))
    for kind, groups in (("Region", labels.region_groups), ("Sector", labels.sector_groups)):
        if groups:
            say(f"{kind} groups: {', '.join(groups)}")


def _spoken(codes: Sequence[str], names: Mapping[str, str]) -> list[str]:
    return [f"{code} ({names[code]})" if code in names else code for code in codes]


def _regions(summary: WorldSummary, rows: int) -> Table:
    from rich.table import Table

    from tula.numbers import write

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
        table.add_row(row.code, row.name, *(write.fixed(value / 1000.0, 1) for value in figures))
    return table


@world.command(
    epilog=examples(
        "tula world compare icio-2024 icio-2022",
        "tula world compare mine.nc icio-2022 --without RUS,BLR --flows 20",
    ),
    short_help="Compare two worlds on the same codes.",
)
@guarded
def compare(
    name: Annotated[
        str,
        typer.Argument(
            metavar="WORLD",
            help="The world to judge, by name or file.",
            autocompletion=completion.worlds,
        ),
    ],
    reference: Annotated[
        str, typer.Argument(metavar="REFERENCE", help="The world to compare it with.")
    ],
    without: Annotated[
        str, typer.Option(metavar="CODES", help="Regions left out, such as RUS,BLR.")
    ] = "",
    flows: Annotated[
        int, typer.Option(min=0, metavar="NUMBER", help="How many flows to show.")
    ] = 10,
) -> None:
    """Compare two worlds on the same codes: errors in totals, and the flows that differ most."""
    with working("comparing"):
        from tula.numbers import write
        from tula.world.compare import compare as distances
        from tula.world.store import load_world

        codes = tuple(code.strip() for code in without.split(",") if code.strip())
        found = distances(load_world(name), load_world(reference), without=codes, largest=flows)
    say(f"{found.names[0]} against {found.names[1]}", "bold")
    apart = {
        "trade between pairs": found.bilateral,
        "by sector": found.bilateral_by_sector,
        "output": found.output,
        "value added": found.value_added,
        "final spending": found.final_spending,
    }
    told = ", ".join(f"{name} {write.percent(100.0 * one)}" for name, one in apart.items())
    points = write.number(100.0 * found.tariff)
    say(
        f"Sum of absolute differences over the reference: {told}. Mean difference of duties "
        f"{points} points."
    )
    out().print(_flows(found))


def _flows(found: Comparison) -> Table:
    from rich.table import Table

    from tula.numbers import write

    table = Table("From", "To", "Sector", title="bn USD", title_justify="left")
    for title in ("Here", "Reference", "Difference"):
        table.add_column(title, justify="right")
    for flow in found.largest:
        figures = (flow.value, flow.reference, flow.difference)
        shown = (write.fixed(value / 1000.0, 1) for value in figures)
        table.add_row(flow.exporter, flow.importer, flow.sector, *shown)
    return table
