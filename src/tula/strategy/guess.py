"""Where searches start: the optimal tariff in sufficient statistics.

Lashkaripour (2021, Journal of International Economics): with one uniform tariff, no input-output
links and balanced trade, region i's best rate is

    t_i = 1 / sum over n != i and sectors j of chi[j, i, n] theta[j] (1 - lambda[j, i, n]),

chi the share of (j, n) in i's exports, lambda i's share in n's spending on j, at the equilibrium
with the tariffs in place. Elsewhere it is a start, no more.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from tula.equilibrium import ConvergenceError, Solution
from tula.strategy.arena import Arena
from tula.strategy.levers import DutyLevers, JointLevers

Array = np.ndarray

#: Rounds of the fixed point, the part of each step taken, and the change at which it rests.
ROUNDS, DAMPING, REST = 12, 0.7, 1e-3


def sufficient_tariffs(solution: Solution) -> Float[Array, " N"]:
    """Return every region's tariff by the formula, at a solution; zero for one without exports."""
    shipped = solution.border_trade / (1.0 + solution.shock.export_tax)
    shipped = shipped * (1.0 - np.eye(shipped.shape[1]))
    theta = solution.calibration.placed.trade_elasticity[:, :, None]
    answer = np.einsum("sni,sni->i", shipped, theta * (1.0 - solution.trade_share))
    exported = shipped.sum(axis=(0, 1))
    nothing = np.zeros_like(exported)
    return np.asarray(np.divide(exported, answer, out=nothing, where=answer > 0))


def first_guess(arena: Arena, players: tuple[DutyLevers, ...]) -> Float[Array, " L"]:
    """Iterate the formula for all players at once; stop where the engine finds no equilibrium."""
    joint = JointLevers(players)
    owners = [arena.calibration.labels.region_index(one.space.player) for one in players]
    box, rates = joint.box, None
    for _ in range(ROUNDS):
        try:
            solution = arena.solve(joint, rates)
        except ConvergenceError:
            break
        tariff = sufficient_tariffs(solution)[owners]
        parts = zip(players, tariff, strict=True)
        goal = np.concatenate([np.full(len(one.names), rate) for one, rate in parts])
        goal = np.clip(goal, box.lower, box.upper)
        before, rates = rates, goal if rates is None else rates + DAMPING * (goal - rates)
        if before is not None and np.max(np.abs(rates - before)) < REST:
            break
    return np.clip(np.zeros(len(joint.names)), box.lower, box.upper) if rates is None else rates
