"""The textbook nested-loop solver: an independent check of the engine, and its yardstick.

Caliendo and Parro (2015) in changes, with import duties, export taxes, iceberg costs, embargoes,
quantity caps, imbalances and transfers. Guess wages; inside, iterate prices to convergence; solve
one dense linear system for spending; outside, raise the wage where labour is short:
``w <- w (1 + step * excess / value added)``. Sums over countries are matrix products, nothing is
looped cell by cell. ``dense=False`` iterates spending from the last round instead of solving the
system, which is faster. It shares no code with ``tula.equilibrium``, only the data classes.

Axes as everywhere: S sectors, N importers, I exporters; arrays (S, N, I), (N, S), (N, K, S).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.policy.shock import Shock, no_shock
from tula.shapes import Float

Array = np.ndarray
Closure = Literal["fixed", "proportional", "balanced"]


class NestedSolverError(RuntimeError):
    """The textbook iteration has no answer: no supplier is left, or it did not converge."""


@dataclass(frozen=True)
class NestedSolution:
    """New equilibrium; hats are new over old, levels in million USD of base world value added.

    ``residual`` is the largest relative gap over prices, labour markets and quantity caps;
    ``calibration`` is the base it departs from (imbalances purged under ``"balanced"``).
    """

    calibration: Calibration
    wage_hat: Float[Array, N]
    cost_hat: Float[Array, "N S"]
    price_hat: Float[Array, "N S"]
    trade_share: Float[Array, "S N I"]
    expenditure: Float[Array, "N S"]
    output: Float[Array, "N S"]
    income: Float[Array, N]
    importer_revenue: Float[Array, N]
    export_tax_revenue: Float[Array, N]
    imbalance: Float[Array, N]
    quantity_hat: Float[Array, "S N I"]
    scarcity_wedge: Float[Array, "S N I"]
    residual: float
    outer_iterations: int

    @property
    def real_income_hat(self) -> Float[Array, N]:
        """Final spending over the price of the final basket, new over old."""
        basket = (self.calibration.final_share * np.log(self.price_hat)).sum(axis=1)
        return np.asarray(self.income / self.calibration.final_spending / np.exp(basket))


@dataclass(frozen=True)
class _State:
    """What is known after one pass over wages."""

    cost: Array
    price: Array
    share: Array
    expenditure: Array
    output: Array
    income: Array
    importer_revenue: Array
    export_tax_revenue: Array
    imbalance: Array
    price_gap: float


def solve(
    calibration: Calibration,
    shock: Shock,
    *,
    closure: Closure = "fixed",
    tolerance: float = 1e-10,
    step: float = 0.2,
    max_outer: int = 20_000,
    dense: bool = True,
) -> NestedSolution:
    """Solve for the equilibrium after ``shock``; raises ``NestedSolverError`` if it is not met."""
    if closure == "balanced":
        calibration = purge_imbalances(calibration, tolerance=tolerance, step=step)
    wedge = np.ones_like(shock.tariff)
    cap = quantity_cap(shock)
    capped = np.isfinite(cap) & (calibration.trade_share > 0) & ~shock.embargo
    wage: Array | None = None
    outer = 0
    for _ in range(400):
        found = _solve_wages(
            calibration, shock, wedge, closure, tolerance, step, max_outer, wage, dense
        )
        outer += found.outer_iterations
        gap = _cap_gap(found.quantity_hat, cap, wedge, capped)
        if gap <= tolerance:
            return replace(found, residual=max(found.residual, gap), outer_iterations=outer)
        wage = found.wage_hat
        wedge = _updated_wedge(calibration, cap, found.quantity_hat, wedge, capped)
    raise NestedSolverError(f"quantity caps are still off by {gap:.1e}")


def quantity_cap(shock: Shock) -> Array:
    """Return the largest quantity ratio of each cell, infinite where there is none.

    Raises ``ValueError`` for limits this solver does not know: quotas, prices, rents elsewhere.
    """
    cap = np.full(shock.tariff.shape, np.inf)
    for limit in shock.limits:
        if len(limit.cells) > 1 or limit.measure != "quantity" or limit.rent_to != "importer":
            raise ValueError(f"{limit.instrument}: only caps on single import quantities")
        cell = tuple(limit.cells[0])
        cap[cell] = min(cap[cell], limit.ceiling)
    return cap


def purge_imbalances(
    calibration: Calibration, *, tolerance: float = 1e-10, step: float = 0.2
) -> Calibration:
    """Return the economy as it would be at the same policy with every imbalance at zero."""
    flat = replace(calibration, imbalance=np.zeros_like(calibration.imbalance))
    return settled(flat, tolerance=tolerance, step=step)


def settled(
    calibration: Calibration, *, tolerance: float = 1e-10, step: float = 0.2
) -> Calibration:
    """Return the economy after the markets clear at its own policy, shares, and imbalances."""
    still = no_shock(calibration.labels, calibration.tariff, calibration.export_tax)
    ones = np.ones_like(still.tariff)
    found = _solve_wages(calibration, still, ones, "fixed", tolerance, step, 20_000, None)
    return replace(
        calibration,
        trade_share=found.trade_share,
        expenditure=found.expenditure,
        output=found.output,
        value_added=found.wage_hat * calibration.value_added,
    )


def _solve_wages(
    calibration: Calibration,
    shock: Shock,
    wedge: Array,
    closure: Closure,
    tolerance: float,
    step: float,
    max_outer: int,
    wage: Array | None,
    dense: bool = True,
) -> NestedSolution:
    """Outer loop: move wages until every labour market clears."""
    weight = _delivered_weight(calibration, shock, wedge)
    if wage is None:
        wage = _normalised(np.ones_like(calibration.value_added), calibration, shock)
    price = np.ones_like(calibration.expenditure)
    spending = None if dense else calibration.expenditure
    gap = np.inf
    for iteration in range(1, max_outer + 1):
        state = _given_wages(
            calibration, shock, wedge, weight, wage, price, spending, closure, tolerance
        )
        price, spending = state.price, None if dense else state.expenditure
        payroll = wage * shock.labour_hat * calibration.value_added
        excess = ((calibration.value_added_share * state.output).sum(axis=1) - payroll) / payroll
        gap = float(np.max(np.abs(excess)))
        if max(gap, state.price_gap) <= tolerance:
            residual = max(gap, state.price_gap)
            return _assembled(calibration, shock, wedge, wage, state, residual, iteration)
        wage = _normalised(wage * (1.0 + step * excess), calibration, shock)
    raise NestedSolverError(f"labour markets are still off by {gap:.1e} after {max_outer} rounds")


def _normalised(wage: Array, calibration: Calibration, shock: Shock) -> Array:
    """Scale wages so that world value added keeps its base value, the numeraire."""
    world = float((wage * shock.labour_hat * calibration.value_added).sum())
    return np.asarray(wage * (calibration.value_added.sum() / world))


def _price_wedge(calibration: Calibration, shock: Shock, wedge: Array) -> Array:
    """Ratio of new to old buyer's price at an unchanged cost of production, (S, N, I)."""
    new = (1.0 + shock.tariff) * (1.0 + shock.export_tax) * shock.trade_cost_hat * wedge
    return np.asarray(new / ((1.0 + calibration.tariff) * (1.0 + calibration.export_tax)))


