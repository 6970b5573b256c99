"""A whole oil market whose entries agree with each other, and what a regime may say of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import model_validator

from tula.errors import did_you_mean
from tula.numbers.quantity import NotNegative, Positive, Quantity, Share
from tula.numbers.record import Record, Unit, refuse
from tula.ties.inputs import repeated, unknown
from tula.ties.oil.parts import ALL, NONE, ROUNDING, Buyer, Regime, Seller, SupplyCurve
from tula.ties.oil.world_price import WorldOil
from tula.world.named import Fault, Region


class OilMarket(Record):
    """The market for one partner's crude, seen from one pivot."""

    pivot: Region
    """The middle power, one of the buyers; filled in by the study."""
    partner: Region
    """Whose crude it is; filled in by the study."""
    benchmark: Annotated[Positive, Unit("USD a barrel", 67.4)]
    """World price before the shock."""
    fob_discount: Annotated[Quantity, Unit("USD a barrel", 5.1)]
    """How far below it the partner sells at its own port before the shock."""
    supply: SupplyCurve
    """What the partner exports at which price."""
    elasticity: Annotated[Positive, Unit("per cent for one per cent", 10.0)]
    """Fall of the odds of buying from the partner as its delivered cost rises against others'."""
    choice: Literal["ces", "logit"] = "ces"
    """Whether odds fall with a power of the ratio of costs (ces) or with their difference (logit,
    with the same slope at the base)."""
    intermediation: Annotated[NotNegative, Unit("USD a barrel", 11.5)] = NONE
    """Extra freight and dealers' cost of a designated seller's barrel."""
    spillover: Annotated[Share, Unit("share", 0.5)] = NONE
    """Share of the other sellers' barrels shunned as if their sellers were designated too, by banks
    and insurers that do not tell barrels apart."""
    redirectable: Annotated[Share, Unit("share", 0.7)] = ALL
    """Share of the barrels some buyers drop that can reach others within the horizon; the rest
    waits at sea, lost to the world for the time being."""
    buyers: tuple[Buyer, ...]
    """Everybody who buys the partner's crude."""
    sellers: tuple[Seller, ...] = ()
    """Companies of the partner that can be designated."""
    world: WorldOil
    """What surrounds it: how much oil the world uses, and how that answers the price."""

    @model_validator(mode="after")
    def _consistent(self) -> OilMarket:
        found = [*repeated(self, "buyers", key="region"), *repeated(self, "sellers")]
        refuse([*found, *self._refiners_twice(), *self._ends(), *self._sums()])
        return self

    @property
    def regions(self) -> tuple[str, ...]:
        """Codes of the buyers, in order."""
        return tuple(buyer.region for buyer in self.buyers)

    @property
    def ends(self) -> tuple[str, str]:
        """Codes of the pivot and the partner."""
        return self.pivot, self.partner

    @property
    def pivot_buyer(self) -> Buyer:
        """The pivot among the buyers."""
        return next(buyer for buyer in self.buyers if buyer.region == self.pivot)

    def _refiners_twice(self) -> Iterator[Fault]:
        seen = set[str]()
        for place, buyer in enumerate(self.buyers):
            for order, refiner in enumerate(buyer.refiners):
                if refiner.name in seen:
                    at = ("buyers", place, "refiners", order, "name")
                    yield at, f"{refiner.name!r} stands twice"
                seen.add(refiner.name)

    def _ends(self) -> Iterator[Fault]:
        if self.pivot not in self.regions:
            near = did_you_mean(self.pivot, self.regions)
            yield ("buyers",), f"the pivot {self.pivot!r} is not among them{near}"
        if self.partner in self.regions:
            at = ("buyers", self.regions.index(self.partner), "region")
            yield at, f"{self.partner} cannot buy from itself: take it out of the buyers"

    def _sums(self) -> Iterator[Fault]:
        floor = self.supply.zero_below.high
        port = self.benchmark.low - self.fob_discount.high
        if port <= floor:
            why = (
                f"the partner's price at its port would be {port:g}, at or under "
                f"supply.zero_below ({floor:g}), where it sells nothing"
            )
            yield ("fob_discount",), why
        shares = sum(seller.share for seller in self.sellers)
        if shares > 1.0 + ROUNDING:
            yield ("sellers",), f"shares add up to {shares:g}; expected 1 at most"
        exports = sum(buyer.volume for buyer in self.buyers)
        if self.world.volume.low <= exports:
            why = (
                f"expected more than the partner's exports, {exports:g} mb/d; "
                f"got {self.world.volume.low:g} at least"
            )
            yield ("world", "volume"), why


def regime_faults(market: OilMarket, regime: Regime) -> list[Fault]:
    """Return what a regime names that the market does not hold, or cannot mean."""
    sellers = [seller.name for seller in market.sellers]
    found: list[Fault] = []
    for place, name in enumerate(regime.designated):
        found += unknown(("designated", place), "seller", name, sellers)
        if name in regime.designated[:place]:
            found.append((("designated", place), f"{name!r} stands twice"))
    for field in ("ceilings", "need_hat"):
        for region in getattr(regime, field):
            found += unknown((field, region), "buyer", region, market.regions)
    most = market.world.volume.low
    if regime.lost_elsewhere >= most:
        why = f"expected less than the world's {most:g} mb/d; got {regime.lost_elsewhere:g}"
        found.append((("lost_elsewhere",), why))
    return found
