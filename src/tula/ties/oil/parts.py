"""The parts of an oil tie: buyers with their refiners, sellers, a supply curve, what is in force.

Prices are USD a barrel, volumes million barrels a day (mb/d), money billion USD a year, shares
and probabilities fractions. Nothing has a default that is a measurement: figures come from
whoever describes the market, with their ranges.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tula.numbers.quantity import Quantity
from tula.numbers.record import Record
from tula.ties.oil.world_price import WorldOil
from tula.world.named import Region

#: Billion barrels in a year of one million barrels a day.
BILLION_BARRELS = 0.365
#: Nothing, known exactly.
NONE = Quantity(value=0.0, low=0.0, high=0.0)
#: Everything, known exactly.
ALL = Quantity(value=1.0, low=1.0, high=1.0)


class SupplyCurve(Record):
    """Exports of the partner by the price at its port: whole from ``flat_above`` upwards, nothing
    at ``zero_below`` and under, straight between the two (Johnson, Rachel and Wolfram 2023)."""

    flat_above: Quantity
    zero_below: Quantity


class Seller(Record):
    """A company of the partner that can be designated; ``share`` of the partner's exports."""

    name: str
    share: float


class Refiner(Record):
    """A firm that buys the partner's crude as a whole or not at all once a seller is designated.

    * ``volume``: what it buys of the partner before the shock; ``need``: the most it could run;
    * ``premium``: discount, USD a barrel, below which it stops; or, in its place,
    * ``loss``, billion USD a year, if it is cut off, and ``probability`` a year of that:
      premium = probability x loss / volume. A firm with nothing left to lose has loss 0.
    """

    name: str
    volume: float
    need: Quantity
    premium: Quantity | None = None
    loss: Quantity | None = None
    probability: Quantity | None = None


class Buyer(Record):
    """A region that buys the partner's crude.

    * ``need``: crude it buys from anywhere; ``volume``: from the partner before the shock;
    * ``freight``: from the partner's port to the buyer's, insurance and dealers included;
    * ``alternative``: delivered price of the next best crude over the world benchmark;
    * ``premium``: what a barrel of a designated seller must be cheaper by, for the part of the
      volume that no refiner of the list buys;
    * ``coalition_services``: share carried or insured by firms bound to a price cap;
    * ``refiners``: firms that decide for themselves; the rest of ``volume`` answers smoothly.
    """

    region: Region
    need: Quantity
    volume: float
    freight: Quantity
    alternative: Quantity = NONE
    premium: Quantity = NONE
    coalition_services: Quantity = NONE
    refiners: tuple[Refiner, ...] = ()


class MarketParts(Record):
    """The market for one partner's crude, seen from one pivot.

    * ``benchmark``: world price before the shock; ``fob_discount``: how far below it the partner
      sells at its own port before the shock;
    * ``elasticity``: of the odds of buying from the partner in its relative delivered cost;
      ``choice``: ``"ces"`` (odds fall with a power of the cost ratio) or ``"logit"`` (with its
      difference, same slope at the base);
    * ``intermediation``: extra freight and dealers' cost of a designated seller's barrel;
    * ``spillover``: share of the other sellers' barrels shunned as if their sellers were
      designated too (banks and insurers that do not tell barrels apart);
    * ``redirectable``: share of the barrels that some buyers drop which can reach others within
      the horizon; the rest waits at sea, lost to the world for the time being (1 in the long run);
    * ``world``: volume and elasticities of the world oil market.
    """

    pivot: Region
    partner: Region
    benchmark: Quantity
    fob_discount: Quantity
    supply: SupplyCurve
    elasticity: Quantity
    choice: Literal["ces", "logit"] = "ces"
    intermediation: Quantity = NONE
    spillover: Quantity = NONE
    redirectable: Quantity = ALL
    buyers: tuple[Buyer, ...]
    sellers: tuple[Seller, ...] = ()
    world: WorldOil

    @property
    def pivot_buyer(self) -> Buyer:
        """The pivot among the buyers."""
        return next(buyer for buyer in self.buyers if buyer.region == self.pivot)


class PriceCap(Record):
    """Highest price at the partner's port for barrels carried with the coalition's services."""

    ceiling: float


class Regime(Record):
    """What is in force: the switches, and nothing but the switches, between two windows.

    * ``designated``: names of sellers under blocking sanctions; ``waiver``: buying from them is
      allowed all the same;
    * ``price_cap``: see ``PriceCap``;
    * ``ceilings``: most that a region's government lets in from the partner, mb/d;
    * ``need_hat``: ratio of new to old crude need by region, from the engine;
    * ``benchmark_hat``: ratio of the world price to the base for reasons outside this market;
    * ``lost_elsewhere``: supply lost in the rest of the world, mb/d.

    A duty that a third power puts on the pivot's goods is no field here: no firm pays it.
    """

    designated: tuple[str, ...] = ()
    waiver: bool = False
    price_cap: PriceCap | None = None
    ceilings: Mapping[str, float] = {}
    need_hat: Mapping[str, float] = {}
    benchmark_hat: float = 1.0
    lost_elsewhere: float = 0.0


#: No pressure at all.
NO_PRESSURE = Regime()
