"""Exact derivatives of welfare in every duty, by the implicit function theorem.

The differentials of the equations of ``liberation_day_model``, written out. K things move: the 4N
unknowns (logs), then the N duties imposed and the N suffered. A row holds what one of them does.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tula.equilibrium import ConvergenceError
from tula.replicate.liberation_day_model import (
    Duties,
    Equilibrium,
    GravityWorld,
    Unknowns,
    held_to_clear,
    tariff_matrix,
    trade_share,
    welfare_weight,
)
from tula.shapes import Float

Array = np.ndarray

#: Largest violation of the derivatives' own equations, relative.
SLOPE_GAP = 1e-9


def gradient(equilibrium: Equilibrium, weight: Float[Array, " N"]) -> Duties:
    """Return the derivative of weighted welfare (ratios to base) in every duty.

    One dense solve with the transposed Jacobian of the equations. ``ConvergenceError`` if it leaves
    more than ``SLOPE_GAP`` of the outcome's slope.
    """
    violation, welfare = _differentials(equilibrium)
    unknowns = violation.shape[1]
    seen = welfare @ weight
    adjoint = _solved(violation[:unknowns], seen[:unknowns])
    imposed, suffered = np.split(seen[unknowns:] - violation[unknowns:] @ adjoint, 2)
    return Duties(imposed, suffered)


def retaliation_slopes(equilibrium: Equilibrium) -> Float[Array, "N N"]:
    """Return the derivative of every region's welfare (row) in every duty on the pivot (column)."""
    violation, welfare = _differentials(equilibrium)
    unknowns, suffered = violation.shape[1], slice(-len(equilibrium.world.income), None)
    moved = _solved(violation[:unknowns].T, violation[suffered].T)
    return np.asarray(welfare[suffered].T - welfare[:unknowns].T @ moved)


def _solved(matrix: Float[Array, "U U"], right: Float[Array, "U *R"]) -> Float[Array, "U *R"]:
    """Solve the derivatives' equations and hold the answer to them."""
    found = np.linalg.solve(matrix, right)
    gap = np.abs(matrix @ found - right).max() / np.abs(right).max()
    if not gap <= SLOPE_GAP:
        raise ConvergenceError(f"the derivatives' equations are off by {gap:.1e} (relative)")
    return found


class _Trade(NamedTuple):
    """What a move does to each region: log of supply; purchases and sales, thousand USD."""

    supply: Float[Array, "K N"]
    purchases: Float[Array, "K N"]
    sales: Float[Array, "K N"]


def _differentials(equilibrium: Equilibrium) -> tuple[Float[Array, "K U"], Float[Array, "K N"]]:
    """Return what every move does to the violation of every equation, and to welfare.

    By Walras' law one labour market follows from the rest: to each is added that the income of the
    world, the numeraire, stays.
    """
    world, state = equilibrium.world, equilibrium.state
    n, beta = len(world.income), world.value_added_share
    moves = Unknowns(*np.split(np.eye(6 * n, 4 * n), 4, axis=1))
    trade = _trade(equilibrium)
    produced = moves.wage + moves.labour
    income, revenue = state.income * produced, state.spending * moves.spending - trade.purchases
    tax_cut = _tax_cut(equilibrium, produced, revenue)
    earned = beta * trade.sales + world.fixed_cost_share * trade.purchases
    numeraire = produced @ state.income[:, None] / state.income.sum()
    log_price = (1.0 - world.duty_exponent) * (moves.spending - moves.wage)
    log_price = log_price - trade.supply / world.trade_elasticity
    supplied = world.labour_elasticity * (tax_cut + moves.wage - moves.price)
    final = income + revenue
    violation = Unknowns(
        wage=held_to_clear(world, earned / state.income - produced) - numeraire,
        spending=(final + (1.0 - beta) * trade.sales) / state.spending - moves.spending,
        labour=supplied - moves.labour,
        price=log_price - moves.price,
    )
    welfare = _welfare(equilibrium, income, final, tax_cut, moves.price)
    return np.concatenate(violation, axis=1), welfare


