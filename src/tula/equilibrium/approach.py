"""The ways to an equilibrium: straight, by parts of the shock, or down from high elasticities."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import optimistix as optx
from jax import Array as JaxArray
from jaxtyping import Float, Scalar

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure
from tula.equilibrium.errors import MultipleEquilibriaWarning
from tula.equilibrium.prepare import partial_shock, prepare
from tula.equilibrium.system import System, advance, demand_response, evaluate, paces, start
from tula.policy.shock import Shock

Vector = Float[JaxArray, " U"]

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


def fixed_point(
    system: System, vector: Vector, solver: Anderson
) -> tuple[Vector, JaxArray, JaxArray]:
    """Return the last unknowns, the evaluations taken and whether the equations are met."""
    found = optx.fixed_point(
        lambda unknowns, world: advance(world[0], world[1], unknowns),
        solver,
        vector,
        (system, paces(system)),
        has_aux=True,
        max_steps=solver.max_steps,
        throw=False,
    )
    return found.value, found.stats["num_steps"], found.aux <= solver.goal


_fixed_point = eqx.filter_jit(fixed_point)


def iterate(
    system: System, solver: Anderson, vector: Vector | None = None
) -> tuple[Vector, int, bool]:
    """Return the last unknowns, the evaluations taken and whether the equations are met."""
    first = start(system) if vector is None else vector
    found, steps, met = _fixed_point(system, first, solver)
    return found, int(steps), bool(met)


def approach(problem: Problem, solver: Anderson, spent: int = 0) -> tuple[Vector, int]:
    """Walk to a large shock in parts, each started from the one before.

    Returns the unknowns where it stopped, which a certificate then judges, and the evaluations
    taken on top of those already ``spent``.
    """
    calibration, shock, closure, system = problem

    def stage(part: float) -> System:
        return prepare(calibration, partial_shock(calibration, shock, part), closure)

    return _walk(stage, solver, start(system), spent)


def descend(problem: Problem, solver: Anderson) -> tuple[Vector, int]:
    """Solve at higher trade elasticities and lower them step by step; warn of what stays open.

    With an elasticity of substitution below one, demand answers prices so little that incomes can
    move it the other way, and several equilibria may exist.
    """
    calibration, shock, closure, system = problem

    def stage(part: float) -> System:
        return prepare(raised(calibration, 1.0 - part), shock, closure)

    high = stage(0.0)
    vector, spent, met = iterate(high, solver)
    if not met:
        whole = problem._replace(calibration=raised(calibration, 1.0), system=high)
        vector, spent = approach(whole, solver, spent)
    vector, spent = _walk(stage, solver, vector, spent)
    other, steps, met = iterate(system, solver)
    _warn(problem, met and float(_distance(system, vector, other)) > APART)
    return vector, spent + steps


@eqx.filter_jit
def _distance(system: System, one: Vector, other: Vector) -> Scalar:
    """Return the largest relative difference of real spending between two equilibria."""
    here, there = (evaluate(system, vector)[1] for vector in (one, other))
    real = (here.income / here.final_price_hat) / (there.income / there.final_price_hat)
    return jnp.max(jnp.abs(real - 1.0))


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
) -> tuple[Vector, int]:
    """Go from 0 to 1 by stages, halving one that fails, until ``LEAST_STAGE`` fails too."""
    reached, size = 0.0, 0.5
    while reached < 1.0 and size >= LEAST_STAGE:
        goal = min(1.0, reached + size)
        trial, steps, met = iterate(stage(goal), solver, vector)
        spent += steps
        if met:
            vector, reached = trial, goal
        else:
            size /= 2.0
    return vector, spent


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
