"""An order that could be placed: what threatens it, what transfer costs, how to split it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
from pydantic import Field

from tula.numbers import write
from tula.numbers.quantity import NotNegative, Positive, Quantity, Share
from tula.numbers.record import Record, Unit
from tula.ties.arms.orders import annuity, break_even_hazard, break_even_surcharge
from tula.ties.arms.portfolio import Allocation, Offer, Order, allocate, frontier
from tula.ties.arms.readiness import Fleet, Transfer, value_transfer
from tula.ties.arms.statute import yearly_hazard
from tula.ties.inputs import SomeShare, unknown
from tula.ties.quantity import Estimate
from tula.world.named import Fault, Region

#: Unit and meaning of what is told of an order, by the end of its name. Shares are of the stock.
MEANINGS = {
    "justified_surcharge": ("share", "of the price that the statute's chance would justify "
                             "paying another supplier"),
    "break_even_hazard": ("share a year", "hazard of a designation at which the partner's offer "
                          "costs as much as the others'; above 100%: at none"),
    "statute_hazard": ("share a year", "hazard that the statute's chance amounts to"),
    "transfer_price": ("bn USD", "price of technology transfer"),
    "transfer_points": ("points", "of the fleet's spares that transfer frees from the partner"),
    "transfer_per_point": ("bn USD per point", "price of transfer over what it frees"),
    "transfer_worth": ("bn USD", "readiness that transfer buys, less its price"),
    "switch_per_point": ("bn USD per point", "extra cost of the least dependent split over "
                         "what it frees of the fleet's spares"),
    "cheapest_cost": ("bn USD", "of the cheapest split of the order"),
    "cheapest_share": ("share", "of the fleet that is the partner's after it"),
    "balanced_cost": ("bn USD", "of the cheapest split that frees half of what can be freed"),
    "balanced_share": ("share", "of the fleet that is the partner's after it"),
    "least_dependent_cost": ("bn USD", "of the split that leaves the partner least"),
    "least_dependent_share": ("share", "of the fleet that is the partner's after it"),
}  # fmt: skip


class TransferTerms(Record):
    """Technology transfer that an order may come with."""

    premium: Annotated[NotNegative, Unit("share of the order's price", 0.15)]
    """What transfer costs on top of the order."""
    frees: Annotated[SomeShare, Unit("share", 0.3)]
    """Part of the spares tied to the supplier that the pivot can then make."""
    delay: Annotated[NotNegative, Unit("years", 5.0)]
    """Time until transfer works."""


class NewOrder(Record):
    """An order open to a tie's suppliers."""

    name: str
    """What would be ordered, in words."""
    supplier: Region
    """Who is asked first."""
    price: Annotated[Positive, Unit("bn USD", 6.25)]
    """Price if the one asked first has all of it; others cost as much more as their price index is
    higher."""
    exposed: Annotated[Positive, Unit("years", 5.0)]
    """How long the order can lead to designation."""
    capacity: dict[Region, Annotated[Share, Unit("share of the order", 0.7)]] = Field(
        default_factory=dict
    )
    """Most that each supplier can fill; one asked first and not named can fill all, others none."""
    transfer: TransferTerms | None = None
    """Technology transfer that it may come with."""

    @property
    def open(self) -> bool:
        """Whether others can deliver part of it at any draw."""
        return any(q.low > 0.0 for region, q in self.capacity.items() if region != self.supplier)

    @property
    def replaceable(self) -> bool:
        """Whether others can deliver all of it at any draw."""
        others = (q.low for region, q in self.capacity.items() if region != self.supplier)
        return sum(others) >= 1.0


def faults(order: NewOrder, regions: Sequence[str]) -> list[Fault]:
    """Return what is wrong with an order beside the tie's suppliers."""
    found = unknown(("supplier",), "supplier", order.supplier, regions)
    for region in order.capacity:
        found += unknown(("capacity", region), "supplier", region, regions)
    whole = sum(quantity.low for quantity in order.capacity.values())
    whole += float(order.supplier not in order.capacity)
    if whole < 1.0:
        why = f"at the lower ends only {whole:g} of the order can be delivered; expected all of it"
        found.append((("capacity",), why))
    return found


def order_inputs(order: NewOrder) -> dict[str, Quantity]:
    """Return every quantity of an order by name, such as ``NAME.capacity.USA``."""
    own = {f"{order.name}.{name}": getattr(order, name) for name in ("price", "exposed")}
    own |= {f"{order.name}.capacity.{region}": q for region, q in order.capacity.items()}
    if order.transfer is not None:
        own |= {f"{order.name}.transfer.{name}": quantity for name, quantity in order.transfer}
    return own


@dataclass(frozen=True)
class Placed:
    """An order at given input values.

    * ``offers``: the order as its suppliers would fill it; ``whole``: all of it from ``supplier``;
    * ``corners`` of the frontier between cost and the supplier's share of the stock;
    * ``fleet``: what the supplier's part adds to the stock, as a share of it.
    """

    supplier: str
    offers: Order
    whole: Allocation
    corners: tuple[Allocation, ...]
    fleet: Fleet

    @property
    def freed(self) -> float:
        """Percentage points of the fleet's spares that the least dependent split frees."""
        gone = self.whole.stock[self.supplier] - self.corners[-1].stock[self.supplier]
        return 100.0 * gone * (1.0 - self.fleet.substitutability)

    @property
    def surcharge(self) -> float:
        """Extra cost of the least dependent split, billion USD; below zero where it is cheaper."""
        return self.corners[-1].cost - self.whole.cost

    @property
    def balanced(self) -> tuple[float, float]:
        """Cost and share of the stock halfway between the ends of the frontier in dependence."""
        shares = [corner.stock[self.supplier] for corner in self.corners]
        half = 0.5 * (shares[0] + shares[-1])
        costs = [corner.cost for corner in self.corners]
        return float(np.interp(half, shares[::-1], costs[::-1])), half


