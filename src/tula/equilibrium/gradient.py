"""Exact first derivatives of any outcome in every instrument, by the implicit function theorem.

One linear solve with the transposed Jacobian of the equations, matrix-free, gives the effect of
all S x N x I duties at once; nothing is differentiated through the iteration.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from tula.equilibrium.accesses import left_by_bans
from tula.equilibrium.anderson import Anderson
from tula.equilibrium.approach import Problem, base_blocks, find, iterate
from tula.equilibrium.arrays import Array, namespace
from tula.equilibrium.calibration import World
from tula.equilibrium.closures import Closure
from tula.equilibrium.errors import ConvergenceError
from tula.equilibrium.markets import Access, Trade
from tula.equilibrium.readings import Outcome, Reading
from tula.equilibrium.solution import Solution
from tula.equilibrium.solve import conclude, pose, settle
from tula.equilibrium.steps import Blocks, advance, region_blocks
from tula.equilibrium.system import System, evaluate, state_of
from tula.equilibrium.traced import accelerate, as_argument, bounded, load_jax, on_device, on_host
from tula.frozen import Frozen
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock
from tula.shapes import Float

#: Largest violation of the adjoint equations, relative to the outcome's own slopes.
ADJOINT_TOLERANCE = 1e-10
#: How the adjoint equations are iterated: to a finer goal, and with no step too long, for they are
#: linear.
ADJOINT = Anderson(tolerance=0.1 * ADJOINT_TOLERANCE, memory=20, longest_step=np.inf)
#: Evaluations that the way from a footing may take before the base year is tried.
NEAR = 60
#: Keeps the gap of an outcome without any slope finite.
TINY = 1e-300


class Levers(NamedTuple):
    """What policy can move; units as in ``Shock``, iceberg costs as logs of ratios."""

    tariff: Float[Array, "S N I"]
    export_tax: Float[Array, "S N I"]
    log_trade_cost: Float[Array, "S N I"]
    productivity_hat: Float[Array, "S N"]
    labour_hat: Float[Array, " N"]
    transfer: Float[Array, " N"]


@dataclass(frozen=True, eq=False)
class Slopes(Frozen):
    """An outcome and its derivatives at an equilibrium.

    ``tariff``, ``export_tax`` (S, N, I): per unit of ad-valorem rate (1 = 100 points);
    ``trade_cost`` (S, N, I): per log point of iceberg cost; ``productivity`` (N, S) and
    ``labour`` (N,): per unit of the hat; ``transfer`` (N,): per million USD received.
    """

    value: float
    tariff: Float[np.ndarray, "S N I"]
    export_tax: Float[np.ndarray, "S N I"]
    trade_cost: Float[np.ndarray, "S N I"]
    productivity: Float[np.ndarray, "N S"]
    labour: Float[np.ndarray, " N"]
    transfer: Float[np.ndarray, " N"]


@dataclass(frozen=True, eq=False)
class Gradient(Slopes):
    """Derivatives of one outcome, with the solution at which they are taken."""

    solution: Solution


@dataclass(eq=False)
class Footing:
    """An equilibrium from which others near it, and the derivatives there, are found faster.

    ``vector`` is where the last equilibrium was found, ``blocks`` are steps at the first; ``held``
    is what compiled code takes and duties and payments do not change; ``weights`` are adjoints
    found before, by outcome.
    """

    shock: Shock
    vector: Float[np.ndarray, " U"]
    blocks: Blocks
    held: _Held
    weights: dict[Reading, Array]

    def serves(self, shock: Shock) -> bool:
        """Whether the policy differs in duties and payments alone."""
        return all(
            getattr(shock, one.name) is getattr(self.shock, one.name)
            for one in fields(shock)
            if one.name not in ("tariff", "export_tax", "transfer")
        )


def gradient(
    world: World,
    policy: Shock | Sequence[Instrument],
    outcome: Reading,
    *,
    closure: Closure | str | None = None,
    solver: Anderson | None = None,
    on: date | str | None = None,
) -> Gradient:
    """Return the derivatives of ``outcome`` in every instrument, at the equilibrium of ``policy``.

    ``outcome`` is a reading such as ``readings.real_income("IND")``. Errors as ``solve``, and
    ``ConvergenceError`` where the derivatives' own equations are not met, ``LibraryError`` without
    jax. Under ``BalancedTrade`` the derivatives are those of the purged world. Cells under embargo
    have derivative zero.
    """
    load_jax()
    solver = solver or Anderson()
    problem = pose(world, policy, closure, solver, on)
    found, solution = settle(problem, solver)
    if solution.shock is not problem.shock:
        problem = pose(problem.calibration, solution.shock, problem.closure, solver)
    held = _hold(problem, base_blocks(problem.calibration))
    at = on_device((_levers(problem.shock), found.vector))
    slopes, _ = _slopes(problem, at, outcome, held)
    return Gradient(**vars(slopes), solution=solution)


def slopes_near(
    problem: Problem, outcomes: Sequence[Reading], solver: Anderson, footing: Footing | None
) -> tuple[list[Slopes], Footing | None]:
    """Return several outcomes at one equilibrium and their derivatives, and a footing there.

    The equilibrium is sought from ``footing`` first, and proven like any other. There is no
    footing where several ways lead to an equilibrium.
    """
    load_jax()
    near = None
    if footing is not None and footing.serves(problem.shock):
        bounded = replace(solver, max_steps=min(NEAR, solver.max_steps))
        found = iterate(problem.system, bounded, footing.blocks, footing.vector)
        near = footing if found.met and found.positive else None
    if near is None:
        problem, found = find(problem, solver)
        near = _stand(problem, found.vector)
    conclude(problem, found, solver)
    held = near.held if near else _hold(problem, base_blocks(problem.calibration))
    weights = near.weights if near else {}
    at, slopes = on_device((_levers(problem.shock), found.vector)), []
    for outcome in outcomes:
        one, weights[outcome] = _slopes(problem, at, outcome, held, weights.get(outcome))
        slopes.append(one)
    return slopes, near and replace(near, vector=found.vector)


def _stand(problem: Problem, vector: Float[Array, " U"]) -> Footing | None:
    if problem.system.trade.limits is not None or problem.must_descend:
        return None
    blocks = base_blocks(problem.calibration)
    with suppress(np.linalg.LinAlgError):
        blocks = region_blocks(problem.system, vector)
    return Footing(problem.shock, vector, blocks, _hold(problem, blocks), {})


class _Held(NamedTuple):
    """What compiled code takes beside levers and unknowns; the system's own duties are unread."""

    ground: _Ground
    system: System
    blocks: Blocks


