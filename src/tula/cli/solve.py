"""``tula solve``: a what-if without a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli.guard import guarded, out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.table import Table

    from tula.equilibrium import Solution
    from tula.policy.union import Instrument
    from tula.world.economy import Economy

#: How many regions are shown beside those the instruments name.
OTHERS = 4
NOTHING_ASKED = "say what changes, for example --tariff USA:IND:goods:+25pp (see --help)"
#: Columns of the table: title, metric, divisor.
COLUMNS = (
    ("Real income %", "real_income", 1.0),
    ("bn USD", "ev", 1000.0),
    ("Prices %", "price_index", 1.0),
    ("Wages %", "wage", 1.0),
    ("Exports %", "exports_change", 1.0),
    ("Imports %", "imports_change", 1.0),
)


def _moves(form: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(metavar=form, help="May be repeated.")
    return option


@guarded
def solve(
    tariff: Annotated[list[str] | None, _moves("IMPORTER:EXPORTER:SECTORS:RATE")] = None,
    export_tax: Annotated[list[str] | None, _moves("EXPORTER:IMPORTER:SECTORS:RATE")] = None,
    trade_cost: Annotated[list[str] | None, _moves("IMPORTER:EXPORTER:SECTORS:FACTOR")] = None,
    embargo: Annotated[list[str] | None, _moves("IMPORTER:EXPORTER:SECTORS")] = None,
    cut: Annotated[list[str] | None, _moves("IMPORTER:EXPORTER:SECTORS:SHARE")] = None,
    agreement: Annotated[list[str] | None, _moves("SIDE:SIDE[:SECTORS][:SHARE]")] = None,
    productivity: Annotated[list[str] | None, _moves("REGION:SECTORS:FACTOR")] = None,
    labour: Annotated[list[str] | None, _moves("REGION[:SECTORS]:FACTOR")] = None,
    transfer: Annotated[list[str] | None, _moves("PAYER:RECEIVER:AMOUNT")] = None,
    remittance: Annotated[list[str] | None, _moves("FROM:TO:AMOUNT")] = None,
    world: Annotated[str, typer.Option(help="A world by name, or a world file.")] = "icio-2024",
    closure: Annotated[
        str, typer.Option(help="Imbalances: fixed, proportional or balanced.")
    ] = "fixed",
    elasticity: Annotated[
        str, typer.Option(help="A published set by name, or 'world' for the world's own.")
    ] = "world",
    focus: Annotated[
        str, typer.Option(metavar="CODES", help="Regions to show, such as IND,USA,RUS.")
    ] = "",
) -> None:
    """Solve a what-if, such as --tariff USA:IND:goods-PHA:+25pp --embargo IND:RUS:OIL."""
    asked: dict[str, list[str] | None] = {
        "tariff": tariff,
        "export-tax": export_tax,
        "trade-cost": trade_cost,
        "embargo": embargo,
        "cut": cut,
        "agreement": agreement,
        "productivity": productivity,
        "labour": labour,
        "transfer": transfer,
        "remittance": remittance,
    }
    if not any(asked.values()):
        raise typer.BadParameter(NOTHING_ASKED)
    economy = _economy(world, elasticity)
    instruments = _instruments(asked, economy)
    solution = _solve(economy, instruments, closure)
    _tell(solution, _focus(solution, instruments, focus))


def _economy(world: str, elasticity: str) -> Economy:
    from tula.study.elasticities import apply_elasticities
    from tula.study.schema import ElasticitySet
    from tula.world.store import load_world

    return apply_elasticities(load_world(world), ElasticitySet(set=elasticity))


def _instruments(asked: Mapping[str, list[str] | None], economy: Economy) -> list[Instrument]:
    from tula.policy.whatif import parse_whatif

    return [
        parse_whatif(kind, text, economy.labels)
        for kind, texts in asked.items()
        for text in texts or ()
    ]


def _solve(economy: Economy, instruments: Sequence[Instrument], closure: str) -> Solution:
    from tula.equilibrium import CLOSURES, solve
    from tula.errors import UnknownNameError

    if closure not in CLOSURES:
        raise UnknownNameError("closure", closure, CLOSURES)
    return solve(economy, instruments, closure=CLOSURES[closure])


def _focus(solution: Solution, instruments: Sequence[Instrument], focus: str) -> list[str]:
    """Regions asked for, or those the instruments name and those that gain or lose most."""
    import numpy as np

    from tula.metrics import real_income

    labels = solution.labels
    if focus:
        return list(labels.resolve_regions([code.strip() for code in focus.split(",")]))
    named = [code for item in instruments for code in _codes(item.model_dump(), labels.regions)]
    order = np.argsort(-np.abs(real_income(solution).values))
    moved = [labels.regions[position] for position in order[: OTHERS + len(named)]]
    others = [code for code in moved if code not in named][:OTHERS]
    return [*dict.fromkeys(named), *others]


def _codes(value: object, regions: Sequence[str]) -> list[str]:
    """Region codes anywhere in an instrument's fields."""
    if isinstance(value, str):
        return [value] if value in regions else []
    if isinstance(value, dict):
        return [code for item in value.values() for code in _codes(item, regions)]
    if isinstance(value, list | tuple):
        return [code for item in value for code in _codes(item, regions)]
    return []


def _tell(solution: Solution, focus: Sequence[str]) -> None:
    console, proof = out(), solution.certificate
    for entry in solution.shock.ledger:
        console.print(": ".join(filter(None, (entry.instrument, entry.note))), markup=False)
    place = " ".join(filter(None, (proof.worst.region, proof.worst.sector)))
    console.print(
        f"Solved in {proof.iterations} evaluations, {proof.closure} closure: worst residual "
        f"{proof.worst.value:.1e} ({proof.worst.equation}, {place}), Walras {proof.walras:.1e}.",
        markup=False,
    )
    console.print(_sentence(solution, focus[:3]), style="bold", markup=False)
    console.print(_table(solution, focus))
    told = solution.calibration.provenance
    console.print(f"World {told.name} ({told.vintage}); elasticities {_source(solution)}.")


def _source(solution: Solution) -> str:
    return solution.calibration.elasticity_source


def _sentence(solution: Solution, regions: Sequence[str]) -> str:
    from tula.metrics import ev, real_income
    from tula.study.wording import capital, gain_or_loss, joined, named

    names = solution.labels.region_names
    change, money = real_income(solution), ev(solution)
    parts = [
        gain_or_loss(
            named(names.get(code, code)),
            float(change.sel(region=code)),
            float(money.sel(region=code)),
        )
        for code in regions
    ]
    return f"{capital(joined(parts))}."


def _table(solution: Solution, focus: Sequence[str]) -> Table:
    from rich.table import Table

    from tula.metrics import METRICS
    from tula.study.wording import signed

    table = Table("Region")
    for title, _, _ in COLUMNS:
        table.add_column(title, justify="right")
    values = [METRICS[name](solution) / divisor for _, name, divisor in COLUMNS]
    for code in focus:
        table.add_row(code, *(signed(float(value.sel(region=code))) for value in values))
    return table
