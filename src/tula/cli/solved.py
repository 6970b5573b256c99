"""What ``tula solve`` tells: the answer, a table, what was done, on what, and the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tula.cli import limits, ranges
from tula.cli.guard import out, say, say_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr
    from rich.table import Table

    from tula.equilibrium import Solution
    from tula.policy.shock import LedgerEntry


class Rents(NamedTuple):
    """Who keeps the rents of limits that do not say so, and the answer if nobody does."""

    keepers: tuple[str, ...]
    lost: Solution | None


#: Columns of the table: title, metric, divisor.
COLUMNS = (
    ("Real income %", "real_income", 1.0),
    ("bn USD", "ev", 1000.0),
    ("Prices %", "price_index", 1.0),
    ("Wages %", "wage", 1.0),
    ("Exports %", "exports_change", 1.0),
    ("Imports %", "imports_change", 1.0),
)


def tell(
    solution: Solution,
    focus: Sequence[str],
    technology: str,
    compared: str,
    spread: xr.Dataset | None,
    rents: Rents | None,
) -> None:
    """The answer first, then the table, what was done, what on, and the proof."""
    say(_sentence(solution, focus[:3], rents), "bold")
    out().print(_table(solution, focus))
    if spread is not None:
        out().print(ranges.table(spread, focus))
        say(ranges.sentence(spread))
    if compared:
        say(compared)
    for entry in solution.shock.ledger:
        say(_done(entry))
    for sentence in limits.sentences(solution):
        say(sentence)
    origin = solution.calibration.provenance
    say(f"World {origin.name} ({origin.vintage}); elasticities {_source(solution)}.")
    if technology:
        say(technology)
    say(f"Solved in {solution.certificate}.")


def _done(entry: LedgerEntry) -> str:
    return ": ".join(filter(None, (entry.instrument, entry.note)))


def print_json(
    solution: Solution,
    technology: str,
    compared: str,
    spread: xr.Dataset | None,
    rents: Rents | None,
) -> None:
    """Every region's figures by metric, what limits do, what was done, and what on."""
    from tula.metrics import METRICS

    origin = solution.calibration.provenance
    regions = solution.labels.regions
    figures = {
        name: dict(zip(regions, METRICS[name].values(solution).tolist(), strict=True))
        for _, name, _ in COLUMNS
    }
    content = {
        "regions": figures,
        "units": {name: METRICS[name].unit for name in figures},
        **limits.content(solution),
        "compared": compared,
        "done": [_done(entry) for entry in solution.shock.ledger],
        "world": f"{origin.name} ({origin.vintage})",
        "elasticities": _source(solution),
        "technology": technology,
        "closure": solution.certificate.closure,
        "proof": str(solution.certificate),
    }
    if rents is not None:
        content["rent_assumed_to"] = list(rents.keepers)
        if rents.lost is not None:
            figure = METRICS["real_income"].values(rents.lost).tolist()
            content["real_income_if_nobody_keeps_it"] = dict(zip(regions, figure, strict=True))
    if spread is not None:
        content["range"] = ranges.content(spread)
    say_json(content)


def _source(solution: Solution) -> str:
    return solution.calibration.elasticity_source


def _sentence(solution: Solution, regions: Sequence[str], rents: Rents | None) -> str:
    from tula.say.words import capital, joined

    said = f"{capital(joined(_gains(solution, regions)))}."
    if rents is None:
        return said
    kept = f"{said} That is with the rent of the limit kept by the {joined(rents.keepers)}"
    turned = _turned(solution, rents.lost, regions) if rents.lost else []
    if not (rents.lost and turned):
        return f"{kept}, as none was named."
    return (
        f"{kept}, as none was named; where nobody keeps it, {joined(_gains(rents.lost, turned))}."
    )


def _gains(solution: Solution, regions: Sequence[str]) -> list[str]:
    from tula.metrics import METRICS
    from tula.say.words import gain_or_loss, named

    labels, names = solution.labels, solution.labels.region_names
    change, money = (METRICS[name].values(solution) for name in ("real_income", "ev"))
    return [
        gain_or_loss(named(names.get(code, code)), float(change[place]), float(money[place]))
        for code, place in ((code, labels.region_index(code)) for code in regions)
    ]


def _turned(solution: Solution, other: Solution, regions: Sequence[str]) -> list[str]:
    """Regions whose gain or loss has another sign in another solution."""
    from tula.metrics import METRICS
    from tula.say.words import NEGLIGIBLE

    def sign(one: Solution, code: str) -> int:
        change = float(METRICS["real_income"].values(one)[one.labels.region_index(code)])
        return (change >= NEGLIGIBLE) - (change <= -NEGLIGIBLE)

    return [code for code in regions if sign(solution, code) != sign(other, code)]


def _table(solution: Solution, focus: Sequence[str]) -> Table:
    from rich.table import Table

    from tula.metrics import METRICS
    from tula.numbers import write

    table = Table("Region")
    for title, _, _ in COLUMNS:
        table.add_column(title, justify="right")
    values = [METRICS[name].values(solution) / divisor for _, name, divisor in COLUMNS]
    for code in focus:
        place = solution.labels.region_index(code)
        table.add_row(code, *(write.fixed(float(value[place]), 2, signed=True) for value in values))
    return table
