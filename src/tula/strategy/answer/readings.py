"""What is read off a solution: what arrives of every tie, incomes, and what wages do to one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.solution import Solution
from tula.shapes import Float
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.forecast import Flow, Forecast
from tula.strategy.answer.inputs import AnswerInputs, CriticalTie

Array = np.ndarray
#: Sectors of a trade, its importer and its exporter.
Cells = tuple[Array, int, int]


class Readings:
    """What is read off a solution: ties delivered, incomes of the pivot and the rivals, the part of
    the pivot's income that runs through wages (``through_wages``), and what forecasts watch."""

    def __init__(self, inputs: AnswerInputs, world: Calibration) -> None:
        self.ties = [(one.by, cells(inputs, one, world)) for one in inputs.critical]
        named = (inputs.pivot, *inputs.rivals)
        self.regions = [world.labels.region_index(one) for one in named]
        self.watched = [_watched(inputs, one, world) for one in inputs.watching]

    @property
    def size(self) -> int:
        """How many readings there are."""
        return len(self.ties) + len(self.regions) + 1 + len(self.watched)

    def of(self, solution: Solution) -> Float[Array, " R"]:
        """Return ties as ratios to the base year, one where only events move them; then money, and
        what is watched."""
        trade = solution.border_trade
        kept = [1.0 if at is None else delivered(solution, trade, at, by) for by, at in self.ties]
        change = solution.real_income_hat - 1.0
        spending = solution.calibration.final_spending
        income = spending[self.regions] * change[self.regions] / 1e3
        money = [*income, through_wages(solution, self.regions[0])]
        return np.array([*kept, *money, *(read(solution) for read in self.watched)])


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


def cells(inputs: AnswerInputs, tie: CriticalTie, world: Calibration) -> Cells | None:
    """Return a tie's sectors, importer and exporter; None where only events move it.

    Raises ``AnswerError`` where there was no such trade in the base year.
    """
    return None if tie.carried else traded(inputs, tie, f"tie {tie.id}", world)


def traded(inputs: AnswerInputs, tie: Flow, name: str, world: Calibration) -> Cells:
    """Return a trade's sectors, importer and exporter; errors as ``cells``."""
    labels = world.labels
    codes = labels.resolve_sectors(tie.sectors)
    buyer, seller = tie.sold_to or inputs.pivot, tie.bought_from or inputs.pivot
    found = (
        np.array([labels.sector_index(code) for code in codes]),
        labels.region_index(buyer),
        labels.region_index(seller),
    )
    if not world.border_trade[found].sum() > 0.0:
        why = f"{name}: {buyer} bought none of it from {seller}: there is no flow to keep"
        raise AnswerError([why])
    return found


def delivered(
    solution: Solution, trade: Float[Array, "S N I"], at: tuple[Array, int, int], by: str
) -> float:
    """Return what arrives of a flow, ratio to the base year, by value at the border or volume.

    ``trade`` is the solution's border trade.
    """
    flow, before = trade[at], solution.calibration.border_trade[at]
    if by == "volume":
        flow = flow / border_price(solution, at)
    return float(flow.sum() / before.sum())


def border_price(solution: Solution, at: tuple[Array, int, Array | int]) -> Float[Array, "*S"]:
    """Return prices at the border, ratio to the base year; one exporter a row, if several."""
    world, shock = solution.calibration, solution.shock
    sectors, _, seller = at
    taxed = (1.0 + shock.export_tax[at]) / (1.0 + world.export_tax[at])
    price = solution.cost_hat[seller, sectors] * solution.seller_wedge[at] * taxed
    return np.asarray(price * solution.trade_cost_hat[at])


def _watched(
    inputs: AnswerInputs, one: Forecast, world: Calibration
) -> Callable[[Solution], float]:
    """Return how a forecast reads a solution."""
    assert one.watched is not None
    kind, flow = one.watched
    at = traded(inputs, flow, f"forecast {one.id}", world)
    if kind == "flow":
        return partial(_flow, at=at, by=flow.by)
    return partial(_duty if kind == "duty" else _price, at=at)


def _flow(solution: Solution, at: Cells, by: str) -> float:
    return delivered(solution, solution.border_trade, at, by)


def _duty(solution: Solution, at: Cells) -> float:
    """Return points of duty above those of the base year, at its trade."""
    world = solution.calibration
    more = solution.shock.tariff[at] - world.tariff[at]
    return 100.0 * float(np.average(more, weights=world.border_trade[at]))


def _price(solution: Solution, at: Cells) -> float:
    """Return the price of a seller over that of all other sellers abroad, at base-year trade."""
    sectors, buyer, seller = at
    world, regions = solution.calibration, np.arange(len(solution.labels.regions))
    others = regions[(regions != buyer) & (regions != seller)]
    rest = sectors[None, :], buyer, others[:, None]
    own = np.average(border_price(solution, at), weights=world.border_trade[at])
    theirs = np.average(border_price(solution, rest), weights=world.border_trade[rest])
    return float(own / theirs)
