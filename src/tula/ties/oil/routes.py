"""Chokepoints of a country's whole supply set, with and without one partner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, model_validator

from tula.errors import did_you_mean
from tula.numbers.quantity import NotNegative, Share
from tula.numbers.record import Record, Unit, refuse
from tula.ties.inputs import repeated, unknown
from tula.ties.oil.errors import OilMarketError
from tula.ties.oil.parts import ALL, ROUNDING
from tula.world.named import Region


class SupplySource(Record):
    """A supplier of the country's crude."""

    name: str
    """What it is called; the tie's partner by its code."""
    share: Annotated[float, Field(ge=0.0, le=1.0), Unit("share", 0.36)]
    """Its share of the country's crude; those of all sources sum to 1."""
    via: tuple[str, ...] = ()
    """Names of the chokepoints that its crude passes."""
    through: Annotated[Share, Unit("share", 0.8)] = ALL
    """Share of its crude that passes them; the rest goes round, by pipeline."""


class Chokepoint(Record):
    """A passage that may close."""

    name: str
    """What it is called."""
    hazard: Annotated[Share, Unit("probability a year", 0.05)]
    """Chance that it closes."""
    days: Annotated[NotNegative, Unit("days", 60.0)]
    """How long it stays closed."""
    shortfall: Annotated[Share, Unit("share", 0.6)]
    """Share of the barrels through it that finds no way round meanwhile."""
    exporters: dict[Region, Annotated[Share, Unit("share", 0.8)]]
    """Share of each exporter's sales abroad that passes it."""


class SupplySet(Record):
    """All of a country's crude, wherever it comes from."""

    need: Annotated[NotNegative, Unit("mb/d", 5.3)]
    """Crude that the country uses."""
    sources: tuple[SupplySource, ...]
    """Everybody who supplies it."""
    chokepoints: tuple[Chokepoint, ...] = ()
    """Passages on the way that may close."""

    @model_validator(mode="after")
    def _consistent(self) -> SupplySet:
        found = [*repeated(self, "sources"), *repeated(self, "chokepoints")]
        total = sum(source.share for source in self.sources)
        if abs(total - 1.0) > ROUNDING:
            found.append((("sources",), f"shares add up to {total:g}, not 1"))
        points = [point.name for point in self.chokepoints]
        for place, source in enumerate(self.sources):
            for order, name in enumerate(source.via):
                found += unknown(("sources", place, "via", order), "chokepoint", name, points)
        refuse(found)
        return self


def share_through(supply: SupplySet, chokepoint: str) -> float:
    """Share of the country's crude that passes a chokepoint, at central values."""
    _point(supply, chokepoint)
    return sum(
        source.share * source.through.value for source in supply.sources if chokepoint in source.via
    )


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