def _delivered_weight(calibration: Calibration, shock: Shock, wedge: Array) -> Array:
    """Base share times the wedge to the power -theta; exactly zero under an embargo."""
    theta = calibration.trade_elasticity[:, None, None]
    weight = calibration.trade_share * _price_wedge(calibration, shock, wedge) ** (-theta)
    weight = np.where(shock.embargo, 0.0, weight)
    stranded = (weight.sum(axis=2) <= 0) & (calibration.trade_share.sum(axis=2) > 0)
    if stranded.any():
        sector, buyer = (int(index[0]) for index in np.nonzero(stranded))
        labels = calibration.labels
        raise NestedSolverError(
            f"nobody is left to sell {labels.sectors[sector]} to {labels.regions[buyer]}"
        )
    return np.asarray(weight)


def _cost(calibration: Calibration, shock: Shock, wage: Array, price: Array) -> Array:
    """Unit cost of producers: Cobb-Douglas in labour and inputs, over productivity, (N, S)."""
    inputs = np.einsum("nks,nk->ns", calibration.input_share, np.log(price))
    labour = calibration.value_added_share * np.log(wage)[:, None]
    return np.asarray(np.exp(labour + inputs) / shock.productivity_hat)


def _price(weight: Array, theta: Array, cost: Array) -> tuple[Array, Array]:
    """Price index of each buyer and sector, (N, S), and the weighted terms it is made of."""
    competitiveness = cost.T ** (-theta[:, None])
    terms = (weight @ competitiveness[:, :, None])[:, :, 0]
    bought = terms > 0
    price = np.where(bought, np.where(bought, terms, 1.0) ** (-1.0 / theta[:, None]), 1.0)
    return price.T, competitiveness


