"""The ways to an equilibrium: straight, by parts of the shock, or down from high elasticities."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np

from tula.equilibrium.anderson import Anderson, accelerated
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure, FixedBalance
from tula.equilibrium.limits import active_limits, without_purchases
from tula.equilibrium.newton import MOST_UNKNOWNS, newton
from tula.equilibrium.parts import partial_system
from tula.equilibrium.prepare import prepare
from tula.equilibrium.refusals import refuse_lost_suppliers
from tula.equilibrium.steps import (
    Blocks,
    Steps,
    advance,
    coupled_blocks,
    demand_response,
    paces,
    region_blocks,
)
from tula.equilibrium.system import Point, System, evaluate, start, state_of
from tula.frozen import kept_with
from tula.policy.contradictions import NoSupplierError
from tula.policy.shock import Limit, Shock, no_shock
from tula.shapes import Float

Array = np.ndarray
Vector = Float[Array, " U"]

#: Evaluations that the straight way may take before the shock is walked to in parts.
STRAIGHT = 150
#: First and smallest part of a way taken at once, what it grows by and falls by, the evaluations
#: it may take, and the tolerance that is enough before the end.
FIRST_PART, LEAST_PART, LONGER, SHORTER, PACES, ROUGHLY = 0.5, 1e-7, 2.0, 0.3, 25, 1e-6
#: Evaluations that all ways together may take, in those allowed to one.
IN_ALL = 20
#: Trade elasticity (sigma 5) from which elasticities below zero are approached.
ABOVE = 4.0
#: Relative difference of real spending beyond which two equilibria are two.
APART = 1e-5


class Problem(NamedTuple):
    """A calibrated world, a compiled shock and the system that joins them.

    ``ended`` are ceilings on prices that sellers do not take: their buyers buy nothing, which the
    shock then states as an embargo.
    """

    calibration: Calibration
    shock: Shock
    closure: Closure
    system: System
    ended: tuple[Limit, ...] = ()

    @property
    def must_descend(self) -> bool:
        """Whether some trade elasticity is below zero: it is then approached from above."""
        return bool((self.calibration.placed.trade_elasticity < 0.0).any())


class Found(NamedTuple):
    """Where an iteration stopped: unknowns, what they imply, evaluations, whether all is met.

    ``part`` of the way to the shock at which it stands; ``said``: what stays open about it, as
    ``MultipleEquilibriaWarning`` tells.
    """

    vector: Vector
    point: Point
    evaluations: int
    met: bool
    part: float = 1.0
    said: tuple[str, ...] = ()

    @property
    def positive(self) -> bool:
        """Whether every region has something to spend."""
        return bool((self.point.income > 0.0).all())


def go_by(calibration: Calibration, other: Calibration, *, coupled: bool = False) -> Calibration:
    """Let a world go by the blocks of one near by, such as that whose base year it was moved from.

    ``coupled``: by what couples regions there as well, which pays where many worlds go by it.
    """
    object.__setattr__(calibration, "lent", base_blocks(other, coupled=coupled))
    return calibration


@kept_with
def base_blocks(calibration: Calibration, *, coupled: bool = False) -> Blocks:
    """Return the region blocks of the base year; ``coupled`` as measured there."""
    if isinstance(calibration.lent, Blocks):
        return calibration.lent
    still = no_shock(calibration.labels, calibration.tariff, calibration.export_tax)
    system = prepare(calibration, still, FixedBalance())
    blocks = region_blocks(system)
    return coupled_blocks(blocks, system, start(system)) if coupled else blocks


def iterate(
    system: System, solver: Anderson, blocks: Blocks | None = None, vector: Vector | None = None
) -> Found:
    """Iterate from some unknowns (the base year if None), by blocks as long as they help."""
    seen: list[Point] = []
    ways: dict[bool, Steps] = {} if blocks is None else {True: blocks}

    def look(at: Vector, by_blocks: bool) -> tuple[Array, float]:
        if by_blocks not in ways:
            ways[by_blocks] = paces(system)
        move, violation, point = advance(system, ways[by_blocks], at)
        seen[:] = [point]
        return move, violation

    first = start(system) if vector is None else vector
    reached, evaluations, met = accelerated(look, first, solver, blocks is not None)
    return Found(reached, seen[0], evaluations, met)


def find(problem: Problem, solver: Anderson) -> tuple[Problem, Found]:
    """Iterate, in parts if need be, to what a certificate can judge.

    The problem returned is another where price ceilings end purchases.
    """
    if problem.must_descend:
        return problem, descend(problem, solver)
    found = straight(problem, solver)
    if found.met and found.positive:
        return problem, found
    if not found.met and (without := _end_purchases(problem, solver, found)):
        return without
    walked = approach(problem, solver, found)
    if walked.met and walked.positive:
        return problem, walked
    longer = iterate(problem.system, solver, base_blocks(problem.calibration))
    longer = longer._replace(evaluations=walked.evaluations + longer.evaluations)
    return problem, longer if longer.met else walked._replace(evaluations=longer.evaluations)


def _end_purchases(
    problem: Problem, solver: Anderson, found: Found
) -> tuple[Problem, Found] | None:
    """Take for nothing what is bought under price ceilings that sellers do not come down to.

    That is an equilibrium where the sellers' one price stays above the ceiling even so: the limit
    of purchases that fall as the ceiling does. Returns None where there is no such ceiling, or
    where buyers cannot do without.
    """
    calibration, shock, closure, system = problem[:4]
    if system.trade.limits is None or system.trade.rigidity is not None:
        return None
    over = evaluate(system, found.vector)[0].wedge > solver.goal
    active = active_limits(calibration, shock)
    ended = [one.limit for one, above in zip(active, over, strict=False) if above]
    ended = [limit for limit in ended if limit.measure == "price"]
    spent = found.evaluations
    while ended:
        left = without_purchases(shock, ended)
        try:
            refuse_lost_suppliers(calibration, left)
        except NoSupplierError:
            return None
        smaller = Problem(
            calibration, left, closure, prepare(calibration, left, closure), tuple(ended)
        )
        reached = straight(smaller, solver)
        spent += reached.evaluations
        if not reached.met:
            return None
        log_cost = reached.point.prices.log_cost
        refused = [one for one in ended if log_cost[one.producer] >= np.log(one.ceiling)]
        if len(refused) == len(ended):
            return smaller, reached._replace(evaluations=spent)
        ended = refused
    return None


def straight(problem: Problem, solver: Anderson) -> Found:
    """Iterate from the base year by its region blocks."""
    bounded = replace(solver, max_steps=min(STRAIGHT, solver.max_steps))
    return iterate(problem.system, bounded, base_blocks(problem.calibration))


def approach(problem: Problem, solver: Anderson, before: Found) -> Found:
    """Walk to a large shock in parts, each started from where those before point.

    Embargoes are whole from the start; where that does not arrive, trade under them is let fade.
    ``before`` is what the straight way found: its evaluations are counted, and it is kept where no
    walk arrives.
    """
    calibration, shock, closure = problem[:3]
    spent = before.evaluations
    for fade in (False, True) if shock.embargo.any() else (False,):
        stage = partial(partial_system, calibration, shock, closure, fade=fade)
        begun = iterate(stage(0.0), solver, base_blocks(calibration))
        walked = walk(stage, solver, begun, spent + begun.evaluations)
        spent = walked.evaluations
        if walked.met and walked.positive:
            return walked
    return before._replace(evaluations=spent) if before.met else walked


def descend(problem: Problem, solver: Anderson) -> Found:
    """Solve at higher trade elasticities and lower them step by step; say what stays open.

    With an elasticity of substitution below one, demand answers prices so little that incomes can
    move it the other way, and several equilibria may exist. The one found from the base year is
    looked at as well.
    """
    calibration, shock, closure, system = problem[:4]

    def stage(part: float) -> System:
        return prepare(raised(calibration, 1.0 - part), shock, closure)

    high = problem._replace(calibration=raised(calibration, 1.0), system=stage(0.0))
    begun = straight(high, solver)
    if not (begun.met and begun.positive):
        begun = approach(high, solver, begun)
    other = straight(problem, solver)
    spent = begun.evaluations + other.evaluations
    found = walk(stage, solver, begun, spent, whole=base_blocks(calibration))
    if not found.met and other.met:
        found = other._replace(evaluations=found.evaluations)
    apart = other.met and _distance(system, found.point, other.point) > APART
    return found._replace(said=(_open(problem, apart),))


def nearby(problem: Problem, solver: Anderson, blocks: Blocks, vector: Vector) -> Found | None:
    """Iterate from an equilibrium near by, by its blocks; None where that does not arrive.

    Where several equilibria may exist, the one found from the base year is looked at as well.
    """
    found = iterate(problem.system, solver, blocks, vector)
    if not (found.met and found.positive):
        return None
    if not problem.must_descend:
        return found
    other = iterate(problem.system, replace(solver, max_steps=STRAIGHT), blocks)
    apart = other.met and _distance(problem.system, found.point, other.point) > APART
    spent = found.evaluations + other.evaluations
    return found._replace(evaluations=spent, said=(_open(problem, apart),))


def _distance(system: System, one: Point, other: Point) -> float:
    """Return the largest relative difference of real spending between two equilibria."""
    here, there = state_of(system, one), state_of(system, other)
    real = (here.income / here.final_price_hat) / (there.income / there.final_price_hat)
    return float(np.abs(real - 1.0).max())


@kept_with
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


def walk(
    stage: Callable[[float], System],
    solver: Anderson,
    begun: Found,
    spent: int,
    whole: Blocks | None = None,
) -> Found:
    """Go from 0 to 1 by parts, longer after one that arrives, shorter after one that fails.

    Each part begins where the last two point and steps by exact blocks there. ``whole`` are blocks
    with which all of the way is tried first. What is returned stands at ``part`` of the way.
    """
    found, before, reached, length = begun, None, 0.0, FIRST_PART
    if whole is not None:
        bounded = replace(solver, max_steps=PACES)
        trial = iterate(stage(1.0), bounded, whole, begun.vector)
        spent += trial.evaluations
        if trial.met:
            return trial._replace(evaluations=spent)
    while reached < 1.0 and length >= LEAST_PART and spent < IN_ALL * solver.max_steps:
        goal = min(1.0, reached + length)
        system, first = stage(goal), found.vector
        if before is not None:
            ahead = (goal - reached) / (reached - before[1])
            lead = ahead * (found.vector - before[0])
            first = first + lead * min(1.0, solver.longest_step / np.abs(lead).max())
        trial = _part(system, solver, first, goal == 1.0)
        spent += trial.evaluations
        if trial.met and trial.positive:
            before, found, reached = (found.vector, reached), trial, goal
            length *= LONGER
        else:
            length *= SHORTER
    return found._replace(evaluations=spent, met=reached >= 1.0, part=reached)


def _part(system: System, solver: Anderson, first: Vector, last: bool) -> Found:
    """Iterate one part of a way, roughly before its end."""
    tolerance = solver.tolerance if last else max(ROUGHLY, solver.tolerance)
    bounded = replace(solver, max_steps=min(PACES, solver.max_steps), tolerance=tolerance)
    found = None
    with suppress(np.linalg.LinAlgError):
        found = iterate(system, bounded, region_blocks(system, first, exact=True), first)
    if found and (found.met or len(first) > MOST_UNKNOWNS):
        return found
    vector, spent, met = newton(system, first, bounded)
    spent += found.evaluations if found else 0
    return Found(vector, evaluate(system, vector)[1], spent, met)


def _open(problem: Problem, apart: bool) -> str:
    """Say why there may be other equilibria, and whether one was seen."""
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
    return told
