"""What a state of the network does to trade: one wedge between what buyers pay and sellers get.

Dearer routing is a cost of delivery. A shortage of capacity is one too: buyers queue, detour and
pay middlemen until what still wants to pass fits. Nobody collects it. (A cut of imports would
leave the scarcity with the importer, who would then gain from being unable to pay. A quota whose
rent nobody keeps comes closer, but holds the quantity delivered, while a network carries the value
paid, the wasted part of it included.)
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from scipy.optimize import brentq

from tula.equilibrium import Calibration, Solution, solve
from tula.errors import TulaError
from tula.policy import Embargo, Instrument, TradeCost
from tula.ties.settlement.tie import Carriage, SettlementTie
from tula.world.labels import Labels

#: Logarithm of the largest wedge tried: beyond it the trade is as good as gone.
LARGEST_LOG_WEDGE = 10.0
#: Least share of trade carried that is told apart from none.
LEAST_SHARE = 1e-6
#: How closely the logarithm of the wedge is found.
WEDGE_TOLERANCE = 1e-7
#: First trial over what a constant elasticity would need.
FIRST_STEP = 1.2


class NoPurchasesError(TulaError):
    """The world holds no purchases that the network could settle.

    Name other sectors or regions, or use a world that holds the trade.
    """


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
    if state.remaining == 1.0:
        return state.cost

    @cache
    def excess(log_factor: float) -> float:
        where = {"importer": tie.pivot, "exporter": tie.partner, "sectors": tie.sectors}
        solution = solve(calibration, [TradeCost(factor=math.exp(log_factor), **where)])
        return math.log(paid(tie, solution) / state.remaining)

    least = math.log(state.cost)
    if excess(least) <= 0.0:
        return state.cost
    step = FIRST_STEP * excess(least) / _elasticity(tie, calibration)
    while excess(least + step) > 0.0 and step < LARGEST_LOG_WEDGE:
        step *= 2.0
    return math.exp(brentq(excess, least, least + step, xtol=WEDGE_TOLERANCE))


def _cells(tie: SettlementTie, labels: Labels) -> tuple[list[int], int, int]:
    sectors = [labels.sector_index(code) for code in labels.resolve_sectors(tie.sectors)]
    return sectors, labels.region_index(tie.pivot), labels.region_index(tie.partner)


def _elasticity(tie: SettlementTie, calibration: Calibration) -> float:
    """Trade elasticity of the tie's purchases, by weight: scale of the first trial."""
    cells = _cells(tie, calibration.labels)
    sectors, importer, _ = cells
    theta = calibration.placed.trade_elasticity[sectors, importer]
    return float(np.average(theta, weights=calibration.border_trade[cells]))


def paid(tie: SettlementTie, solution: Solution) -> float:
    """Return the value paid for the tie's purchases, new over base."""
    cells = _cells(tie, solution.labels)
    base = float(solution.calibration.border_trade[cells].sum())
    if base <= 0.0:
        sold = ", ".join(tie.sectors)
        raise NoPurchasesError(f"{tie.pivot} buys nothing from {tie.partner} in {sold}")
    return float(solution.border_trade[cells].sum()) / base
