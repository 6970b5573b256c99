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

from tula.equilibrium import equations as eq
from tula.equilibrium.arrays import Array, Scalar, add_at, namespace, record
from tula.equilibrium.limits import CellWedges, Limits
from tula.shapes import Bool, Float, Int


@record
class HomeNest:
    """Home supply as a nest beside imports: base share, theta between the two, own duty factors.

    ``closed`` (S, N): nothing is imported. ``access`` arrays then hold nothing on their diagonal.
    """

    share: Float[Array, "... S N"]
    theta: Scalar
    border: Float[Array, "... S N"]
    producer: Float[Array, "... S N"]
    closed: Bool[Array, "... S N"]


@record
class Base:
    """Base shares, what producers received (million USD), and what the shock does to wedges and to
    duty and tax factors, and what of the goods its bans leave, cell by cell.

    Read only by the certificate, and only where ``access`` does not tell them.
    """

    share: Float[Array, "... S N I"]
    received: Float[Array, "... S N I"]
    log_wedge: Float[Array, "... S N I"]
    log_tax: Float[Array, "... S N I"]
    log_left: Float[Array, "... S N I"]


@record
class Kinds:
    """Buyers of a sector that are alike in elasticity, P kinds over all sectors.

    ``sector`` and ``importer`` name one buyer of each kind; ``of`` is the kind of every buyer.
    """

    sector: Int[Array, "... P"]
    importer: Int[Array, "... P"]
    of: Int[Array, "... S N"]


@record
class Access:
    """How far exporters reach into markets, cell by cell; what they bring is their ``strength``."""

    cells: Float[Array, "... S N I"]

    def bought(self, strength: Float[Array, "... I"]) -> Float[Array, "... S N"]:
        """Return the sum over exporters of access times strength."""
        if strength.ndim < self.cells.ndim:
            return (self.cells @ strength[..., None])[..., 0]
        return namespace(strength).einsum("...sni,...sni->...sn", self.cells, strength)

    def sold(
        self,
        strength: Float[Array, "... I"],
        spending_per_access: Float[Array, "... S N"],
    ) -> Float[Array, "... S I"]:
        """Return exporters' sales over all markets: shares times spending, summed (eqs. 4-5)."""
        if strength.ndim < self.cells.ndim:
            return strength * (spending_per_access[..., None, :] @ self.cells)[..., 0, :]
        return (spending_per_access[..., None, :] @ self.brought(strength))[..., 0, :]

    def brought(self, strength: Float[Array, "... I"]) -> Float[Array, "... S N I"]:
        """Return access times strength, cell by cell."""
        return self.cells * (
            strength if strength.ndim == self.cells.ndim else strength[..., None, :]
        )

    @staticmethod
    def strength(
        log_offer: Float[Array, "... S I"], reach: Float[Array, "... S #N"], kinds: Kinds | None
    ) -> Float[Array, "... I"]:
        """Return offers to the power of minus their reach: what an exporter brings to every market.

        Where importers differ in elasticity it is what it brings to each of them.
        """
        xp = namespace(log_offer)
        if kinds is None:
            return xp.exp(-reach * log_offer)
        at_kind = reach[kinds.sector, kinds.importer][:, None]
        by_kind = xp.exp(-at_kind * log_offer.take(kinds.sector, axis=-2))
        return by_kind.take(kinds.of, axis=-2)