def _trade(equilibrium: Equilibrium) -> _Trade:
    """Return what moves do to trade; unknowns by what they do to strength, and by spending."""
    world, share = equilibrium.world, trade_share(equilibrium)
    supply = share.paid.T
    flows = share.border * equilibrium.state.spending[:, None]
    kept = (1.0 - world.fixed_cost_share)[:, None] * flows
    bought, sold = flows.sum(axis=1), kept.sum(axis=0)
    pull, spent = _pull(world), np.array([[0.0], [1.0], [0.0], [0.0]])
    purchases = np.kron(pull, flows.T - supply * bought) + np.kron(spent, np.diag(bought))
    sales = np.kron(pull, np.diag(sold) - supply @ kept) + np.kron(spent, kept)
    duties = _duties_alone(equilibrium, share.paid, flows, kept)
    return _Trade(
        supply=np.concatenate([np.kron(pull, supply), duties.supply]),
        purchases=np.concatenate([purchases, duties.purchases - duties.supply * bought]),
        sales=np.concatenate([sales, duties.sales - duties.supply @ kept]),
    )


def _duties_alone(
    equilibrium: Equilibrium,
    share: Float[Array, "N N"],
    flows: Float[Array, "N N"],
    kept: Float[Array, "N N"],
) -> _Trade:
    """Return what duties do at given costs and at given spending per unit of supply."""
    world = equilibrium.world
    taxed = 1.0 / (1.0 + tariff_matrix(world, equilibrium.duties))
    taxed[world.pivot, world.pivot] = 0.0
    paid = -world.trade_elasticity * world.duty_exponent[:, None] * taxed
    border = paid - taxed
    return _Trade(
        supply=_by_buyer(world, share * paid),
        purchases=_by_buyer(world, flows * border),
        sales=_by_seller(world, kept * border),
    )


def _by_buyer(world: GravityWorld, effect: Float[Array, "N N"]) -> Float[Array, "K N"]:
    """Sum the effects of rates on flows over sellers."""
    imposed, suffered = effect[world.pivot], effect[:, world.pivot]
    return np.concatenate([_on_pivot(world, imposed), np.diag(suffered)])


def _by_seller(world: GravityWorld, effect: Float[Array, "N N"]) -> Float[Array, "K N"]:
    """Sum the effects of rates on flows over buyers."""
    imposed, suffered = effect[world.pivot], effect[:, world.pivot]
    return np.concatenate([np.diag(imposed), _on_pivot(world, suffered)])


def _on_pivot(world: GravityWorld, effect: Float[Array, " N"]) -> Float[Array, "N N"]:
    return np.outer(effect, np.arange(len(effect)) == world.pivot)


def _pull(world: GravityWorld) -> Float[Array, "4 1"]:
    """Return what each log unknown does to the log of the same region's strength."""
    beta, scale = world.value_added_share, world.scale_elasticity
    cost = [beta - scale * (1.0 - beta), 0.0, -scale, (1.0 + scale) * (1.0 - beta)]
    return np.asarray(-world.trade_elasticity * np.array(cost)[:, None])


def _tax_cut(
    equilibrium: Equilibrium, produced: Float[Array, "K N"], revenue: Float[Array, "K N"]
) -> Float[Array, "K N"]:
    world, state = equilibrium.world, equilibrium.state
    if world.lump_sum:
        return np.zeros_like(produced)
    return np.asarray(state.tax_cut * (revenue - state.revenue * produced) / state.income)


def _welfare(
    equilibrium: Equilibrium,
    income: Float[Array, "K N"],
    final: Float[Array, "K N"],
    tax_cut: Float[Array, "K N"],
    price: Float[Array, "K N"],
) -> Float[Array, "K N"]:
    world, state = equilibrium.world, equilibrium.state
    weight, base = welfare_weight(world, state.tax_cut), world.final_spending
    bought = (state.income + state.revenue + world.transfer) / base
    earned = state.income / world.income
    moved = weight * final / base + (1.0 - weight) * income / world.income
    reweighted = weight * (1.0 - weight) * tax_cut * (bought - earned)
    return np.asarray((moved + reweighted) / state.price_hat - state.welfare_hat * price)
