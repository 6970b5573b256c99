"""Solve a world under a shock, and prove it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.approach import Found, Problem, find, iterate
from tula.equilibrium.calibration import Calibration, World, calibrated
from tula.equilibrium.cells import counted
from tula.equilibrium.certificate import gaps, judge
from tula.equilibrium.closures import BalancedTrade, Closure, closure_of
from tula.equilibrium.errors import MultipleEquilibriaWarning
from tula.equilibrium.finish import Proven, build_solution, rebased, require_proof
from tula.equilibrium.limits import active_limits
from tula.equilibrium.prepare import prepare
from tula.equilibrium.refusals import (
    refuse_foreign,
    refuse_lost_suppliers,
    refuse_rebase,
    refuse_wrong_kinds,
)
from tula.equilibrium.solution import Solution
from tula.equilibrium.system import state_of
from tula.frozen import kept_with, sealed
from tula.policy.base import PolicyInstrument
from tula.policy.compile import base_policy, compile_on
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock, no_shock
from tula.shapes import Float

Array = np.ndarray

#: What is done: an instrument, a list of them, or a compiled shock.
Policy = Shock | Instrument | Sequence[Instrument]

#: Parts of the goal aimed at in turn where the certificate misses its tolerance by rounding.
FINER = (0.1, 0.01, 0.001)


def solve(
    world: World,
    policy: Policy = (),
    *,
    closure: Closure | str | None = None,
    solver: Anderson | None = None,
    on: date | str | None = None,
) -> Solution:
    """Return the equilibrium of a world after policy moves.

    ``world`` and ``closure`` may be names ("icio-2024", "balanced"). ``policy`` is an
    instrument, a list of them or a compiled ``Shock``; ``on`` is the date, or its ISO text, at
    which dated instruments are read. Under ``BalancedTrade`` the base imbalances are purged first
    and the solution departs from the purged world. Raises ``ConvergenceError`` if the equations are
    not met to tolerance, ``NoSupplierError`` if an embargo leaves a buyer without a supplier, and
    the errors of the policy room for contradictory instruments.
    """
    solver = solver or Anderson()
    return settle(pose(world, policy, closure, solver, on), solver)[1]


def pose(
    world: World,
    policy: Policy,
    closure: Closure | str | None,
    solver: Anderson,
    on: date | str | None = None,
) -> Problem:
    """Calibrate, compile and check; errors as ``solve``."""
    policy = [policy] if isinstance(policy, PolicyInstrument) else policy
    refuse_wrong_kinds(world, policy)
    rule = closure_of(closure)
    calibration = calibrated(world)
    refuse_foreign(policy, calibration)
    if rule.purge_first:
        calibration = purge_imbalances(calibration, solver)
    shock = policy if isinstance(policy, Shock) else compile_policy(calibration, policy, on)
    refuse_lost_suppliers(calibration, shock)
    return Problem(calibration, shock, rule, prepare(calibration, shock, rule))


def settle(problem: Problem, solver: Anderson) -> tuple[Found, Solution]:
    """Find the equilibrium and return the unknowns with the certified solution, or raise."""
    problem, found = find(problem, solver)
    for told in found.said:
        warnings.warn(told, MultipleEquilibriaWarning, stacklevel=2)
    return found, build_solution(problem, conclude(problem, found, solver))


def conclude(problem: Problem, found: Found, solver: Anderson, with_cells: bool = False) -> Proven:
    """Return the state where an iteration stopped with its certificate, or raise.

    Where the iteration met its goal and the certificate misses its own by rounding, it goes on to
    finer goals. ``with_cells`` where all cells are read afterwards.
    """
    proven = prove(problem, found, solver, with_cells)
    for part in FINER:
        if proven.certificate.holds or not found.met:
            break
        finer = replace(solver, tolerance=part * solver.tolerance)
        closer = iterate(problem.system, finer, vector=found.vector)
        found = closer._replace(evaluations=found.evaluations + closer.evaluations)
        proven = prove(problem, found, solver, with_cells)
    require_proof(proven.certificate, problem, found, proven.state)
    return proven


def prove(problem: Problem, found: Found, solver: Anderson, with_cells: bool = False) -> Proven:
    """Return the state where an iteration stopped, and every equation recounted there."""
    calibration, shock, closure, system = problem[:4]
    state = state_of(system, found.point)
    cells = counted(system, state, with_cells)
    certificate = judge(
        calibration.labels,
        active_limits(calibration, shock),
        gaps(system, state, cells),
        found.evaluations,
        solver.tolerance,
        closure.name,
    )
    return Proven(state, certificate, cells.each)


def compile_policy(
    calibration: Calibration, instruments: Sequence[Instrument], on: date | str | None = None
) -> Shock:
    """Compile instruments against a calibration's base rates, wage bills and trade."""
    return compile_on(_base_policy(calibration), instruments, on, *base_weights(calibration))


def compile_on_rates(
    calibration: Calibration,
    tariff: Float[Array, "S N I"],
    instruments: Sequence[Instrument],
    on: date | None = None,
) -> Shock:
    """Compile instruments upon import duties other than the base year's; errors as ``solve``."""
    base = base_policy(calibration.labels, tariff, calibration.export_tax)
    return compile_on(base, instruments, on, *base_weights(calibration))


@kept_with
def _base_policy(calibration: Calibration) -> Shock:
    return base_policy(calibration.labels, calibration.tariff, calibration.export_tax)


@kept_with
def base_weights(calibration: Calibration) -> tuple[Array, Array]:
    """Return each sector's share of its region's wage bill, and base spending by cell."""
    wage_bill = calibration.value_added_share * calibration.output
    spending = calibration.trade_share * calibration.expenditure.T[:, :, None]
    return sealed(wage_bill / wage_bill.sum(axis=1, keepdims=True)), sealed(spending)


def purge_imbalances(calibration: Calibration, solver: Anderson | None = None) -> Calibration:
    """Return the calibration of the same world once its imbalances are zero, policy unchanged.

    A world that has none is returned as it is.
    """
    if not calibration.imbalance.any():
        return calibration
    return _purged(calibration, solver or Anderson())


@kept_with
def _purged(calibration: Calibration, solver: Anderson) -> Calibration:
    still = no_shock(calibration.labels, calibration.tariff, calibration.export_tax)
    closure = BalancedTrade()
    problem = Problem(calibration, still, closure, prepare(calibration, still, closure))
    balanced = settle(problem, solver)[1]
    found = rebased(problem.system, balanced.state(problem.system), balanced)
    return replace(found, imbalance=np.zeros_like(found.imbalance))


def rebase(
    world: World,
    policy: Shock | Sequence[Instrument] = (),
    *,
    closure: Closure | str | None = None,
    solver: Anderson | None = None,
    on: date | str | None = None,
) -> tuple[Solution, Calibration]:
    """Return the equilibrium after policy moves, and the calibration whose base year it is.

    What moved stays: new duties and taxes are the base rates of the new calibration, its shares are
    those of the solution, and imbalances are kept, payments between regions included. Elasticities
    given to it afterwards, ``dataclasses.replace(calibration, trade_elasticity=...)``, act around
    the purchases then made (putty-clay). Raises ``RebaseError``, and the errors of ``solve``.
    """
    solver = solver or Anderson()
    problem = pose(world, policy, closure, solver, on)
    solution = settle(problem, solver)[1]
    refuse_rebase(solution)
    return solution, rebased(problem.system, solution.state(problem.system), solution)
