"""Trade of the pivot before any scenario."""

from __future__ import annotations

from collections.abc import Iterator

import xarray as xr

from tula.numbers import write
from tula.report.part import Citing, Part
from tula.report.table import LONG, TOP, Row, Table, share_of


class Baseline(Part):
    """The world that the scenarios depart from."""

    link = "Trade"

    @property
    def cited(self) -> Iterator[Citing]:
        """Each scenario in which nobody does anything, with its facts."""
        for record in self.view.still:
            yield self.anchor, record.id, record.evidence

    @property
    def rivals(self) -> list[tuple[str, Table, Table]]:
        """Name of each rival, what the pivot sells to it, and what it buys from it."""
        before = self.view.before
        return [
            (
                self.view.named(rival),
                self.by_sector(before["pivot_exports"].sel(importer=rival)),
                self.by_sector(before["pivot_imports"].sel(exporter=rival)),
            )
            for rival in self.view.actors[1:]
        ]

    @property
    def partners(self) -> Table:
        """Trade of the pivot with its largest partners."""
        view, columns = self.view, self._columns()

        def row(code: str | None) -> list[float]:
            return [sum(column.values()) if code is None else column[code] for column in columns]

        others = sorted((c for c in view.regions if c != view.pivot), key=lambda c: -sum(row(c)))
        kept = others[:LONG] + [code for code in view.actors[1:] if code not in others[:LONG]]
        rows = [Row(view.region_names[c], _balance(row(c)), strong=c in view.actors) for c in kept]
        return Table((*rows, Row("All partners", _balance(row(None)), strong=True)))

    def by_sector(self, flow: xr.DataArray) -> Table:
        """A flow by sector, the largest first."""
        ordered = flow.sortby(-flow)
        whole = float(flow.sum())
        rows = []
        for value in ordered[:TOP]:
            cells = (
                write.number(float(value) / 1000),
                write.number(share_of(float(value), whole)),
            )
            rows.append(Row(self.view.sector_names[str(value.sector.item())], cells, float(value)))
        rows.append(Row("All sectors", (write.number(whole / 1000), ""), strong=True))
        return Table(tuple(rows), levels=True)

    def _columns(self) -> list[dict[str, float]]:
        """Partner -> million USD for exports of goods and services, then imports of both."""
        goods, columns = self.view.data.sector_is_goods, []
        for side, other in (("pivot_exports", "importer"), ("pivot_imports", "exporter")):
            own = self.view.before[side]
            for mask in (goods, ~goods):
                flow = own.where(mask, 0.0).sum("sector").drop_sel({other: self.view.pivot})
                columns.append(
                    dict(zip(map(str, flow[other].values), map(float, flow), strict=True))
                )
        return columns


def _balance(row: list[float]) -> tuple[str, ...]:
    levels = [write.number(value / 1000) for value in row]
    balance = row[0] + row[1] - row[2] - row[3]
    return (*levels, write.change(balance / 1000))
