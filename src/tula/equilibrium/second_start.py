"""Equilibria found from other starts, where elasticities below one allow more than one.

``solve`` returns the equilibrium that continues from high elasticities. With an elasticity of
substitution below one demand may answer prices so little that incomes move it the other way; then
others can exist, and an answer that tells one of them only is half an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.approach import APART, ROUGHLY, Found, Problem, base_blocks, iterate
from tula.equilibrium.calibration import World
from tula.equilibrium.closures import Closure
from tula.equilibrium.errors import ConvergenceError, unwarned
from tula.equilibrium.finish import build_solution
from tula.equilibrium.newton import MOST_UNKNOWNS, newton
from tula.equilibrium.solution import Solution
from tula.equilibrium.solve import conclude, pose, settle
from tula.equilibrium.steps import Blocks, demand_response
from tula.equilibrium.system import System, evaluate, start, state_of
from tula.equilibrium.together import iterate_each
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock
from tula.shapes import Float

Array = np.ndarray
Vector = Float[Array, " U"]

#: Log changes of a region's earnings at which other starts begin, up and down.
FAR = (1.6, 3.0)
#: How the first equilibrium is found.
FIRST = "lowering elasticities from high ones"
#: Regions whose earnings are so moved at most, those first whose demand for labour rises most.
MOST_REGIONS = 8


@dataclass(frozen=True)
class Equilibria:
    """What was found from every start; ``solutions`` begins with the one that ``solve`` returns.

    Each has its own certificate. ``starts`` says where each search began and the number of the
    solution it led to, None where it led to none: that none is found proves nothing.
    """

    solutions: tuple[Solution, ...]
    starts: tuple[tuple[str, int | None], ...]

    @property
    def apart(self) -> float:
        """Largest relative difference of real income between any two; zero with one alone."""
        first, *others = (one.real_income_hat for one in self.solutions)
        return max((_apart(first, other) for other in others), default=0)


def equilibria(
    world: World,
    policy: Shock | Sequence[Instrument] = (),
    *,
    closure: Closure | str | None = None,
    solver: Anderson | None = None,
    on: date | str | None = None,
) -> Equilibria:
    """Return the equilibrium of ``solve`` and, with elasticities below one, those besides it.

    Other starts are the base year, and the equilibrium with the earnings of each region whose
    demand for labour rises with its wage moved far up and down (``FAR``). Above one there is no
    second start. Errors as ``solve``, for the first equilibrium alone.
    """
    solver = solver or Anderson()
    problem = pose(world, policy, closure, solver, on)
    with unwarned():
        found, first = settle(problem, solver)
    return beside([(problem, found, first)], solver)[0]


def beside(
    known: Sequence[tuple[Problem, Found, Solution]],
    solver: Anderson,
    blocks: Blocks | None = None,
) -> list[Equilibria]:
    """Return equilibria of one world, each with those found from other starts, as ``equilibria``.

    ``blocks``: by which the search goes, those of the base year if None.
    """
    told = [Equilibria((first,), ((FIRST, 0),)) for _, _, first in known]
    asked = [
        (n, problem, begun)
        for n, (problem, found, _) in enumerate(known)
        if problem.must_descend
        for begun in _starts(problem, found)
    ]
    if not asked:
        return told
    steps = blocks or base_blocks(asked[0][1].calibration)
    rough = replace(solver, tolerance=max(ROUGHLY, solver.tolerance))
    systems, firsts = [one.system for _, one, _ in asked], [vector for _, _, (_, vector) in asked]
    reached = iterate_each(systems, rough, steps, firsts)
    for (n, problem, (name, vector)), found in zip(asked, reached, strict=True):
        solutions, starts = told[n].solutions, told[n].starts
        found = found if found.met else iterate(problem.system, rough, steps, vector)
        number, more = _led_to(problem, solver, steps, vector, found, solutions)
        told[n] = Equilibria((*solutions, *more), (*starts, (name, number)))
    return told


def _starts(problem: Problem, found: Found) -> Iterator[tuple[str, Vector]]:
    """Yield where else to begin, each with its name."""
    system, labels = problem.system, problem.calibration.labels
    yield "the base year", start(system)
    response = np.asarray(demand_response(system))
    _, each = system.size
    for place in np.argsort(response)[:MOST_REGIONS]:
        if response[place] >= 0.0:
            return
        for step in (*FAR, *(-far for far in FAR)):
            vector = np.array(found.vector)
            vector[place * each] += step
            yield f"earnings of {labels.regions[place]} times {np.exp(step):.2g}", vector


def _led_to(
    problem: Problem,
    solver: Anderson,
    blocks: Blocks,
    vector: Vector,
    found: Found,
    solutions: Sequence[Solution],
) -> tuple[int | None, tuple[Solution, ...]]:
    """Return the number of the equilibrium that a start leads to, and itself where it is new.

    ``found`` is where a rough search stopped: one of those known is told by then. None where a
    start leads nowhere.
    """
    if (number := _known(problem, found, solutions)) is not None:
        return number, ()
    found = _to_the_end(problem.system, solver, blocks, found, vector)
    if (number := _known(problem, found, solutions)) is not None:
        return number, ()
    if not (found.met and found.positive):
        return None, ()
    try:
        return len(solutions), (build_solution(problem, conclude(problem, found, solver)),)
    except ConvergenceError:
        return None, ()


def _to_the_end(
    system: System, solver: Anderson, blocks: Blocks, found: Found, vector: Vector
) -> Found:
    """Go on from where a rough search stopped; small worlds by Newton's method if need be."""
    if found.met:
        found = iterate(system, solver, blocks, found.vector)
    if not found.met and len(vector) <= MOST_UNKNOWNS:
        with suppress(np.linalg.LinAlgError):
            reached, spent, met = newton(system, vector, solver)
            found = Found(reached, evaluate(system, reached)[1], spent, met)
    return found


def _known(problem: Problem, found: Found, solutions: Sequence[Solution]) -> int | None:
    """Return the number of the equilibrium that a search has come to, None if it is not known."""
    if not (found.met and found.positive):
        return None
    state = state_of(problem.system, found.point)
    real = state.income / problem.calibration.final_spending / state.final_price_hat
    near = (n for n, one in enumerate(solutions) if _apart(one.real_income_hat, real) <= APART)
    return next(near, None)


def _apart(one: Float[Array, " N"], other: Float[Array, " N"]) -> float:
    return float(np.abs(one / other - 1.0).max())
