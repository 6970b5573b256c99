"""From the last unknowns to a certified solution."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Float

from tula.equilibrium.approach import Problem
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.cells import cells_of
from tula.equilibrium.certificate import Certificate, gaps, judge, shares_at
from tula.equilibrium.errors import ConvergenceError, NegativeError, NonFiniteError
from tula.equilibrium.limits import active_limits
from tula.equilibrium.outcomes import corridor_outcomes, ended_outcome, kept_wedges, limit_outcomes
from tula.equilibrium.prepare import prepare
from tula.equilibrium.solution import BY_REGION, BY_SECTOR, Solution
from tula.equilibrium.system import State, System
from tula.frozen import sealed

Array = np.ndarray


def build_solution(problem: Problem, state: State, certificate: Certificate) -> Solution:
    """Turn a certified state into a solution, regions first."""
    calibration, shock, closure, system, ended = problem
    limits = active_limits(calibration, shock)
    cap_rent, outcomes = np.zeros_like(state.income), ()
    if limits:
        log_wedge, cells = state.wedge[: len(limits)], cells_of(system, state)
        kept = kept_wedges(limits, log_wedge, cells.share.shape)
        cap_rent = (cells.spent * (1.0 - 1.0 / kept.importer)).sum(axis=(0, 2))
        outcomes = limit_outcomes(calibration.labels, limits, log_wedge, kept, cells)
    values: dict[str, Any] = state._asdict()
    values["factor_price_hat"] = np.broadcast_to(state.factor_price_hat, state.output.shape)
    return Solution(
        calibration=calibration,
        shock=shock,
        closure=closure,
        **{name: sealed(values[name]) for name in BY_REGION},
        **{name: sealed(np.ascontiguousarray(values[name].T)) for name in BY_SECTOR},
        tariff_revenue=sealed(state.import_revenue - cap_rent),
        cap_rent=sealed(cap_rent),
        certificate=certificate,
        limits=(*outcomes, *(ended_outcome(calibration.labels, limit) for limit in ended)),
        corridors=corridor_outcomes(calibration.labels, shock, state),
    )


def certify(solution: Solution, tolerance: float | None = None) -> Certificate:
    """Recount every equation from a solution's numbers, whoever made or changed them.

    ``tolerance`` is that of the solution's own certificate unless given; the answer may be that
    the certificate does not hold.
    """
    calibration, shock, old = solution.calibration, solution.shock, solution.certificate
    system = prepare(calibration, shock, solution.closure)
    state = solution.state(system)
    return judge(
        calibration.labels,
        active_limits(calibration, shock),
        gaps(system, state),
        old.iterations,
        old.tolerance if tolerance is None else tolerance,
        solution.closure.name,
    )


def rebased(system: System, state: State, solution: Solution) -> Calibration:
    """Return the calibration whose base year is a solution: its shares, duties and imbalances."""
    shares = shares_at(system, state)
    return replace(
        solution.calibration,
        trade_share=solution.trade_share,
        tariff=solution.shock.tariff,
        export_tax=solution.shock.export_tax,
        value_added_share=shares.value_added.T,
        input_share=shares.inputs,
        final_share=shares.final.T,
        expenditure=solution.expenditure,
        output=solution.output,
        value_added=solution.value_added,
        imbalance=solution.imbalance,
    )


def require_proof(certificate: Certificate) -> None:
    """Raise ``ConvergenceError`` with the worst equation unless the certificate holds."""
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
    if certificate.worst.equation == "limit":
        return (
            "A ceiling may be out of reach: buyers of a small part of a seller's sales cannot "
            "press its one price down. Cap more buyers, raise the ceiling, or let sellers hold "
            "to destinations, Technology(transformation=...)"
        )
    if certificate.closure == "fixed":
        return (
            "Imbalances held fixed may be larger than the trade that is left: try "
            "ProportionalBalance() or BalancedTrade(), or a smaller shock"
        )
    return "Try a smaller shock, more steps (Anderson(max_steps=...)) or lower trade elasticities"
