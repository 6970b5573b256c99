"""What limits, labour corridors and wage floors do, in sentences."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tula.equilibrium import Solution
    from tula.equilibrium.outcomes import CorridorOutcome, LimitOutcome

#: Limits told one by one, those with the largest rents; the rest are summed up.
SHOWN = 8
#: Part of labour below which idleness is rounding.
IDLE = 1e-9
_KEEPER = {
    "importer": "the importer keeps the rent of {}",
    "exporter": "the exporter keeps the rent of {}",
    "nobody": "nobody keeps the rent: scarcity worth {} is used up",
}


def sentences(solution: Solution) -> list[str]:
    """What limits, corridors and wage floors do; empty where there are none."""
    told = [*_limits(solution.limits), *map(_corridor, solution.corridors)]
    return [*told, *_idle(solution)]


def content(solution: Solution) -> dict[str, Any]:
    """The same for machines: every limit, every corridor, and idle labour in % by region."""
    return {
        "limits": [_limit_content(item) for item in solution.limits],
        "corridors": [_corridor_content(item) for item in solution.corridors],
        "idle_labour_percent": {code: 100.0 * part for code, part in idle(solution).items()},
    }


def idle(solution: Solution) -> dict[str, float]:
    """Part of labour out of work, by region, where a wage floor holds."""
    parts = zip(solution.labels.regions, 1.0 - solution.employment_hat, strict=True)
    return {code: float(part) for code, part in parts if part > IDLE}


def _limits(limits: Sequence[LimitOutcome]) -> list[str]:
    binding = sorted((item for item in limits if item.binds), key=lambda item: -item.rent)
    told = [_binding(item) for item in binding[:SHOWN]]
    rest = binding[SHOWN:]
    if rest:
        rents = sum(item.rent for item in rest)
        told.append(f"{len(rest)} more limits bind, with rents of {_money(rents)} together.")
    slack = [item for item in limits if not item.binds]
    named = "; ".join(dict.fromkeys(_what(item) for item in slack[:SHOWN]))
    more = f"; and {len(slack) - SHOWN} more" if len(slack) > SHOWN else ""
    return [*told, f"Slack, without effect: {named}{more}."] if slack else told


def _binding(item: LimitOutcome) -> str:
    if item.ends_trade:
        return f"Ends purchases: {_what(item)}. The seller has better buyers at a higher price."
    kept = _KEEPER[item.rent_to].format(_money(item.rent))
    if item.used > 1.0:
        more = _percent(item.used - 1.0)
        return (
            f"Beyond: {_what(item)}. {more} more than the quota is bought and pays the rate "
            f"beyond; {kept} on the quota."
        )
    premium = _percent(item.shadow_price - 1.0)
    return f"Binds: {_what(item)}. Its shadow price is {premium} of the price; {kept}."


def _what(item: LimitOutcome) -> str:
    """The instrument, and the cell where it has a limit on each of several."""
    cell = f"{item.sector} from {item.exporter} to {item.importer}"
    whole = item.cells > 1 or all(
        code in item.instrument for code in (item.sector, item.exporter, item.importer)
    )
    return item.instrument if whole else f"{item.instrument} ({cell})"


def _corridor(item: CorridorOutcome) -> str:
    worth = ""
    if isfinite(item.permit_value):
        worth = f" A permit is worth {_percent(item.permit_value)} of a wage in {item.host}."
    used = f"{_percent(item.used)} of the quota is used"
    return (
        f"Corridor {item.source} to {item.host}: {used}.{worth}"
        f" The workers earn {_money(item.earned)} a year and send home {_money(item.remitted)}."
    )


def _idle(solution: Solution) -> list[str]:
    return [
        f"The wage floor of {code} binds: {_percent(part)} of its labour is idle."
        for code, part in idle(solution).items()
    ]


def _percent(share: float) -> str:
    from tula.numbers.write import percent

    return percent(100.0 * share)


def _money(million: float) -> str:
    from tula.numbers.write import money

    return money(million)


def _limit_content(item: LimitOutcome) -> dict[str, Any]:
    return {
        "instrument": item.instrument,
        "measure": item.measure,
        "sector": item.sector,
        "importer": item.importer,
        "exporter": item.exporter,
        "cells": item.cells,
        "ceiling": item.ceiling,
        "binds": item.binds,
        "ends_trade": item.ends_trade,
        "shadow_price_percent": None if item.ends_trade else 100.0 * (item.shadow_price - 1.0),
        "bought_over_quota_percent": 100.0 * (item.used - 1.0) if isfinite(item.beyond) else None,
        "rent_million_usd": item.rent,
        "rent_to": item.rent_to,
    }


def _corridor_content(item: CorridorOutcome) -> dict[str, Any]:
    return {
        "instrument": item.instrument,
        "source": item.source,
        "host": item.host,
        "used_percent": 100.0 * item.used,
        "permit_value_percent": 100.0 * item.permit_value if isfinite(item.permit_value) else None,
        "earned_million_usd": item.earned,
        "remitted_million_usd": item.remitted,
    }
