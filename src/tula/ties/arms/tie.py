"""The arms tie between a pivot and its suppliers: inputs with ranges, and the account."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from tula.errors import UnknownNameError
from tula.numbers.quantity import NotNegative, Positive, Quantity, Share, exact
from tula.numbers.record import Record, Unit, refuse
from tula.ties.account import TieAccount, account_of, lines_of
from tula.ties.arms.new_order import (
    MEANINGS,
    NewOrder,
    faults,
    order_inputs,
    order_note,
    order_readings,
)
from tula.ties.arms.portfolio import Offer, Order
from tula.ties.arms.readiness import Fleet, readiness_loss, unready_time
from tula.ties.arms.statute import Statute, discounted_loss
from tula.ties.inputs import SomeShare, repeated, unknown
from tula.ties.quantity import DRAWS, spread
from tula.world.named import Region

#: Shares given as rounded percentages may miss one by this much; they are then scaled to one.
ROUNDING = 0.005
FLEET = ("stock_share", "hazard", "substitutability", "spares_years", "failure_years")


class Supplier(Record):
    """One supplier of arms."""

    region: Region
    """Its code; each supplier stands once."""
    stock_share: Annotated[Share, Unit("share", 0.6)]
    """Its share of the pivot's platform stock; all suppliers' sum to 1."""
    delivery_share: Annotated[Share, Unit("share", 0.4)]
    """Its share of deliveries now; all suppliers' sum to 1."""
    hazard: Annotated[NotNegative, Unit("failures a year", 0.1)]
    """How often its supply fails: war, embargo, sanctions."""
    substitutability: Annotated[Share, Unit("share", 0.3)]
    """Part of its spares that others can make."""
    spares_years: Annotated[NotNegative, Unit("years", 1.0)]
    """Stock of spares, in years of normal use."""
    failure_years: Annotated[Positive, Unit("years", 2.0)]
    """How long a failure of supply lasts on average."""
    delivery_delay: Annotated[NotNegative, Unit("years", 4.0)]
    """From order to delivery."""
    price: Annotated[Positive, Unit("index", 1.2)]
    """Price of equal equipment on any index common to all suppliers, such as 1 = the cheapest."""


class ArmsTie(Record):
    """A pivot and all of its suppliers of arms."""

    pivot: Region
    """The middle power, who buys; filled in by the study."""
    suppliers: tuple[Supplier, ...] = Field(min_length=2)
    """Everybody who supplies it."""
    stock: Annotated[Positive, Unit("bn USD", 110.0)]
    """Replacement value of its platforms."""
    imports: Annotated[Positive, Unit("bn USD a year", 5.5)]
    """Value of arms delivered to it."""
    retirement: Annotated[SomeShare, Unit("share a year", 0.04)]
    """Part of the stock that goes out of service."""
    discount: Annotated[NotNegative, Unit("rate a year", 0.06)]
    """Real discount rate."""
    switching_cost: Annotated[NotNegative, Unit("per unit of stock", 0.25)]
    """Training, workshops and integration, once, when a fleet changes supplier."""
    margin: Annotated[Share, Unit("share", 0.12)]
    """Suppliers' profit share of sales."""
    readiness_value: Annotated[NotNegative, Unit("bn USD", 15.0)]
    """Worth of the whole fleet ready for one year."""
    statute: Statute | None = None
    """A law that threatens purchases from ``threatened``."""
    threatened: Region | None = None
    """The supplier that the statute is about; given with it."""
    transactions: Annotated[NotNegative, Unit("deals a year", 0.25)] = exact(0.0)
    """Significant ones, of which only one can lead to designation in a year."""
    orders: tuple[NewOrder, ...] = ()
    """Orders that could be placed, each told in the account of the supplier it is asked of."""

    @model_validator(mode="after")
    def _consistent(self) -> ArmsTie:
        found = [*repeated(self, "suppliers", key="region"), *repeated(self, "orders")]
        for share in ("stock_share", "delivery_share"):
            whole = sum(getattr(supplier, share).value for supplier in self.suppliers)
            if abs(whole - 1.0) > ROUNDING:
                found.append((("suppliers",), f"{share} sums to {whole:.4f}, not 1"))
        if (self.statute is None) != (self.threatened is None):
            lone = "threatened" if self.statute is None else "statute"
            found.append(((lone,), "give statute and threatened together, or neither"))
        if self.threatened is not None:
            found += unknown(("threatened",), "supplier", self.threatened, self.regions)
        for place, order in enumerate(self.orders):
            wrong = faults(order, self.regions)
            found += [(("orders", place, *at), why) for at, why in wrong]
        refuse(found)
        return self

    @property
    def regions(self) -> tuple[str, ...]:
        """Codes of the suppliers, in order."""
        return tuple(supplier.region for supplier in self.suppliers)


