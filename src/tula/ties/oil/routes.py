"""Chokepoints of a country's whole supply set, with and without one partner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pydantic import model_validator

from tula.errors import did_you_mean
from tula.numbers.quantity import NotNegative, Quantity, Share
from tula.numbers.record import Record
from tula.ties.oil.errors import OilMarketError
from tula.ties.oil.parts import BILLION_BARRELS

#: Shares of a supply set must add up to 1 within this.
ROUNDING = 1e-6


class SupplySource(Record):
    """A supplier: ``share`` of the country's crude and the chokepoints it passes, by name.

    ``through`` is the share of its crude that passes them (the rest goes round, by pipeline).
    """

    name: str
    share: float
    via: tuple[str, ...] = ()
    through: Share = Quantity(value=1.0, low=1.0, high=1.0)


class Chokepoint(Record):
    """A passage that may close: ``hazard`` a year, ``days`` closed, ``shortfall``: share of the
    barrels through it that finds no substitute meanwhile, ``loss``: USD for a barrel missing."""

    name: str
    hazard: Share
    days: NotNegative
    shortfall: Share
    loss: NotNegative


class SupplySet(Record):
    """All sources of a country's crude (shares add up to 1), ``need`` in mb/d, and chokepoints."""

    need: NotNegative
    sources: tuple[SupplySource, ...]
    chokepoints: tuple[Chokepoint, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> SupplySet:
        problems = _problems(self)
        if problems:
            raise ValueError("\n  ".join(problems))
        return self


def _problems(supply: SupplySet) -> list[str]:
    points = [point.name for point in supply.chokepoints]
    total = sum(source.share for source in supply.sources)
    problems = (
        [] if abs(total - 1.0) <= ROUNDING else [f"sources: shares add up to {total:g}, not 1"]
    )
    problems += _repeated("sources", [source.name for source in supply.sources])
    problems += _repeated("chokepoints", points)
    for source in supply.sources:
        if not 0.0 <= source.share <= 1.0:
            problems.append(f"sources.{source.name}.share: expected 0 to 1; got {source.share}")
        problems += [
            f"sources.{source.name}.via: unknown chokepoint {name!r}{did_you_mean(name, points)}"
            for name in source.via
            if name not in points
        ]
    return problems


def _repeated(place: str, names: Iterable[str]) -> list[str]:
    return [f"{place}: {name} stands more than once" for name, n in Counter(names).items() if n > 1]


def share_through(supply: SupplySet, chokepoint: str) -> float:
    """Share of the country's crude that passes a chokepoint, at central values."""
    _point(supply, chokepoint)
    return sum(
        source.share * source.through.value for source in supply.sources if chokepoint in source.via
    )


def chokepoint_loss(supply: SupplySet, chokepoint: str) -> float:
    """Expected loss through a chokepoint, bn USD a year: share x hazard x loss of a closure.

    A closure of ``days`` leaves share x need x shortfall barrels a day missing, each at ``loss``.
    """
    point = _point(supply, chokepoint)
    missing = share_through(supply, chokepoint) * supply.need.value * point.shortfall.value
    closure = BILLION_BARRELS * point.days.value / 365.0 * missing * point.loss.value
    return point.hazard.value * closure


def expected_loss(supply: SupplySet) -> float:
    """Expected loss through all chokepoints together, bn USD a year; they close independently."""
    return sum(chokepoint_loss(supply, point.name) for point in supply.chokepoints)


def without(supply: SupplySet, source: str, share: float) -> SupplySet:
    """Return the supply set with one source at a new share; the others fill in pro rata.

    Pro rata is the neutral assumption; for another replacement describe the set itself.
    """
    names = [one.name for one in supply.sources]
    problems = []
    if source not in names:
        problems.append(f"unknown source {source!r}{did_you_mean(source, names)}")
    if not 0.0 <= share <= 1.0:
        problems.append(f"share of {source}: expected 0 to 1; got {share}")
    others = sum(one.share for one in supply.sources if one.name != source)
    if others <= 0.0:
        problems.append(f"{source} is the only source: there is nobody to fill in")
    if problems:
        raise OilMarketError("the supply set", problems)
    return supply.model_copy(
        update={"sources": _reweighed(supply.sources, source, share, (1.0 - share) / others)}
    )


def _reweighed(
    sources: Sequence[SupplySource], changed: str, share: float, factor: float
) -> tuple[SupplySource, ...]:
    return tuple(
        one.model_copy(update={"share": share if one.name == changed else one.share * factor})
        for one in sources
    )


def _point(supply: SupplySet, name: str) -> Chokepoint:
    for point in supply.chokepoints:
        if point.name == name:
            return point
    names = [point.name for point in supply.chokepoints]
    problem = f"unknown chokepoint {name!r}{did_you_mean(name, names)}"
    raise OilMarketError("the supply set", [problem])
