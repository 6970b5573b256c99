"""The arms tie between a pivot and its suppliers: inputs with ranges, and the account."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from pydantic import Field

from tula.errors import TulaError, did_you_mean
from tula.numbers.quantity import Quantity
from tula.numbers.record import Record
from tula.ties.account import TieAccount, account_of
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
from tula.ties.quantity import DRAWS, Estimate, spread
from tula.world.named import Region

#: Shares given as rounded percentages may miss one by this much; they are then scaled to one.
ROUNDING = 0.005
FLEET = ("stock_share", "hazard", "substitutability", "spares_years", "failure_years")
UNIT = ("stock_share", "delivery_share", "substitutability")
POSITIVE = ("failure_years", "price")


class ArmsTieError(TulaError):
    """The inputs of an arms tie contradict one another or leave their domain.

    The message lists every fault at once, each with the supplier and field to correct.
    """


class Supplier(Record):
    """One supplier of arms, ``region`` its code.

    * ``stock_share`` of the pivot's platform stock, ``delivery_share`` of deliveries now;
    * ``hazard``: failures of supply a year (war, embargo, sanctions);
    * ``substitutability``: part of its spares others can make, 0 to 1;
    * ``spares_years``: stock of spares, years of normal use; ``failure_years``: mean failure;
    * ``delivery_delay``: years from order to delivery;
    * ``price`` of equal equipment, any common index (1 = the cheapest, say).
    """

    region: Region
    stock_share: Quantity
    delivery_share: Quantity
    hazard: Quantity
    substitutability: Quantity
    spares_years: Quantity
    failure_years: Quantity
    delivery_delay: Quantity
    price: Quantity


class ArmsTie(Record):
    """What an arms account needs, all with ranges.

    * ``stock``: replacement value of platforms, billion USD; ``imports``: billion USD a year;
    * ``retirement``, ``discount``: a year; ``switching_cost`` per unit of stock, once;
    * ``margin``: profit share of the supplier's sales, 0 to 1;
    * ``readiness_value``: billion USD for the whole fleet ready for one year;
    * ``statute``: a law that threatens purchases from ``threatened``; ``transactions``: the
      significant ones a year, of which only one can lead to designation in a year;
    * ``orders`` that could be placed, each told in the account of the supplier it is asked of.
    """

    pivot: Region
    suppliers: tuple[Supplier, ...] = Field(min_length=2)
    stock: Quantity
    imports: Quantity
    retirement: Quantity
    discount: Quantity
    switching_cost: Quantity
    margin: Quantity
    readiness_value: Quantity
    statute: Statute | None = None
    threatened: str | None = None
    transactions: Quantity = Quantity(value=0.0, low=0.0, high=0.0)
    orders: tuple[NewOrder, ...] = ()

    def model_post_init(self, context: object) -> None:
        """Refuse inputs outside their domain, all at once."""
        found = [*_tie_faults(self), *_supplier_faults(self)]
        found += [fault for order in self.orders for fault in faults(order, self.regions)]
        names = [order.name for order in self.orders]
        if len(set(names)) < len(names):
            found.append(f"orders: a name stands twice in {', '.join(names)}")
        if found:
            raise ArmsTieError("\n".join(found))

    @property
    def regions(self) -> tuple[str, ...]:
        """Codes of the suppliers, in order."""
        return tuple(supplier.region for supplier in self.suppliers)


def _tie_faults(tie: ArmsTie) -> list[str]:
    faults = []
    for name in ("stock", "imports", "retirement"):
        if getattr(tie, name).low <= 0.0:
            faults.append(f"{name}: expected above 0; got {getattr(tie, name).low}")
    for name in ("discount", "switching_cost", "margin", "readiness_value", "transactions"):
        if getattr(tie, name).low < 0.0:
            faults.append(f"{name}: expected 0 or more; got {getattr(tie, name).low}")
    if tie.margin.high > 1.0 or tie.retirement.high > 1.0:
        faults.append("margin and retirement: expected at most 1")
    if (tie.statute is None) != (tie.threatened is None):
        faults.append("statute and threatened: give both or neither")
    if tie.threatened is not None and tie.threatened not in tie.regions:
        near = did_you_mean(tie.threatened, tie.regions)
        faults.append(f"threatened: unknown supplier {tie.threatened!r}{near}")
    return faults


def _supplier_faults(tie: ArmsTie) -> list[str]:
    faults = []
    if len(set(tie.regions)) < len(tie.regions):
        faults.append(f"suppliers: a region is named twice in {', '.join(tie.regions)}")
    for share in ("stock_share", "delivery_share"):
        whole = sum(getattr(supplier, share).value for supplier in tie.suppliers)
        if abs(whole - 1.0) > ROUNDING:
            faults.append(f"suppliers: {share} sums to {whole:.4f}, not 1")
    for supplier in tie.suppliers:
        for name in (*FLEET, "delivery_share", "delivery_delay", "price"):
            given: Quantity = getattr(supplier, name)
            least_ok = given.low > 0.0 if name in POSITIVE else given.low >= 0.0
            if not least_ok or (name in UNIT and given.high > 1.0):
                faults.append(f"{supplier.region}.{name}: {given.low} to {given.high} is outside")
    return faults


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
        raise ArmsTieError(f"capacity: expected {', '.join(tie.regions)}; at fault: {odd}")
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
    "value_to_pivot": ("billion USD a year", "what the next supplier would cost more, less "
                       "the unreadiness it spares"),
    "value_to_partner": ("billion USD a year", "supplier's profit on sales to the pivot"),
    "dependence": ("share", "partner's share of the pivot's platform stock"),
    "replacement_time": ("years", "until others, given all imports, make half of its fleet"),
    "exposure": ("billion USD a year", "expected loss through the statute from a year's deals"),
    "delivery_share": ("share", "partner's share of deliveries"),
    "delivery_hhi": ("index", "concentration of deliveries over all suppliers, 0 to 1"),
    "stock_hhi": ("index", "concentration of the stock over all suppliers, 0 to 1"),
    "spares_flow": ("billion USD a year", "yearly renewal of the partner's part of the stock"),
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
    nothing. Raises ``ArmsTieError`` for a partner that is not a supplier.
    """
    if partner not in tie.regions:
        near = did_you_mean(partner, tie.regions)
        raise ArmsTieError(f"unknown supplier {partner!r}{near}")
    if on is not None and tie.statute is not None and not tie.statute.covers(on):
        tie = tie.model_copy(update={"statute": None, "threatened": None})

    def model(given: Mapping[str, float]) -> dict[str, float]:
        return readings(tie, partner, {name: float(value) for name, value in given.items()})

    found = spread(model, inputs(tie), draws=draws, seed=seed)
    meanings = LINES | MEANINGS
    lines = {name: Estimate(*found[name], *meanings[name.rpartition(": ")[2]]) for name in found}
    notes = (
        "the worth of the weapons in use is outside the account",
        "other suppliers are taken to be able to fill all imports after their delay",
        *(order_note(order, lines) for order in tie.orders if order.supplier == partner),
    )
    return account_of("arms", tie.pivot, partner, lines, notes)
