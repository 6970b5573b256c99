"""Which layers make up the duty of one importer on another's goods, and how it has moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from tula.policy.duties.stack import Places
from tula.policy.duties.table import DutyDayError, DutyTable, LaidOff, Layer
from tula.shapes import Float
from tula.world.economy import Economy

Array = np.ndarray


class SectorDuty(NamedTuple):
    """One sector: its trade in million USD a year, the duty in percentage points, and its layers.

    ``parts`` are layers with the points each adds to the sum, a weighted mean where several
    regions sell.
    """

    sector: str
    trade: float
    points: float
    parts: tuple[tuple[Layer, float], ...]


class Turn(NamedTuple):
    """A day on which the duty changes: its average from then on, what begins and what ends."""

    day: date
    points: float
    begun: tuple[str, ...]
    ended: tuple[str, ...]


class PairDuties:
    """Layers of one importer on some sellers, averaged with a world's base trade.

    ``importer`` and ``exporter`` are names of regions or groups as in what-ifs; the importer must
    be one region. Raises ``UnknownNameError``, and ``DutyDayError`` where the table holds nothing
    on the pair or names sectors that the world lacks.
    """

    def __init__(self, table: DutyTable, economy: Economy, importer: str, exporter: str) -> None:
        labels, self._places = economy.labels, Places(table, economy.labels)
        self.table, self.sectors = table, labels.sectors
        buyer = labels.region_index(importer)
        sellers = [labels.regions.index(one) for one in labels.resolve_regions(exporter)]
        sellers = [one for one in sellers if one != buyer]
        self.trade: Float[Array, "S E"] = economy.trade[:, buyer, :][:, sellers]
        self._buyer, self._sellers = buyer, np.array(sellers, dtype=int)
        self._places.check_codes(table)
        met = ((one, self._hits(one)) for one in table.layers)
        self._met = [(one, cells) for one, cells in met if cells.any()]
        if not self._met:
            raise DutyDayError(
                f"{table.origin} holds no layer of {importer} on {exporter}: the world's own base "
                "duty stands on every day"
            )
        reached = np.any([cells for _, cells in self._met], axis=0).any(axis=1)
        self.goods = [sector for sector, hit in enumerate(reached) if hit]

    @property
    def layers(self) -> list[Layer]:
        """All layers that ever meet on the pair."""
        return [one for one, _ in self._met]

    def on(self, day: date, without: Sequence[str] = ()) -> tuple[SectorDuty, ...]:
        """Return the sectors that layers reach, with what is in force on a day."""
        self.table.refuse(day, without)
        off = set(without)
        pairs = [laid for laid in map(LaidOff.read, without) if laid.importer]
        live = [
            (one, self._left(one, cells, pairs))
            for one, cells in self._met
            if one.in_force(day, off)
        ]
        return tuple(self._sector(sector, live) for sector in self.goods)

    def average(self, day: date, without: Sequence[str] = ()) -> float:
        """Return the mean duty of a day over those sectors, points, weighted by base trade."""
        rows = self.on(day, without)
        weight = sum(row.trade for row in rows)
        if weight == 0.0:
            return float(np.mean([row.points for row in rows]))
        return sum(row.points * row.trade for row in rows) / weight

    def parts(self, day: date) -> dict[str, float]:
        """Return the mean points of each layer in force, weighted as in ``average``, their sum."""
        rows = self.on(day)
        weight = sum(row.trade for row in rows)
        found: dict[str, float] = {}
        for row in rows:
            share = row.trade / weight if weight > 0.0 else 1.0 / len(rows)
            for one, points in row.parts:
                found[one.layer] = found.get(one.layer, 0.0) + share * points
        return found

    def turns(self) -> Iterator[Turn]:
        """Yield the days on which something begins or ends, in order."""
        after = timedelta(days=1)
        days = {one.start for one in self.layers}
        days |= {one.end + after for one in self.layers if one.end is not None}
        for day in sorted(days):
            now = {one.layer for one in self.layers if one.in_force(day)}
            before = {one.layer for one in self.layers if one.in_force(day - after)}
            yield Turn(
                day, self.average(day), tuple(sorted(now - before)), tuple(sorted(before - now))
            )

    def _sector(self, sector: int, live: Sequence[tuple[Layer, Array]]) -> SectorDuty:
        weight = self.trade[sector]
        share = weight / weight.sum() if weight.sum() > 0 else np.full(len(weight), 1 / len(weight))
        here = [(one, cells[sector]) for one, cells in live if cells[sector].any()]
        alone = np.zeros(len(weight), dtype=bool)
        for one, sellers in here:
            alone |= sellers & (one.stacking == "replaces")
        parts = []
        for one, sellers in here:
            counted = sellers & ((one.stacking == "replaces") | ~alone)
            if counted.any():
                parts.append((one, float(one.points_on_cell * share[counted].sum())))
        points = sum(added for _, added in parts)
        return SectorDuty(self.sectors[sector], float(weight.sum()), points, tuple(parts))

    def _left(self, layer: Layer, cells: Array, pairs: Sequence[LaidOff]) -> Array:
        """Return what is left of a layer's cells once it is laid off between places."""
        for laid in pairs:
            importers, partners = self._places.pair(laid)
            if laid.meets(layer) and self._buyer in importers:
                cells = cells & ~np.isin(self._sellers, partners)
        return cells

    def _hits(self, layer: Layer) -> Array:
        """Return which sectors (S) and sellers (E) of the pair a layer reaches."""
        hit = np.zeros(self.trade.shape, dtype=bool)
        if self._buyer in self._places.regions(layer.importer):
            sellers = np.isin(self._sellers, self._places.regions(layer.partner))
            hit[self._places.sectors(layer.sector)] = sellers
        return hit
