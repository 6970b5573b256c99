"""Exact first derivatives of any outcome in every instrument, by the implicit function theorem.

One linear solve with the transposed Jacobian of the equations, matrix-free, gives the effect of
all S x N x I duties at once; nothing is differentiated through the iteration.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optimistix as optx
from jax import Array as JaxArray
from jaxtyping import Float, Scalar

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.approach import Problem
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure
from tula.equilibrium.errors import ConvergenceError
from tula.equilibrium.markets import Trade
from tula.equilibrium.readings import Outcome, Reading
from tula.equilibrium.solution import Solution
from tula.equilibrium.solve import pose, settle
from tula.equilibrium.system import System, advance, evaluate, paces
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock
from tula.world.economy import Economy

Array = np.ndarray

#: Largest violation of the adjoint equations, relative to the outcome's own slopes.
ADJOINT_TOLERANCE = 1e-10
#: Keeps the gap of an outcome without any slope finite.
TINY = 1e-300


class Levers(NamedTuple):
    """What policy can move; units as in ``Shock``, iceberg costs as logs of ratios."""

    tariff: Float[JaxArray, "S N I"]
    export_tax: Float[JaxArray, "S N I"]
    log_trade_cost: Float[JaxArray, "S N I"]
    productivity_hat: Float[JaxArray, "S N"]
    labour_hat: Float[JaxArray, " N"]
    transfer: Float[JaxArray, " N"]


@dataclass(frozen=True, eq=False)
class Gradient:
    """Derivatives of one outcome at a solution.

    ``tariff``, ``export_tax`` (S, N, I): per unit of ad-valorem rate (1 = 100 points);
    ``trade_cost`` (S, N, I): per log point of iceberg cost; ``productivity`` (N, S) and
    ``labour`` (N,): per unit of the hat; ``transfer`` (N,): per million USD received.
    """

    value: float
    tariff: Float[Array, "S N I"]
    export_tax: Float[Array, "S N I"]
    trade_cost: Float[Array, "S N I"]
    productivity: Float[Array, "N S"]
    labour: Float[Array, " N"]
    transfer: Float[Array, " N"]
    solution: Solution


def gradient(
    world: Economy | Calibration,
    policy: Shock | Sequence[Instrument],
    outcome: Reading,
    *,
    closure: Closure | None = None,
    solver: Anderson | None = None,
    on: date | None = None,
) -> Gradient:
    """Return the derivatives of ``outcome`` in every instrument, at the equilibrium of ``policy``.

    ``outcome`` is a reading such as ``readings.real_income("IND")``. Errors as ``solve``, and
    ``ConvergenceError`` where the derivatives' own equations are not met. Under ``BalancedTrade``
    the derivatives are those of the purged world. Cells under embargo have derivative zero.
    """
    solver = solver or Anderson()
    problem = pose(world, policy, closure, solver, on)
    vector, solution = settle(problem, solver)
    levers, ground = _levers(problem.shock), _ground(problem)
    chosen = outcome(problem.calibration)
    value, slopes, gap = _value_and_slopes(levers, problem.system, ground, vector, chosen)
    if not float(gap) <= ADJOINT_TOLERANCE:
        raise ConvergenceError(
            f"the derivatives' equations are off by {float(gap):.1e} (relative); tolerance "
            f"{ADJOINT_TOLERANCE:.0e}. Try a smaller shock or lower trade elasticities"
        )
    return Gradient(
        value=float(value),
        tariff=np.asarray(slopes.tariff),
        export_tax=np.asarray(slopes.export_tax),
        trade_cost=np.asarray(slopes.log_trade_cost),
        productivity=np.asarray(slopes.productivity_hat).T,
        labour=np.asarray(slopes.labour_hat),
        transfer=np.asarray(slopes.transfer),
        solution=solution,
    )


class _Ground(NamedTuple):
    """What levers act on: base shares (zero under embargo) and base tax factors, in logs."""

    share: Float[JaxArray, "S N I"]
    log_tax: Float[JaxArray, "S N I"]


def _ground(problem: Problem) -> _Ground:
    calibration = problem.calibration
    share = np.where(problem.shock.embargo, 0.0, calibration.trade_share)
    if calibration.technology.home_and_imports is not None:
        share = share * (1.0 - np.eye(share.shape[1]))
    log_tax = np.log1p(calibration.tariff) + np.log1p(calibration.export_tax)
    return _Ground(jnp.asarray(share), jnp.asarray(log_tax))


def _levers(shock: Shock) -> Levers:
    return Levers(
        jnp.asarray(shock.tariff),
        jnp.asarray(shock.export_tax),
        jnp.log(jnp.asarray(shock.trade_cost_hat)),
        jnp.asarray(np.ascontiguousarray(shock.productivity_hat.T)),
        jnp.asarray(shock.labour_hat),
        jnp.asarray(shock.transfer),
    )


@eqx.filter_jit
def _value_and_slopes(
    levers: Levers,
    system: System,
    ground: _Ground,
    vector: Float[JaxArray, " U"],
    outcome: Outcome,
) -> tuple[Scalar, Levers, Scalar]:
    def read(moved: Levers, unknowns: Float[JaxArray, " U"]) -> Scalar:
        pulled = _pull(system, moved, ground)
        return outcome(pulled, evaluate(pulled, unknowns)[1])

    def step(moved: Levers, unknowns: Float[JaxArray, " U"]) -> Float[JaxArray, " U"]:
        pulled = _pull(system, moved, ground)
        return advance(pulled, pace, unknowns)[0] - unknowns

    pace = paces(system)
    value, (direct, seen) = jax.value_and_grad(read, argnums=(0, 1))(levers, vector)
    _, pull_back = jax.vjp(step, levers, vector)
    largest = [jnp.max(jnp.abs(part), initial=0.0) for part in jax.tree.leaves((direct, seen))]
    scale = jnp.maximum(jnp.max(jnp.stack(largest)), TINY)
    adjoint, gap = _solve_adjoint(lambda weights: pull_back(weights)[1], seen, scale)
    through = pull_back(-adjoint)[0]
    return value, jax.tree.map(jnp.add, direct, through), gap


def _solve_adjoint(
    transposed: Callable[[Float[JaxArray, " U"]], Float[JaxArray, " U"]],
    target: Float[JaxArray, " U"],
    scale: Scalar,
) -> tuple[Float[JaxArray, " U"], Scalar]:
    """Solve the transposed system by the same accelerated iteration; return its gap as well.

    The gap is relative to ``scale``, the outcome's largest slope of any kind.
    """

    def advance_adjoint(
        weights: Float[JaxArray, " U"], scale: Scalar
    ) -> tuple[Float[JaxArray, " U"], Scalar]:
        gap = target - transposed(weights)
        return weights - gap, jnp.max(jnp.abs(gap)) / scale

    found = optx.fixed_point(
        advance_adjoint,
        Anderson(tolerance=ADJOINT_TOLERANCE, memory=20, longest_step=jnp.inf),
        jnp.zeros_like(target),
        scale,
        has_aux=True,
        max_steps=400,
        throw=False,
    )
    return found.value, found.aux


def _pull(system: System, levers: Levers, ground: _Ground) -> System:
    """Return the system as a function of the levers; export taxes count even at rate zero."""
    ratio = levers.labour_hat / jax.lax.stop_gradient(levers.labour_hat)
    endowments = replace(system.endowments, labour=system.endowments.labour * ratio)
    return replace(
        system,
        trade=_pull_trade(system.trade, levers, ground),
        log_productivity=jnp.log(levers.productivity_hat),
        endowments=endowments,
        transfer=levers.transfer,
    )


def _pull_trade(trade: Trade, levers: Levers, ground: _Ground) -> Trade:
    rigid = 0.0 if trade.rigidity is None else trade.rigidity
    log_tax = jnp.log1p(levers.tariff) + jnp.log1p(levers.export_tax) - ground.log_tax
    pressure = (1.0 - rigid) * log_tax + levers.log_trade_cost
    access = ground.share * jnp.exp(-trade.reach[:, :, None] * pressure)
    border = access / (1.0 + levers.tariff)
    producer = border / (1.0 + levers.export_tax)
    mean = None if trade.log_pressure is None else jnp.sum(ground.share * pressure, axis=2)
    limits = trade.limits
    cells = (limits.sector, limits.importer, limits.exporter)
    base = trade.base
    if base is not None:
        base = replace(base, log_wedge=log_tax + levers.log_trade_cost, log_tax=log_tax)
    return replace(
        trade,
        access=access,
        border_access=border,
        producer_access=producer,
        log_pressure=mean,
        base=base,
        limits=replace(
            limits,
            access=access[cells],
            border_access=border[cells],
            producer_access=producer[cells],
            wedge_hat=jnp.exp(log_tax + levers.log_trade_cost)[cells],
            tax_hat=jnp.exp(log_tax)[cells],
        ),
        taxes_exports=True,
    )
