"""The equations joined into one map whose zero is the equilibrium.

The unknowns are logs of ratios to base: what a unit of each region's labour earns, the region's
prices and spending in units of that, the wedge of each limit, and, where factors are tied to
sectors or output to destinations, each sector's value added and sales. Counting in own earnings
lets a region's price level move as one, which is the slow direction when trade is small. One
evaluation reads the trade array three times (prices, revenue, sales); the rest is small.
"""

from __future__ import annotations

from math import prod
from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from tula.equilibrium.factors import Endowments, FactorPrices, factor_prices, labour_share
from tula.equilibrium.limits import CellWedges, cell_wedges, excess
from tula.equilibrium.markets import Demand, Prices, Trade, cell_prices, demand, prices
from tula.equilibrium.production import (
    Cost,
    CostNests,
    cost,
    final_shares,
    input_demand,
    log_final_price,
    value_added_share,
)

#: Bounds the step of a region that hardly trades.
LEAST_RESPONSE = 1e-2
#: Below this a region does not trade at all.
NO_RESPONSE = 1e-6


class System(eqx.Module):
    """One economy under one shock, ready to be iterated; shapes as in ``equations``."""

    trade: Trade
    nests: CostNests | None
    final_rho: Float[Array, ""] | None
    endowments: Endowments
    value_added_share: Float[Array, "S N"]
    input_share: Float[Array, "N K S"]
    final_share: Float[Array, "S N"]
    log_productivity: Float[Array, "S N"]
    base_value_added: Float[Array, " N"]
    base_expenditure: Float[Array, "S N"]
    base_output: Float[Array, "S N"]
    imbalance_level: Float[Array, " N"]
    imbalance_rate: Float[Array, " N"]
    transfer: Float[Array, " N"]


class Unknowns(NamedTuple):
    """The unknowns by name: logs of ratios to base, all but the wedges in own-earning units.

    ``income`` (value added by sector) is empty where factors move freely, ``output`` where one
    price holds at all destinations.
    """

    earning: Float[Array, " N"]
    price: Float[Array, "S N"]
    spending: Float[Array, "S N"]
    wedge: Float[Array, " G"]
    income: Float[Array, "#S N"]
    output: Float[Array, "#S N"]


class State(NamedTuple):
    """Everything one evaluation computes; levels in million USD, hats are ratios to base.

    ``wage_hat``: wage of those at work; ``employment_hat``: part of labour at work;
    ``factor_price_hat`` (1 or S, N): price of value added; ``bundle_price_hat``,
    ``bundle_share``: price and share in spending of imports under a home nest, of all supply
    without; ``import_revenue``: duties and the rents that importers keep; ``export_rent``: rents
    that exporters keep; ``wedge`` (G,): log wedge of each limit; ``corridor_use`` (C,): part of
    each quota used.
    """

    wage_hat: Float[Array, " N"]
    employment_hat: Float[Array, " N"]
    labour: Float[Array, " N"]
    factor_price_hat: Float[Array, "#S N"]
    sector_value_added: Float[Array, "S N"]
    cost_hat: Float[Array, "S N"]
    price_hat: Float[Array, "S N"]
    bundle_price_hat: Float[Array, "S N"]
    bundle_share: Float[Array, "S N"]
    final_price_hat: Float[Array, " N"]
    expenditure: Float[Array, "S N"]
    output: Float[Array, "S N"]
    income: Float[Array, " N"]
    value_added: Float[Array, " N"]
    import_revenue: Float[Array, " N"]
    export_tax_revenue: Float[Array, " N"]
    export_rent: Float[Array, " N"]
    imbalance: Float[Array, " N"]
    wedge: Float[Array, " G"]
    corridor_use: Float[Array, " C"]


class Paces(NamedTuple):
    """How far the slow unknowns move per unit of violation."""

    earning: Float[Array, " N"]
    income: Float[Array, "#S N"]


def _shapes(system: System) -> list[tuple[int, ...]]:
    sectors, regions = system.base_expenditure.shape
    tied = 0 if system.endowments.sectors is None else sectors
    rigid = 0 if system.trade.rigidity is None else sectors
    block = (sectors, regions)
    wedges = system.trade.limits.log_ceiling.shape
    return [(regions,), block, block, wedges, (tied, regions), (rigid, regions)]


def split(system: System, vector: Float[Array, " U"]) -> Unknowns:
    """Cut the solver's flat vector into named unknowns."""
    parts, place = [], 0
    for shape in _shapes(system):
        size = prod(shape)
        parts.append(vector[place : place + size].reshape(shape))
        place += size
    return Unknowns(*parts)


