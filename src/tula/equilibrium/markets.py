"""Who sells to whom: demand over origins, supply over destinations, and limits on both.

Buyers choose among origins by delivered price (Armington), home being one origin among many or a
nest of its own beside imports. Producers move output between destinations with an elasticity of
transformation; its inverse plus one gives ``rigidity`` r = 1 / (1 + transformation), zero where
one price holds everywhere. The price of a cell is then explicit in the seller's cost and sales and
the buyer's price and spending, so that every sum over cells stays one product of the access array
with a vector; ``reach`` is theta / (1 + theta r).
"""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
from jax import Array
from jaxtyping import Bool, Float

from tula.equilibrium import equations as eq
from tula.equilibrium.limits import CellWedges, Limits


class HomeNest(eqx.Module):
    """Home supply as a nest beside imports: base share, theta between the two, own duty factors.

    ``closed`` (S, N): nothing is imported. ``access`` arrays then hold nothing on their diagonal.
    """

    share: Float[Array, "S N"]
    theta: Float[Array, ""]
    border: Float[Array, "S N"]
    producer: Float[Array, "S N"]
    closed: Bool[Array, "S N"]


class Base(eqx.Module):
    """Base shares, what producers received (million USD), and what the shock does to wedges and to
    duty and tax factors, cell by cell.

    Read only by the certificate, and only where ``access`` does not tell them.
    """

    share: Float[Array, "S N I"]
    received: Float[Array, "S N I"]
    log_wedge: Float[Array, "S N I"]
    log_tax: Float[Array, "S N I"]


class Trade(eqx.Module):
    """Base shares and the shock's wedges, as the iteration reads them.

    ``access`` leads to buyers' spending, ``border_access`` to value before import duty,
    ``producer_access`` to value before export tax as well. ``log_pressure`` (S, N) is the mean
    wedge, read only in sectors with theta = 0 (``has_unit``).
    """

    access: Float[Array, "S N I"]
    border_access: Float[Array, "S N I"]
    producer_access: Float[Array, "S N I"]
    theta: Float[Array, "S #N"]
    rigidity: Float[Array, ""] | None
    home: HomeNest | None
    log_pressure: Float[Array, "S N"] | None
    base: Base | None
    limits: Limits
    taxes_exports: bool = eqx.field(static=True)

    @property
    def reach(self) -> Float[Array, "S #N"]:
        """Elasticity of a cell's spending to its wedge, the seller's price response included."""
        return (
            self.theta if self.rigidity is None else self.theta / (1.0 + self.theta * self.rigidity)
        )


class Prices(NamedTuple):
    """What sellers offer and the price indices that result; logs of ratios to base.

    ``supply`` sums what sellers bring to a market (the import bundle under a home nest);
    ``log_bundle`` is its price; ``own`` is home's own competitiveness under a home nest.
    """

    log_cost: Float[Array, "S N"]
    log_output: Float[Array, "S N"] | None
    strength: Float[Array, "S I"] | Float[Array, "S N I"]
    supply: Float[Array, "S N"]
    log_price: Float[Array, "S N"]
    log_bundle: Float[Array, "S N"]
    bundle_share: Float[Array, "S N"]


class Demand(NamedTuple):
    """Sales by exporter, and what importers and exporters collect, million USD.

    ``import_revenue``: duties and the rents that importers keep; ``export_rent``: the rents that
    exporters keep.
    """

    output: Float[Array, "S N"]
    import_revenue: Float[Array, " N"]
    export_tax_revenue: Float[Array, " N"]
    export_rent: Float[Array, " N"]


