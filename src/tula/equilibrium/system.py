"""The equations joined into one map whose zero is the equilibrium.

The unknowns are logs of ratios to base: each region's wage, its prices and spending in units of
that wage, and the shadow wedge of each capped cell. Counting in own wages lets a region's price
level move as one, which is the slow direction when trade is small. One evaluation reads the trade
array three times (prices, revenue, sales) and takes no power of it; the rest is small.
"""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float, Int

from tula.equilibrium import equations as eq

#: Bounds the wage step of a region that hardly trades.
LEAST_RESPONSE = 1e-2
#: Below this a region does not trade at all.
NO_RESPONSE = 1e-6


class Caps(eqx.Module):
    """Quantity-capped cells, Q of them: positions and what their quantity ratio is built from.

    Domestic cells with an infinite cap fill up Q, so that few shapes are ever compiled.
    """

    sector: Int[Array, " Q"]
    importer: Int[Array, " Q"]
    exporter: Int[Array, " Q"]
    log_cap: Float[Array, " Q"]
    access: Float[Array, " Q"]
    border_access: Float[Array, " Q"]
    producer_access: Float[Array, " Q"]
    wedge_hat: Float[Array, " Q"]
    base_share: Float[Array, " Q"]


class System(eqx.Module):
    """One economy under one shock, ready to be iterated; shapes as in ``equations``.

    ``access`` leads to buyers' spending, ``border_access`` to value before import duty,
    ``producer_access`` to value before export tax as well.
    """

    access: Float[Array, "S N I"]
    border_access: Float[Array, "S N I"]
    producer_access: Float[Array, "S N I"]
    value_added_share: Float[Array, "S N"]
    input_share: Float[Array, "N K S"]
    final_share: Float[Array, "S N"]
    trade_elasticity: Float[Array, " S"]
    log_productivity: Float[Array, "S N"]
    labour: Float[Array, " N"]
    base_value_added: Float[Array, " N"]
    imbalance_level: Float[Array, " N"]
    imbalance_rate: Float[Array, " N"]
    transfer: Float[Array, " N"]
    base_expenditure: Float[Array, "S N"]
    caps: Caps
    taxes_exports: bool = eqx.field(static=True)


class Unknowns(NamedTuple):
    """The unknowns by name: logs of ratios to base, prices and spending in own-wage units."""

    wage: Float[Array, " N"]
    price: Float[Array, "S N"]
    spending: Float[Array, "S N"]
    cap_wedge: Float[Array, " Q"]


class State(NamedTuple):
    """Everything one evaluation computes; levels in million USD, hats are ratios to base.

    ``import_revenue`` is what importers' governments keep: duties and the rent of caps.
    """

    wage_hat: Float[Array, " N"]
    cost_hat: Float[Array, "S N"]
    price_hat: Float[Array, "S N"]
    expenditure: Float[Array, "S N"]
    output: Float[Array, "S N"]
    income: Float[Array, " N"]
    value_added: Float[Array, " N"]
    import_revenue: Float[Array, " N"]
    export_tax_revenue: Float[Array, " N"]
    imbalance: Float[Array, " N"]
    cap_wedge: Float[Array, " Q"]


def split(system: System, vector: Float[Array, " U"]) -> Unknowns:
    """Cut the solver's flat vector into named unknowns."""
    sectors, regions = system.base_expenditure.shape
    block = sectors * regions
    wage, price = vector[:regions], vector[regions : regions + block]
    spending = vector[regions + block : regions + 2 * block]
    shape = (sectors, regions)
    return Unknowns(
        wage, price.reshape(shape), spending.reshape(shape), vector[regions + 2 * block :]
    )


def join(unknowns: Unknowns) -> Float[Array, " U"]:
    """Join named unknowns into the solver's flat vector."""
    return jnp.concatenate([part.ravel() for part in unknowns])


def start(system: System) -> Float[Array, " U"]:
    """Return the base year: all logs of ratios zero."""
    sectors, regions = system.base_expenditure.shape
    return jnp.zeros(regions + 2 * sectors * regions + system.caps.log_cap.shape[0])


class _Markets(NamedTuple):
    """Producers' costs, what they bring to every market, and the prices that result."""

    log_cost: Float[Array, "S N"]
    strength: Float[Array, "S N"]
    supply: Float[Array, "S N"]
    log_price: Float[Array, "S N"]


