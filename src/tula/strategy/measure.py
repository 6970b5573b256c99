"""What a group does to a target, as a function of who is in the group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tula.errors import UnknownNameError
from tula.policy import Embargo, Tariff, TradeCost
from tula.policy.instruments import Instrument

#: Region codes, in the order of the world's axes.
Codes = tuple[str, ...]

#: Flows a measure may stop or burden: what members buy from the target, sell to it, or both.
DIRECTIONS = ("imports", "exports", "both")


#: Turns the members' and the target's region codes into instruments. Called with no members it
#: returns what is in force in any case (usually nothing): losses are counted from there.
Measure = Callable[[Codes, Codes], Sequence[Instrument]]


@dataclass(frozen=True)
class JointEmbargo:
    """Members stop trading some sectors with the target: their imports, their exports, or both.

    Raises ``UnknownNameError`` for another direction.
    """

    sectors: str | Sequence[str] = "all"
    direction: str = "both"

    def __post_init__(self) -> None:
        _refuse_unknown(self.direction)

    def __call__(self, members: Codes, target: Codes, /) -> Sequence[Instrument]:
        """Return one embargo for each way trade is stopped."""
        return [
            Embargo(importer=buyers, exporter=sellers, sectors=self.sectors)
            for buyers, sellers in _flows(members, target, self.direction)
        ]


@dataclass(frozen=True)
class JointTariff:
    """Members add points to their duties on the target's goods (0.35 = 35 points)."""

    add: float
    sectors: str | Sequence[str] = "all"

    def __call__(self, members: Codes, target: Codes, /) -> Sequence[Instrument]:
        """Return one tariff of all members, or nothing where there are none."""
        return [
            Tariff(importer=buyers, exporter=sellers, sectors=self.sectors, add=self.add)
            for buyers, sellers in _flows(members, target, "imports")
        ]


@dataclass(frozen=True)
class JointTradeCost:
    """Trade with the target becomes dearer and nobody collects: ``factor`` new over old cost.

    Raises ``UnknownNameError`` for another direction.
    """

    factor: float
    sectors: str | Sequence[str] = "all"
    direction: str = "both"

    def __post_init__(self) -> None:
        _refuse_unknown(self.direction)

    def __call__(self, members: Codes, target: Codes, /) -> Sequence[Instrument]:
        """Return one trade cost for each way trade is burdened."""
        return [
            TradeCost(importer=buyers, exporter=sellers, sectors=self.sectors, factor=self.factor)
            for buyers, sellers in _flows(members, target, self.direction)
        ]


def _refuse_unknown(direction: str) -> None:
    if direction not in DIRECTIONS:
        raise UnknownNameError("direction", direction, DIRECTIONS)


def _flows(members: Codes, target: Codes, direction: str) -> list[tuple[Codes, Codes]]:
    """Return (buyers, sellers) of each flow concerned."""
    if not members:
        return []
    ways = {"imports": (members, target), "exports": (target, members)}
    return [way for name, way in ways.items() if direction in (name, "both")]
