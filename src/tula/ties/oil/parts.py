"""The parts of an oil tie: buyers with their refiners, sellers, a supply curve, what is in force.

Nothing has a default that is a measurement: figures come from whoever describes the market, with
their ranges.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from tula.numbers.quantity import NotNegative, Positive, Quantity, Share, exact
from tula.numbers.record import Record, Unit, refuse
from tula.world.named import Fault, Region

#: Billion barrels in a year of one million barrels a day.
BILLION_BARRELS = 0.365
#: Shares and volumes add up to this relative accuracy.
ROUNDING = 1e-6
#: Nothing and everything, known exactly.
NONE, ALL = exact(0.0), exact(1.0)


class SupplyCurve(Record):
    """Exports of the partner by the price at its port (Johnson, Rachel and Wolfram 2023).

    Straight between the two prices.
    """

    flat_above: Annotated[Positive, Unit("USD a barrel", 40.0)]
    """Price from which on it exports all it can."""
    zero_below: Annotated[NotNegative, Unit("USD a barrel", 30.0)]
    """Price at and under which it exports nothing."""

    @model_validator(mode="after")
    def _rises(self) -> SupplyCurve:
        if self.zero_below.high >= self.flat_above.low:
            why = (
                f"zero_below ({self.zero_below.high:g} at most) must stay under "
                f"flat_above ({self.flat_above.low:g} at least)"
            )
            refuse([(("zero_below",), why)])
        return self


class Seller(Record):
    """A company of the partner that can be designated."""

    name: str
    """What it is called."""
    share: Annotated[float, Field(ge=0.0, le=1.0), Unit("share", 0.45)]
    """Its share of the partner's exports; those of all sellers sum to 1 at most."""


class Refiner(Record):
    """A firm that buys the partner's crude as a whole or not at all once a seller is designated.

    It stops below a discount: its ``premium``, or probability x loss / volume in its place.
    """

    name: str
    """What it is called."""
    volume: Annotated[float, Field(gt=0.0), Unit("mb/d", 0.6)]
    """What it buys of the partner before the shock."""
    need: Annotated[Positive, Unit("mb/d", 1.2)]
    """The most that it could run."""
    premium: Annotated[NotNegative | None, Unit("USD a barrel", 4.0)] = None
    """Discount below which it stops."""
    loss: Annotated[NotNegative | None, Unit("bn USD a year", 20.0)] = None
    """What it loses if it is cut off; 0 for a firm with nothing left to lose."""
    probability: Annotated[Share | None, Unit("probability a year", 0.1)] = None
    """Chance that it is cut off; given with ``loss``."""

    @model_validator(mode="after")
    def _consistent(self) -> Refiner:
        found = _beyond_need(self)
        by_loss = (self.loss is not None, self.probability is not None)
        if self.premium is not None and any(by_loss):
            why = "give premium, or loss and probability, not both"
            found.append((("premium",), f"{self.name}: {why}"))
        if self.premium is None and not all(by_loss):
            found.append(((), f"{self.name}: give premium, or both loss and probability"))
        refuse(found)
        return self


class Buyer(Record):
    """A region that buys the partner's crude."""

    region: Region
    """Its code; each buyer stands once."""
    need: Annotated[Positive, Unit("mb/d", 5.3)]
    """Crude that it buys from anywhere."""
    volume: Annotated[float, Field(gt=0.0), Unit("mb/d", 1.7)]
    """Crude that it buys of the partner before the shock."""
    freight: Annotated[NotNegative, Unit("USD a barrel", 3.4)]
    """From the partner's port to the buyer's, insurance and dealers included."""
    alternative: Annotated[Quantity, Unit("USD a barrel", 0.0)] = NONE
    """Delivered price of the next best crude over the world benchmark."""
    premium: Annotated[NotNegative, Unit("USD a barrel", 3.5)] = NONE
    """What a designated seller's barrel must be cheaper by, where no refiner listed buys it."""
    coalition_services: Annotated[Share, Unit("share", 0.3)] = NONE
    """Share carried or insured by firms bound to a price cap."""
    refiners: tuple[Refiner, ...] = ()
    """Firms that decide for themselves; the rest of ``volume`` answers smoothly."""

    @model_validator(mode="after")
    def _consistent(self) -> Buyer:
        found = _beyond_need(self)
        taken = sum(refiner.volume for refiner in self.refiners)
        if taken > self.volume * (1.0 + ROUNDING):
            why = (
                f"volumes add up to {taken:g} mb/d, more than the {self.volume:g} mb/d that "
                f"{self.region} buys"
            )
            found.append((("refiners",), why))
        refuse(found)
        return self


def _beyond_need(one: Buyer | Refiner) -> list[Fault]:
    if one.volume <= one.need.low * (1.0 + ROUNDING):
        return []
    why = f"volume {one.volume:g} mb/d exceeds its need ({one.need.low:g} at least)"
    return [(("volume",), why)]


class PriceCap(Record):
    """A cap on what is paid for barrels carried with the coalition's services."""

    ceiling: Annotated[float, Field(gt=0.0), Unit("USD a barrel", 60.0)]
    """Highest price at the partner's port."""


class Regime(Record):
    """What is in force: the switches, and nothing but the switches, between two windows.

    A duty that a third power puts on the pivot's goods is no field here: no firm pays it.
    """

    designated: tuple[str, ...] = ()
    """Names of sellers under blocking sanctions."""
    waiver: bool = False
    """Whether buying from them is allowed all the same."""
    price_cap: PriceCap | None = None
    """A cap on the price, if there is one."""
    ceilings: Mapping[Region, Annotated[float, Field(ge=0.0), Unit("mb/d", 1.0)]] = {}
    """Most that each region's government lets in from the partner."""
    need_hat: Mapping[Region, Annotated[float, Field(ge=0.0), Unit("ratio", 1.0)]] = {}
    """New over old need of crude by region."""
    benchmark_hat: Annotated[float, Field(gt=0.0), Unit("ratio", 1.0)] = 1.0
    """New over old world price, for reasons outside this market."""
    lost_elsewhere: Annotated[float, Field(ge=0.0), Unit("mb/d", 0.5)] = 0.0
    """Supply lost in the rest of the world."""


#: No pressure at all.
NO_PRESSURE = Regime()
