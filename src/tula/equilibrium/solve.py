"""Solve a world under a shock, and prove it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import equinox as eqx
import numpy as np
import optimistix as optx
from jax import Array as JaxArray
from jaxtyping import Float

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.certificate import Gaps, certify, gaps, trade_share
from tula.equilibrium.closures import BalancedTrade, Closure, FixedBalance
from tula.equilibrium.errors import ConvergenceError, NonFiniteError
from tula.equilibrium.prepare import capped_cells, partial_shock, prepare
from tula.equilibrium.refusals import refuse_foreign, refuse_wrong_kinds
from tula.equilibrium.solution import Certificate, Solution
from tula.equilibrium.system import State, System, advance, evaluate, start, wage_step
from tula.policy.compile import compile_shock, refuse_impossible_embargo
from tula.policy.instruments import Instrument
from tula.policy.shock import Shock, no_shock
from tula.world.economy import Economy

Array = np.ndarray

#: Smallest part of a shock taken at once before a solve is given up.
LEAST_STAGE = 1 / 32


def solve(
    world: Economy | Calibration,
    policy: Shock | Sequence[Instrument] = (),
    *,
    closure: Closure | None = None,
    solver: Anderson | None = None,
    on: date | None = None,
) -> Solution:
    """Return the equilibrium of a world after policy moves.

    ``policy`` is a list of instruments or a compiled ``Shock``; ``on`` is the date at which dated
    instruments are read. Under ``BalancedTrade`` the base imbalances are purged first and the
    solution departs from the purged world. Raises ``ConvergenceError`` if the equations are not
    met to tolerance, ``NoSupplierError`` if an embargo leaves a buyer without a supplier, and the
    errors of the policy room for contradictory instruments.
    """
    solver = solver or Anderson()
    return settle(pose(world, policy, closure, solver, on), solver)[1]


class Problem(NamedTuple):
    """A calibrated world, a compiled shock and the system that joins them."""

    calibration: Calibration
    shock: Shock
    closure: Closure
    system: System


def pose(
    world: Economy | Calibration,
    policy: Shock | Sequence[Instrument],
    closure: Closure | None,
    solver: Anderson,
    on: date | None = None,
) -> Problem:
    """Calibrate, compile and check; errors as ``solve``."""
    refuse_wrong_kinds(world, policy, closure)
    closure = closure or FixedBalance()
    calibration = calibrate(world) if isinstance(world, Economy) else world
    refuse_foreign(policy, calibration)
    if closure.purge_first:
        calibration = purge_imbalances(calibration, solver)
    shock = policy if isinstance(policy, Shock) else compile_policy(calibration, policy, on)
    refuse_impossible_embargo(shock, calibration.trade_share, calibration.labels)
    return Problem(calibration, shock, closure, prepare(calibration, shock, closure))


def settle(problem: Problem, solver: Anderson) -> tuple[Float[JaxArray, " U"], Solution]:
    """Iterate, in stages if need be, and return the unknowns with the certified solution."""
    vector, iterations, met = iterate(problem.system, solver)
    if not met:
        vector, iterations = approach(problem, solver, iterations)
    return vector, finish(problem, vector, iterations, solver)


def compile_policy(
    calibration: Calibration, instruments: Sequence[Instrument], on: date | None = None
) -> Shock:
    """Compile instruments against a calibration's base rates, wage bills and trade."""
    wage_bill = calibration.value_added_share * calibration.output
    return compile_shock(
        calibration.labels,
        calibration.tariff,
        calibration.export_tax,
        instruments,
        on,
        labour_share=wage_bill / wage_bill.sum(axis=1, keepdims=True),
        spending=calibration.trade_share * calibration.expenditure.T[:, :, None],
    )


def fixed_point(
    system: System, vector: Float[JaxArray, " U"], solver: Anderson
) -> tuple[Float[JaxArray, " U"], JaxArray, JaxArray]:
    """Return the last unknowns, the evaluations taken and whether the equations are met."""
    found = optx.fixed_point(
        lambda unknowns, world: advance(world[0], world[1], unknowns),
        solver,
        vector,
        (system, wage_step(system)),
        has_aux=True,
        max_steps=solver.max_steps,
        throw=False,
    )
    return found.value, found.stats["num_steps"], found.aux <= solver.goal


_fixed_point = eqx.filter_jit(fixed_point)


@eqx.filter_jit
def conclude(
    system: System, vector: Float[JaxArray, " U"]
) -> tuple[State, Float[JaxArray, "S N I"], Gaps]:
    """Return the state at the final unknowns, its trade shares and its gaps."""
    state = evaluate(system, vector)[1]
    return state, trade_share(system, state), gaps(system, state)


