"""From the last unknowns to a certified solution."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import equinox as eqx
import jax
import numpy as np
from jax import Array as JaxArray
from jaxtyping import Float

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.cells import Cells, cells_of
from tula.equilibrium.certificate import Gaps, gaps, shares_at
from tula.equilibrium.errors import ConvergenceError, NonFiniteError
from tula.equilibrium.limits import active_limits
from tula.equilibrium.outcomes import corridor_outcomes, kept_wedges, limit_outcomes
from tula.equilibrium.solution import Certificate, Solution
from tula.equilibrium.system import State, System, evaluate
from tula.policy.shock import Shock

Array = np.ndarray

_BY_REGION = (
    "wage_hat", "employment_hat", "final_price_hat", "income", "value_added",
    "export_tax_revenue", "export_rent", "imbalance",
)  # fmt: skip
_BY_SECTOR = ("cost_hat", "price_hat", "expenditure", "output", "sector_value_added")


@eqx.filter_jit
def conclude(system: System, vector: Float[JaxArray, " U"]) -> tuple[State, Cells, Gaps]:
    """Return the state at the final unknowns, its trade cell by cell, and its gaps."""
    state = evaluate(system, vector)[1]
    return state, cells_of(system, state), gaps(system, state)


def build_solution(
    calibration: Calibration, shock: Shock, state: State, cells: Cells, certificate: Certificate
) -> Solution:
    """Turn a certified state into a solution, regions first."""
    found, traded = _on_host(state), _on_host(cells)
    limits = active_limits(calibration, shock)
    log_wedge = found.wedge[: len(limits)]
    kept = kept_wedges(limits, log_wedge, traded.share.shape)
    cap_rent = (traded.spent * (1.0 - 1.0 / kept.importer)).sum(axis=(0, 2))
    by_seller = traded.seller_price / found.cost_hat[:, None, :]
    factor_price = np.broadcast_to(found.factor_price_hat, found.output.shape)
    values = found._asdict()
    return Solution(
        calibration=calibration,
        shock=shock,
        **{name: values[name] for name in _BY_REGION},
        **{name: _region_first(values[name]) for name in _BY_SECTOR},
        factor_price_hat=_region_first(factor_price),
        trade_share=traded.share,
        border_trade=traded.at_border,
        tariff_revenue=found.import_revenue - cap_rent,
        cap_wedge=kept.importer,
        cap_rent=cap_rent,
        seller_wedge=by_seller * kept.exporter,
        trade_cost_hat=shock.trade_cost_hat * kept.nobody,
        certificate=certificate,
        limits=limit_outcomes(calibration.labels, limits, log_wedge, kept, traded),
        corridors=corridor_outcomes(calibration.labels, shock, found),
    )


def rebased(system: System, vector: Float[JaxArray, " U"], solution: Solution) -> Calibration:
    """Return the calibration whose base year is a solution: its shares, duties and imbalances."""
    shares = shares_at(system, evaluate(system, vector)[1])
    return replace(
        solution.calibration,
        trade_share=solution.trade_share,
        tariff=solution.shock.tariff,
        export_tax=solution.shock.export_tax,
        value_added_share=_region_first(np.asarray(shares.value_added)),
        input_share=np.asarray(shares.inputs),
        final_share=_region_first(np.asarray(shares.final)),
        expenditure=solution.expenditure,
        output=solution.output,
        value_added=solution.value_added,
        imbalance=solution.imbalance,
    )


def _on_host(arrays: State | Cells) -> Any:
    """Return the same record with arrays that numpy reads."""
    return jax.tree.map(np.asarray, arrays)


def _region_first(values: Float[Array, "S N"]) -> Float[Array, "N S"]:
    return np.ascontiguousarray(values.T)


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
