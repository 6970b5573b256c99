"""What is read off a solution: what arrives of every tie, incomes, and what wages do to one."""

from __future__ import annotations

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.solution import Solution
from tula.shapes import Float
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.inputs import AnswerInputs, CriticalTie

Array = np.ndarray


class Readings:
    """What is read off a solution: ties delivered, incomes of the pivot and the rivals.

    Last stands the part of the pivot's income that runs through wages (``through_wages``).
    """

    def __init__(self, inputs: AnswerInputs, world: Calibration) -> None:
        self.ties = [(one.by, cells(inputs, one, world)) for one in inputs.critical]
        named = (inputs.pivot, *inputs.rivals)
        self.regions = [world.labels.region_index(one) for one in named]

    @property
    def size(self) -> int:
        """How many readings there are."""
        return len(self.ties) + len(self.regions) + 1

    def of(self, solution: Solution) -> Float[Array, " R"]:
        """Return ties as ratios to the base year, one where only events move them, then money."""
        trade = solution.border_trade
        kept = [1.0 if at is None else delivered(solution, trade, at, by) for by, at in self.ties]
        change = solution.real_income_hat - 1.0
        spending = solution.calibration.final_spending
        income = spending[self.regions] * change[self.regions] / 1e3
        return np.array([*kept, *income, through_wages(solution, self.regions[0])])


def through_wages(solution: Solution, region: int) -> float:
    """Return what a region gains by wages alone, bn USD a year: what all its prices have in common.

    Exports at the change of its own wage less imports at those of the sellers, trade before and
    after on the mean, the world's income as numeraire; and its labour that is idle where wages
    cannot fall. What else its income does is relative: prices of taxed goods against untaxed ones,
    volumes and revenue.
    """
    base, wage = solution.calibration, np.log(solution.wage_hat)
    trade = 0.5 * (base.border_trade + solution.border_trade).sum(axis=0)
    abroad = np.arange(len(wage)) != region
    terms = trade[abroad, region].sum() * wage[region] - trade[region, abroad] @ wage[abroad]
    idle = base.value_added[region] * (solution.employment_hat[region] - 1.0)
    return float(terms + idle) / 1e3


def cells(
    inputs: AnswerInputs, tie: CriticalTie, world: Calibration
) -> tuple[Array, int, int] | None:
    """Return a tie's sectors, importer and exporter; None where only events move it.

    Raises ``AnswerError`` where there was no such trade in the base year.
    """
    if tie.carried:
        return None
    labels = world.labels
    codes = labels.resolve_sectors(tie.sectors)
    buyer, seller = tie.sold_to or inputs.pivot, tie.bought_from or inputs.pivot
    found = (
        np.array([labels.sector_index(code) for code in codes]),
        labels.region_index(buyer),
        labels.region_index(seller),
    )
    if not world.border_trade[found].sum() > 0.0:
        why = f"tie {tie.id}: {buyer} bought none of it from {seller}: there is no flow to keep"
        raise AnswerError([why])
    return found


def delivered(
    solution: Solution, trade: Float[Array, "S N I"], at: tuple[Array, int, int], by: str
) -> float:
    """Return what arrives of a flow, ratio to the base year, by value at the border or volume.

    ``trade`` is the solution's border trade.
    """
    world, shock = solution.calibration, solution.shock
    sectors, _, seller = at
    flow, before = trade[at], world.border_trade[at]
    if by == "volume":
        taxed = (1.0 + shock.export_tax[at]) / (1.0 + world.export_tax[at])
        price = solution.cost_hat[seller, sectors] * solution.seller_wedge[at] * taxed
        flow = flow / (price * solution.trade_cost_hat[at])
    return float(flow.sum() / before.sum())
