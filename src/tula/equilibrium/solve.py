"""Solve a world under a shock, and prove it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

import equinox as eqx
import numpy as np
import optimistix as optx
from jax import Array as JaxArray
from jaxtyping import Float

from tula.equilibrium.anderson import Anderson
from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.certificate import certify
from tula.equilibrium.closures import BalancedTrade, Closure, FixedBalance
from tula.equilibrium.errors import ConvergenceError, NonFiniteError
from tula.equilibrium.prepare import capped_cells, partial_shock, prepare, trade_access, wedge_hat
from tula.equilibrium.solution import UNPROVEN, Certificate, Solution
from tula.equilibrium.system import State, System, advance, evaluate, start
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
    closure, solver = closure or FixedBalance(), solver or Anderson()
    calibration = calibrate(world) if isinstance(world, Economy) else world
    if closure.purge_first:
        calibration = purge_imbalances(calibration, solver)
    shock = policy if isinstance(policy, Shock) else compile_policy(calibration, policy, on)
    refuse_impossible_embargo(shock, calibration.trade_share, calibration.labels)
    system = prepare(calibration, shock, closure)
    vector, iterations = iterate(system, solver)
    if iterations >= solver.max_steps:
        vector, iterations = approach(calibration, shock, closure, solver)
    return finish(calibration, shock, closure, _state(system, vector), iterations, solver)


def compile_policy(
    calibration: Calibration, instruments: Sequence[Instrument], on: date | None = None
) -> Shock:
    """Compile instruments against a calibration's base rates and wage bills."""
    wage_bill = calibration.value_added_share * calibration.output
    return compile_shock(
        calibration.labels,
        calibration.tariff,
        calibration.export_tax,
        instruments,
        on,
        labour_share=wage_bill / wage_bill.sum(axis=1, keepdims=True),
    )


@eqx.filter_jit
def _iterate(
    system: System, vector: Float[JaxArray, " U"], solver: Anderson
) -> tuple[Float[JaxArray, " U"], JaxArray]:
    found = optx.fixed_point(
        lambda unknowns, parameters: advance(parameters, unknowns),
        solver,
        vector,
        system,
        has_aux=True,
        max_steps=solver.max_steps,
        throw=False,
    )
    return found.value, found.stats["num_steps"]


@eqx.filter_jit
def _state(system: System, vector: Float[JaxArray, " U"]) -> State:
    return evaluate(system, vector)[1]


def iterate(
    system: System, solver: Anderson, vector: Float[JaxArray, " U"] | None = None
) -> tuple[Float[JaxArray, " U"], int]:
    """Return the unknowns at which the iteration stopped, and the evaluations it took."""
    found, steps = _iterate(system, start(system) if vector is None else vector, solver)
    return found, int(steps)


def approach(
    calibration: Calibration, shock: Shock, closure: Closure, solver: Anderson
) -> tuple[Float[JaxArray, " U"], int]:
    """Walk to a large shock in stages, each started from the one before.

    Halves the stage when one fails; below ``LEAST_STAGE`` it returns where it stopped, which the
    certificate then refuses.
    """
    reached, stage, spent = 0.0, 0.5, solver.max_steps
    vector = start(prepare(calibration, shock, closure))
    while reached < 1.0 and stage >= LEAST_STAGE:
        part = partial_shock(calibration, shock, min(1.0, reached + stage))
        trial, steps = iterate(prepare(calibration, part, closure), solver, vector)
        spent += steps
        if steps < solver.max_steps:
            vector, reached = trial, min(1.0, reached + stage)
        else:
            stage /= 2.0
    return vector, spent


def finish(
    calibration: Calibration,
    shock: Shock,
    closure: Closure,
    state: State,
    iterations: int,
    solver: Anderson,
) -> Solution:
    """Turn the final state into a certified solution, or raise with the worst equation."""
    values = {name: np.asarray(value) for name, value in state._asdict().items()}
    if not all(np.isfinite(value).all() for value in values.values()):
        raise NonFiniteError(
            f"no equilibrium found: numbers stopped being finite after {iterations} evaluations "
            f"under the {closure.name} closure"
        )
    wedge = wedge_hat(calibration, shock)
    cap_wedge = np.ones_like(wedge)
    cap_wedge[tuple(capped_cells(calibration, shock).T)] = np.exp(values.pop("cap_wedge"))
    for name in ("cost_hat", "price_hat", "expenditure", "output"):
        values[name] = np.ascontiguousarray(values[name].T)
    share = _trade_share(calibration, shock, values["cost_hat"], cap_wedge)
    paid = share * values["expenditure"].T[:, :, None] / cap_wedge
    duties = (paid * shock.tariff / (1.0 + shock.tariff)).sum(axis=(0, 2))
    values.pop("tariff_revenue")
    solution = Solution(
        calibration=calibration,
        shock=shock,
        trade_share=share,
        cap_wedge=cap_wedge,
        tariff_revenue=duties,
        cap_rent=(paid * (cap_wedge - 1.0)).sum(axis=(0, 2)),
        certificate=UNPROVEN,
        **values,
    )
    certificate = certify(solution, wedge, closure, iterations, solver.tolerance)
    return _proven(replace(solution, certificate=certificate))


def _trade_share(
    calibration: Calibration,
    shock: Shock,
    cost_hat: Float[Array, "N S"],
    cap_wedge: Float[Array, "S N I"],
) -> Float[Array, "S N I"]:
    theta = calibration.trade_elasticity[:, None, None]
    weight = trade_access(calibration, shock) * (cost_hat.T ** -theta[:, :, 0])[:, None, :]
    if (cap_wedge != 1.0).any():
        weight = weight * cap_wedge**-theta
    return np.asarray(weight / weight.sum(axis=2, keepdims=True))


#: A certificate is recomputed in another order of operations than the iteration: it may exceed
#: the iteration's tolerance by rounding and by the equations' own amplification, not by more.
PROOF_SLACK = 100.0


def _proven(solution: Solution) -> Solution:
    certificate = solution.certificate
    worst = certificate.worst
    if worst.value <= PROOF_SLACK * certificate.tolerance:
        return solution
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
    solver, closure = solver or Anderson(), BalancedTrade()
    system = prepare(calibration, still, closure)
    vector, iterations = iterate(system, solver)
    balanced = finish(calibration, still, closure, _state(system, vector), iterations, solver)
    return replace(
        calibration,
        trade_share=balanced.trade_share,
        expenditure=balanced.expenditure,
        output=balanced.output,
        value_added=balanced.value_added,
        imbalance=np.zeros_like(balanced.imbalance),
    )