class _Demand(NamedTuple):
    """Sales by exporter and what governments collect."""

    output: Float[Array, "S N"]
    import_revenue: Float[Array, " N"]
    export_tax_revenue: Float[Array, " N"]


def evaluate(system: System, vector: Float[Array, " U"]) -> tuple[Unknowns, State]:
    """Return the violation of every equation, in logs, and the state it was computed from.

    Prices in the state are those implied by cost at the given unknowns; demand uses the implied
    prices, so that shares add up to one at every iterate. In place of a violation, capped cells
    carry their excess over the cap, negative where the cap is slack.
    """
    unknowns = split(system, vector)
    log_wage = _normalised(system, unknowns.wage)
    log_price, log_spending = unknowns.price + log_wage, unknowns.spending + log_wage
    markets = _markets(system, log_wage, log_price, unknowns.cap_wedge)
    state = _state(system, log_wage, log_spending, markets, unknowns.cap_wedge)
    wanted = eq.spending(system.final_share, state.income, system.input_share, state.output)
    earned = eq.labour_income(system.value_added_share, state.output)
    violation = Unknowns(
        wage=jnp.log(earned / state.value_added),
        price=markets.log_price - log_price,
        spending=_log_ratio(wanted, state.expenditure),
        cap_wedge=_cap_excess(system, unknowns.cap_wedge, log_spending, markets),
    )
    return violation, state


def _markets(
    system: System,
    log_wage: Float[Array, " N"],
    log_price: Float[Array, "S N"],
    cap_wedge: Float[Array, " Q"],
) -> _Markets:
    log_cost = eq.log_unit_cost(
        log_wage,
        log_price,
        system.value_added_share,
        system.input_share,
        system.log_productivity,
    )
    strength = eq.competitiveness(log_cost, system.trade_elasticity)
    supply = _supply(system, strength, cap_wedge)
    return _Markets(log_cost, strength, supply, eq.log_price_index(supply, system.trade_elasticity))


def _state(
    system: System,
    log_wage: Float[Array, " N"],
    log_spending: Float[Array, "S N"],
    markets: _Markets,
    cap_wedge: Float[Array, " Q"],
) -> State:
    expenditure = system.base_expenditure * jnp.exp(log_spending)
    demand = _demand(system, markets, expenditure, cap_wedge)
    value_added = jnp.exp(log_wage) * system.labour
    imbalance = system.transfer + ruled_imbalance(system, value_added)
    return State(
        wage_hat=jnp.exp(log_wage),
        cost_hat=jnp.exp(markets.log_cost),
        price_hat=jnp.exp(markets.log_price),
        expenditure=expenditure,
        output=demand.output,
        income=value_added + demand.import_revenue + demand.export_tax_revenue + imbalance,
        value_added=value_added,
        import_revenue=demand.import_revenue,
        export_tax_revenue=demand.export_tax_revenue,
        imbalance=imbalance,
        cap_wedge=cap_wedge,
    )


def ruled_imbalance(system: System, value_added: Float[Array, " N"]) -> Float[Array, " N"]:
    """Return imbalances under the closure's rule, million USD; they sum to zero."""
    raw = system.imbalance_rate * value_added
    return system.imbalance_level + raw - value_added / jnp.sum(value_added) * jnp.sum(raw)


def wage_step(system: System) -> Float[Array, " N"]:
    """Return the inverse of the own-wage elasticity of excess labour demand.

    When all of a region's costs and spending rise together, its sales to a market where it holds
    the share pi fall by theta (1 - pi), and those abroad fall by one more beside its wage bill.
    Shares are those of the new wedges at old costs. A region that hardly trades has no determined
    relative wage and takes plain steps.
    """
    per_access = system.base_expenditure / jnp.sum(system.access, axis=2)
    share = system.access / jnp.sum(system.access, axis=2, keepdims=True)
    sold = jnp.einsum("sni,sn->si", system.border_access, per_access)
    held = jnp.sum(system.border_access * share * per_access[:, :, None], axis=1)
    home = jnp.einsum("snn->sn", system.border_access) * per_access
    falls = system.trade_elasticity[:, None] * (sold - held) + sold - home
    weight = system.value_added_share
    response = jnp.abs(jnp.sum(weight * falls, axis=0)) / jnp.sum(weight * sold, axis=0)
    step = 1.0 / jnp.maximum(response, LEAST_RESPONSE)
    return jnp.where(response > NO_RESPONSE, step, 1.0)


