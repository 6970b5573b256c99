"""What a target asks of exports: in all, year by year, and of every sector."""

from __future__ import annotations

from collections.abc import Sequence

from tula.described import descriptions
from tula.equilibrium import Calibration, calibrate
from tula.numbers import write
from tula.numbers.estimate import Estimate
from tula.ties.account import RATIO, line
from tula.ties.target.arithmetic import sector_needs
from tula.ties.target.odds import TargetOdds, TradeTarget, central_requirement
from tula.world.economy import Economy

_MONEY = "bn USD a year"


def exports_needed(
    goal: TradeTarget, odds: TargetOdds, world: Economy | Calibration
) -> dict[str, Estimate]:
    """Return the exports a target asks for, by name of the line.

    Central values let imports grow and fuel change as the goal has them, without any deal; ranges
    are the 10th to 90th percentile of the simulated horizon, deal included. Years count from now
    at one rate of growth; sectors grow alike from the world's pattern. Errors as ``sector_needs``.
    """
    calibration = world if isinstance(world, Calibration) else calibrate(world)
    exports, growth = central_requirement(goal)
    low, _, high = odds.told["required_exports"]
    now = goal.exports.value
    reach = odds.reach
    lines = {
        "trade at the horizon": _money(
            (reach.central, reach.least, reach.most),
            "both ways, with agreement and reform; range: every belief at its bad end, and at its "
            "good one",
        ),
        "exports needed": _money(
            (exports, low, high), "sales to the partner that bring trade to the target"
        ),
        "exports expected": _money(
            _middle(odds.told["exports"]), "sales at the horizon with everything in place"
        ),
    }
    for year in range(1, int(goal.years.value) + 1):
        rates = (growth, *(odds.told["required_growth"][end] for end in (0, 2)))
        lines[f"exports needed, year {year}"] = _money(
            [now * (1.0 + rate) ** year for rate in rates],
            f"sales in year {year} on the way there, at one rate of growth",
        )
    for need in sector_needs(
        calibration, goal.deal.pivot, goal.deal.partner, goal.sectors, exports=now, needed=exports
    ):
        lines[f"exports needed: {need.sector}"] = _money(
            [need.needed * (end / exports) for end in (exports, low, high)],
            f"{write.money(RATIO * need.now)} now; {100 * need.share_needed:.0f}% of what the "
            "partner buys abroad",
        )
    return lines


def reach_told(goal: TradeTarget, odds: TargetOdds) -> str:
    """Say at which end of the beliefs the target is met, or by how much it is out of reach."""
    reach = odds.reach
    said = (
        "With every belief at the end that raises trade, agreement and reform in place, it comes "
        f"to {reach.most:.0f} bn USD a year at the horizon, {reach.exports:.0f} of it sales to the "
        f"partner: the target of {reach.target:.0f} "
    )
    if reach.short:
        return f"{said}is out of reach of these beliefs by {reach.short:.0f}."
    if not reach.enough:
        return f"{said}is met there, and with all of them in the middle."
    ends = [f"{_field(goal, name)} ({end:g})" for name, end in reach.enough.items()]
    return (
        f"{said}is met there. With all others in the middle it takes no fewer than "
        f"{len(ends)} of them: {'; '.join(ends)}."
    )


def _field(goal: TradeTarget, name: str) -> str:
    """What a field of the goal, or of its deal, says of itself."""
    own, _, last = name.rpartition(".")
    told = descriptions(type(goal.deal if own else goal)).get(last, last)
    return told[0].lower() + told[1:].rstrip(".")


def _middle(told: tuple[float, float, float]) -> tuple[float, float, float]:
    low, middle, high = told
    return middle, low, high


def _money(numbers: Sequence[float], meaning: str) -> Estimate:
    central, low, high = numbers
    return line((central, low, high), _MONEY, meaning)
