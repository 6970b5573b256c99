"""The duties of a trade war in which nobody regrets his own: the pivot against its partners.

The pivot sets one rate on each partner. The partners set their rates on the pivot together, for
their joint welfare, or each for its own. As in the source, partners do not tax one another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy.optimize import NoConvergence, anderson

from tula.equilibrium import ConvergenceError
from tula.replicate.liberation_day_model import Duties, Equilibrium, GravityWorld, solve
from tula.replicate.liberation_day_optimal import (
    FINE,
    Side,
    best_duties,
    joint_weight,
    pivot_weight,
)
from tula.replicate.liberation_day_slopes import gradient, retaliation_slopes
from tula.shapes import Float

Array = np.ndarray

#: Largest slope left of any player's welfare in any of his rates, per unit of trade taxed.
NASH_TOLERANCE = 1e-7
#: Largest gain left to either side from answering afresh, ratio of welfare.
REGRET = 1e-9
#: Most rounds of answers.
ROUNDS = 40
#: How fast the pivot's and a partner's slope fall in the own rate, near 20%: for the first steps.
FALL = (8.0, 4.0)
#: Share of spending below which a flow is not counted smaller.
LEAST_SHARE = 1e-9


@dataclass(frozen=True, eq=False)
class TradeWar:
    """Duties that are everybody's best answer, and where they lead.

    ``regret`` is what is left to gain: for partners who act as one, the larger of the two sides'
    gains from answering afresh, as a ratio of welfare; for partners on their own, the largest
    slope, per unit of rate and of the trade it taxes as a share of the player's final spending.
    """

    duties: Duties
    equilibrium: Equilibrium
    regret: float
    evaluations: int


def war_of_two(world: GravityWorld, start: float = 0.2) -> TradeWar:
    """Return the Nash equilibrium of the pivot and its partners as one, with income weights.

    Each side answers in turn. ``ConvergenceError`` if a gain above ``REGRET`` is left.
    """
    rates = np.full_like(world.income, start)
    duties, spent = Duties(rates, rates), 0
    for _ in range(ROUNDS):
        gains = []
        for side, weight in (("imposed", pivot_weight(world)), ("suffered", joint_weight(world))):
            stay = float(weight @ solve(world, duties).state.welfare_hat)
            answer = best_duties(world, weight, cast(Side, side), duties)
            gains.append(answer.welfare - stay)
            duties, spent = answer.duties, spent + answer.evaluations
        if max(gains) <= REGRET:
            return TradeWar(duties, answer.equilibrium, max(gains), spent)
    raise ConvergenceError(
        f"no trade war found: a gain of {max(gains):.1e} is left after {ROUNDS} rounds; start from "
        "other rates"
    )


def war_of_all(world: GravityWorld, start: float = 0.2) -> TradeWar:
    """Return the Nash equilibrium of the pivot and its partners, each for itself.

    ``ConvergenceError`` if a slope above ``NASH_TOLERANCE`` is left.
    """
    free = np.arange(len(world.income)) != world.pivot
    warm: list[Equilibrium] = []
    spent = [0]

    def gap(rates: Float[Array, " R"]) -> Float[Array, " R"]:
        spent[0] += 1
        found = solve(world, _duties(rates, free), warm[-1].vector if warm else None, FINE)
        warm[:] = [found]
        sides = _pivot_slopes(found)[free], _partner_slopes(found)[free]
        return np.concatenate([side / fall for side, fall in zip(sides, FALL, strict=True)])

    rates = _root(gap, np.full(2 * int(free.sum()), start))
    slope = max(FALL) * float(np.abs(gap(rates)).max())
    return TradeWar(warm[-1].duties, warm[-1], slope, spent[0])


def _root(
    gap: Callable[[Float[Array, " R"]], Float[Array, " R"]], start: Float[Array, " R"]
) -> Float[Array, " R"]:
    try:
        found = anderson(
            gap,
            start,
            alpha=0.7,
            M=min(10, len(start) // 2),
            f_tol=NASH_TOLERANCE / max(FALL),
            maxiter=100,
            line_search=None,
        )
    except NoConvergence as failure:
        raise ConvergenceError(
            f"no trade war found: slopes above {NASH_TOLERANCE:.0e} are left after 100 steps; "
            "start from other rates"
        ) from failure
    return np.asarray(found)


def _duties(rates: Float[Array, " R"], free: Array) -> Duties:
    sides = np.zeros((2, len(free)))
    sides[:, free] = rates.reshape(2, -1)
    return Duties(*sides)


def _pivot_slopes(found: Equilibrium) -> Float[Array, " N"]:
    """Return the pivot's slopes per unit of trade taxed."""
    world = found.world
    slopes = gradient(found, pivot_weight(world)).imposed
    return np.asarray(slopes / np.maximum(_taxed(world)[world.pivot], LEAST_SHARE))


def _taxed(world: GravityWorld) -> Float[Array, "N N"]:
    """Return base purchases over the buyer's final spending."""
    return np.asarray(world.share * (world.spending / world.final_spending)[:, None])


def _partner_slopes(found: Equilibrium) -> Float[Array, " N"]:
    """Return the partners' slopes, each in its own rate, per unit of trade taxed."""
    taxed = np.maximum(_taxed(found.world)[:, found.world.pivot], LEAST_SHARE)
    return np.asarray(np.diag(retaliation_slopes(found)) / taxed)