def _hold(problem: Problem, blocks: Blocks) -> _Held:
    system = replace(problem.system, log_productivity=np.log(problem.shock.productivity_hat.T))
    return on_device(_Held(_ground(problem), system, _double(blocks)))


def _slopes(
    problem: Problem,
    at: tuple[Levers, Array],
    outcome: Reading,
    held: _Held,
    weights: Array | None = None,
) -> tuple[Slopes, Array]:
    """Return an outcome with its derivatives, and the adjoint, sought from the one given.

    Raises ``ConvergenceError`` where the derivatives' own equations are not met.
    """
    compiled, read = bounded(_compiled()), as_argument(outcome(problem.calibration))
    zero = np.zeros(len(at[1]))
    first = zero if weights is None else weights
    value, slopes, gap, weights = compiled(*at, *held, read, first)
    if not float(gap) <= ADJOINT_TOLERANCE:
        other = on_device(_double(region_blocks(problem.system, np.asarray(at[1]))))
        again = held._replace(blocks=other)
        value, slopes, gap, _ = compiled(*at, *again, read, zero)
    if not float(gap) <= ADJOINT_TOLERANCE:
        raise ConvergenceError(
            f"the derivatives' equations are off by {float(gap):.1e} (relative); tolerance "
            f"{ADJOINT_TOLERANCE:.0e}. Try a smaller shock or lower trade elasticities"
        )
    return _told(float(value), on_host(slopes)), weights


def _told(value: float, slopes: Levers) -> Slopes:
    return Slopes(
        value=value,
        tariff=slopes.tariff,
        export_tax=slopes.export_tax,
        trade_cost=slopes.log_trade_cost,
        productivity=slopes.productivity_hat.T,
        labour=slopes.labour_hat,
        transfer=slopes.transfer,
    )


def _double(blocks: Blocks) -> Blocks:
    """Return blocks in double precision: a derivative through them must keep its digits."""
    return replace(
        blocks, own=blocks.own.astype(np.float64), coupled=blocks.coupled.astype(np.float64)
    )