def join(unknowns: Unknowns) -> Float[Array, " U"]:
    """Join named unknowns into the solver's flat vector."""
    return jnp.concatenate([part.ravel() for part in unknowns])


def start(system: System) -> Float[Array, " U"]:
    """Return the base year: all logs of ratios zero."""
    return jnp.zeros(sum(prod(shape) for shape in _shapes(system)))


class _Now(NamedTuple):
    """One evaluation's parts, nominal, in logs of ratios to base."""

    factors: FactorPrices
    log_basket: Float[Array, " N"]
    log_price: Float[Array, "S N"]
    log_spending: Float[Array, "S N"]
    log_output: Float[Array, "#S N"]
    cost: Cost
    prices: Prices
    wedges: CellWedges


def evaluate(system: System, vector: Float[Array, " U"]) -> tuple[Unknowns, State]:
    """Return the violation of every equation, in logs, and the state it was computed from.

    Prices in the state are those implied by cost at the given unknowns; demand uses the implied
    prices, so that shares add up to one at every iterate. In place of a violation, limits carry
    their excess over the ceiling, negative where they are slack.
    """
    unknowns = split(system, vector)
    now = _now(system, unknowns)
    expenditure = system.base_expenditure * jnp.exp(now.log_spending)
    sold = demand(system.trade, now.prices, expenditure, now.wedges)
    earned = value_added_share(system.nests, system.value_added_share, now.cost) * sold.output
    state = _state(system, now, expenditure, sold, earned, unknowns.wedge)
    to_labour = jnp.sum(labour_share(system.endowments.sectors) * earned, axis=0)
    quantity, seller_price = cell_prices(system.trade, now.prices, now.log_spending, now.wedges)
    violation = Unknowns(
        earning=jnp.log(to_labour / now.factors.labour_income),
        price=now.prices.log_price - now.log_price,
        spending=_log_ratio(_wanted(system, now, state), expenditure),
        wedge=excess(system.trade.limits, quantity, seller_price),
        income=_log_ratio(earned[: len(unknowns.income)], now.factors.sector_income),
        output=_sales_gap(system, now, sold.output)[: len(unknowns.output)],
    )
    return violation, state


def _now(system: System, unknowns: Unknowns) -> _Now:
    basket = log_final_price(system.final_rho, system.final_share, unknowns.price)
    factors = factor_prices(
        system.endowments,
        unknowns.earning,
        basket,
        unknowns.income,
        jnp.sum(system.base_value_added),
    )
    level = factors.log_earning
    log_price, log_spending = unknowns.price + level, unknowns.spending + level
    log_output = unknowns.output + level
    found = cost(
        system.nests,
        factors.log_factor,
        log_price,
        system.value_added_share,
        system.input_share,
    )
    wedges = cell_wedges(system.trade.limits, unknowns.wedge)
    offered = prices(
        system.trade,
        found.total - system.log_productivity,
        None if system.trade.rigidity is None else log_output,
        log_spending,
        log_price,
        wedges,
    )
    return _Now(
        factors, basket + level, log_price, log_spending, log_output, found, offered, wedges
    )


def _state(
    system: System,
    now: _Now,
    expenditure: Float[Array, "S N"],
    sold: Demand,
    earned: Float[Array, "S N"],
    wedge: Float[Array, " G"],
) -> State:
    factors = now.factors
    ruled = ruled_imbalance(system, factors.value_added)
    imbalance = system.transfer + factors.remittance + ruled
    collected = sold.import_revenue + sold.export_tax_revenue + sold.export_rent
    return State(
        wage_hat=jnp.exp(factors.log_wage),
        employment_hat=jnp.exp(factors.log_earning - factors.log_wage),
        labour=factors.labour,
        factor_price_hat=jnp.exp(factors.log_factor),
        sector_value_added=earned,
        cost_hat=jnp.exp(now.prices.log_cost),
        price_hat=jnp.exp(now.prices.log_price),
        bundle_price_hat=jnp.exp(now.prices.log_bundle),
        bundle_share=now.prices.bundle_share,
        final_price_hat=jnp.exp(
            log_final_price(system.final_rho, system.final_share, now.prices.log_price)
        ),
        expenditure=expenditure,
        income=factors.value_added + collected + imbalance,
        value_added=factors.value_added,
        imbalance=imbalance,
        wedge=wedge,
        corridor_use=factors.corridor_use,
        **sold._asdict(),
    )