def place(order: NewOrder, fleets: Mapping[str, Fleet], given: Mapping[str, float]) -> Placed:
    """Return an order at given values of the tie's inputs and its own."""
    price = given[f"{order.name}.price"]
    first = given[f"{order.supplier}.price"]
    offers = tuple(
        Offer(
            supplier=region,
            cost=price * given[f"{region}.price"] / first,
            capacity=given.get(f"{order.name}.capacity.{region}", float(order.supplier == region)),
            held=fleet.share,
            loss_rate=fleet.loss_rate,
        )
        for region, fleet in fleets.items()
    )
    opened = Order(offers, price / given["stock"])
    alone = np.array([float(region == order.supplier) for region in fleets])
    part = opened.size / (1.0 + opened.size)
    return Placed(
        supplier=order.supplier,
        offers=opened,
        whole=allocate(opened, alone),
        corners=tuple(frontier(opened, against=order.supplier)),
        fleet=replace(fleets[order.supplier], share=part),
    )


def order_readings(
    order: NewOrder, fleets: Mapping[str, Fleet], given: Mapping[str, float], *, threatened: bool
) -> dict[str, float]:
    """Return what is told of an order, by names ending as in ``MEANINGS``.

    ``threatened``: a statute hangs over the supplier's deliveries. What cannot be told is left out:
    the frontier where nobody else can deliver, the break-even where others cannot deliver all.
    """
    placed = place(order, fleets, given)
    found = _threat(order, placed, given) if threatened else {}
    if order.transfer is not None:
        found |= _transfer(order, placed, given)
    if order.open:
        found |= _frontier(placed)
    return {f"{order.name}: {name}": value for name, value in found.items()}


def order_note(order: NewOrder, lines: Mapping[str, Estimate]) -> str:
    """Return the gist of what is told of an order, in words, at central values."""
    at = {name: one.central for name in MEANINGS if (one := lines.get(f"{order.name}: {name}"))}
    clauses = []
    if "statute_hazard" in at:
        chance = f"the statute's chance is a hazard of {_percent(at['statute_hazard'])} a year"
        more = f"which would justify paying {_percent(at['justified_surcharge'])} more elsewhere"
        if "break_even_hazard" in at:
            more = f"others' price is worth paying above {_percent(at['break_even_hazard'])}"
        clauses.append(f"{chance}, {'and ' * ('break_even_hazard' in at)}{more}")
    if "transfer_per_point" in at:
        each = f"{write.money(at['transfer_per_point'])} by technology transfer"
        freed = f"freeing one point of the fleet's spares costs {each}"
        if "switch_per_point" in at:
            freed += f" and {write.money(at['switch_per_point'])} by buying elsewhere"
        clauses.append(freed)
    return f"{order.name}: {'; '.join(clauses) or 'nothing to compare'}"


def _percent(share: float) -> str:
    return f"{100.0 * share:.2g}%" if share < 1.0 else f"{100.0 * share:.0f}%"


def _threat(order: NewOrder, placed: Placed, given: Mapping[str, float]) -> dict[str, float]:
    price, years = given[f"{order.name}.price"], given[f"{order.name}.exposed"]
    discount = given["discount"]
    hit = given["statute.loss"] * annuity(given["statute.lasts"], discount)
    hazard = yearly_hazard(given["statute.chance"], years)
    terms = {"years": years, "discount": discount}
    justified = break_even_surcharge(price, hazard, hit, **terms)
    found = {"justified_surcharge": justified, "statute_hazard": hazard}
    if order.replaceable:
        extra = max(0.0, placed.surcharge) / price
        found["break_even_hazard"] = break_even_hazard(price, extra, hit, **terms)
    return found


def _transfer(order: NewOrder, placed: Placed, given: Mapping[str, float]) -> dict[str, float]:
    at, before = f"{order.name}.transfer", placed.fleet.substitutability
    terms = Transfer(
        substitutability=before + given[f"{at}.frees"] * (1.0 - before),
        hazard=placed.fleet.hazard,
        premium=given[f"{at}.premium"] * given[f"{order.name}.price"],
        delay=given[f"{at}.delay"],
    )
    worth = value_transfer(
        placed.fleet,
        terms,
        readiness_value=given["readiness_value"],
        discount=given["discount"],
        retirement=given["retirement"],
    )
    points = 100.0 * placed.fleet.share * (terms.substitutability - before)
    return {
        "transfer_price": terms.premium,
        "transfer_points": points,
        "transfer_per_point": terms.premium / points,
        "transfer_worth": worth.worth,
    }


def _frontier(placed: Placed) -> dict[str, float]:
    cheapest, least = placed.corners[0], placed.corners[-1]
    cost, share = placed.balanced
    return {
        "switch_per_point": placed.surcharge / placed.freed,
        "cheapest_cost": cheapest.cost,
        "cheapest_share": cheapest.stock[placed.supplier],
        "balanced_cost": cost,
        "balanced_share": share,
        "least_dependent_cost": least.cost,
        "least_dependent_share": least.stock[placed.supplier],
    }