def fleets(tie: ArmsTie, given: Mapping[str, float]) -> dict[str, Fleet]:
    """Return each supplier's fleet at given input values, stock shares scaled to sum to one."""
    whole = sum(given[f"{region}.stock_share"] for region in tie.regions)
    found = {}
    for region in tie.regions:
        share, *rest = (given[f"{region}.{name}"] for name in FLEET)
        found[region] = Fleet(share / whole, *rest)
    return found


def inputs(tie: ArmsTie) -> dict[str, Quantity]:
    """Return every quantity of the tie by name; suppliers' as ``REGION.field``."""
    own = {name: part for name, part in tie if isinstance(part, Quantity)}
    for supplier in tie.suppliers:
        own |= {f"{supplier.region}.{name}": q for name, q in supplier if isinstance(q, Quantity)}
    if tie.statute is not None:
        names = ("chance", "delay", "loss", "lasts")
        own |= {f"statute.{name}": getattr(tie.statute, name) for name in names}
    for order in tie.orders:
        own |= order_inputs(order)
    return own


def readings(tie: ArmsTie, partner: str, given: Mapping[str, float]) -> dict[str, float]:
    """Return the numbers of the account at given input values (see ``account``)."""
    all_fleets = fleets(tie, given)
    mine, other = all_fleets[partner], _next(tie, partner, given)
    elsewhere = replace(all_fleets[other], share=mine.share)
    flows = {region: given[f"{region}.delivery_share"] for region in tie.regions}
    share = flows[partner] / sum(flows.values())
    unready = unready_time({partner: mine}) - unready_time({other: elsewhere})
    gap = given[f"{other}.price"] / given[f"{partner}.price"] - 1.0
    yearly = given["discount"] + given["retirement"]
    moving = yearly * given["switching_cost"] * mine.share * given["stock"]
    dearer = gap * share * given["imports"]
    told = {
        "value_to_pivot": moving + dearer - given["readiness_value"] * unready,
        "value_to_partner": given["margin"] * share * given["imports"],
        "dependence": mine.share,
        "replacement_time": _replacement_time(tie, partner, given, mine.share),
        "exposure": _statute_loss(tie, partner, given),
        "delivery_share": share,
        "delivery_hhi": sum((flow / sum(flows.values())) ** 2 for flow in flows.values()),
        "stock_hhi": sum(fleet.share**2 for fleet in all_fleets.values()),
        "spares_flow": given["retirement"] * mine.share * given["stock"],
        "readiness_loss": readiness_loss({partner: mine}),
        "readiness_loss_all": readiness_loss(all_fleets),
        "break_even_gain": given["switching_cost"] * yearly,
        "stock_half_life": math.log(2.0) / given["retirement"],
    }
    for order in tie.orders:
        if order.supplier == partner:
            threatened = tie.threatened == partner
            told |= order_readings(order, all_fleets, given, threatened=threatened)
    return told


def order_from(
    tie: ArmsTie, *, price: float, capacity: Mapping[str, float], size: float | None = None
) -> Order:
    """Return an order open to the tie's suppliers, at central values, for ``frontier``.

    ``price``: billion USD if the cheapest had it all; ``capacity``: largest share of the order by
    supplier, every one named (0 = cannot or may not deliver); ``size``: order over stock, by
    default price over the value of the stock. A statute's loss is a lump that any significant
    share brings: compare the frontier with the threatened supplier to one with its capacity 0.
    """
    if set(capacity) != set(tie.regions):
        odd = sorted(set(capacity) ^ set(tie.regions))
        hint = f"; capacity names each of {', '.join(tie.regions)} and nobody else"
        raise UnknownNameError("supplier", ", ".join(odd), tie.regions, hint)
    given = {name: quantity.value for name, quantity in inputs(tie).items()}
    cheapest = min(supplier.price.value for supplier in tie.suppliers)
    offers = []
    for region, fleet in fleets(tie, given).items():
        cost = price * given[f"{region}.price"] / cheapest
        rate = replace(fleet, share=1.0).loss
        offers.append(Offer(region, cost, capacity[region], fleet.share, rate))
    return Order(tuple(offers), price / tie.stock.value if size is None else size)