@record
class OwnAccess:
    """The same seen by each region alone, what all others do being given.

    ``own`` is each region's access to itself, ``others`` what all others bring to it, ``abroad``
    all others' spending per access times its access to them, ``held`` its share in their markets,
    ``before`` its strength there; strengths are (S, N).
    """

    own: Float[Array, "... S N"]
    others: Float[Array, "... S N"]
    abroad: Float[Array, "... S N"]
    held: Float[Array, "... S N"]
    before: Float[Array, "... S N"]

    def bought(self, strength: Float[Array, "... S N"]) -> Float[Array, "... S N"]:
        """Return as ``Access`` does."""
        return self.own * strength + self.others

    def sold(
        self, strength: Float[Array, "... S N"], spending_per_access: Float[Array, "... S N"]
    ) -> Float[Array, "... S N"]:
        """Return as ``Access`` does; foreign markets crowd as the region brings more."""
        crowd = 1.0 + self.held * (strength / self.before - 1.0)
        return strength * (self.own * spending_per_access + self.abroad / crowd)

    @staticmethod
    def strength(
        log_offer: Float[Array, "... S N"], reach: Float[Array, "... S #N"], kinds: Kinds | None
    ) -> Float[Array, "... S N"]:
        """Return offers to the power of minus the reach of the region's own buyers."""
        return namespace(log_offer).exp(-reach * log_offer)


@record
class Trade:
    """Base shares and the shock's wedges, as the iteration reads them.

    ``access`` leads to buyers' spending, ``border`` to value before import duty, ``producer`` to
    value before export tax as well (None: no export is taxed). ``kinds`` are those of buyers, None
    where all of a sector are alike. ``log_pressure`` (S, N) is the mean wedge, read only in
    sectors with theta = 0; None where there are none.
    """

    access: Access | OwnAccess
    border: Access | OwnAccess
    producer: Access | OwnAccess | None
    theta: Float[Array, "... S #N"]
    kinds: Kinds | None
    rigidity: Scalar | None
    home: HomeNest | None
    log_pressure: Float[Array, "... S N"] | None
    base: Base | None
    limits: Limits | None

    @property
    def reach(self) -> Float[Array, "... S #N"]:
        """Elasticity of a cell's spending to its wedge, the seller's price response included."""
        return reach(self.theta, self.rigidity)


def reach(theta: Array, rigidity: Scalar | None) -> Array:
    """Return the elasticity of spending to a wedge, the seller's price response included."""
    return theta if rigidity is None else theta / (1.0 + theta * rigidity)


class Prices(NamedTuple):
    """What sellers offer and the price indices that result; logs of ratios to base.

    ``supply`` sums what sellers bring to a market (the import bundle under a home nest);
    ``log_bundle`` is its price and ``bundle_share`` its share in spending (None: all).
    """

    log_cost: Float[Array, "... S N"]
    log_output: Float[Array, "... R N"]
    strength: Float[Array, "... I"]
    supply: Float[Array, "... S N"]
    log_price: Float[Array, "... S N"]
    log_bundle: Float[Array, "... S N"]
    bundle_share: Float[Array, "... S N"] | None


class Demand(NamedTuple):
    """Sales by exporter, and what importers and exporters collect, million USD.

    ``import_revenue``: duties and the rents that importers keep; ``export_rent``: the rents that
    exporters keep. None where nobody can collect any.
    """

    output: Float[Array, "... S N"]
    import_revenue: Float[Array, "... N"]
    export_tax_revenue: Float[Array, "... N"] | None
    export_rent: Float[Array, "... N"] | None


def prices(
    trade: Trade,
    log_cost: Float[Array, "... S N"],
    log_output: Float[Array, "... R N"],
    log_spending: Float[Array, "... S N"],
    log_price: Float[Array, "... S N"],
    wedges: CellWedges | None,
) -> Prices:
    """Return the price indices implied by costs; ``log_price`` is the iterate's own."""
    log_offer = log_cost
    if trade.rigidity is not None:
        log_offer = log_cost - trade.rigidity * log_output
    strength = trade.access.strength(log_offer, trade.reach, trade.kinds)
    supply = _supply(trade, strength, wedges)
    log_bundle = _log_bundle(trade, log_offer, supply, wedges)
    found = Prices(log_cost, log_output, strength, supply, log_bundle, log_bundle, None)
    if trade.home is not None:
        return _nested_prices(trade, found, log_spending, log_price)
    if trade.rigidity is None:
        return found
    crowded = log_bundle + trade.rigidity * (log_spending - namespace(supply).log(supply))
    return found._replace(log_price=crowded, log_bundle=crowded)