def _prices_given_wages(
    calibration: Calibration, shock: Shock, weight: Array, wage: Array, price: Array, goal: float
) -> tuple[Array, Array, Array, float]:
    """Inner loop: iterate cost and price to their fixed point at given wages."""
    theta = calibration.trade_elasticity
    gap = np.inf
    for _ in range(5_000):
        cost = _cost(calibration, shock, wage, price)
        new, competitiveness = _price(weight, theta, cost)
        gap = float(np.max(np.abs(np.log(new / price))))
        price = new
        if gap <= goal:
            return cost, price, competitiveness, gap
    raise NestedSolverError(f"prices are still off by {gap:.1e} at given wages")


def _given_wages(
    calibration: Calibration,
    shock: Shock,
    wedge: Array,
    weight: Array,
    wage: Array,
    price: Array,
    spending: Array | None,
    closure: Closure,
    tolerance: float,
) -> _State:
    """Everything that follows from wages: prices, shares, spending, revenue."""
    cost, price, competitiveness, gap = _prices_given_wages(
        calibration, shock, weight, wage, price, 0.1 * tolerance
    )
    share = weight * competitiveness[:, None, :]
    share = share / np.where(share.sum(axis=2) > 0, share.sum(axis=2), 1.0)[:, :, None]
    earned = wage * shock.labour_hat * calibration.value_added
    imbalance = _imbalance(calibration, earned, closure) + shock.transfer
    at_home = 1.0 / ((1.0 + shock.tariff) * wedge)
    to_importer = (share * (1.0 - at_home)).sum(axis=2).T
    to_producer = share * at_home / (1.0 + shock.export_tax)
    to_treasury = share * at_home - to_producer
    system = (calibration, to_importer, to_producer, to_treasury, earned + imbalance)
    if spending is None:
        spending = _spending_solved(*system)
    else:
        spending = _spending_iterated(*system, spending, 0.1 * tolerance)
    importer_revenue = (to_importer * spending).sum(axis=1)
    export_tax_revenue = np.einsum("sni,ns->i", to_treasury, spending)
    return _State(
        cost=cost,
        price=price,
        share=share,
        expenditure=spending,
        output=np.einsum("sni,ns->is", to_producer, spending),
        income=earned + imbalance + importer_revenue + export_tax_revenue,
        importer_revenue=importer_revenue,
        export_tax_revenue=export_tax_revenue,
        imbalance=imbalance,
        price_gap=gap,
    )


def _imbalance(calibration: Calibration, earned: Array, closure: Closure) -> Array:
    """Spending less income by region under the closure; sums to zero over the world."""
    if closure == "proportional":
        own = calibration.imbalance / calibration.value_added * earned
        return np.asarray(own - earned * (own.sum() / earned.sum()))
    return calibration.imbalance


