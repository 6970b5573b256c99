"""Every cell of trade by itself: price, quantity, and who is paid what."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from tula.equilibrium.limits import CellWedges, cell_wedges
from tula.equilibrium.markets import HomeNest, Trade
from tula.equilibrium.system import State, System


class Cells(NamedTuple):
    """Trade by sector, importer and exporter after the shock; million USD or ratios to base.

    ``share`` of the importer's spending; ``spent`` by buyers; ``at_border`` before import duty and
    the rents that importers keep; ``before_tax`` before export tax; ``received`` by producers, the
    rents that exporters keep apart; ``seller_price``: what producers are paid in the cell;
    ``price`` (S, N): the price index, added up from cells; ``bundle_price`` (S, N): that of the
    bundle of origins, imports alone under a home nest.
    """

    share: Float[Array, "S N I"]
    spent: Float[Array, "S N I"]
    at_border: Float[Array, "S N I"]
    received: Float[Array, "S N I"]
    seller_price: Float[Array, "S N I"]
    price: Float[Array, "S N"]
    bundle_price: Float[Array, "S N"]


class _Wedges(NamedTuple):
    """Log wedges of limits on the full array of cells."""

    total: Float[Array, "S N I"]
    to_importer: Float[Array, "S N I"]
    to_exporter: Float[Array, "S N I"]


def cells_of(system: System, state: State) -> Cells:
    """Form every cell of a state."""
    trade = system.trade
    wedges = _spread(trade, cell_wedges(trade.limits, state.wedge))
    seller = _seller_prices(system, state, wedges)
    within, bundle = _choice(trade, seller, wedges)
    price, share = _joined(trade, state, seller, within, bundle)
    spent = share * state.expenditure[:, :, None]
    keep_border, keep_producer = _kept(trade)
    at_border = spent * jnp.exp(-wedges.to_importer) * keep_border
    received = at_border * jnp.exp(-wedges.to_exporter) * keep_producer
    return Cells(share, spent, at_border, received, seller, price, bundle)


def _spread(trade: Trade, wedges: CellWedges) -> _Wedges:
    limits = trade.limits
    places = (limits.sector, limits.importer, limits.exporter)
    return _Wedges(*(jnp.zeros_like(trade.access).at[places].add(part) for part in wedges))


def _seller_prices(system: System, state: State, wedges: _Wedges) -> Float[Array, "S N I"]:
    """Return the price that equates a buyer's demand and a seller's supply in every cell."""
    trade = system.trade
    log_cost = jnp.log(state.cost_hat)[:, None, :]
    if trade.rigidity is None:
        return jnp.exp(jnp.broadcast_to(log_cost, trade.access.shape))
    assert trade.base is not None
    r, theta = trade.rigidity, trade.theta[:, :, None]
    growth = jnp.log(_ratio(state.expenditure, system.base_expenditure))
    if trade.home is not None:
        abroad = jnp.where(trade.home.share < 1.0, 1.0 - trade.home.share, 1.0)
        growth = growth + jnp.log(_full(state.bundle_share / abroad))
    sold = jnp.log(_ratio(state.output, system.base_output))[:, None, :]
    paid = trade.base.log_tax + wedges.to_importer + wedges.to_exporter
    delivered = jnp.log(state.bundle_price_hat)[:, :, None] - trade.base.log_wedge - wedges.total
    pull = theta * delivered + growth[:, :, None] - paid
    log_price = (log_cost + r * (pull - sold)) / (1.0 + theta * r)
    if trade.home is None:
        return jnp.exp(log_price)
    return jnp.exp(_with_own(log_price, _own_price(system, state, trade.home)))


def _own_price(system: System, state: State, home: HomeNest) -> Float[Array, "S N"]:
    assert system.trade.rigidity is not None
    r = system.trade.rigidity
    growth = jnp.log(_ratio(state.expenditure, system.base_expenditure))
    sold = jnp.log(_ratio(state.output, system.base_output))
    pull = growth + home.theta * jnp.log(state.price_hat) - sold
    return (jnp.log(state.cost_hat) + r * pull) / (1.0 + home.theta * r)


def _choice(
    trade: Trade, seller: Float[Array, "S N I"], wedges: _Wedges
) -> tuple[Float[Array, "S N I"], Float[Array, "S N"]]:
    """Return shares within the bundle of origins (home apart under a home nest) and its price."""
    theta = trade.theta[:, :, None]
    if trade.base is None:
        weight = trade.access * seller**-theta * jnp.exp(-theta * wedges.total)
        total = jnp.sum(weight, axis=2)
        price = _full(_normal(trade, total)) ** (-1.0 / trade.theta)
        return weight / _full(total)[:, :, None], price
    alive = trade.access > 0.0
    base = jnp.where(alive, trade.base.share, 0.0)
    log_delivered = jnp.log(seller) + trade.base.log_wedge + wedges.total
    share = _normal(trade, base)
    unit = trade.theta == 0.0
    power = jnp.where(unit, 1.0, trade.theta)
    mean = _full(jnp.sum(share * jnp.exp(-power[:, :, None] * log_delivered), axis=2))
    price = jnp.where(unit, jnp.exp(jnp.sum(share * log_delivered, axis=2)), mean ** (-1.0 / power))
    chosen = share * jnp.exp(-theta * (log_delivered - jnp.log(price)[:, :, None]))
    return chosen, price


def _joined(
    trade: Trade,
    state: State,
    seller: Float[Array, "S N I"],
    within: Float[Array, "S N I"],
    bundle: Float[Array, "S N"],
) -> tuple[Float[Array, "S N"], Float[Array, "S N I"]]:
    """Return the price index and shares in all spending, home supply joined where it is a nest."""
    if trade.home is None:
        return bundle, within
    home = trade.home
    own = jnp.einsum("snn->sn", seller)
    unit = home.theta == 0.0
    power = jnp.where(unit, 1.0, home.theta)
    abroad = jnp.where(home.closed, 0.0, 1.0 - home.share)
    mean = home.share * own**-power + abroad * bundle**-power
    mean_log = home.share * jnp.log(own) + abroad * jnp.log(bundle)
    price = jnp.where(unit, jnp.exp(mean_log), mean ** (-1.0 / power))
    at_home = home.share * (own / price) ** -home.theta
    return price, _with_own(within * (1.0 - at_home)[:, :, None], at_home)


def _kept(trade: Trade) -> tuple[Float[Array, "S N I"], Float[Array, "S N I"]]:
    """Return what is left of spending after import duty, and of that after export tax."""
    traded = trade.access > 0
    border = _ratio(trade.border_access, jnp.where(traded, trade.access, 0.0))
    producer = _ratio(trade.producer_access, jnp.where(traded, trade.border_access, 0.0))
    if trade.home is None:
        return border, producer
    own = trade.home
    return _with_own(border, own.border), _with_own(producer, own.producer / own.border)


def _with_own(cells: Float[Array, "S N I"], own: Float[Array, "S N"]) -> Float[Array, "S N I"]:
    """Put home values on the diagonal."""
    on_diagonal = jnp.eye(cells.shape[1], dtype=bool)[None]
    return jnp.where(on_diagonal, own[:, :, None], cells)


def _normal(trade: Trade, values: Array) -> Array:
    """Divide by the base share of the bundle of origins in spending."""
    if trade.home is None:
        return values
    abroad = jnp.where(trade.home.share < 1.0, 1.0 - trade.home.share, 1.0)
    return values / (abroad if values.ndim == 2 else abroad[:, :, None])


def _full(total: Float[Array, "S N"]) -> Float[Array, "S N"]:
    """Put one where nothing is bought from abroad at all."""
    return jnp.where(total > 0.0, total, 1.0)


def _ratio(new: Array, old: Array) -> Array:
    """Divide; one where there was nothing."""
    return jnp.where(old > 0.0, new / jnp.where(old > 0.0, old, 1.0), 1.0)