def _others(tie: ArmsTie, partner: str) -> list[str]:
    return [region for region in tie.regions if region != partner]


def _next(tie: ArmsTie, partner: str, given: Mapping[str, float]) -> str:
    """Cheapest supplier of equal equipment other than the partner; the first named if tied."""
    return min(_others(tie, partner), key=lambda region: given[f"{region}.price"])


def _replacement_time(
    tie: ArmsTie, partner: str, given: Mapping[str, float], share: float
) -> float:
    """Years until others' deliveries, given all imports, add up to half the partner's fleet.

    Their delays are weighted by their deliveries; where none delivers today the shortest counts.
    """
    delays = {region: given[f"{region}.delivery_delay"] for region in _others(tie, partner)}
    weights = {region: given[f"{region}.delivery_share"] for region in delays}
    whole = sum(weights.values())
    late = sum(weights[region] * delay for region, delay in delays.items())
    delay = late / whole if whole > 0.0 else min(delays.values())
    return delay + 0.5 * share * given["stock"] / given["imports"]


def _statute_loss(tie: ArmsTie, partner: str, given: Mapping[str, float]) -> float:
    if partner != tie.threatened:
        return 0.0
    chance = 1.0 - (1.0 - given["statute.chance"]) ** given["transactions"]
    terms = {name: given[f"statute.{name}"] for name in ("delay", "loss", "lasts")}
    return discounted_loss(chance, **terms, discount=given["discount"])


LINES = {
    "value_to_pivot": ("bn USD a year", "what the next supplier would cost more, less "
                       "the unreadiness it spares"),
    "value_to_partner": ("bn USD a year", "supplier's profit on sales to the pivot"),
    "dependence": ("share", "partner's share of the pivot's platform stock"),
    "replacement_time": ("years", "until others, given all imports, make half of its fleet"),
    "exposure": ("bn USD a year", "expected loss through the statute from a year's deals"),
    "delivery_share": ("share", "partner's share of deliveries"),
    "delivery_hhi": ("index", "concentration of deliveries over all suppliers, 0 to 1"),
    "stock_hhi": ("index", "concentration of the stock over all suppliers, 0 to 1"),
    "spares_flow": ("bn USD a year", "yearly renewal of the partner's part of the stock"),
    "readiness_loss": ("share a year", "fleet hit by the partner's failure beyond its spares"),
    "readiness_loss_all": ("share a year", "the same over all suppliers"),
    "break_even_gain": ("per unit of stock a year", "gain at which changing supplier pays"),
    "stock_half_life": ("years", "time in which a fleet without deliveries halves"),
}  # fmt: skip


def account(
    tie: ArmsTie, partner: str, *, on: date | None = None, draws: int = DRAWS, seed: int = 0
) -> TieAccount:
    """Return the account of one supplier, every line with its range over the inputs.

    Value to the pivot is what the tie saves it, not what the weapons are worth: the yearly cost of
    being served by the next cheapest supplier, less the unreadiness that the partner's failures
    cause beyond that supplier's. ``on``: date of deliveries; a statute not in force then threatens
    nothing. Raises ``UnknownNameError`` for a partner that is not a supplier.
    """
    if partner not in tie.regions:
        raise UnknownNameError("supplier", partner, tie.regions)
    if on is not None and tie.statute is not None and not tie.statute.covers(on):
        tie = tie.model_copy(update={"statute": None, "threatened": None})

    def model(given: Mapping[str, float]) -> dict[str, float]:
        return readings(tie, partner, {name: float(value) for name, value in given.items()})

    found = spread(model, inputs(tie), draws=draws, seed=seed)
    lines = lines_of(found, LINES | MEANINGS)
    notes = (
        "the worth of the weapons in use is outside the account",
        "other suppliers are taken to be able to fill all imports after their delay",
        *(order_note(order, lines) for order in tie.orders if order.supplier == partner),
    )
    return account_of("arms", tie.pivot, partner, lines, notes)
