"""Projected quasi-Newton ascent in a box, with exact slopes and an honest stop.

Bertsekas (1982, SIAM J. Control Optim. 20) for the projection, Powell's damped BFGS update
(Nocedal and Wright 2006, procedure 18.2) for the curvature. It stops on the slope, never on the
length of its step: near a peak values are flat below rounding, slopes are not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tula.equilibrium import ConvergenceError
from tula.shapes import Bool, Float
from tula.strategy.errors import UnfinishedSearchError
from tula.strategy.levers import Box

Array = np.ndarray
#: Value and slope at some rates.
Look = Callable[[Array], tuple[float, Array]]

#: Longest move of any rate in one step.
LONGEST_MOVE = 0.5
#: Share of the promised rise that a step must keep (Armijo).
SUFFICIENT = 1e-4
#: Relative rounding of a value: differences below it say nothing.
ROUNDING = 1e-10
#: Shortest part of a step tried before the search is given up.
SHORTEST = 2.0**-12


@dataclass(frozen=True, eq=False)
class Peak:
    """Where a search ended: rates, value and slope, all in the units of the levers.

    ``slope_norm`` is the length of the projected slope per scaled lever; ``gain_left`` what the
    quadratic model still promises.
    """

    rates: Float[Array, " L"]
    value: float
    slope: Float[Array, " L"]
    slope_norm: float
    gain_left: float
    evaluations: int


class Bend:
    """A positive definite model of minus the second derivatives, in scaled levers."""

    def __init__(self, size: int) -> None:
        self.matrix = np.eye(size)
        self.fresh = True

    def copy(self) -> Bend:
        """Return another that learns by itself from here."""
        other = Bend(len(self.matrix))
        other.matrix, other.fresh = self.matrix.copy(), self.fresh
        return other

    def forget(self) -> None:
        """Start over from one bend in all directions."""
        self.matrix, self.fresh = np.eye(len(self.matrix)), True

    def learn(self, step: Float[Array, " L"], fall: Float[Array, " L"]) -> None:
        """Take in that the slope fell by ``fall`` along ``step`` (damped BFGS)."""
        length, drop = float(step @ step), float(step @ fall)
        if length == 0.0:
            return
        if self.fresh and drop > 0:
            self.matrix = np.eye(len(step)) * min(max(float(fall @ fall) / drop, 1e-6), 1e6)
        self.fresh = False
        known = self.matrix @ step
        expected = float(step @ known)
        if drop < 0.2 * expected:
            part = 0.8 * expected / (expected - drop)
            fall = part * fall + (1.0 - part) * known
        self.matrix += np.outer(fall, fall) / (step @ fall) - np.outer(known, known) / expected

    def step(
        self,
        point: Float[Array, " L"],
        slope: Float[Array, " L"],
        lower: Float[Array, " L"],
        upper: Float[Array, " L"],
    ) -> Float[Array, " L"]:
        """Return the move that maximises the quadratic model in the box, bound by bound."""
        move = np.zeros_like(point)
        fixed = held(point, slope, lower, upper)
        while not fixed.all():
            free = ~fixed
            pull = slope[free] - self.matrix[np.ix_(free, fixed)] @ move[fixed]
            move[free] = np.linalg.solve(self.matrix[np.ix_(free, free)], pull)
            clipped = np.clip(point + move, lower, upper) - point
            out = free & (clipped != move)
            if not out.any():
                break
            move[out], fixed = clipped[out], fixed | out
        return move


def held(
    point: Float[Array, " L"],
    slope: Float[Array, " L"],
    lower: Float[Array, " L"],
    upper: Float[Array, " L"],
) -> Bool[Array, " L"]:
    """Return which levers stand at a bound that the slope presses against."""
    return np.asarray(((point <= lower) & (slope <= 0)) | ((point >= upper) & (slope >= 0)))


def projected(rates: Float[Array, " L"], slope: Float[Array, " L"], box: Box) -> Float[Array, " L"]:
    """Return the slope with what presses against a bound taken out."""
    return np.where(held(rates, slope, box.lower, box.upper), 0.0, slope)


def slope_norm(rates: Float[Array, " L"], slope: Float[Array, " L"], box: Box) -> float:
    """Return the length of the projected slope per scaled lever."""
    return float(np.linalg.norm(projected(rates, slope, box) / box.pace(rates)))


def expected_move(
    box: Box, bend: Bend, rates: Float[Array, " L"], slope: Float[Array, " L"]
) -> Float[Array, " L"]:
    """Return the scaled move to the peak of the model, cut where a rate would move far.

    Cut in proportion to ``LONGEST_MOVE``, which it meets about.
    """
    point, steep = box.scaled(rates), slope / box.pace(rates)
    move = bend.step(point, steep, box.scaled(box.lower), box.scaled(box.upper))
    largest = float(np.max(np.abs(box.rates(point + move) - rates), initial=0.0))
    return move * min(1.0, LONGEST_MOVE / largest) if largest > 0 else move


def climb(
    look: Look,
    start: Float[Array, " L"],
    box: Box,
    *,
    tolerance: float,
    evaluations: int,
    bend: Bend | None = None,
) -> Peak:
    """Climb from ``start`` until the projected slope is below ``tolerance``.

    Raises ``UnfinishedSearchError`` when no step rises any more or evaluations run out, and what
    ``ascend`` raises.
    """
    bend = Bend(len(start)) if bend is None else bend
    peak = ascend(look, start, box, bend, tolerance=tolerance, evaluations=evaluations)
    if peak.slope_norm > tolerance:
        told = _unfinished(peak.slope_norm, tolerance, peak.evaluations, evaluations)
        raise UnfinishedSearchError(told)
    return peak


def ascend(
    look: Look,
    start: Float[Array, " L"],
    box: Box,
    bend: Bend,
    *,
    tolerance: float,
    evaluations: int,
    part: float = 0.0,
) -> Peak:
    """Climb until the projected slope is below ``tolerance``, or as far as it goes.

    ``part`` of the slope at the start is enough where that is more. What is learnt of the bend
    stays in ``bend``. A trial at which the engine finds no equilibrium is taken as too long a
    step; what ``look`` raises at the start is raised.
    """
    rates = np.clip(start, box.lower, box.upper)
    value, slope = look(rates)
    tolerance, spent = max(tolerance, part * slope_norm(rates, slope, box)), 1
    while (norm := slope_norm(rates, slope, box)) > tolerance:
        step, tried = _step(look, rates, value, slope, box, bend, evaluations - spent)
        spent += tried
        if step is None and (bend.fresh or spent >= evaluations):
            break
        if step is None:
            bend.forget()
            continue
        bend.learn(*_learnt(box, rates, slope, step))
        rates, value, slope = step
    left = projected(rates, slope, box) / box.pace(rates)
    gain_left = 0.5 * float(left @ np.linalg.solve(bend.matrix, left))
    return Peak(rates, value, slope, norm, gain_left, spent)


class _Step(NamedTuple):
    """A point that was tried, with value and slope there."""

    rates: Array
    value: float
    slope: Array


def _learnt(
    box: Box, rates: Float[Array, " L"], slope: Float[Array, " L"], step: _Step
) -> tuple[Array, Array]:
    """Return how scaled levers moved in a step and by how much their slopes fell."""
    moved = box.scaled(step.rates) - box.scaled(rates)
    return moved, slope / box.pace(rates) - step.slope / box.pace(step.rates)


def _step(
    look: Look,
    rates: Float[Array, " L"],
    value: float,
    slope: Float[Array, " L"],
    box: Box,
    bend: Bend,
    allowed: int,
) -> tuple[_Step | None, int]:
    """Try the model's move, halved until it rises; return what was found and the trials taken."""
    point, steep = box.scaled(rates), slope / box.pace(rates)
    move = expected_move(box, bend, rates, slope)
    part, tried = 1.0, 0
    while part >= SHORTEST and tried < allowed and steep @ move > 0:
        trial = box.rates(point + part * move)
        found = _rise(look, trial, value, float(steep @ (box.scaled(trial) - point)))
        tried += 1
        if found is not None:
            return _Step(trial, *found), tried
        part /= 2.0
    return None, tried


def _rise(
    look: Look, trial: Float[Array, " L"], value: float, promised: float
) -> tuple[float, Array] | None:
    """Return value and slope at the trial if it rises enough, or None."""
    try:
        found = look(trial)
    except ConvergenceError:
        return None
    slack = ROUNDING * max(1.0, abs(value))
    return found if found[0] >= value + SUFFICIENT * promised - slack else None


def _unfinished(norm: float, tolerance: float, spent: int, allowed: int) -> str:
    why = "evaluations ran out" if spent >= allowed else "no step rises any more"
    return (
        f"the scaled slope is {norm:.1e}, tolerance {tolerance:.0e}, after {spent} evaluations: "
        f"{why}. Allow more evaluations, a looser tolerance or narrower bounds. Where a limit of "
        "the base policy or a wage floor just binds, the objective has an edge at which no slope "
        "vanishes: bound the rates to one side of it"
    )