def prices(
    trade: Trade,
    log_cost: Float[Array, "S N"],
    log_output: Float[Array, "S N"] | None,
    log_spending: Float[Array, "S N"],
    log_price: Float[Array, "S N"],
    wedges: CellWedges,
) -> Prices:
    """Return the price indices implied by costs; ``log_price`` is the iterate's own."""
    log_offer = log_cost
    if trade.rigidity is not None and log_output is not None:
        log_offer = log_cost - trade.rigidity * log_output
    strength = eq.competitiveness(log_offer, trade.reach)
    supply = _supply(trade, strength, wedges)
    log_bundle = _log_bundle(trade, log_offer, supply, wedges)
    if trade.home is None:
        spread = _crowding(trade, log_spending - jnp.log(supply))
        log_index, whole = log_bundle + spread, jnp.ones_like(supply)
        return Prices(log_cost, log_output, strength, supply, log_index, log_index, whole)
    return _nested_prices(
        trade, (log_cost, log_output, strength, supply), log_bundle, log_spending, log_price
    )


def demand(
    trade: Trade, found: Prices, expenditure: Float[Array, "S N"], wedges: CellWedges
) -> Demand:
    """Spread spending over sellers (eqs. 4-5), and share out duties, taxes and rents."""
    limits, strength = trade.limits, found.strength
    cells = (limits.sector, limits.importer)
    on_bundle = expenditure if trade.home is None else expenditure * found.bundle_share
    per_access = on_bundle / found.supply
    sold = _cell_strength(limits, strength) * per_access[cells]
    paid = sold * jnp.exp(-_pressed(trade, wedges))

    lost = paid * jnp.exp(-wedges.to_importer) - sold
    at_border = per_access * eq.market_access(trade.border_access, strength)
    at_border = at_border.at[cells].add(limits.border_access * lost)
    import_revenue = jnp.sum(on_bundle - at_border, axis=0)

    rent = limits.border_access * paid * jnp.exp(-wedges.to_importer)
    rent = rent * -jnp.expm1(-wedges.to_exporter)
    none = jnp.zeros_like(import_revenue)
    export_rent = none.at[limits.exporter].add(rent)

    received = paid * jnp.exp(-wedges.to_importer - wedges.to_exporter) - sold
    to_seller = (limits.sector, limits.exporter)
    output = eq.sales(trade.producer_access, strength, per_access)
    output = output.at[to_seller].add(limits.producer_access * received)
    tax = none
    if trade.taxes_exports:
        shipped = eq.sales(trade.border_access, strength, per_access)
        shipped = shipped.at[to_seller].add(limits.border_access * received)
        tax = jnp.sum(shipped - output, axis=0)
    if trade.home is not None:
        own = expenditure - on_bundle
        output = output + own * trade.home.producer
        import_revenue = import_revenue + jnp.sum(own * (1.0 - trade.home.border), axis=0)
        tax = tax + jnp.sum(own * (trade.home.border - trade.home.producer), axis=0)
    return Demand(output, import_revenue, tax, export_rent)


def cell_prices(
    trade: Trade, found: Prices, log_spending: Float[Array, "S N"], wedges: CellWedges
) -> tuple[Float[Array, " Q"], Float[Array, " Q"]]:
    """Return log quantity bought and log price paid to the seller in the limited cells."""
    limits = trade.limits
    cells, sellers = (limits.sector, limits.importer), (limits.sector, limits.exporter)
    theta = _at_buyer(trade.theta, limits)
    log_seller = found.log_cost[sellers]
    on_bundle = log_spending[cells]
    if trade.home is not None:
        on_bundle = on_bundle + jnp.log(_normal(trade, found.bundle_share))[cells]
    wedge = jnp.log(limits.wedge_hat) + wedges.total
    if trade.rigidity is not None and found.log_output is not None:
        r = trade.rigidity
        paid = jnp.log(limits.tax_hat) + wedges.to_importer + wedges.to_exporter
        pull = theta * (found.log_bundle[cells] - wedge) + on_bundle - paid
        log_seller = (log_seller + r * (pull - found.log_output[sellers])) / (1.0 + theta * r)
    delivered = log_seller + wedge
    log_quantity = on_bundle - theta * (delivered - found.log_bundle[cells]) - delivered
    return log_quantity, log_seller


