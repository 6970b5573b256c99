"""Tables of the page, ready to print: every cell a text, some rows with a bar beside the number."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import xarray as xr

from tula.numbers import write
from tula.report.view import View
from tula.study.wording import possessive

TOP = 5
LONG = 8


@dataclass(frozen=True)
class Row:
    """One line: a label, the number its bar shows (or none), and the texts of its cells."""

    label: str
    cells: tuple[str, ...]
    bar: float | None = None
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A captioned table. ``columns`` heads the label and each cell; bars share one scale.

    Bars show gains and losses unless the numbers are ``levels``.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    levels: bool = False

    @property
    def lines(self) -> list[tuple[Row, list[str]]]:
        """Each row with the texts of its cells, decimal points lined up by column."""
        columns = [
            write.aligned(cells) for cells in zip(*(r.cells for r in self.rows), strict=True)
        ]
        return list(zip(self.rows, map(list, zip(*columns, strict=True)), strict=True))

    @property
    def barred(self) -> bool:
        """Whether rows carry bars."""
        return any(row.bar is not None for row in self.rows)

    def bar(self, row: Row) -> tuple[float, float, str] | None:
        """Left edge and width in percent of the bar column, and ``gain``, ``loss`` or ``level``."""
        if row.bar is None or not math.isfinite(row.bar):
            return None
        low, high = self._limits
        start, end = sorted(((0 - low) / (high - low) * 100, (row.bar - low) / (high - low) * 100))
        kind = "level" if self.levels else "gain" if row.bar > 0 else "loss"
        return round(start, 2), round(end - start, 2), kind

    @property
    def zero(self) -> float:
        """Where zero stands in the bar column, percent from the left."""
        low, high = self._limits
        return round(-low / (high - low) * 100, 2)

    @property
    def _limits(self) -> tuple[float, float]:
        known = [row.bar for row in self.rows if row.bar is not None and math.isfinite(row.bar)]
        low, high = min([0.0, *known]), max([0.0, *known])
        return (low, high) if high > low else (0.0, 1.0)


def movers(view: View, scenario: str) -> Table:
    """Regions that gain and lose the most real income, with pivot and rivals always shown."""
    income = {code: view.real_income(scenario, code) for code in view.regions}
    known = [code for code in view.regions if math.isfinite(income[code])]
    known.sort(key=lambda code: -income[code])
    kept = {*known[:TOP], *known[-TOP:], *view.actors}
    rows = tuple(
        Row(
            view.region_names[code],
            (
                write.change(income[code]),
                write.change(view.ev(scenario, code) / 1000),
            ),
            income[code],
            code in view.actors,
        )
        for code in known
        if code in kept
    )
    return Table(
        "Who gains, who loses",
        ("Region", "Real income, %", "Worth, bn USD"),
        rows,
        "Largest gains and losses; pivot and rivals in bold.",
    )


def partners(view: View, scenario: str) -> Table:
    """Change of the pivot's exports to and imports from its partners."""
    trade = view.headline("pair_trade", scenario)
    sold, bought = (
        _change_by_partner(trade.sel({side: view.pivot}), other)
        for side, other in (("exporter", "importer"), ("importer", "exporter"))
    )
    others = [code for code in view.regions if code != view.pivot]
    size = {code: abs(sold[code][0]) + abs(bought[code][0]) for code in others}
    kept = sorted(others, key=lambda code: -size[code])[:LONG]
    kept += [code for code in view.actors[1:] if code not in kept]
    rows = [
        Row(
            view.region_names[code],
            tuple(
                write.change(number)
                for money, share in (sold[code], bought[code])
                for number in (money / 1000, share)
            ),
            strong=code in view.actors,
        )
        for code in kept
    ]
    name = view.named(view.pivot)
    return Table(
        f"{possessive(name)} trade by partner",
        ("Partner", "Exports, bn USD", "Exports, %", "Imports, bn USD", "Imports, %"),
        tuple(rows),
        "Value before import duty, goods and services; partners with the largest changes.",
    )


def flows(view: View, scenario: str) -> Table:
    """The single flows of the pivot that change most: partner, sector and direction."""
    found = [
        *_steps(view, scenario, "pivot_exports", "importer", "to"),
        *_steps(view, scenario, "pivot_imports", "exporter", "from"),
    ]
    found.sort(key=lambda item: -abs(item[0]))
    rows = tuple(
        Row(
            label,
            (
                write.change(money / 1000),
                write.change(share),
            ),
            money,
        )
        for money, label, share in found[:LONG]
    )
    return Table(
        f"{possessive(view.named(view.pivot))} flows that change most",
        ("Flow", "bn USD", "%"),
        rows,
        "Value before import duty.",
    )


def sectors(view: View, scenario: str) -> Table:
    """Change of the pivot's output by sector: value in money and percent, and volume."""
    share = view.headline("output_value", scenario).sel(region=view.pivot)
    volume = view.headline("output_volume", scenario).sel(region=view.pivot)
    money = view.headline("output", scenario).sel(region=view.pivot, state="change")
    order = np.argsort(-np.abs(np.nan_to_num(money.values)), kind="stable")[:LONG]
    rows = tuple(
        Row(
            view.sector_names[str(money.sector.values[at])],
            (
                write.change(float(money[at]) / 1000),
                write.change(float(share[at])),
                write.change(float(volume[at])),
            ),
            float(money[at]),
        )
        for at in order
    )
    return Table(
        f"{possessive(view.named(view.pivot))} output by sector",
        ("Sector", "Value, bn USD", "Value, %", "Volume, %"),
        rows,
        "Gross output; sectors with the largest changes in value.",
    )


def _steps(
    view: View, scenario: str, variable: str, other: str, word: str
) -> list[tuple[float, str, float]]:
    """Change in million USD, label and change in percent of the pivot's flows on one side."""
    flows = view.headline(variable, scenario).transpose(other, "sector", "state")
    before, step = (flows.sel(state=state).values.copy() for state in ("base", "change"))
    home, sectors = view.regions.index(view.pivot), list(view.sector_names.values())
    step[home] = np.nan
    largest = np.argsort(-np.abs(np.nan_to_num(step.ravel())), kind="stable")[:LONG]
    return [
        (
            float(step[n, s]),
            f"{sectors[s]} {word} {view.named(view.regions[n])}",
            share_of(float(step[n, s]), float(before[n, s])),
        )
        for n, s in (divmod(int(at), len(sectors)) for at in largest)
        if math.isfinite(step[n, s])
    ]


def _change_by_partner(trade: xr.DataArray, other: str) -> dict[str, tuple[float, float]]:
    """Partner -> change in million USD and in percent of the base flow."""
    base, step = trade.sel(state="base"), trade.sel(state="change").values
    return {
        str(code): (float(moved), share_of(float(moved), float(level)))
        for code, moved, level in zip(base[other].values, step, base.values, strict=True)
    }


def share_of(part: float, whole: float) -> float:
    """Percent of the whole; NaN where there is no whole."""
    return part / whole * 100 if whole else float("nan")