def _wanted(system: System, now: _Now, state: State) -> Float[Array, "S N"]:
    """Return tariff-inclusive spending: final plus intermediate demand (eq. 5)."""
    final = final_shares(system.final_rho, system.final_share, now.log_price, now.log_basket)
    inputs = input_demand(system.nests, now.cost, now.log_price, system.input_share, state.output)
    return final * state.income + inputs


def _sales_gap(system: System, now: _Now, output: Float[Array, "S N"]) -> Float[Array, "S N"]:
    if system.trade.rigidity is None:
        return jnp.zeros_like(output)
    return _log_ratio(output, system.base_output * jnp.exp(now.log_output))


def ruled_imbalance(system: System, value_added: Float[Array, " N"]) -> Float[Array, " N"]:
    """Return imbalances under the closure's rule, million USD; they sum to zero."""
    raw = system.imbalance_rate * value_added
    return system.imbalance_level + raw - value_added / jnp.sum(value_added) * jnp.sum(raw)


def paces(system: System) -> Paces:
    """Return the inverse of the slow unknowns' own responses, computed once per solve.

    When all of a region's costs and spending rise together, its sales to a market where it holds
    the share pi fall by theta (1 - pi), and those abroad fall by one more beside its wage bill.
    Shares are those of the new wedges at old costs. A region that hardly trades has no determined
    relative wage and takes plain steps. A sector whose factors are tied also cuts its own sales.
    """
    response = jnp.abs(demand_response(system))
    step = 1.0 / jnp.maximum(response, LEAST_RESPONSE)
    earning = jnp.where(response > NO_RESPONSE, step, 1.0)
    sectors = system.endowments.sectors
    if sectors is None:
        return Paces(earning, jnp.zeros((0, earning.shape[0])))
    sold, falls = _sales_response(system)
    stiff = sectors.stiffness * (1.0 - sectors.specific) + sectors.specific
    slope = jnp.maximum(falls, 0.0) / jnp.where(sold > 0.0, sold, 1.0)
    return Paces(earning, 1.0 / (1.0 + stiff * system.value_added_share * slope))


def demand_response(system: System) -> Float[Array, " N"]:
    """Return the own-wage elasticity of excess supply of labour, incomes elsewhere unchanged."""
    sold, falls = _sales_response(system)
    weight = system.value_added_share * labour_share(system.endowments.sectors)
    return jnp.sum(weight * falls, axis=0) / jnp.sum(weight * sold, axis=0)


def _sales_response(system: System) -> tuple[Float[Array, "S N"], Float[Array, "S N"]]:
    """Return base sales at new wedges, and by how much they fall as home costs and wages rise."""
    trade = system.trade
    access, border = trade.access, trade.border_access
    if trade.home is not None:
        own = jnp.eye(access.shape[1]) * trade.home.share[:, :, None]
        access, border = access + own, border + own * trade.home.border[:, :, None]
    total = jnp.sum(access, axis=2)
    per_access = system.base_expenditure / total
    reach = jnp.broadcast_to(trade.reach, total.shape)
    sold = jnp.einsum("sni,sn->si", border, per_access)
    answered = jnp.einsum("sni,sn->si", border, per_access * reach)
    held = jnp.sum(border * access * (per_access * reach / total)[:, :, None], axis=1)
    home = jnp.einsum("snn->sn", border) * per_access
    return sold, answered - held + sold - home


def advance(
    system: System, pace: Paces, vector: Float[Array, " U"]
) -> tuple[Float[Array, " U"], Float[Array, ""]]:
    """Return the next plain iterate and the largest violation at the present one.

    ``pace`` is ``paces(system)``. The wedge of a limit moves by its excess over the response of
    what it limits, and never below zero: wedge and slack are complements.
    """
    violation, state = evaluate(system, vector)
    wedge, over = state.wedge, violation.wedge
    response = system.trade.limits.response
    step = violation._replace(
        earning=pace.earning * violation.earning,
        income=pace.income * violation.income,
        wedge=jnp.maximum(-wedge, over / response),
    )
    gap = violation._replace(wedge=jnp.maximum(-wedge, over))
    return vector + join(step), jnp.max(jnp.abs(join(gap)))


def _log_ratio(new: Float[Array, "#S N"], old: Float[Array, "#S N"]) -> Float[Array, "#S N"]:
    """Return log(new / old), bounded away from an iterate's negative income; zero if none buy."""
    bought = old > 0
    ratio = jnp.where(bought, new, 1.0) / jnp.where(bought, old, 1.0)
    return jnp.log(jnp.clip(ratio, 1e-2, 1e2))
