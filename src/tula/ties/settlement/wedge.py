"""What a state of the network does to trade: one wedge between what buyers pay and sellers get.

Dearer routing is a cost of delivery. A shortage of capacity is one too: buyers queue, detour and
pay middlemen until what still wants to pass fits. Nobody collects it. (A cut of imports would
leave the scarcity with the importer, who would then gain from being unable to pay.)
"""

from __future__ import annotations

import math

from scipy.optimize import brentq

from tula.equilibrium import Calibration, Solution, solve
from tula.policy import Embargo, Instrument, TradeCost
from tula.ties.settlement.tie import Carriage, SettlementTie

#: Logarithm of the largest wedge tried: beyond it the trade is as good as gone.
LARGEST_LOG_WEDGE = 10.0
#: Least share of trade carried that is told apart from none.
LEAST_SHARE = 1e-6
#: How closely the logarithm of the wedge is found.
WEDGE_TOLERANCE = 1e-7


def instruments(tie: SettlementTie, state: Carriage, calibration: Calibration) -> list[Instrument]:
    """Return what a state of the network does to the pivot's purchases from the partner.

    An iceberg cost: at least that of routing, and high enough that the value paid, billion USD,
    falls to what is still carried; an embargo where nothing is. Found by bracketing on the
    engine itself (Brent), one solve a trial.
    """
    where = {"importer": tie.pivot, "exporter": tie.partner, "sectors": tie.sectors}
    if state.remaining < LEAST_SHARE:
        return [Embargo(name="no settlement", **where)]
    if state == Carriage(1.0, 1.0):
        return []
    factor = _wedge(tie, state, calibration)
    return [TradeCost(factor=factor, name="cost and scarcity of settlement", **where)]


def _wedge(tie: SettlementTie, state: Carriage, calibration: Calibration) -> float:
    least = math.log(state.cost)
    if state.remaining == 1.0:
        return state.cost

    def excess(log_factor: float) -> float:
        where = {"importer": tie.pivot, "exporter": tie.partner, "sectors": tie.sectors}
        solution = solve(calibration, [TradeCost(factor=math.exp(log_factor), **where)])
        return paid(tie, solution) - state.remaining

    if excess(least) <= 0.0:
        return state.cost
    high = least + 0.05
    while excess(high) > 0.0 and high < LARGEST_LOG_WEDGE:
        high = least + 2.0 * (high - least)
    return math.exp(brentq(excess, least, high, xtol=WEDGE_TOLERANCE))


def paid(tie: SettlementTie, solution: Solution) -> float:
    """Return the value paid for the tie's purchases, new over base."""
    labels = solution.labels
    sectors = [labels.sector_index(code) for code in labels.resolve_sectors(tie.sectors)]
    cells = sectors, labels.region_index(tie.pivot), labels.region_index(tie.partner)
    return float(
        solution.border_trade[cells].sum() / solution.calibration.border_trade[cells].sum()
    )