def demand(
    trade: Trade, found: Prices, expenditure: Float[Array, "... S N"], wedges: CellWedges | None
) -> Demand:
    """Spread spending over sellers (eqs. 4-5), and share out duties, taxes and rents."""
    strength, home = found.strength, trade.home
    on_bundle = expenditure if found.bundle_share is None else expenditure * found.bundle_share
    per_access = on_bundle / found.supply
    at_border = per_access * trade.border.bought(strength)
    shipped = trade.border.sold(strength, per_access)
    output = shipped if trade.producer is None else trade.producer.sold(strength, per_access)
    rent = None
    if wedges is not None:
        at_border, shipped, output, rent = _limited(
            trade, found, per_access, wedges, (at_border, shipped, output)
        )
    import_revenue = (on_bundle - at_border).sum(axis=-2)
    tax = None if trade.producer is None else (shipped - output).sum(axis=-2)
    if home is not None:
        own = expenditure - on_bundle
        output = output + own * home.producer
        import_revenue = import_revenue + (own * (1.0 - home.border)).sum(axis=-2)
        levied = (own * (home.border - home.producer)).sum(axis=-2)
        tax = None if tax is None else tax + levied
    return Demand(output, import_revenue, tax, rent)


def _limited(
    trade: Trade,
    found: Prices,
    per_access: Float[Array, "... S N"],
    wedges: CellWedges,
    free: tuple[Array, Array, Array],
) -> tuple[Array, Array, Array, Array]:
    """Take from values at the border, shipments and output what limits hold back; return rents."""
    limits = trade.limits
    assert limits is not None
    xp, (at_border, shipped, output) = namespace(per_access), free
    cells = limits.at(limits.sector, limits.importer)
    to_seller = limits.at(limits.sector, limits.exporter)
    sold = _cell_strength(limits, found.strength) * per_access[cells]
    paid = sold * xp.exp(-_pressed(trade, wedges) - wedges.to_importer)
    at_border = add_at(at_border, cells, limits.border_access * (paid - sold))
    kept = paid * -xp.expm1(-wedges.to_exporter)
    none = xp.zeros((*per_access.shape[:-2], per_access.shape[-1]))
    rent = add_at(none, limits.at(limits.exporter), limits.border_access * kept)
    received, untaxed = paid - kept - sold, output is shipped
    shipped = add_at(shipped, to_seller, limits.border_access * received)
    if untaxed:
        return at_border, shipped, shipped, rent
    output = add_at(output, to_seller, limits.producer_access * received)
    return at_border, shipped, output, rent


def cell_prices(
    trade: Trade,
    limits: Limits,
    found: Prices,
    log_spending: Float[Array, "... S N"],
    wedges: CellWedges,
) -> tuple[Float[Array, "... Q"], Float[Array, "... Q"]]:
    """Return log quantity bought and log price paid to the seller in the limited cells."""
    xp = namespace(log_spending)
    cells = limits.at(limits.sector, limits.importer)
    sellers = limits.at(limits.sector, limits.exporter)
    theta = limits.theta
    log_seller = found.log_cost[sellers]
    on_bundle = log_spending[cells] + limits.log_left
    if found.bundle_share is not None:
        on_bundle = on_bundle + xp.log(_normal(trade, found.bundle_share))[cells]
    wedge = xp.log(limits.wedge_hat) + wedges.total
    if trade.rigidity is not None:
        r = trade.rigidity
        paid = xp.log(limits.tax_hat) + wedges.to_importer + wedges.to_exporter
        pull = theta * (found.log_bundle[cells] - wedge) + on_bundle - paid
        log_seller = (log_seller + r * (pull - found.log_output[sellers])) / (1.0 + theta * r)
    delivered = log_seller + wedge
    log_quantity = on_bundle - theta * (delivered - found.log_bundle[cells]) - delivered
    return log_quantity, log_seller


