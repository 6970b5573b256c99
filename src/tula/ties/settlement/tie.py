"""The settlement arrangement as a tie: its inputs, and what its network still carries."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from tula.errors import TulaError
from tula.numbers.quantity import NotNegative, Positive, Share
from tula.numbers.record import Record
from tula.policy.units import Day
from tula.ties.settlement.balances import Balances
from tula.ties.settlement.network import Network
from tula.ties.settlement.resilience import settle
from tula.ties.settlement.shipping import Shipping, throughput
from tula.world.named import Region, Sectors


class IdleNetworkError(TulaError):
    """The network carries nothing even with every node open. Give its rails capacity."""


class SettlementTie(Record):
    """Settlement of trade between ``pivot`` and ``partner``, region codes of the world.

    * ``exports``, ``imports``: trade of the pivot with the partner, billion USD a year;
    * ``local_share``: share settled in the two currencies, both legs alike;
    * ``outlet``, ``placement_rate``, ``ceiling``, ``opening``: see ``Balances``;
    * ``network``: rails from the pivot's buyers to the partner's sellers, billion USD a year,
      as it stands, rails of the arrangement included; what passes its account in local currency
      is bounded by balances besides (``local_room``);
    * ``closures``: how many exposed nodes third countries close at once, if they do; ``hazard``:
      probability that they do, a year;
    * ``sectors``: what is paid for through the network;
    * ``shipping`` on the day ``on``: a further bound where given;
    * ``replacement_time``: years to build other routes for half of what it carries.
    """

    pivot: Region
    partner: Region
    exports: Positive
    imports: Positive
    local_share: Share
    outlet: NotNegative
    placement_rate: NotNegative
    ceiling: Positive
    opening: NotNegative
    network: Network
    closures: int = Field(ge=0, strict=True)
    hazard: Share
    sectors: Sectors
    replacement_time: Positive
    shipping: Shipping | None = None
    on: Day | None = None

    @model_validator(mode="after")
    def _consistent(self) -> SettlementTie:
        problems = []
        if self.closures > len(self.network.exposed):
            problems.append(
                f"closures is {self.closures}, but the network has "
                f"{len(self.network.exposed)} exposed nodes"
            )
        if self.opening.high > self.ceiling.low:
            problems.append("opening can exceed ceiling: their ranges overlap")
        if (self.shipping is None) != (self.on is None):
            problems.append("give shipping and on (the day insurers are judged) together")
        if problems:
            raise PydanticCustomError("tie", "{why}", {"why": "; ".join(problems)})
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
    need, routes = tie.imports.value, tie.routes()
    open_ = settle(routes, need)
    if open_.settled == 0.0:
        raise IdleNetworkError(f"nothing gets from {routes.source} to {routes.sink}")
    then = tie.routes(years)
    left = settle(then if architecture else then.without_architecture, need, closed)
    cost = (1.0 + left.cost) / (1.0 + open_.cost) if left.settled > 0.0 else 1.0
    return Carriage(min(left.settled / open_.settled, _carried(tie)), cost)


def _carried(tie: SettlementTie) -> float:
    if tie.shipping is None or tie.on is None:
        return 1.0
    return throughput(tie.shipping, tie.on).coverage
