"""The proof of a solution: every equation recomputed in full from the returned numbers."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure
from tula.equilibrium.solution import Certificate, Residual, Solution

Array = np.ndarray


def certify(
    solution: Solution,
    wedge: Float[Array, "S N I"],
    closure: Closure,
    iterations: int,
    tolerance: float,
) -> Certificate:
    """Recompute each equation in plain form; return the largest violation of each, and Walras.

    Violations are relative to the quantity equated, except budgets, which are relative to income.
    """
    cal = solution.calibration
    checks = {
        "unit cost": _cost_gap(solution),
        "price index": _price_gap(solution, wedge * solution.cap_wedge),
        "trade shares": np.abs(solution.trade_share.sum(axis=2).T - 1.0),
        "goods market": _goods_gap(solution),
        "sales": _sales_gap(solution),
        "labour market": _labour_gap(solution),
        "budget": _budget_gap(solution, closure),
        "quantity cap": _cap_gap(solution, wedge),
    }
    residuals = tuple(_worst(name, gap, cal) for name, gap in checks.items())
    return Certificate(
        iterations=iterations,
        tolerance=tolerance,
        residuals=residuals,
        walras=_walras(solution),
        closure=closure.name,
        solver="Anderson",
    )


def _worst(name: str, gap: Array, calibration: Calibration) -> Residual:
    place = np.unravel_index(int(np.argmax(gap)), gap.shape)
    labels = calibration.labels
    sector = labels.sectors[place[1]] if gap.ndim == 2 else ""
    return Residual(name, float(gap[place]), labels.regions[place[0]], sector)


def _cost_gap(solution: Solution) -> Float[Array, "N S"]:
    cal = solution.calibration
    inputs = np.einsum("nks,nk->ns", cal.input_share, np.log(solution.price_hat))
    log_cost = cal.value_added_share * np.log(solution.wage_hat)[:, None] + inputs
    return np.asarray(
        np.abs(log_cost - np.log(solution.cost_hat * solution.shock.productivity_hat))
    )


def _price_gap(solution: Solution, wedge: Float[Array, "S N I"]) -> Float[Array, "N S"]:
    """Price index from delivered costs, each exporter's share apart: no shortcut shared."""
    cal = solution.calibration
    theta = cal.trade_elasticity[:, None]
    with np.errstate(divide="ignore"):
        log_delivered = np.log(wedge) + np.log(solution.cost_hat.T)[:, None, :]
    open_cells = (cal.trade_share > 0) & ~solution.shock.embargo
    terms = np.where(open_cells, cal.trade_share * np.exp(-theta[:, :, None] * log_delivered), 0.0)
    log_price = -np.log(terms.sum(axis=2)) / theta
    return np.asarray(np.abs(log_price.T - np.log(solution.price_hat)))


def _goods_gap(solution: Solution) -> Float[Array, "N S"]:
    cal = solution.calibration
    inputs = np.einsum("nks,ns->nk", cal.input_share, solution.output)
    wanted = cal.final_share * solution.income[:, None] + inputs
    bought = solution.expenditure > 0
    return np.where(bought, np.abs(wanted / np.where(bought, solution.expenditure, 1.0) - 1.0), 0)


def _received(solution: Solution) -> Float[Array, "S N I"]:
    """Value reaching producers: border value less export tax."""
    return np.asarray(solution.border_trade / (1.0 + solution.shock.export_tax))


def _sales_gap(solution: Solution) -> Float[Array, "N S"]:
    sold = _received(solution).sum(axis=1).T
    made = solution.output > 0
    return np.where(made, np.abs(sold / np.where(made, solution.output, 1.0) - 1.0), np.abs(sold))


def _labour_gap(solution: Solution) -> Float[Array, " N"]:
    cal = solution.calibration
    earned = (cal.value_added_share * solution.output).sum(axis=1)
    supplied = solution.wage_hat * cal.value_added * solution.shock.labour_hat
    return np.asarray(np.abs(earned / supplied - 1.0))


def _budget_gap(solution: Solution, closure: Closure) -> Float[Array, " N"]:
    cal, shock = solution.calibration, solution.shock
    at_border = solution.border_trade
    spent = solution.trade_share * solution.expenditure.T[:, :, None]
    collected = (spent - at_border).sum(axis=(0, 2))
    taxed = (at_border - _received(solution)).sum(axis=(0, 1))
    ruled = np.asarray(
        closure.imbalance(solution.value_added, cal.value_added, cal.imbalance)  # type: ignore[arg-type]
    )
    supplied = solution.wage_hat * cal.value_added * shock.labour_hat
    due = supplied + collected + taxed + ruled + shock.transfer
    return np.asarray(np.abs(due / solution.income - 1.0))


def _cap_gap(solution: Solution, wedge: Float[Array, "S N I"]) -> Float[Array, "N S"]:
    """Excess over caps, and slack where a cap is said to bind; relative to the cap."""
    cal, cap, cap_wedge = solution.calibration, solution.shock.quantity_cap, solution.cap_wedge
    gap = np.zeros(solution.expenditure.shape)
    cells = np.isfinite(cap) & ~solution.shock.embargo & (cal.trade_share > 0)
    for s, n, i in np.argwhere(cells):
        spending = solution.expenditure[n, s] / cal.expenditure[n, s]
        share = solution.trade_share[s, n, i] / cal.trade_share[s, n, i]
        price = wedge[s, n, i] * cap_wedge[s, n, i] * solution.cost_hat[i, s]
        ratio = spending * share / price / cap[s, n, i]
        slack = ratio - 1.0 if cap_wedge[s, n, i] == 1.0 else abs(ratio - 1.0)
        gap[n, s] = max(gap[n, s], slack)
    return gap


def _walras(solution: Solution) -> float:
    """World spending less world receipts over world value added; zero by Walras' law."""
    received = _received(solution).sum(axis=1)
    inputs = np.einsum("nks,ns->n", solution.calibration.input_share, solution.output)
    profit = received.sum(axis=0) - inputs
    gap = profit - solution.value_added
    return float(np.abs(gap.sum()) / solution.value_added.sum())