def iterate(
    system: System, solver: Anderson, vector: Float[JaxArray, " U"] | None = None
) -> tuple[Float[JaxArray, " U"], int, bool]:
    """Return the last unknowns, the evaluations taken and whether the equations are met."""
    first = start(system) if vector is None else vector
    found, steps, met = _fixed_point(system, first, solver)
    return found, int(steps), bool(met)


def approach(
    problem: Problem, solver: Anderson, spent: int = 0
) -> tuple[Float[JaxArray, " U"], int]:
    """Walk to a large shock in stages, each started from the one before.

    Halves the stage when one fails; below ``LEAST_STAGE`` it returns where it stopped, which the
    certificate then refuses. Returns the evaluations taken on top of those already ``spent``.
    """
    calibration, shock, closure, system = problem
    reached, stage = 0.0, 0.5
    vector = start(system)
    while reached < 1.0 and stage >= LEAST_STAGE:
        goal = min(1.0, reached + stage)
        part = prepare(calibration, partial_shock(calibration, shock, goal), closure)
        trial, steps, met = iterate(part, solver, vector)
        spent += steps
        if met:
            vector, reached = trial, goal
        else:
            stage /= 2.0
    return vector, spent


def finish(
    problem: Problem,
    vector: Float[JaxArray, " U"],
    iterations: int,
    solver: Anderson,
) -> Solution:
    """Turn the final unknowns into a certified solution, or raise with the worst equation."""
    calibration, shock, closure, system = problem
    state, share, found = conclude(system, vector)
    capped = capped_cells(calibration, shock)
    certificate = certify(
        calibration.labels, capped, found, iterations, solver.tolerance, closure.name
    )
    _require_proof(certificate)
    values = {name: np.asarray(value) for name, value in state._asdict().items()}
    cap_wedge = np.ones_like(calibration.trade_share)
    cells = tuple(capped.T)
    cap_wedge[cells] = np.exp(values.pop("cap_wedge")[: len(cells[0])])
    for name in ("cost_hat", "price_hat", "expenditure", "output"):
        values[name] = np.ascontiguousarray(values[name].T)
    collected = values.pop("import_revenue")
    new_share = np.asarray(share)
    cap_rent = _cap_rent(new_share[cells], values["expenditure"], cap_wedge[cells], cells)
    return Solution(
        calibration=calibration,
        shock=shock,
        trade_share=new_share,
        cap_wedge=cap_wedge,
        tariff_revenue=collected - cap_rent,
        cap_rent=cap_rent,
        certificate=certificate,
        **values,
    )


def _cap_rent(
    share: Float[Array, " Q"],
    expenditure: Float[Array, "N S"],
    cap_wedge: Float[Array, " Q"],
    cells: tuple[Array, ...],
) -> Float[Array, " N"]:
    """Return what buyers pay above the duty-paid price in capped cells, by importer."""
    rent = np.zeros(expenditure.shape[0])
    sector, importer, _ = cells
    np.add.at(rent, importer, share * expenditure[importer, sector] * (1.0 - 1.0 / cap_wedge))
    return rent


def _require_proof(certificate: Certificate) -> None:
    worst = certificate.worst
    if certificate.holds:
        return
    if not np.isfinite(worst.value):
        raise NonFiniteError(
            f"no equilibrium found: numbers stopped being finite after {certificate.iterations} "
            f"evaluations under the {certificate.closure} closure"
        )
    place = worst.region + (f", sector {worst.sector}" if worst.sector else "")
    raise ConvergenceError(
        f"{worst.equation} equation of {place} is off by {worst.value:.1e} (relative) after "
        f"{certificate.iterations} evaluations, stages included; tolerance "
        f"{certificate.tolerance:.0e}, closure {certificate.closure}. {_remedy(certificate)}"
    )


def _remedy(certificate: Certificate) -> str:
    if certificate.closure == "fixed":
        return (
            "Imbalances held fixed may be larger than the trade that is left: try "
            "ProportionalBalance() or BalancedTrade(), or a smaller shock"
        )
    return "Try a smaller shock, more steps (Anderson(max_steps=...)) or lower trade elasticities"


@lru_cache(maxsize=8)
def purge_imbalances(calibration: Calibration, solver: Anderson | None = None) -> Calibration:
    """Return the calibration of the same world once its imbalances are zero, policy unchanged."""
    still = no_shock(calibration.labels, calibration.tariff, calibration.export_tax)
    closure = BalancedTrade()
    problem = Problem(calibration, still, closure, prepare(calibration, still, closure))
    _, balanced = settle(problem, solver or Anderson())
    return replace(
        calibration,
        trade_share=balanced.trade_share,
        expenditure=balanced.expenditure,
        output=balanced.output,
        value_added=balanced.value_added,
        imbalance=np.zeros_like(balanced.imbalance),
    )
