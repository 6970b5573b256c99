"""Every cell of trade by itself: price, quantity, and who is paid what."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tula.equilibrium.arrays import Array, add_at, namespace, over, scale_at
from tula.equilibrium.limits import CellWedges, cell_wedges
from tula.equilibrium.markets import Access, HomeNest, Trade
from tula.equilibrium.system import State, System
from tula.shapes import Bool, Float, Int

#: Cells that are held at a time where they are only added up.
PORTION = 2**17


class Cells(NamedTuple):
    """Trade by sector, importer and exporter after the shock; million USD or ratios to base.

    ``share`` of the importer's spending; ``spent`` by buyers; ``at_border`` before import duty and
    the rents that importers keep; ``before_tax`` before export tax; ``received`` by producers, the
    rents that exporters keep apart; ``seller_price`` (a region's importers alike, or not): what
    producers are paid in the cell; ``price`` (S, N): the price index, added up from cells;
    ``bundle_price`` (S, N): that of the bundle of origins, imports alone under a home nest.
    """

    share: Float[Array, "S N I"]
    spent: Float[Array, "S N I"]
    at_border: Float[Array, "S N I"]
    received: Float[Array, "S N I"]
    seller_price: Float[Array, "S #N I"]
    price: Float[Array, "S N"]
    bundle_price: Float[Array, "S N"]


def cells_of(system: System, state: State) -> Cells:
    """Form every cell of a state."""
    trade, xp = system.trade, namespace(state.income)
    limits, wedges = trade.limits, None
    if limits is not None:
        wedges = cell_wedges(limits, state.wedge)
    seller = _seller_prices(system, state, wedges)
    within, bundle = _choice(trade, seller, wedges)
    price, share = _joined(trade, seller, within, bundle)
    spent = share * state.expenditure[:, :, None]
    keep_border, keep_producer = _kept(trade)
    at_border = spent * keep_border
    if limits is not None and wedges is not None:
        at_border = scale_at(at_border, limits.places, xp.exp(-wedges.to_importer))
    received = at_border
    if keep_producer is not None:
        received = at_border * keep_producer
    if limits is not None and wedges is not None:
        received = scale_at(received + 0.0, limits.places, xp.exp(-wedges.to_exporter))
    return Cells(share, spent, at_border, received, seller, price, bundle)


class Counted(NamedTuple):
    """Cells added up: by importer and sector price indices, by region what importers and exporters
    collect and by seller what it receives, million USD; ``whole`` says whether every cell that may
    trade does. ``each`` are the cells themselves, None where they were not needed.
    """

    price: Float[Array, "S N"]
    bundle_price: Float[Array, "S N"]
    imported: Float[Array, " N"]
    exported: Float[Array, " N"]
    sold: Float[Array, "S N"]
    whole: Bool[Array, ""]
    each: Cells | None


class _Sums(NamedTuple):
    """Cells of some sectors added up; ``missing`` counts those that may trade and do not."""

    price: Float[Array, "P N"]
    at_border: Float[Array, "P N"]
    shipped: Float[Array, "P N"]
    sold: Float[Array, "P N"]
    missing: Int[Array, " 1"]


def counted(system: System, state: State, with_cells: bool = False) -> Counted:
    """Add up what every cell trades, in as few passes over the cells as will do.

    ``with_cells`` where the cells themselves are read.
    """
    trade, xp = system.trade, namespace(state.income)
    plain = trade.base is None and trade.home is None and trade.limits is None
    if plain and not with_cells:
        strength = _strength(trade, state.cost_hat)
        portions = _portions(access_cells(trade))
        parts = [_plain_sums(trade, state, strength[some], some) for some in portions]
        sums = _Sums(*map(xp.concatenate, zip(*parts, strict=True))) if parts[1:] else parts[0]
        spent, bundle, each = state.expenditure, sums.price, None
    else:
        each, one = cells_of(system, state), xp.ones_like(state.income)
        spent, bundle = each.spent @ one, each.bundle_price
        missing = _missing(access_cells(trade), each.share)
        shipped, sold = one @ each.at_border, one @ each.received
        sums = _Sums(each.price, each.at_border @ one, shipped, sold, missing)
    imported = (spent - sums.at_border).sum(axis=0)
    exported = (sums.shipped - sums.sold).sum(axis=0)
    whole = (sums.missing == 0).all()
    return Counted(sums.price, bundle, imported, exported, sums.sold, whole, each)


def _strength(trade: Trade, cost_hat: Float[Array, "S I"]) -> Float[Array, "S #N I"]:
    """Return costs to the power of minus the elasticity of their buyers."""
    log_cost = namespace(cost_hat).log(cost_hat)
    strength = Access.strength(log_cost, trade.theta, trade.kinds)
    return strength[:, None, :] if trade.kinds is None else strength


def _plain_sums(trade: Trade, state: State, strength: Float[Array, "P #N I"], some: slice) -> _Sums:
    """Add up the cells of some sectors, where trade is plain Armington."""
    assert isinstance(trade.border, Access)
    access, theta = access_cells(trade)[some], trade.theta[some]
    one = namespace(access).ones(access.shape[2])
    weight = access * strength
    total = weight @ one
    per_access = (state.expenditure[some] / total)[:, :, None]
    at_border = trade.border.cells[some] * strength
    at_border *= per_access
    shipped = sold = one @ at_border
    if isinstance(trade.producer, Access):
        sold = one @ (trade.producer.cells[some] * strength * per_access)
    missing = _missing(access, weight)
    return _Sums(total ** (-1.0 / theta), at_border @ one, shipped, sold, missing)


def _missing(access: Float[Array, "P N I"], weight: Float[Array, "P N I"]) -> Int[Array, " 1"]:
    """Return how many cells may trade and do not."""
    xp = namespace(weight)
    return xp.asarray(xp.count_nonzero((access > 0.0) & ~(weight > 0.0)))[None]


def _portions(cells: Float[Array, "S N I"]) -> list[slice]:
    """Return sectors by few enough for a core's own cache; all at once for jax."""
    sectors, each = len(cells), cells[0].size
    some = max(1, PORTION // each) if isinstance(cells, np.ndarray) else sectors
    return [slice(first, first + some) for first in range(0, sectors, some)]


def access_cells(trade: Trade) -> Float[Array, "S N I"]:
    """Return base shares times wedges to the power -theta, cell by cell."""
    assert isinstance(trade.access, Access)
    return trade.access.cells


def _seller_prices(
    system: System, state: State, wedges: CellWedges | None
) -> Float[Array, "S #N I"]:
    """Return the price that equates a buyer's demand and a seller's supply in every cell."""
    trade, xp = system.trade, namespace(state.income)
    if trade.rigidity is None:
        return state.cost_hat[:, None, :]
    assert trade.base is not None
    log_cost = xp.log(state.cost_hat)[:, None, :]
    r, theta = trade.rigidity, trade.theta[:, :, None]
    growth = xp.log(over(state.expenditure, system.base_expenditure, 1.0))
    if trade.home is not None:
        abroad = xp.where(trade.home.share < 1.0, 1.0 - trade.home.share, 1.0)
        growth = growth + xp.log(_full(state.bundle_share / abroad))
    sold = xp.log(over(state.output, system.base_output, 1.0))[:, None, :]
    paid, delivered = trade.base.log_tax, -trade.base.log_wedge
    if trade.limits is not None and wedges is not None:
        paid = add_at(paid + 0.0, trade.limits.places, wedges.to_importer + wedges.to_exporter)
        delivered = add_at(delivered, trade.limits.places, -wedges.total)
    delivered = xp.log(state.bundle_price_hat)[:, :, None] + delivered
    pull = theta * delivered + growth[:, :, None] + trade.base.log_left - paid
    log_price = (log_cost + r * (pull - sold)) / (1.0 + theta * r)
    if trade.home is None:
        return xp.exp(log_price)
    return xp.exp(_with_own(log_price, _own_price(system, state, trade.home)))


def _own_price(system: System, state: State, home: HomeNest) -> Float[Array, "S N"]:
    assert system.trade.rigidity is not None
    r, log = system.trade.rigidity, namespace(state.income).log
    growth = log(over(state.expenditure, system.base_expenditure, 1.0))
    sold = log(over(state.output, system.base_output, 1.0))
    pull = growth + home.theta * log(state.price_hat) - sold
    return (log(state.cost_hat) + r * pull) / (1.0 + home.theta * r)


def _choice(
    trade: Trade, seller: Float[Array, "S #N I"], wedges: CellWedges | None
) -> tuple[Float[Array, "S N I"], Float[Array, "S N"]]:
    """Return shares within the bundle of origins (home apart under a home nest) and its price."""
    xp, access, limits = namespace(seller), access_cells(trade), trade.limits
    if trade.base is None:
        weight = access * _strength(trade, seller[:, 0])
        if limits is not None and wedges is not None:
            fewer = xp.exp(-limits.theta * wedges.total)
            weight = scale_at(weight, limits.places, fewer)
        total = weight @ xp.ones(weight.shape[2])
        price = _full(_normal(trade, total)) ** (-1.0 / trade.theta)
        return weight / _full(total)[:, :, None], price
    base = xp.where(access > 0.0, trade.base.share * xp.exp(trade.base.log_left), 0.0)
    log_delivered = xp.log(seller) + trade.base.log_wedge
    if limits is not None and wedges is not None:
        log_delivered = add_at(log_delivered, limits.places, wedges.total)
    share = _normal(trade, base)
    unit = trade.theta == 0.0
    power = xp.where(unit, 1.0, trade.theta)
    mean = _full((share * xp.exp(-power[:, :, None] * log_delivered)).sum(axis=2))
    price = xp.where(unit, xp.exp((share * log_delivered).sum(axis=2)), mean ** (-1.0 / power))
    chosen = share * xp.exp(-trade.theta[:, :, None] * (log_delivered - xp.log(price)[:, :, None]))
    return chosen, price


def _joined(
    trade: Trade,
    seller: Float[Array, "S #N I"],
    within: Float[Array, "S N I"],
    bundle: Float[Array, "S N"],
) -> tuple[Float[Array, "S N"], Float[Array, "S N I"]]:
    """Return the price index and shares in all spending, home supply joined where it is a nest."""
    if trade.home is None:
        return bundle, within
    home, xp = trade.home, namespace(within)
    own = xp.einsum("snn->sn", xp.broadcast_to(seller, within.shape))
    unit = home.theta == 0.0
    power = xp.where(unit, 1.0, home.theta)
    abroad = xp.where(home.closed, 0.0, 1.0 - home.share)
    mean = home.share * own**-power + abroad * bundle**-power
    mean_log = home.share * xp.log(own) + abroad * xp.log(bundle)
    price = xp.where(unit, xp.exp(mean_log), mean ** (-1.0 / power))
    at_home = home.share * (own / price) ** -home.theta
    return price, _with_own(within * (1.0 - at_home)[:, :, None], at_home)


def _kept(trade: Trade) -> tuple[Float[Array, "S N I"], Float[Array, "S N I"] | None]:
    """Return what is left of spending after import duty, and of that after export tax."""
    assert isinstance(trade.border, Access)
    border, producer = over(trade.border.cells, access_cells(trade), 1.0), None
    if trade.producer is not None:
        assert isinstance(trade.producer, Access)
        producer = over(trade.producer.cells, trade.border.cells, 1.0)
    if trade.home is None:
        return border, producer
    own = trade.home
    if producer is not None:
        producer = _with_own(producer, own.producer / own.border)
    return _with_own(border, own.border), producer


def _with_own(cells: Float[Array, "S N I"], own: Float[Array, "S N"]) -> Float[Array, "S N I"]:
    """Put home values on the diagonal."""
    xp = namespace(cells)
    return xp.where(xp.eye(cells.shape[1], dtype=bool)[None], own[:, :, None], cells)


def _normal(trade: Trade, values: Array) -> Array:
    """Divide by the base share of the bundle of origins in spending."""
    if trade.home is None:
        return values
    abroad = namespace(values).where(trade.home.share < 1.0, 1.0 - trade.home.share, 1.0)
    return values / (abroad if values.ndim == 2 else abroad[:, :, None])


def _full(total: Float[Array, "S N"]) -> Float[Array, "S N"]:
    """Put one where nothing is bought from abroad at all."""
    return namespace(total).where(total > 0.0, total, 1.0)