def _nested_prices(
    trade: Trade,
    offers: tuple[Array, Array | None, Array, Array],
    log_free: Float[Array, "S N"],
    log_spending: Float[Array, "S N"],
    log_price: Float[Array, "S N"],
) -> Prices:
    """Join home supply and the import bundle in the upper nest."""
    assert trade.home is not None
    nest = trade.home
    log_cost, log_output, strength, supply = offers
    log_home, log_bundle = log_cost, log_free
    if trade.rigidity is not None and log_output is not None:
        stiff = 1.0 + nest.theta * trade.rigidity
        reach = log_spending + nest.theta * log_price
        log_home = (log_cost + trade.rigidity * (reach - log_output)) / stiff
        log_bundle = (log_free + trade.rigidity * (reach - jnp.log(_normal(trade, supply)))) / stiff
    abroad, is_open = 1.0 - nest.share, ~nest.closed
    never = 1.0 / jnp.maximum(nest.theta, 0.0)
    foreign = jnp.where(is_open, eq.box_cox(log_bundle, -nest.theta), never)
    mean = nest.share * eq.box_cox(log_home, -nest.theta)
    mean = mean + jnp.where(abroad > 0.0, abroad * foreign, 0.0)
    implied = eq.inverse_box_cox(mean, -nest.theta)
    bundle_share = abroad * jnp.exp(-nest.theta * (log_bundle - implied))
    bundle_share = jnp.where(is_open, bundle_share, 0.0)
    return Prices(log_cost, log_output, strength, supply, implied, log_bundle, bundle_share)


def _crowding(trade: Trade, log_load: Float[Array, "S N"]) -> Float[Array, "S N"] | float:
    """Return by how much a market's own size raises what it pays, under rigid destinations."""
    return 0.0 if trade.rigidity is None else trade.rigidity * log_load


def _supply(trade: Trade, strength: Array, wedges: CellWedges) -> Float[Array, "S N"]:
    limits = trade.limits
    lost = limits.access * jnp.expm1(-_pressed(trade, wedges)) * _cell_strength(limits, strength)
    supply = eq.market_access(trade.access, strength)
    supply = supply.at[limits.sector, limits.importer].add(lost)
    return supply if trade.home is None else jnp.where(trade.home.closed, 1.0, supply)


def _normal(trade: Trade, total: Float[Array, "S N"]) -> Float[Array, "S N"]:
    """Divide by the base share of the bundle of sellers that the total runs over."""
    if trade.home is None:
        return total
    return total / jnp.where(trade.home.share < 1.0, 1.0 - trade.home.share, 1.0)


def _log_bundle(
    trade: Trade, log_offer: Float[Array, "S N"], supply: Float[Array, "S N"], wedges: CellWedges
) -> Float[Array, "S N"]:
    """Return the price index at base spending; a mean of logs where theta is zero."""
    unit = trade.theta == 0.0
    safe = jnp.where(unit, 1.0, trade.theta)
    power = -jnp.log(_normal(trade, supply)) / safe
    if trade.log_pressure is None:
        return power
    limits = trade.limits
    pushed = limits.base_share * _push(trade, wedges)
    mean = eq.market_access(trade.access, log_offer) + trade.log_pressure
    mean = mean.at[limits.sector, limits.importer].add(pushed)
    return jnp.where(unit, _normal(trade, mean), power)


def _push(trade: Trade, wedges: CellWedges) -> Float[Array, " Q"]:
    """Return the log wedge that a buyer feels, the seller's price response at fixed theta aside."""
    if trade.rigidity is None:
        return wedges.total
    return wedges.total - trade.rigidity * (wedges.to_importer + wedges.to_exporter)


def _pressed(trade: Trade, wedges: CellWedges) -> Float[Array, " Q"]:
    """Return by how much, in logs, limits lower what their cells' sellers bring to the buyer."""
    return _at_buyer(trade.reach, trade.limits) * _push(trade, wedges)


def _at_buyer(values: Float[Array, "S #N"], limits: Limits) -> Float[Array, " Q"]:
    if values.shape[1] == 1:
        return values[limits.sector, 0]
    return values[limits.sector, limits.importer]


def _cell_strength(limits: Limits, strength: Array) -> Float[Array, " Q"]:
    if strength.ndim == 2:
        return strength[limits.sector, limits.exporter]
    return strength[limits.sector, limits.importer, limits.exporter]