def _spending_solved(
    calibration: Calibration,
    to_importer: Array,
    to_producer: Array,
    to_treasury: Array,
    disposable: Array,
) -> Array:
    """Solve X = alpha (disposable + revenues of X) + input demand of X for X, (N, S)."""
    n, s = calibration.expenditure.shape
    system = np.einsum("nsk,kmn->nsmk", calibration.input_share, to_producer)
    system += calibration.final_share[:, :, None, None] * to_treasury.transpose(2, 1, 0)[:, None]
    own = np.arange(n)
    system[own, :, own, :] += calibration.final_share[:, :, None] * to_importer[:, None, :]
    matrix = np.eye(n * s) - system.reshape(n * s, n * s)
    right = calibration.final_share * disposable[:, None]
    return np.asarray(np.linalg.solve(matrix, right.reshape(n * s)).reshape(n, s))


def _spending_iterated(
    calibration: Calibration,
    to_importer: Array,
    to_producer: Array,
    to_treasury: Array,
    disposable: Array,
    spending: Array,
    goal: float,
) -> Array:
    """Iterate the same equations from a first guess until spending moves by less than the goal."""
    gap = np.inf
    for _ in range(5_000):
        by_sector = spending.T[:, None, :]
        output = (by_sector @ to_producer)[:, 0, :].T
        income = disposable + (to_importer * spending).sum(axis=1)
        income = income + (by_sector @ to_treasury).sum(axis=(0, 1))
        inputs = (calibration.input_share @ output[:, :, None])[:, :, 0]
        new = calibration.final_share * income[:, None] + inputs
        gap = float(np.max(np.abs(new - spending) / np.where(spending > 0, spending, 1.0)))
        spending = new
        if gap <= goal:
            return np.asarray(spending)
    raise NestedSolverError(f"spending is still off by {gap:.1e} at given wages")


def _assembled(
    calibration: Calibration,
    shock: Shock,
    wedge: Array,
    wage: Array,
    state: _State,
    residual: float,
    iterations: int,
) -> NestedSolution:
    price = _price_wedge(calibration, shock, wedge) * state.cost.T[:, None, :]
    old = calibration.trade_share * calibration.expenditure.T[:, :, None]
    new = state.share * state.expenditure.T[:, :, None]
    return NestedSolution(
        calibration=calibration,
        wage_hat=wage,
        cost_hat=state.cost,
        price_hat=state.price,
        trade_share=state.share,
        expenditure=state.expenditure,
        output=state.output,
        income=state.income,
        importer_revenue=state.importer_revenue,
        export_tax_revenue=state.export_tax_revenue,
        imbalance=state.imbalance,
        quantity_hat=np.where(old > 0, new / np.where(old > 0, old, 1.0) / price, 0.0),
        scarcity_wedge=wedge,
        residual=residual,
        outer_iterations=iterations,
    )


def _cap_gap(quantity: Array, cap: Array, wedge: Array, capped: Array) -> float:
    """Largest violation of: quantity at most the cap, wedge only where the cap binds."""
    if not capped.any():
        return 0.0
    over = np.log(quantity[capped] / cap[capped])
    return float(np.max(np.where(wedge[capped] > 1.0, np.abs(over), np.maximum(over, 0.0))))


def _updated_wedge(
    calibration: Calibration, cap: Array, quantity: Array, wedge: Array, capped: Array
) -> Array:
    """Move the scarcity wedge by the quantity gap over the demand elasticity, never below one."""
    over = np.log(quantity[capped] / cap[capped])
    sigma = (1.0 + calibration.trade_elasticity)[np.nonzero(capped)[0]]
    new = wedge.copy()
    new[capped] = np.maximum(wedge[capped] * np.exp(over / sigma), 1.0)
    return new
