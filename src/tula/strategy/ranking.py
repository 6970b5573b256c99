"""The ranking as it is told: one model behind terminal, JSON, table and map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tula.strategy.answer.found import Found

if TYPE_CHECKING:
    import xarray as xr

#: Size of a flow, % of final spending, from which its kept part is told of the region.
LARGE = 1.0


class Ends(Found):
    """A figure at the median of ``replace`` and at both ends, None where there is none."""

    value: float | None
    """At the median."""
    low: float | None = None
    """At the low end."""
    high: float | None = None
    """At the high end."""

    @property
    def range(self) -> tuple[float, float]:
        """Its least and its greatest value, not numbers where there is none."""
        known = [one for one in (self.value, self.low, self.high) if one is not None]
        return (min(known), max(known)) if known else (math.nan, math.nan)


class Flow(Found):
    """A flow with a rival, seen from the region."""

    id: str
    """Goods, services or everything, sold or bought."""
    kept: float | None
    """What the duties of the day leave of it in the first year, ratio to the base year."""
    weight: float
    """Its size in the base year, % of the region's final spending."""


class Hold(Found):
    """What a rival's break-off means for a region."""

    id: str
    """The rival."""
    title: str
    """What readers see it called."""
    keeps_word: float = 1.0
    """Chance that it keeps its word once obeyed."""
    needed: Ends
    """Chance of a break-off beyond which the region drops the other rival; one: it never does."""
    loss: Ends
    """What it takes from the region, % of its final spending."""
    loss_money: Ends
    """The same, million USD a year."""
    cost: Ends
    """What it costs the rival, % of its final spending."""
    cost_money: Ends
    """The same, million USD a year."""
    flows: tuple[Flow, ...] = ()
    """Flows with the rival, where a day's duties are asked about."""


class Standing(Found):
    """How a region stands between the rivals."""

    id: str
    """The region."""
    title: str
    """What readers see it called."""
    yields_to: str | None
    """The rival to which it yields more easily; None without an equilibrium."""
    kept: float | None
    """The least kept of its large flows; None where no day is asked about, or none is large."""
    holds: tuple[Hold, ...]
    """Both rivals."""

    @property
    def least(self) -> Hold | None:
        """The rival to which it yields more easily, None without an equilibrium."""
        return next((one for one in self.holds if one.id == self.yields_to), None)


class Ranking(Found):
    """Every region of a world between two rivals, the most evenly held first."""

    rivals: tuple[str, ...]
    """Between whom."""
    as_of: str
    """Day whose duties stand; empty: those of the world."""
    world: str
    """Of which world."""
    closure: str
    """What happens to trade imbalances."""
    elasticities: str
    """How a lost partner is replaced."""
    replace: tuple[str, ...] = ()
    """The same as options of a command."""
    failures: tuple[str, ...]
    """Break-offs without an equilibrium."""
    kept_suppliers: tuple[str, ...]
    """Buyers that trade on for want of another seller."""
    units: dict[str, dict[str, str]]
    """Name, unit, base and sign of every figure."""
    regions: tuple[Standing, ...]
    """All regions, those without an equilibrium last."""

    @property
    def known(self) -> list[Standing]:
        """Regions with an equilibrium."""
        return [one for one in self.regions if one.least]

    @property
    def titles(self) -> list[str]:
        """What readers see the rivals called."""
        return [one.title for one in self.regions[0].holds]

    @property
    def words(self) -> dict[str, float]:
        """Chance by rival that it keeps its word once obeyed, where it is below one."""
        return {one.id: one.keeps_word for one in self.regions[0].holds if one.keeps_word < 1.0}

    def place(self, region: str) -> int:
        """Return the place of a region among the known ones, from 1; 0 where it is none of them."""
        return next((n for n, one in enumerate(self.known, 1) if one.id == region), 0)


def page_data(found: xr.Dataset, as_of: str = "") -> Ranking:
    """Return what ``rank`` found, ready for a table, a map and JSON."""
    attrs = found.attrs
    return Ranking(
        rivals=tuple(map(str, found.rival.values)),
        as_of=as_of,
        world=attrs["world"],
        closure=attrs["closure"],
        elasticities=attrs["elasticities"],
        replace=_told(attrs["replace"]),
        failures=_told(attrs["failures"]),
        kept_suppliers=_told(attrs["kept_suppliers"]),
        units={
            str(name): {key: values.attrs[key] for key in ("long_name", "units", "base", "sign")}
            for name, values in found.data_vars.items()
        },
        regions=tuple(_standing(found.sel(region=code)) for code in found.region.values),
    )


def _told(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("; ")))


def _standing(one: xr.Dataset) -> Standing:
    holds = tuple(_hold(one.sel(rival=rival)) for rival in one.rival.values)
    chances = {hold.id: hold.needed.value for hold in holds if hold.needed.value is not None}
    whole = len(chances) == len(holds)
    large = [
        flow.kept
        for hold in holds
        for flow in hold.flows
        if flow.weight > LARGE and flow.kept is not None
    ]
    return Standing(
        id=str(one.region.item()),
        title=str(one.name.item()),
        yields_to=min(chances, key=lambda rival: chances[rival]) if whole else None,
        kept=min(large, default=None),
        holds=holds,
    )


def _hold(one: xr.Dataset) -> Hold:
    names = ("needed", "loss", "loss_money", "cost", "cost_money")
    places = [str(end) for end in one.end.values]
    ends: dict[str, Any] = {
        name: Ends(**dict(zip(places, map(_number, one[name].values), strict=True)))
        for name in names
    }
    flows: tuple[Flow, ...] = ()
    if "kept" in one:
        flows = tuple(
            Flow(id=str(name), kept=_number(kept), weight=float(weight))
            for name, kept, weight in zip(
                one.flow.values, one["kept"].values, one["weight"].values, strict=True
            )
        )
    code, title = str(one.rival.item()), str(one.rival_name.item())
    word = float(one.keeps_word)
    return Hold(id=code, title=title, keeps_word=word, flows=flows, **ends)


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
