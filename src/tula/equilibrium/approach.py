"""The ways to an equilibrium: straight, by parts of the shock, or down from high elasticities."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from tula.equilibrium.anderson import Anderson, accelerated
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure, FixedBalance
from tula.equilibrium.errors import MultipleEquilibriaWarning
from tula.equilibrium.prepare import partial_shock, prepare
from tula.equilibrium.steps import Blocks, Paces, advance, demand_response, paces, region_blocks
from tula.equilibrium.system import Point, System, evaluate, start, state_of
from tula.frozen import kept_with
from tula.policy.shock import Shock, no_shock

Array = np.ndarray
Vector = Float[Array, " U"]

#: Smallest part of a way taken at once before a solve is given up.
LEAST_STAGE = 1 / 32
#: Trade elasticity (sigma 5) from which elasticities below zero are approached.
ABOVE = 4.0
#: Relative difference of real spending beyond which two equilibria are two.
APART = 1e-6


class Problem(NamedTuple):
    """A calibrated world, a compiled shock and the system that joins them."""

    calibration: Calibration
    shock: Shock
    closure: Closure
    system: System

    @property
    def must_descend(self) -> bool:
        """Whether some trade elasticity is below zero: it is then approached from above."""
        return bool((self.calibration.placed.trade_elasticity < 0.0).any())


class Found(NamedTuple):
    """Where an iteration stopped: unknowns, what they imply, evaluations, whether all is met."""

    vector: Vector
    point: Point
    evaluations: int
    met: bool


@kept_with
def base_blocks(calibration: Calibration) -> Blocks:
    """Return the region blocks of the base year."""
    still = no_shock(calibration.labels, calibration.tariff, calibration.export_tax)
    return region_blocks(prepare(calibration, still, FixedBalance()))


def iterate(
    system: System, solver: Anderson, blocks: Blocks | None = None, vector: Vector | None = None
) -> Found:
    """Iterate from some unknowns (the base year if None), by blocks as long as they help."""
    seen: list[Point] = []
    slow: list[Paces] = []

    def look(at: Vector, by_blocks: bool) -> tuple[Array, float]:
        if not by_blocks and not slow:
            slow.append(paces(system))
        move, violation, point = advance(system, blocks if by_blocks else slow[0], at)
        seen[:] = [point]
        return move, violation

    first = start(system) if vector is None else vector
    reached, evaluations, met = accelerated(look, first, solver, blocks is not None)
    return Found(reached, seen[0], evaluations, met)


def straight(problem: Problem, solver: Anderson) -> Found:
    """Iterate from the base year by its region blocks."""
    return iterate(problem.system, solver, base_blocks(problem.calibration))


def approach(problem: Problem, solver: Anderson, spent: int = 0) -> Found:
    """Walk to a large shock in parts, each started from the one before.

    Returns where it stopped, which a certificate then judges, with the evaluations taken on top
    of those already ``spent``.
    """
    calibration, shock, closure, system = problem

    def stage(part: float) -> System:
        return prepare(calibration, partial_shock(calibration, shock, part), closure)

    return _walk(stage, solver, start(system), spent)


def descend(problem: Problem, solver: Anderson) -> Found:
    """Solve at higher trade elasticities and lower them step by step; warn of what stays open.

    With an elasticity of substitution below one, demand answers prices so little that incomes can
    move it the other way, and several equilibria may exist.
    """
    calibration, shock, closure, system = problem

    def stage(part: float) -> System:
        return prepare(raised(calibration, 1.0 - part), shock, closure)

    high = stage(0.0)
    found = iterate(high, solver)
    if not found.met:
        whole = problem._replace(calibration=raised(calibration, 1.0), system=high)
        found = approach(whole, solver, found.evaluations)
    found = _walk(stage, solver, found.vector, found.evaluations)
    other = iterate(system, solver)
    _warn(problem, other.met and _distance(system, found.point, other.point) > APART)
    return found._replace(evaluations=found.evaluations + other.evaluations)


def _distance(system: System, one: Point, other: Point) -> float:
    """Return the largest relative difference of real spending between two equilibria."""
    here, there = state_of(system, one), state_of(system, other)
    real = (here.income / here.final_price_hat) / (there.income / there.final_price_hat)
    return float(np.abs(real - 1.0).max())


def raised(calibration: Calibration, part: float) -> Calibration:
    """Return the calibration with trade elasticities below ``ABOVE`` lifted a part of the way."""

    def lift(theta: np.ndarray) -> np.ndarray:
        return np.asarray(theta + part * np.maximum(ABOVE - theta, 0.0))

    technology = calibration.technology
    buyers = tuple(
        replace(buyer, trade_elasticity=float(lift(np.array(buyer.trade_elasticity))))
        for buyer in technology.buyers
    )
    return replace(
        calibration,
        trade_elasticity=lift(calibration.trade_elasticity),
        technology=replace(technology, buyers=buyers),
    )


def _walk(
    stage: Callable[[float], System], solver: Anderson, vector: Vector, spent: int
) -> Found:
    """Go from 0 to 1 by stages, halving one that fails, until ``LEAST_STAGE`` fails too."""
    reached, size, trial = 0.0, 0.5, None
    while reached < 1.0 and size >= LEAST_STAGE:
        goal = min(1.0, reached + size)
        trial = iterate(stage(goal), solver, None, vector)
        spent += trial.evaluations
        if trial.met:
            vector, reached = trial.vector, goal
        else:
            size /= 2.0
    assert trial is not None
    if not trial.met:
        system = stage(1.0)
        trial = Found(vector, evaluate(system, vector)[1], spent + 1, False)
    return trial._replace(evaluations=spent)


def _warn(problem: Problem, apart: bool) -> None:
    theta = problem.calibration.placed.trade_elasticity
    rising = np.asarray(demand_response(problem.system)) < 0.0
    regions = [
        code for code, up in zip(problem.calibration.labels.regions, rising, strict=True) if up
    ]
    told = f"elasticities of substitution go down to {1.0 + theta.min():.3g}, below one: there may "
    told += "be more than one equilibrium; this one was reached by lowering them from 5"
    if regions:
        told += f". Demand for labour rises with the wage in {', '.join(regions)}"
    if apart:
        told += ". Another equilibrium was found straight from the base year"
    warnings.warn(told, MultipleEquilibriaWarning, stacklevel=2)