def _nested_prices(
    trade: Trade,
    found: Prices,
    log_spending: Float[Array, "... S N"],
    log_price: Float[Array, "... S N"],
) -> Prices:
    """Join home supply and the import bundle in the upper nest."""
    assert trade.home is not None
    nest, xp = trade.home, namespace(log_price)
    log_home, log_bundle = found.log_cost, found.log_bundle
    if trade.rigidity is not None:
        r = trade.rigidity
        stiff = 1.0 + nest.theta * r
        reach = log_spending + nest.theta * log_price
        log_home = (log_home + r * (reach - found.log_output)) / stiff
        log_bundle = (log_bundle + r * (reach - xp.log(_normal(trade, found.supply)))) / stiff
    abroad, is_open = 1.0 - nest.share, ~nest.closed
    never = 1.0 / xp.where(nest.theta > 0.0, nest.theta, 1.0)
    foreign = xp.where(is_open, eq.box_cox(log_bundle, -nest.theta), never)
    mean = nest.share * eq.box_cox(log_home, -nest.theta)
    mean = mean + xp.where(abroad > 0.0, abroad * foreign, 0.0)
    implied = eq.inverse_box_cox(mean, -nest.theta)
    bundle_share = abroad * xp.exp(-nest.theta * (log_bundle - implied))
    bundle_share = xp.where(is_open, bundle_share, 0.0)
    return found._replace(log_price=implied, log_bundle=log_bundle, bundle_share=bundle_share)


def _supply(trade: Trade, strength: Array, wedges: CellWedges | None) -> Float[Array, "... S N"]:
    supply, xp = trade.access.bought(strength), namespace(strength)
    if wedges is not None and trade.limits is not None:
        limits = trade.limits
        lost = limits.access * xp.expm1(-_pressed(trade, wedges)) * _cell_strength(limits, strength)
        supply = add_at(supply, limits.at(limits.sector, limits.importer), lost)
    return supply if trade.home is None else xp.where(trade.home.closed, 1.0, supply)


def _normal(trade: Trade, total: Float[Array, "... S N"]) -> Float[Array, "... S N"]:
    """Divide by the base share of the bundle of sellers that the total runs over."""
    if trade.home is None:
        return total
    share = trade.home.share
    return total / namespace(total).where(share < 1.0, 1.0 - share, 1.0)


def _log_bundle(
    trade: Trade,
    log_offer: Float[Array, "... S N"],
    supply: Float[Array, "... S N"],
    wedges: CellWedges | None,
) -> Float[Array, "... S N"]:
    """Return the price index at base spending; a mean of logs where theta is zero."""
    xp = namespace(supply)
    log_supply = xp.log(_normal(trade, supply))
    if trade.log_pressure is None:
        return log_supply / -trade.theta
    unit = trade.theta == 0.0
    mean = trade.access.bought(log_offer) + trade.log_pressure
    if wedges is not None and trade.limits is not None:
        limits = trade.limits
        pushed = limits.base_share * _push(trade, wedges)
        mean = add_at(mean, limits.at(limits.sector, limits.importer), pushed)
    power = log_supply / -xp.where(unit, 1.0, trade.theta)
    return xp.where(unit, _normal(trade, mean), power)


def _push(trade: Trade, wedges: CellWedges) -> Float[Array, "... Q"]:
    """Return the log wedge that a buyer feels, the seller's price response at fixed theta aside."""
    if trade.rigidity is None:
        return wedges.total
    return wedges.total - trade.rigidity * (wedges.to_importer + wedges.to_exporter)


def _pressed(trade: Trade, wedges: CellWedges) -> Float[Array, "... Q"]:
    """Return by how much, in logs, limits lower what their cells' sellers bring to the buyer."""
    assert trade.limits is not None
    return reach(trade.limits.theta, trade.rigidity) * _push(trade, wedges)


def _cell_strength(limits: Limits, strength: Array) -> Float[Array, "... Q"]:
    if strength.ndim == limits.sector.ndim + 1:
        return strength[limits.at(limits.sector, limits.exporter)]
    return strength[limits.places]
