"""What ``tula solve`` tells: the answer, a table, what was done, on what, and the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tula.cli import limits, ranges
from tula.cli.guard import out, say, say_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr
    from rich.table import Table

    from tula.equilibrium import Solution
    from tula.policy.shock import LedgerEntry

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
) -> None:
    """The answer first, then the table, what was done, what on, and the proof."""
    say(_sentence(solution, focus[:3]), "bold")
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
    solution: Solution, technology: str, compared: str, spread: xr.Dataset | None
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
    if spread is not None:
        content["range"] = ranges.content(spread)
    say_json(content)


def _source(solution: Solution) -> str:
    return solution.calibration.elasticity_source


def _sentence(solution: Solution, regions: Sequence[str]) -> str:
    from tula.metrics import METRICS
    from tula.say.words import capital, gain_or_loss, joined, named

    labels, names = solution.labels, solution.labels.region_names
    change, money = (METRICS[name].values(solution) for name in ("real_income", "ev"))
    parts = [
        gain_or_loss(named(names.get(code, code)), float(change[place]), float(money[place]))
        for code, place in ((code, labels.region_index(code)) for code in regions)
    ]
    return f"{capital(joined(parts))}."


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
