"""The settlement arrangement as a tie: its inputs, and what its network still carries."""

from __future__ import annotations

from functools import cached_property
from math import inf
from typing import Annotated, NamedTuple

from pydantic import Field, model_validator

from tula.errors import TulaError
from tula.numbers.quantity import NotNegative, Positive, Share
from tula.numbers.record import Record, Unit, refuse
from tula.policy.units import Day
from tula.ties.settlement.balances import Balances
from tula.ties.settlement.network import Network
from tula.ties.settlement.resilience import Settled, settle
from tula.ties.settlement.shipping import Shipping, throughput
from tula.world.named import Fault, Region, Sectors


class IdleNetworkError(TulaError):
    """The network carries nothing even with every node open. Give its rails capacity."""


class SettlementTie(Record):
    """How trade between ``pivot`` and ``partner`` is paid for.

    What passes the network's account in local currency is bounded by balances besides
    (``local_room``).
    """

    pivot: Region
    """The middle power, whose purchases are routed; filled in by the study."""
    partner: Region
    """Who sells to it."""
    exports: Annotated[Positive, Unit("bn USD a year", 5.0)]
    """What the pivot sells to the partner."""
    imports: Annotated[Positive, Unit("bn USD a year", 60.0)]
    """What the pivot buys from the partner."""
    local_share: Annotated[Share, Unit("share", 0.9)]
    """Share of trade settled in the two currencies, both ways alike."""
    outlet: Annotated[NotNegative, Unit("bn USD a year", 7.0)]
    """What the holder of balances can spend or invest, however large the pile."""
    placement_rate: Annotated[NotNegative, Unit("share of the pile a year", 0.2)]
    """What the holder can place of the pile besides."""
    ceiling: Annotated[Positive, Unit("bn USD", 20.0)]
    """Largest pile that the holder accepts."""
    opening: Annotated[NotNegative, Unit("bn USD", 8.0)]
    """The pile today."""
    network: Network
    """Rails from the pivot's buyers to the partner's sellers, those of the arrangement included."""
    closures: Annotated[int, Field(ge=0), Unit("nodes and messaging systems", 2)]
    """How many of those exposed third countries close at once, if they do."""
    hazard: Annotated[Share, Unit("probability a year", 0.1)]
    """Chance that third countries close them."""
    sectors: Sectors
    """What is paid for through the network."""
    replacement_time: Annotated[Positive, Unit("years", 1.5)]
    """Time until other routes carry half of what it does."""
    shipping: Shipping | None = None
    """A further bound: what ships can carry."""
    on: Day | None = None
    """Day on which insurers are judged; given with ``shipping``."""

    @model_validator(mode="after")
    def _consistent(self) -> SettlementTie:
        found: list[Fault] = []
        exposed = len(self.network.exposed)
        if self.closures > exposed:
            why = f"closures is {self.closures}, but the network has {exposed} exposed nodes"
            found.append((("closures",), why))
        if self.opening.high > self.ceiling.low:
            found.append((("opening",), "opening can exceed ceiling: their ranges overlap"))
        if (self.shipping is None) != (self.on is None):
            why = "give shipping and on (the day insurers are judged) together"
            found.append((("on" if self.shipping is None else "shipping",), why))
        refuse(found)
        return self

    @property
    def balances(self) -> Balances:
        """Balances of the country in surplus, at central values."""
        gap = abs(self.imports.value - self.exports.value)
        return Balances(
            inflow=self.local_share.value * gap,
            outlet=self.outlet.value,
            ceiling=self.ceiling.value,
            rate=self.placement_rate.value,
            opening=self.opening.value,
        )

    def local_room(self, years: float = 1.0) -> float:
        """Most that the account in local currency passes if used for some years, bn USD a year.

        The pivot's sales pay for as much; the rest the partner must spend, place or pile up to the
        ceiling. Infinite where the pivot sells as much as it buys or more.
        """
        if self.exports.value >= self.imports.value:
            return inf
        return self.exports.value + self.balances.room(years)

    def routes(self, years: float = 1.0) -> Network:
        """The network, its account in local currency bounded by balances over some years."""
        return self.network.with_local_room(self.local_room(years))

    def carried(self, settled: float) -> float:
        """Share of the trade still carried where so much settles, and ships carry the goods."""
        return min(settled / self.whole.settled, _carried(self))

    @cached_property
    def whole(self) -> Settled:
        """What is settled over a year with every node open; ``IdleNetworkError`` if nothing is."""
        routes = self.routes()
        found = settle(routes, self.imports.value)
        if found.settled == 0.0:
            raise IdleNetworkError(f"nothing gets from {routes.source} to {routes.sink}")
        return found


class Carriage(NamedTuple):
    """What a state of the network still carries, relative to all of it open.

    ``remaining``: share of the trade carried; ``cost``: ratio of new to old cost of delivery.
    """

    remaining: float
    cost: float


def carriage(
    tie: SettlementTie,
    closed: tuple[str, ...] = (),
    *,
    architecture: bool = True,
    years: float = 1.0,
) -> Carriage:
    """Return what is carried over some years once nodes close, or once the arrangement is gone."""
    whole = left = tie.whole
    if closed or not architecture or years != 1.0:
        then = tie.routes(years)
        routes = then if architecture else then.without_architecture
        left = settle(routes, tie.imports.value, closed)
    cost = (1.0 + left.cost) / (1.0 + whole.cost) if left.settled > 0.0 else 1.0
    return Carriage(tie.carried(left.settled), cost)


def _carried(tie: SettlementTie) -> float:
    if tie.shipping is None or tie.on is None:
        return 1.0
    return throughput(tie.shipping, tie.on).coverage