def advance(
    system: System, pace: Float[Array, " N"], vector: Float[Array, " U"]
) -> tuple[Float[Array, " U"], Float[Array, ""]]:
    """Return the next plain iterate and the largest violation at the present one.

    ``pace`` is ``wage_step(system)``, computed once per solve: wages move by their violation over
    the response of labour demand. The wedge of a capped cell moves by its excess over theta + 1,
    the response of quantity to price, and never below zero: wedge and slack are complements.
    """
    violation, state = evaluate(system, vector)
    wedge, excess = state.cap_wedge, violation.cap_wedge
    response = system.trade_elasticity[system.caps.sector] + 1.0
    step = violation._replace(
        wage=pace * violation.wage, cap_wedge=jnp.maximum(-wedge, excess / response)
    )
    gap = violation._replace(cap_wedge=jnp.maximum(-wedge, excess))
    return vector + join(step), jnp.max(jnp.abs(join(gap)))


def _normalised(system: System, log_wage: Float[Array, " N"]) -> Float[Array, " N"]:
    """Scale wages so that world value added keeps its base value: the numeraire."""
    world = jnp.sum(jnp.exp(log_wage) * system.labour)
    return log_wage + jnp.log(jnp.sum(system.base_value_added) / world)


def _log_ratio(new: Float[Array, "S N"], old: Float[Array, "S N"]) -> Float[Array, "S N"]:
    """Return log(new / old), bounded away from an iterate's negative income; zero if none buy."""
    bought = old > 0
    ratio = jnp.where(bought, new, 1.0) / jnp.where(bought, old, 1.0)
    return jnp.log(jnp.clip(ratio, 1e-2, 1e2))


def _supply(
    system: System, strength: Float[Array, "S N"], cap_wedge: Float[Array, " Q"]
) -> Float[Array, "S N"]:
    caps = system.caps
    theta = system.trade_elasticity[caps.sector]
    lost = caps.access * jnp.expm1(-theta * cap_wedge) * strength[caps.sector, caps.exporter]
    return eq.market_access(system.access, strength).at[caps.sector, caps.importer].add(lost)


def _demand(
    system: System,
    markets: _Markets,
    expenditure: Float[Array, "S N"],
    cap_wedge: Float[Array, " Q"],
) -> _Demand:
    """Spread spending over exporters; in capped cells the wedge's proceeds stay with the buyer."""
    caps, strength = system.caps, markets.strength
    to_buyer = (caps.sector, caps.importer)
    to_seller = (caps.sector, caps.exporter)
    per_access = expenditure / markets.supply
    lost = jnp.expm1(-(system.trade_elasticity[caps.sector] + 1.0) * cap_wedge)
    lost = lost * strength[to_seller]

    at_border = eq.market_access(system.border_access, strength)
    at_border = at_border.at[to_buyer].add(caps.border_access * lost)
    import_revenue = jnp.sum(expenditure - at_border * per_access, axis=0)

    lost = lost * per_access[to_buyer]
    output = eq.sales(system.producer_access, strength, per_access)
    output = output.at[to_seller].add(caps.producer_access * lost)
    if not system.taxes_exports:
        return _Demand(output, import_revenue, jnp.zeros_like(import_revenue))
    shipped = eq.sales(system.border_access, strength, per_access)
    shipped = shipped.at[to_seller].add(caps.border_access * lost)
    return _Demand(output, import_revenue, jnp.sum(shipped - output, axis=0))


def _cap_excess(
    system: System,
    cap_wedge: Float[Array, " Q"],
    log_spending: Float[Array, "S N"],
    markets: _Markets,
) -> Float[Array, " Q"]:
    """Return the log ratio of quantity to cap: spending times share over delivered price."""
    caps = system.caps
    to_buyer, to_seller = (caps.sector, caps.importer), (caps.sector, caps.exporter)
    theta = system.trade_elasticity[caps.sector]
    log_wedge = jnp.log(caps.wedge_hat) + cap_wedge
    log_share = jnp.log(markets.strength[to_seller] / markets.supply[to_buyer]) - theta * log_wedge
    log_price = markets.log_cost[to_seller] + log_wedge
    log_quantity = log_spending[to_buyer] + log_share - log_price
    return log_quantity - caps.log_cap
