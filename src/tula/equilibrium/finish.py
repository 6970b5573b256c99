"""From the last unknowns to a certified solution."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any, NamedTuple

import numpy as np

from tula.equilibrium.approach import Found, Problem
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.cells import Cells, cells_of, counted
from tula.equilibrium.certificate import (
    LEAST_EARNED,
    Certificate,
    Residual,
    gaps,
    judge,
    shares_at,
)
from tula.equilibrium.errors import ConvergenceError, NegativeError, NonFiniteError
from tula.equilibrium.limits import active_limits, place_limits
from tula.equilibrium.outcomes import (
    KeptWedges,
    LimitOutcome,
    corridor_outcomes,
    ended_outcome,
    kept_wedges,
    limit_outcomes,
)
from tula.equilibrium.prepare import prepare
from tula.equilibrium.solution import BY_REGION, BY_SECTOR, Solution
from tula.equilibrium.system import State, System
from tula.frozen import sealed
from tula.policy.shock import Shock
from tula.shapes import Float

Array = np.ndarray

#: Part of its base spending below which a region is taken to be left with nothing.
NOTHING = 0.02
LESS = "Take less from it: a smaller transfer, subsidy or duty"
HELD = (
    ". Imbalances held fixed may be larger than the trade that is left: try ProportionalBalance() "
    "or BalancedTrade() (--closure proportional or balanced)"
)


class Proven(NamedTuple):
    """A state with its certificate, and its cells where the proof formed them."""

    state: State
    certificate: Certificate
    cells: Cells | None = None


def build_solution(problem: Problem, proven: Proven) -> Solution:
    """Turn a certified state into a solution, regions first."""
    calibration, shock, closure, system, ended = problem
    state, certificate, cells = proven
    limits = active_limits(calibration, shock)
    cap_rent = np.zeros_like(state.income)
    outcomes: tuple[LimitOutcome, ...] = ()
    if limits:
        cells = cells or cells_of(system, state)
        log_wedge = state.wedge[: len(limits)]
        kept = kept_wedges(limits, log_wedge, cells.share.shape)
        if any(one.limit.rent_to == "importer" for one in limits):
            cap_rent = _licences(shock, tuple(place_limits(limits).cells.T), cells, kept)
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


def _licences(
    shock: Shock, limited: tuple[Array, ...], cells: Cells, kept: KeptWedges
) -> Float[np.ndarray, " N"]:
    """Return what importers keep under limits, by region, but for duty paid beyond quotas."""
    paid = cells.spent[limited] * (1.0 - 1.0 / kept.importer[limited])
    beyond = cells.at_border[limited] * (1.0 + shock.tariff[limited]) * (kept.duty[limited] - 1.0)
    return np.bincount(limited[1], paid - beyond, minlength=cells.spent.shape[1])


def certify(solution: Solution, tolerance: float | None = None) -> Certificate:
    """Recount every equation from a solution's numbers, whoever made or changed them.

    ``tolerance`` is that of the solution's own certificate unless given; the answer may be that
    the certificate does not hold.
    """
    calibration, shock, old = solution.calibration, solution.shock, solution.certificate
    system = prepare(calibration, shock, solution.closure)
    state = solution.state(system)
    cells = counted(system, state)
    found = judge(
        calibration.labels,
        active_limits(calibration, shock),
        gaps(system, state, cells),
        old.iterations,
        old.tolerance if tolerance is None else tolerance,
        solution.closure.name,
    )
    problem = Problem(calibration, shock, solution.closure, system)
    off = _rents(problem, Proven(state, found, cells.each), solution)
    return replace(found, residuals=(*found.residuals, off))


def _rents(problem: Problem, proven: Proven, solution: Solution) -> Residual:
    """Return how far the stated rents of limits are from those recounted, relative to income.

    A ceiling said to end trade must lie below the price that the seller has without it.
    """
    state, again = proven.state, build_solution(problem, proven)
    apart = np.abs(again.cap_rent - solution.cap_rent) / np.abs(state.income)
    stated = [one for one in solution.limits if not one.ends_trade]
    labels, worst = solution.labels, int(np.argmax(apart))
    off = float(apart[worst])
    if len(stated) == len(again.limits):
        pairs = zip(stated, again.limits, strict=True)
        off += sum(abs(one.rent - other.rent) for one, other in pairs) / float(state.income.sum())
    for one in solution.limits:
        cell = labels.region_index(one.exporter), labels.sectors.index(one.sector)
        below = solution.cost_hat[cell] < one.ceiling
        off += inf if one.ends_trade and below else 0.0
    return Residual(
        "rents", off if len(stated) == len(again.limits) else inf, labels.regions[worst]
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


def require_proof(certificate: Certificate, problem: Problem, found: Found, state: State) -> None:
    """Raise the failure that fits unless the certificate holds.

    ``NegativeError`` where something is not above zero, ``NonFiniteError`` where numbers ran away,
    else ``ConvergenceError`` with the worst equation.
    """
    worst = certificate.worst
    if certificate.holds:
        return
    told = f"after {certificate.iterations} evaluations, closure {certificate.closure}"
    if not np.isfinite(worst.value):
        raise NonFiniteError(f"no equilibrium found: numbers stopped being finite {told}")
    faint = bool((_earned(problem, state) <= LEAST_EARNED).any())
    if certificate.of("sign").value > 0.0 and (found.met or faint):
        held = HELD if certificate.closure == "fixed" else ""
        raise NegativeError(f"no equilibrium found {told}: {_negative(problem, state)}{held}")
    left = found.point.income / problem.calibration.final_spending
    poor = int(np.argmin(left))
    region = problem.calibration.labels.regions[poor]
    reached = (
        f"at {100 * found.part:.3g}% of the policy {region} spends {left[poor]:.2%} of its base"
    )
    walked = 0.0 < found.part < 1.0 and not found.met
    if walked and left[poor] < NOTHING:
        raise NegativeError(
            f"no equilibrium found {told}: {reached}; beyond, nothing is left to spend. {LESS}"
            f"{HELD if certificate.closure == 'fixed' else ''}"
        )
    place = worst.region + (f", sector {worst.sector}" if worst.sector else "")
    way = f"The last equilibrium on the way: {reached}. " if walked else ""
    raise ConvergenceError(
        f"{worst.equation} equation of {place} is off by {worst.value:.1e} (relative) {told}, "
        f"tolerance {certificate.tolerance:.0e}. {way}{_remedy(certificate)}"
    )


def _negative(problem: Problem, state: State) -> str:
    """Say what is not above zero, and what to do."""
    regions, before = problem.calibration.labels.regions, problem.calibration.final_spending
    poor = int(np.argmin(state.income / before))
    if state.income[poor] <= 0.0:
        lost = [f"{state.value_added[poor]:,.0f} earned"]
        for name, value in (
            ("import duties and rents", state.import_revenue[poor]),
            ("export taxes and rents", state.export_tax_revenue[poor] + state.export_rent[poor]),
            ("imbalance and transfers", state.imbalance[poor]),
        ):
            lost += [f"{value:+,.0f} {name}"] if value else []
        return (
            f"{regions[poor]} would have {state.income[poor]:,.0f} million USD a year to spend "
            f"({', '.join(lost)}). {LESS}"
        )
    earned = _earned(problem, state)
    least = int(np.argmin(earned))
    if earned[least] <= LEAST_EARNED:
        return (
            f"earnings of {regions[least]} fall to {earned[least]:.1e} of their base: at no "
            "wage do others buy as much from it as it buys from them. Take less from it, or let it "
            "keep its imbalance (closure fixed)"
        )
    return (
        "something that must be above zero is not, or trade that nothing forbids is too small to "
        "count: use an embargo in place of a duty or cost beyond all measure"
    )


def _earned(problem: Problem, state: State) -> Float[np.ndarray, " N"]:
    """Return value added, new over old, by region."""
    return np.asarray(state.value_added / problem.calibration.value_added)


def _remedy(certificate: Certificate) -> str:
    if certificate.worst.equation == "limit":
        return (
            "A ceiling may be out of reach: buyers of a small part of a seller's sales cannot "
            "press its one price down. Cap more buyers, raise the ceiling, or let sellers hold "
            "to destinations, Technology(transformation=...)"
        )
    if certificate.closure == "fixed":
        return f"A smaller shock may help{HELD}"
    return (
        "Try a smaller shock, more steps (solver=tula.equilibrium.Anderson(max_steps=...)) or "
        "lower trade elasticities"
    )
