"""Many scenarios on one world in one call, each with its own certificate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array as JaxArray
from jaxtyping import Float, Int

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.certificate import Gaps, certify, gaps
from tula.equilibrium.closures import Closure
from tula.equilibrium.errors import CalibrationError, ConvergenceError
from tula.equilibrium.prepare import capped_cells, with_capped
from tula.equilibrium.solution import Certificate
from tula.equilibrium.solve import Problem, conclude, fixed_point, pose, settle
from tula.equilibrium.system import State, System, evaluate, start
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock
from tula.world.economy import Economy

Array = np.ndarray

#: Scenarios stacked for one call of the compiled loop.
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
        weights = self.calibration.final_share.T
        log_price = np.einsum("sn,bsn->bn", weights, np.log(np.asarray(self.state.price_hat)))
        spending = np.asarray(self.state.income) / self.calibration.final_spending
        return np.asarray(spending / np.exp(log_price))


class _Solved(NamedTuple):
    """What the compiled loop returns per scenario: largest gap per equation stands in ``gaps``."""

    state: State
    gaps: Gaps
    evaluations: JaxArray


def solve_batch(
    world: Economy | Calibration,
    policies: Sequence[Shock | Sequence[Instrument]],
    *,
    closure: Closure | None = None,
    solver: Anderson | None = None,
    on: date | None = None,
) -> Batch:
    """Solve many scenarios: one by one in a compiled loop on a CPU, side by side on a GPU.

    Scenarios that the direct iteration does not settle are taken up again in stages. One without
    a solution is named in ``failures`` and never replaced. Errors in the policies themselves are
    raised, as by ``solve``; an empty list is a ``CalibrationError``.
    """
    solver = solver or Anderson()
    if not policies:
        raise CalibrationError("a batch needs at least one scenario")
    problems = [pose(world, policy, closure, solver, on) for policy in policies]
    cells = np.unique(
        np.concatenate([capped_cells(p.calibration, p.shock) for p in problems]), axis=0
    )
    solved: list[_Solved] = []
    for first in range(0, len(problems), CHUNK):
        solved += _solve_chunk(problems[first : first + CHUNK], cells, solver)
    judged = [
        _judge(problem, result, cells, solver)
        for problem, result in zip(problems, solved, strict=True)
    ]
    states = [state for state, _, _ in judged]
    return Batch(
        calibration=problems[0].calibration,
        state=jax.tree.map(lambda *leaves: np.stack(leaves), *states),
        certificates=tuple(certificate for _, certificate, _ in judged),
        failures={number: why for number, (_, _, why) in enumerate(judged) if why},
    )


def _solve_chunk(
    problems: list[Problem], cells: Int[Array, "Q 3"], solver: Anderson
) -> list[_Solved]:
    taxes = any(problem.system.taxes_exports for problem in problems)
    systems = [_common_form(problem, cells, taxes) for problem in problems]
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *systems)
    results = jax.tree.map(np.asarray, _run(stacked, solver))
    return [jax.tree.map(lambda leaf, b=b: leaf[b], results) for b in range(len(problems))]


def _common_form(problem: Problem, cells: Int[Array, "Q 3"], taxes: bool) -> System:
    """Return the system with the batch's capped cells and tax flag."""
    system = with_capped(problem.system, problem.calibration, problem.shock, cells)
    return replace(system, taxes_exports=taxes)


@eqx.filter_jit
def _run(systems: System, solver: Anderson) -> _Solved:
    def one(system: System) -> _Solved:
        vector, evaluations, _ = fixed_point(system, start(system), solver)
        state = evaluate(system, vector)[1]
        return _Solved(state, gaps(system, state), evaluations)

    if jax.default_backend() == "cpu":
        return _Solved(*jax.lax.map(one, systems))
    solved: _Solved = jax.vmap(one)(systems)
    return solved


def _judge(
    problem: Problem, result: _Solved, cells: Int[Array, "Q 3"], solver: Anderson
) -> tuple[State, Certificate | None, str]:
    """Return state and certificate of one scenario, or NaN rows and the reason."""
    labels, closure = problem.calibration.labels, problem.closure.name
    evaluations = int(result.evaluations)
    certificate = certify(labels, cells, result.gaps, evaluations, solver.tolerance, closure)
    if certificate.holds:
        return result.state, certificate, ""
    try:
        vector, solution = settle(problem, solver)
    except ConvergenceError as failure:
        blank = jax.tree.map(lambda leaf: np.full_like(leaf, np.nan), result.state)
        return blank, None, str(failure)
    state = jax.tree.map(np.asarray, conclude(problem.system, vector)[0])
    wedge = np.zeros_like(result.state.cap_wedge)
    wedge[: len(cells)] = np.log(solution.cap_wedge[tuple(cells.T)])
    return state._replace(cap_wedge=wedge), solution.certificate, ""