class _Ground(NamedTuple):
    """What levers act on: base shares, less what is banned, and base tax factors, in logs."""

    share: Float[Array, "S N I"]
    log_tax: Float[Array, "S N I"]


def _ground(problem: Problem) -> _Ground:
    calibration = problem.calibration
    share = np.where(problem.shock.embargo, 0.0, calibration.trade_share)
    banned = np.nonzero(problem.shock.banned)
    share[banned] *= left_by_bans(calibration, problem.shock, banned)
    if calibration.technology.home_and_imports is not None:
        share = share * (1.0 - np.eye(share.shape[1]))
    return _Ground(share, np.log1p(calibration.tariff) + np.log1p(calibration.export_tax))


def _levers(shock: Shock) -> Levers:
    return Levers(
        shock.tariff,
        shock.export_tax,
        np.log(shock.trade_cost_hat),
        shock.productivity_hat.T,
        shock.labour_hat,
        shock.transfer,
    )


@cache
def _compiled() -> Any:
    jax = load_jax()

    def value_and_slopes(
        levers: Levers,
        vector: Array,
        ground: _Ground,
        system: System,
        blocks: Blocks,
        outcome: Outcome,
        first: Array,
    ) -> tuple[Array, Levers, Array, Array]:
        xp = jax.numpy

        def read(moved: Levers, unknowns: Array) -> Array:
            pulled = _pull(system, moved, ground)
            return outcome(pulled, state_of(pulled, evaluate(pulled, unknowns)[1]))

        def move(moved: Levers, unknowns: Array) -> Array:
            return advance(_pull(system, moved, ground), blocks, unknowns)[0]

        value, (direct, seen) = jax.value_and_grad(read, argnums=(0, 1))(levers, vector)
        pull_back = jax.vjp(move, levers, vector)[1]
        largest = [xp.max(xp.abs(part), initial=0.0) for part in jax.tree.leaves((direct, seen))]
        scale = xp.maximum(xp.max(xp.stack(largest)), TINY)

        def look(weights: Array, by_blocks: Array) -> tuple[Array, Array]:
            gap = seen - pull_back(weights)[1]
            return -gap, xp.abs(gap).max() / scale

        adjoint = accelerate(look, first, ADJOINT, ADJOINT.max_steps, jax)
        through = pull_back(-adjoint.vector)[0]
        total = jax.tree.map(xp.add, direct, through)
        return value, total, adjoint.violation, adjoint.vector

    return jax.jit(value_and_slopes)


def _pull(system: System, levers: Levers, ground: _Ground) -> System:
    """Return the system as a function of the levers; export taxes count even at rate zero."""
    ratio = levers.labour_hat / load_jax().lax.stop_gradient(levers.labour_hat)
    endowments = replace(system.endowments, labour=system.endowments.labour * ratio)
    return replace(
        system,
        trade=_pull_trade(system.trade, levers, ground),
        log_productivity=namespace(ratio).log(levers.productivity_hat),
        endowments=endowments,
        transfer=levers.transfer,
    )


def _pull_trade(trade: Trade, levers: Levers, ground: _Ground) -> Trade:
    xp, rigid = namespace(levers.tariff), 0.0 if trade.rigidity is None else trade.rigidity
    log_tax = xp.log1p(levers.tariff) + xp.log1p(levers.export_tax) - ground.log_tax
    pressure = (1.0 - rigid) * log_tax + levers.log_trade_cost
    access = ground.share * xp.exp(-trade.reach[:, :, None] * pressure)
    border = access / (1.0 + levers.tariff)
    producer = border / (1.0 + levers.export_tax)
    mean = None if trade.log_pressure is None else (ground.share * pressure).sum(axis=2)
    limits, base = trade.limits, trade.base
    if limits is not None:
        cells = limits.places
        limits = replace(
            limits,
            access=access[cells],
            border_access=border[cells],
            producer_access=producer[cells],
            wedge_hat=xp.exp(log_tax + levers.log_trade_cost)[cells],
            tax_hat=xp.exp(log_tax)[cells],
        )
    if base is not None:
        base = replace(base, log_wedge=log_tax + levers.log_trade_cost, log_tax=log_tax)
    return replace(
        trade,
        access=Access(access),
        border=Access(border),
        producer=Access(producer),
        log_pressure=mean,
        base=base,
        limits=limits,
    )
