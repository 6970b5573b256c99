"""``tula solve``: a what-if without a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli import choices, completion, solved
from tula.cli.duties import beside, of_day
from tula.cli.guard import guarded, solving, working
from tula.cli.technology import Options, read, told, with_technology
from tula.errors import TulaError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr

    from tula.equilibrium import Solution, Technology
    from tula.policy.duties import DutiesOfDay
    from tula.policy.union import Instrument
    from tula.world.economy import Economy

#: How many regions are shown beside those the instruments name.
OTHERS = 4
NOTHING_ASKED = "say what changes, for example --tariff USA:IND:goods:+25pp (see --help)"


def _moves(form: str, meaning: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(metavar=form, help=meaning)
    return option


class UnreadableMovesError(TulaError):
    """What-ifs cannot be read. Each is shown with its wrong parts and what to write there."""


@with_technology
@guarded
def solve(
    tariff: Annotated[
        list[str] | None,
        _moves(
            "IMPORTER:EXPORTER:SECTORS:RATE[:SHARE][:OVERRIDE]",
            "Import duty: +25pp adds points, =10% sets a level, x1.5 multiplies, '>=15%' and "
            "'<=10%' (or min15%, max10%) bound the total; :80% reaches that share of the trade, "
            ":override puts other measures aside.",
        ),
    ] = None,
    export_tax: Annotated[
        list[str] | None,
        _moves(
            "EXPORTER:IMPORTER:SECTORS:RATE[:SHARE][:OVERRIDE]",
            "Export tax, rates as for --tariff.",
        ),
    ] = None,
    retaliation: Annotated[
        list[str] | None,
        _moves(
            "IMPORTER:EXPORTER[:SECTORS]:ANSWER",
            "Answer of the importer to duties raised on its goods: kind, 50%kind, +25pp, "
            "+25pp@80%trade, 100%duty.",
        ),
    ] = None,
    trade_cost: Annotated[
        list[str] | None,
        _moves("IMPORTER:EXPORTER:SECTORS:FACTOR", "Cost of delivery: x1.05 or +5%."),
    ] = None,
    embargo: Annotated[
        list[str] | None,
        _moves(
            "IMPORTER:EXPORTER:SECTORS[:SHARE]",
            "No purchases at all, or of a part of the goods: 5%.",
        ),
    ] = None,
    cut: Annotated[
        list[str] | None,
        _moves("IMPORTER:EXPORTER:SECTORS:SHARE", "Purchases cut by a share of their volume: 35%."),
    ] = None,
    import_cap: Annotated[
        list[str] | None,
        _moves(
            "IMPORTER:EXPORTER:SECTORS:CEILING[:RENT]",
            "Purchases at most this level of their volume: 65%, in each cell (65%/together: in "
            "all); rent to importer, exporter or nobody.",
        ),
    ] = None,
    export_cap: Annotated[
        list[str] | None,
        _moves(
            "EXPORTER:IMPORTER:SECTORS:CEILING[:RENT]",
            "Sales at most this level of their volume: 80%, all cells together (80%/each: each).",
        ),
    ] = None,
    price_cap: Annotated[
        list[str] | None,
        _moves(
            "IMPORTER:EXPORTER:SECTORS:LEVEL[:RENT]",
            "Price paid to sellers at most this level of the base price: 80%, or "
            "60usd/bbl@68.5usd/bbl.",
        ),
    ] = None,
    tariff_quota: Annotated[
        list[str] | None,
        _moves(
            "IMPORTER:EXPORTER:SECTORS:INSIDE:BEYOND:CEILING[:RENT]",
            "Duty up to a quantity and beyond it, 5%:25%:80%: the quantity, a level of the base, "
            "in each cell (80%/together: in all); rent of licences to importer, exporter or "
            "nobody.",
        ),
    ] = None,
    agreement: Annotated[
        list[str] | None,
        _moves(
            "SIDE:PARTNER[:SECTORS][:SHARE][:OVERRIDE]",
            "Duties between the two cut, by 100% if unsaid.",
        ),
    ] = None,
    productivity: Annotated[
        list[str] | None, _moves("REGION:SECTORS:FACTOR", "Productivity: x1.05 or +5%.")
    ] = None,
    labour: Annotated[
        list[str] | None, _moves("REGION[:SECTORS]:FACTOR", "Work force: x1.05 or +5%.")
    ] = None,
    transfer: Annotated[
        list[str] | None,
        _moves("PAYER:RECEIVER:AMOUNT", "Yearly payment in US dollars: 5bn or 500mn."),
    ] = None,
    remittance: Annotated[
        list[str] | None,
        _moves("FROM:TO:AMOUNT", "Yearly wages sent home: 5bn or 500mn."),
    ] = None,
    migration: Annotated[
        list[str] | None,
        _moves(
            "FROM:TO:WORKERS:HOME:HOST[:SHARE]",
            "Workers admitted, what one earns a year at home and in the host, and the share sent "
            "home: 70k:2400usd:6000usd:30%.",
        ),
    ] = None,
    world: choices.World = "icio-2024",
    closure: choices.ClosureName = "fixed",
    elasticity: choices.ElasticityName = "world",
    horizon: Annotated[
        float | None,
        typer.Option(
            metavar="YEARS",
            help="Years after the change: 1, 5 (docs/choices.md). Unsaid: the elasticities as "
            "they stand, the long run.",
        ),
    ] = None,
    as_of: Annotated[
        str,
        typer.Option(
            metavar="DAY",
            help="The world as it is under the import duties of a day, 2026-03-01 "
            "(docs/duties.md); with nothing else asked, what they changed since its base year.",
        ),
    ] = "",
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="A layer or authority of those duties laid off: IEEPA-reciprocal."
        ),
    ] = None,
    layers: Annotated[
        str, typer.Option("--duties", metavar="FILE", help="Layers of duty of your own.")
    ] = "",
    focus: Annotated[
        str,
        typer.Option(
            metavar="CODES",
            help="Regions or groups to show, told first to last: IND,USA,RUS.",
            autocompletion=completion.regions,
        ),
    ] = "",
    ranged: Annotated[
        bool,
        typer.Option(
            "--range",
            help="With the range over elasticities and the error of the base table, and which of "
            "the two is to blame (docs/uncertainty.md).",
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON instead.")
    ] = False,
    xlsx: Annotated[
        Path | None,
        typer.Option("--xlsx", metavar="FILE", help="Every metric as an Excel workbook too."),
    ] = None,
    *,
    technology: Options,
) -> None:
    """Answer a what-if: what a duty, an embargo or another move costs whom.

    Every move may be given several times; they act together. Regions and sectors are codes or
    groups of the world (tula world show), joined by + and excepted by -, such as
    goods-PHA, OIL+PET or all-CHN. docs/policy.md explains every move.

    With --horizon buyers have had that many years to turn to other suppliers. The options on
    technology say how easily producers, exporters and workers adjust (docs/choices.md).

    Exit code 0: solved; 1: no equilibrium was found; 2: the question cannot be read.
    """
    asked: dict[str, list[str] | None] = {
        "tariff": tariff,
        "export-tax": export_tax,
        "retaliation": retaliation,
        "trade-cost": trade_cost,
        "embargo": embargo,
        "cut": cut,
        "import-cap": import_cap,
        "export-cap": export_cap,
        "price-cap": price_cap,
        "tariff-quota": tariff_quota,
        "agreement": agreement,
        "productivity": productivity,
        "labour": labour,
        "transfer": transfer,
        "remittance": remittance,
        "migration": migration,
    }
    if (without or layers) and not as_of:
        raise typer.BadParameter("--without and --duties need the day: --as-of 2026-03-01")
    if not any(asked.values()) and not as_of:
        raise typer.BadParameter(NOTHING_ASKED)
    with working(f"reading world {world}"):
        economy = choices.economy(world, elasticity, horizon)
        instruments = _instruments(asked, economy)
        shown = _asked_for(focus, economy)
        chosen = read(technology, economy.labels)
        duties = of_day(as_of, layers, without or ()) if as_of else None
    with working("solving"), solving():
        solution = _solve(economy, chosen, instruments, closure, duties)
        shown = shown or _concerned(solution, instruments)
        rents = _rents(solution, economy, chosen, instruments, closure, duties)
    compared = beside(duties, bool(instruments), economy.provenance) if duties else ""
    spread = _ranged(economy, chosen, instruments, closure, duties) if ranged else None
    if xlsx is not None:
        _write_workbook(solution, xlsx)
    if as_json:
        solved.print_json(solution, told(technology, chosen), compared, spread, rents)
    else:
        solved.tell(solution, shown, told(technology, chosen), compared, spread, rents)


def _write_workbook(solution: Solution, path: Path) -> None:
    from tula.metrics.workbook import solution_workbook
    from tula.world.files import write_whole

    with working("writing the workbook"):
        write_whole(path, solution_workbook(solution))


def _instruments(asked: Mapping[str, list[str] | None], economy: Economy) -> list[Instrument]:
    """Read every what-if; what is wrong with any of them is told at once."""
    from tula.policy.terms import WhatIfError
    from tula.policy.whatif import parse_whatif

    read: list[Instrument] = []
    wrong: list[str] = []
    for kind, texts in asked.items():
        for text in texts or ():
            try:
                read.append(parse_whatif(kind, text, economy.labels))
            except WhatIfError as error:
                wrong.append(str(error))
    if wrong:
        raise UnreadableMovesError("\n".join(wrong))
    return read


def _solve(
    economy: Economy,
    technology: Technology,
    instruments: Sequence[Instrument],
    closure: str,
    duties: DutiesOfDay | None,
) -> Solution:
    from tula.equilibrium import CLOSURES, calibrate, solve
    from tula.errors import UnknownNameError

    if closure not in CLOSURES:
        raise UnknownNameError("closure", closure, CLOSURES)
    base, rule = calibrate(economy, technology), CLOSURES[closure]
    if duties is None:
        return solve(base, instruments, closure=rule)
    from tula.equilibrium.day import question_of_day

    return solve(*question_of_day(base, duties, instruments, closure=rule), closure=rule)


def _rents(
    solution: Solution,
    economy: Economy,
    technology: Technology,
    instruments: Sequence[Instrument],
    closure: str,
    duties: DutiesOfDay | None,
) -> solved.Rents | None:
    """Who keeps the rents of limits that do not say so, and what comes of it if nobody does.

    None where no limit binds, or all say it.
    """
    from tula.policy.caps import keeper, lost

    keepers = dict.fromkeys(filter(None, map(keeper, instruments)))
    if not keepers or not any(one.binds for one in solution.limits):
        return None
    try:
        other = _solve(economy, technology, [lost(one) for one in instruments], closure, duties)
    except TulaError:
        other = None
    return solved.Rents(tuple(keepers), other)


def _ranged(
    economy: Economy,
    technology: Technology,
    instruments: Sequence[Instrument],
    closure: str,
    duties: DutiesOfDay | None,
) -> xr.Dataset:
    with working("drawing worlds"), solving():
        from tula.notebook.ranged import with_range

        return with_range(
            economy, instruments, closure=closure, technology=technology, duties=duties
        )


def _asked_for(focus: str, economy: Economy) -> list[str]:
    """Regions asked for; none if nothing was asked."""
    codes = [code.strip() for code in focus.split(",") if code.strip()]
    return list(economy.labels.resolve_regions(codes)) if codes else []


def _concerned(solution: Solution, instruments: Sequence[Instrument]) -> list[str]:
    """Regions the instruments name, and those that gain or lose most."""
    import numpy as np

    from tula.metrics import METRICS

    labels = solution.labels
    named = [code for item in instruments for code in _codes(item.model_dump(), labels.regions)]
    order = np.argsort(-np.abs(METRICS["real_income"].values(solution)))
    moved = [labels.regions[position] for position in order[: OTHERS + len(named)]]
    others = [code for code in moved if code not in named][:OTHERS]
    return [*dict.fromkeys(named), *others]


def _codes(value: object, regions: Sequence[str]) -> list[str]:
    """Region codes anywhere in an instrument's fields, but for its exceptions."""
    if isinstance(value, str):
        return [value] if value in regions else []
    if isinstance(value, dict):
        named = [item for key, item in value.items() if not key.startswith("except_")]
        return [code for item in named for code in _codes(item, regions)]
    if isinstance(value, list | tuple):
        return [code for item in value for code in _codes(item, regions)]
    return []
