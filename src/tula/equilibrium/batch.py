"""Many scenarios on one world in one call, each with its own certificate."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array as JaxArray
from jaxtyping import Float

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.approach import Problem, fixed_point
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.certificate import Gaps, certify, gaps
from tula.equilibrium.closures import Closure
from tula.equilibrium.errors import CalibrationError, ConvergenceError
from tula.equilibrium.finish import conclude
from tula.equilibrium.limits import active_limits
from tula.equilibrium.prepare import Sizes, prepare, sizes
from tula.equilibrium.solution import Certificate
from tula.equilibrium.solve import pose, settle
from tula.equilibrium.system import State, System, evaluate, start
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock
from tula.world.economy import Economy

Array = np.ndarray
Policy = Shock | Sequence[Instrument]
Posed = Callable[[Policy], Problem]

#: Scenarios held in memory at a time; on a GPU, solved side by side.
CHUNK = 64


@dataclass(frozen=True, eq=False)
class Batch:
    """Outcomes of B scenarios, in the order given.

    ``state`` holds the fields of ``State`` with B leading: levels in million USD, hats as ratios,
    sectors before regions. ``certificates`` has one entry per scenario; ``failures`` says, by
    scenario number, why there is no solution (its rows are NaN, its certificate is None).
    """

    calibration: Calibration
    state: State
    certificates: tuple[Certificate | None, ...]
    failures: dict[int, str]

    @property
    def real_income_hat(self) -> Float[Array, "B N"]:
        """Ratio of new to old real income by scenario and region."""
        spending = np.asarray(self.state.income) / self.calibration.final_spending
        return np.asarray(spending / self.state.final_price_hat)


class _Solved(NamedTuple):
    """What the compiled loop returns per scenario: largest gap per equation stands in ``gaps``."""

    state: State
    gaps: Gaps
    evaluations: JaxArray


def solve_batch(
    world: Economy | Calibration,
    policies: Sequence[Policy],
    *,
    closure: Closure | None = None,
    solver: Anderson | None = None,
    on: date | None = None,
) -> Batch:
    """Solve many scenarios: one by one on every core of a CPU, side by side on a GPU.

    Scenarios that the direct iteration does not settle are taken up again in stages. One without
    a solution is named in ``failures`` and never replaced. Errors in the policies themselves are
    raised, as by ``solve``; an empty list is a ``CalibrationError``.
    """
    solver = solver or Anderson()
    if not policies:
        raise CalibrationError("a batch needs at least one scenario")
    judged: list[tuple[State, Certificate | None, str]] = []
    calibration = None
    for first in range(0, len(policies), CHUNK):
        solved = _solve_chunk(
            lambda policy: pose(world, policy, closure, solver, on),
            policies[first : first + CHUNK],
            solver,
        )
        calibration = solved[0][0].calibration
        judged += [_judge(problem, found, solver) for problem, found in solved]
    assert calibration is not None
    return Batch(
        calibration=calibration,
        state=_stack([state for state, _, _ in judged]),
        certificates=tuple(certificate for _, certificate, _ in judged),
        failures={number: why for number, (_, _, why) in enumerate(judged) if why},
    )


def _solve_chunk(
    posed: Posed, policies: Sequence[Policy], solver: Anderson
) -> list[tuple[Problem, _Solved]]:
    if jax.default_backend() == "cpu":
        return _one_by_one(posed, policies, solver)
    problems = [posed(policy) for policy in policies]
    return list(zip(problems, side_by_side(problems, solver), strict=True))


def _one_by_one(
    posed: Posed, policies: Sequence[Policy], solver: Anderson
) -> list[tuple[Problem, _Solved]]:
    """Pose and iterate each scenario by itself; while one is iterated the next is posed.

    The first goes ahead of the others, so that what they share is compiled and purged once.
    """

    def run(policy: Policy) -> tuple[Problem, _Solved]:
        problem = posed(policy)
        return problem, _run_one(problem.system, solver)

    begun = [run(policies[0])]
    with ThreadPoolExecutor(cores()) as pool:
        begun += pool.map(run, policies[1:])
    return [(problem, _on_host(found)) for problem, found in begun]


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def side_by_side(problems: Sequence[Problem], solver: Anderson) -> list[_Solved]:
    """Iterate scenarios in one vectorised call, which suits a GPU."""
    if any(problem.must_descend for problem in problems):
        return [_on_host(_run_one(problem.system, solver)) for problem in problems]
    taxes = any(problem.system.trade.taxes_exports for problem in problems)
    room = reduce(Sizes.joined, (sizes(one.calibration, one.shock) for one in problems))
    systems = [_common_form(problem, room, taxes) for problem in problems]
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *systems)
    results = _on_host(_run_all(stacked, solver))
    return [jax.tree.map(lambda leaf, b=b: leaf[b], results) for b in range(len(problems))]


def _on_host(found: _Solved) -> _Solved:
    """Wait for the numbers and return them as arrays that numpy reads."""
    return jax.tree.map(np.asarray, found)  # type: ignore[no-any-return]


def _common_form(problem: Problem, room: Sizes, taxes: bool) -> System:
    """Return the system with lists padded alike and the batch's tax flag."""
    system = prepare(problem.calibration, problem.shock, problem.closure, room)
    return replace(system, trade=replace(system.trade, taxes_exports=taxes))


def _run(system: System, solver: Anderson) -> _Solved:
    vector, evaluations, _ = fixed_point(system, start(system), solver)
    state = evaluate(system, vector)[1]
    return _Solved(state, gaps(system, state), evaluations)


#: Returns before the numbers are there, unlike ``eqx.filter_jit``.
_run_one = jax.jit(_run, static_argnums=1)
_run_all = eqx.filter_jit(eqx.filter_vmap(_run, in_axes=(eqx.if_array(0), None)))


def _judge(
    problem: Problem, result: _Solved, solver: Anderson
) -> tuple[State, Certificate | None, str]:
    """Return state and certificate of one scenario, or NaN rows and the reason."""
    limits = active_limits(problem.calibration, problem.shock)
    certificate = certify(
        problem.calibration.labels,
        limits,
        result.gaps,
        int(result.evaluations),
        solver.tolerance,
        problem.closure.name,
    )
    if certificate.holds and not problem.must_descend:
        return result.state, certificate, ""
    try:
        vector, solution = settle(problem, solver)
    except ConvergenceError as failure:
        blank = jax.tree.map(lambda leaf: np.full_like(leaf, np.nan), result.state)
        return blank, None, str(failure)
    return jax.tree.map(np.asarray, conclude(problem.system, vector)[0]), solution.certificate, ""


def _stack(states: list[State]) -> State:
    """Stack scenarios; lists of wedges and corridors are filled up with zeros to one length."""

    def level(*leaves: np.ndarray) -> np.ndarray:
        width = max(leaf.shape[-1] for leaf in leaves)
        return np.stack([_widened(leaf, width) for leaf in leaves])

    columns = zip(*states, strict=True)
    return State(*(level(*column) for column in columns))  # type: ignore[arg-type]


def _widened(leaf: np.ndarray, width: int) -> np.ndarray:
    missing = width - leaf.shape[-1]
    return np.pad(leaf, [(0, 0)] * (leaf.ndim - 1) + [(0, missing)]) if missing else leaf
