"""Where searches start: the optimal tariff in sufficient statistics.

Lashkaripour (2021, Journal of International Economics): with one uniform tariff, no input-output
links and balanced trade, region i's best rate is

    t_i = 1 / sum over n != i and sectors j of chi[j, i, n] theta[j] (1 - lambda[j, i, n]),

chi the share of (j, n) in i's exports, lambda i's share in n's spending on j, at the equilibrium
with the tariffs in place. Elsewhere it is a start, no more.

How far it is from the exact war of all, in points of the rate: among 33 regions and 25 sectors
(OECD ICIO 2022, as embedded), with duties on all sectors, 0.2 on average and 1.0 at most under
balanced trade; 0.8 and 15.8 with imbalances held fixed, where regions with large imbalances are far
off; 7.4 and 12.1 where duties reach goods alone, which it does not know. Without inputs, among
seven uneven regions made for tests: 1.2 to 4.2 on average, 4.3 to 9.9 at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice

import numpy as np

from tula.equilibrium import ConvergenceError, Solution
from tula.errors import did_you_mean
from tula.shapes import Float
from tula.strategy.arena import Arena
from tula.strategy.errors import UnfinishedSearchError
from tula.strategy.levers import DutyLevers, JointLevers
from tula.strategy.search import as_start
from tula.strategy.space import PolicySpace, refuse

Array = np.ndarray

#: Rounds of the fixed point, the part of each step taken, and the change at which it rests.
ROUNDS, DAMPING, REST = 12, 0.7, 1e-3
#: Rounds allowed, and the change at which it rests, where the formula is the answer.
MOST, EXACT = 100, 1e-8
#: How a choice is made: by search along exact slopes, or by the formula alone.
METHODS = ("slopes", "formula")
BY_FORMULA = "the rates are those of a formula: no slope was taken and nobody searched alone"


def refuse_method(method: str, spaces: Sequence[PolicySpace]) -> None:
    """Raise ``PolicyChoiceError`` for an unknown method, or levers that the formula knows not."""
    if method not in METHODS:
        refuse([f"method: unknown choice {method!r}{did_you_mean(method, METHODS)}"])
    if method == "formula":
        refuse([line for space in spaces for line in _beyond_formula(space)])


def _beyond_formula(space: PolicySpace) -> list[str]:
    found = []
    if space.by != "uniform":
        found.append(f"by: the formula gives one rate a player, not one by {space.by}")
    if space.instruments != ("tariff",):
        found.append("instrument: the formula gives tariffs alone")
    if space.weights or space.objective is not None:
        found.append("objective and weights: the formula is that of real income")
    return found


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
    box = JointLevers(players).box
    rates = np.clip(np.zeros(len(box.lower)), box.lower, box.upper)
    with suppress(ConvergenceError):
        for rates, moved in islice(_iterates(arena, players), ROUNDS):  # noqa: B007
            if moved < REST:
                break
    return rates


def formula(arena: Arena, players: tuple[DutyLevers, ...]) -> tuple[Float[Array, " L"], int]:
    """Return the rates at which the formula holds for all players, and the rounds taken.

    Raises ``UnfinishedSearchError`` where it does not come to rest, and the errors of
    ``tula.equilibrium.solve``.
    """
    arena.doing = "formula"
    for taken, (rates, moved) in enumerate(islice(_iterates(arena, players), MOST), 1):
        if moved < EXACT:
            return rates, taken
    raise UnfinishedSearchError(
        f"the formula still moves rates by {moved:.1e} after {MOST} rounds: narrow the bounds, or "
        "search by slopes (method 'slopes')"
    )


def opening(
    arena: Arena, players: tuple[DutyLevers, ...], start: Iterable[float] | float | None
) -> Float[Array, " L"]:
    """Return where a search starts: as given, and by the formula otherwise.

    Levers that touch hardly any trade start by the formula in any case: there they stay.
    """
    if start is None:
        return first_guess(arena, players)
    joint = JointLevers(players)
    given, idle = as_start(start, joint), joint.box.idle
    return np.where(idle, first_guess(arena, players), given) if idle.any() else given


def _iterates(
    arena: Arena, players: tuple[DutyLevers, ...]
) -> Iterator[tuple[Float[Array, " L"], float]]:
    """Yield rates of the damped fixed point from the base policy on, and how far they moved."""
    joint = JointLevers(players)
    owners = [arena.calibration.labels.region_index(one.space.player) for one in players]
    box, rates, moved = joint.box, None, np.inf
    while True:
        arena.progress(f"{arena.doing}: {arena.forward} equilibria")
        tariff = sufficient_tariffs(arena.solve(joint, rates))[owners]
        parts = zip(players, tariff, strict=True)
        goal = np.concatenate([np.full(len(one.names), rate) for one, rate in parts])
        goal = np.clip(goal, box.lower, box.upper)
        if rates is None:
            rates = goal
        else:
            step = DAMPING * (goal - rates)
            rates, moved = rates + step, float(np.max(np.abs(step)))
        yield rates, moved
