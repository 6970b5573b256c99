"""The sum of layers on a day, and what it makes of a world's duties.

A world's duties are those of its base year. On another day they are, cell by cell, the base duty
plus the layers in force on that day less those in force on the base day, so that as of the base
day nothing moves.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import numpy as np

from tula.errors import UnknownNameError
from tula.frozen import kept_with, sealed
from tula.policy.duties.table import DutyDayError, DutyTable, LaidOff, Layer, embedded_duties
from tula.shapes import Bool, Float
from tula.world.economy import Provenance
from tula.world.labels import Labels

Array = np.ndarray


class LateDayWarning(UserWarning):
    """The day lies after the last act in the table: law made since is not in it."""


@dataclass(frozen=True)
class DutiesOfDay:
    """Which duties: those of a day, by a table (the embedded one if None), but for some layers.

    ``without`` names layers or authorities that are laid off on the day, everywhere or between two
    places (``LaidOff``); they stay in what the base year had. ``base_day`` is the day the world's
    own duties stand for, the middle of its year if None. Raises ``TypeError`` for a day that is no
    ``date``, and for a text as ``without``.
    """

    day: date
    table: DutyTable | None = None
    without: tuple[str, ...] = ()
    base_day: date | None = None

    def __post_init__(self) -> None:
        for name, day in (("day", self.day), ("base_day", self.base_day or self.day)):
            if not isinstance(day, date) or isinstance(day, datetime):
                raise TypeError(f"{name} is {day!r}; pass a date such as date(2025, 11, 17)")
        if isinstance(self.without, str):
            raise TypeError(f"without is {self.without!r}; pass a tuple, ({self.without!r},)")

    @property
    def told(self) -> str:
        """Which duties these are, in words."""
        laid = f" without {', '.join(self.without)}" if self.without else ""
        return f"duties as of {self.day}{laid}"

    def tariff(
        self, labels: Labels, base: Float[Array, "S N I"], origin: Provenance
    ) -> Float[Array, "S N I"]:
        """Return import duties (S, N, I), fractions, where ``base`` are those of the world.

        Raises ``DutyDayError`` and, for unknown layers, ``UnknownNameError``; warns with
        ``LateDayWarning``.
        """
        return duties_of_day(
            self.table or embedded_duties(),
            labels,
            base,
            self.day,
            self.base_day or base_day(origin),
            without=self.without,
        )


def base_day(origin: Provenance) -> date:
    """Return the middle of the year a world stands for. Raises ``DutyDayError``."""
    year = origin.vintage.strip()
    if not (len(year) == 4 and year.isdigit()):
        raise DutyDayError(
            f"{origin.name} stands for {year or 'no stated year'!r}, no year such as 2024: import "
            "it with --vintage 2024, or in Python state the day its own duties are of (base_day)"
        )
    return date(int(year), 7, 1)


def duties_of_day(
    table: DutyTable,
    labels: Labels,
    base: Float[Array, "S N I"],
    day: date,
    base_day: date,
    *,
    without: Iterable[str] = (),
) -> Float[Array, "S N I"]:
    """Return a world's import duties on a day, fractions of border value.

    A layer that replaces others stands for the whole duty. A duty that would fall below zero by
    layers taken off is zero. Errors and warnings as ``DutiesOfDay.tariff``.
    """
    if said := table.late(day):
        warnings.warn(said, LateDayWarning, stacklevel=3)
    now = _summed(table, labels, day, tuple(without))
    then = _summed(table, labels, base_day)
    ordinary = np.where(now.holds_ordinary | then.holds_ordinary, 0.0, base)
    change = now.level(ordinary) - then.level(ordinary)
    fallen = (change < 0.0) & (base >= 0.0)
    return np.asarray(np.where(fallen, np.maximum(base + change, 0.0), base + change))


class _Sum(NamedTuple):
    """Fractions (S, N, I): what adds up, what stands alone (NaN elsewhere); and where the ordinary
    duty is among the layers."""

    added: Float[Array, "S N I"]
    alone: Float[Array, "S N I"]
    holds_ordinary: Bool[Array, "S N I"]

    def level(self, ordinary: Float[Array, "S N I"]) -> Float[Array, "S N I"]:
        """Return the whole duty, with the ordinary one where the layers do not hold it."""
        return np.asarray(np.where(np.isnan(self.alone), self.added + ordinary, self.alone))


@kept_with
def _summed(table: DutyTable, labels: Labels, day: date, without: tuple[str, ...] = ()) -> _Sum:
    """Sum what is in force on a day; errors as ``DutiesOfDay.tariff``."""
    where, regions = places_of(table, labels), len(labels.regions)
    layers, shape = table.on(day, without), (len(labels.sectors), regions, regions)
    parts = [where.cells(layer) for layer in layers]
    which = np.repeat(np.arange(len(layers)), [len(part) for part in parts])
    cells = np.concatenate([np.empty(0, dtype=int), *parts])
    _check_once(where.origin, layers, which, cells)
    kept = np.ones(len(cells), dtype=bool)
    for one in map(LaidOff.read, without):
        meets = np.array([one.meets(layer) for layer in layers], dtype=bool)
        (importers, exporters), between = where.pair(one), np.zeros(shape, dtype=bool)
        between[:, importers, exporters] = True
        kept &= ~(meets[which] & between.ravel()[cells])
    which, cells = which[kept], cells[kept]
    points = np.array([layer.points_on_cell for layer in layers])[which] / 100.0
    alone = np.array([layer.stacking == "replaces" for layer in layers], dtype=bool)[which]
    ordinary = np.array([layer.layer == "MFN" for layer in layers], dtype=bool)[which]
    found = _Sum(np.zeros(shape), np.full(shape, np.nan), np.zeros(shape, dtype=bool))
    np.add.at(found.added.ravel(), cells[~alone], points[~alone])
    found.alone.ravel()[cells[alone]] = points[alone]
    found.holds_ordinary.ravel()[cells[ordinary]] = True
    own = np.arange(regions)
    for array in found:
        array[:, own, own] = 0
    return _Sum(*map(sealed, found))


def _check_once(origin: str, layers: Sequence[Layer], which: Array, cells: Array) -> None:
    """Raise ``DutyDayError`` where a cell has two rows of one layer, or two that replace others."""
    numbers: dict[str, int] = {}
    names = ["" if layer.stacking == "replaces" else layer.layer for layer in layers]
    acts = np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=int)
    first = np.unique(acts[which] + len(numbers) * cells, return_index=True)[1]
    if len(first) < len(cells):
        again = np.delete(which, first)[0]
        raise DutyDayError(f"{origin}: {_twice(layers[again])}")


def _twice(layer: Layer) -> str:
    what = "two layers that replace all others" if layer.stacking == "replaces" else "its rows"
    return (
        f"{layer.layer} of {layer.importer} on {layer.partner}, {layer.sector}: "
        f"{what} meet on one cell of this world, by a group and its member; state each cell once"
    )


@kept_with
def places_of(table: DutyTable, labels: Labels) -> Places:
    """Return where the codes of a table stand in a world.

    Raises ``DutyDayError`` where nothing fits, and as ``Places.check_codes``.
    """
    found = Places(table, labels)
    if not any(len(found.cells(layer)) for layer in table.layers):
        raise DutyDayError(
            f"nothing in {table.origin} fits this world: no importer, partner and sector of a "
            "layer is among its codes"
        )
    found.check_codes(table)
    return found


class Places:
    """Positions of a table's codes among a world's labels; ``origin`` names the table."""

    def __init__(self, table: DutyTable, labels: Labels) -> None:
        self.origin, self._known, self._labels = table.origin, table.places, labels
        self._regions: dict[str, list[int]] = {}
        self._sectors: dict[str, list[int]] = {}
        self._cells: dict[tuple[str, ...], Array] = {}

    def cells(self, layer: Layer) -> Array:
        """Return positions in a flat array (S, N, I) of the world; none where nothing is there."""
        codes = layer.sector, layer.importer, layer.partner
        if codes not in self._cells:
            parts = (
                self.sectors(layer.sector),
                self.regions(layer.importer),
                self.regions(layer.partner),
            )
            regions = len(self._labels.regions)
            shape = len(self._labels.sectors), regions, regions
            self._cells[codes] = np.ravel_multi_index(np.ix_(*parts), shape).ravel()
        return self._cells[codes]

    def pair(self, laid: LaidOff) -> tuple[Array, ...]:
        """Return positions on the importer and exporter axes between which layers are laid off.

        Both empty where they are laid off everywhere. Raises ``UnknownNameError``.
        """
        if not laid.importer:
            return np.ix_([], [])
        for code in (laid.importer, laid.partner):
            if not self.regions(code):
                known = {*self._labels.regions, *self._labels.region_groups, *self._known}
                raise UnknownNameError("place of a layer", code, known)
        return np.ix_(self.regions(laid.importer), self.regions(laid.partner))

    def regions(self, code: str) -> list[int]:
        """Return positions of the regions a code of the table stands for."""
        if code not in self._regions:
            there = self._labels.regions
            named = self._known.get(code, (code,))
            found = [there.index(one) for one in named if one in there]
            self._regions[code] = list(dict.fromkeys(found)) or self._resolved(code)
        return self._regions[code]

    def sectors(self, code: str) -> list[int]:
        """Return positions of the sectors a code or group of the table stands for."""
        if code not in self._sectors:
            try:
                codes = self._labels.resolve_sectors(code)
            except UnknownNameError:
                codes = ()
            self._sectors[code] = [self._labels.sectors.index(one) for one in codes]
        return self._sectors[code]

    def check_codes(self, table: DutyTable) -> None:
        """Raise ``DutyDayError`` for places nobody knows, and for sectors that the world lacks."""
        codes = {code for one in table.layers for code in (one.importer, one.partner)}
        unknown = {code for code in codes - set(self._known) if not self.regions(code)}
        if unknown:
            raise DutyDayError(
                f"{self.origin} names places that neither the table nor this world knows: "
                f"{', '.join(sorted(unknown))}"
            )
        lost = {
            one.sector
            for one in table.layers
            if not self.sectors(one.sector)
            and self.regions(one.importer)
            and self.regions(one.partner)
        }
        if lost:
            raise DutyDayError(
                f"{self.origin} names sectors that this world lacks, whose duties would be "
                f"left out: {', '.join(sorted(lost))}; the world has "
                f"{', '.join(self._labels.sectors)}. Layers in its sectors are read by --duties "
                "(read_duties in Python)"
            )

    def _resolved(self, code: str) -> list[int]:
        try:
            return [self._labels.regions.index(one) for one in self._labels.resolve_regions(code)]
        except UnknownNameError:
            return []
