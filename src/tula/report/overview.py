"""Tables over all scenarios, and of the world before any of them."""

from __future__ import annotations

import math

import xarray as xr

from tula.numbers import write
from tula.numbers.estimate import Estimate
from tula.report.tables import LONG, TOP, Row, Table
from tula.report.view import View
from tula.study.manifest import ScenarioRecord
from tula.study.wording import possessive


def sizes(view: View) -> Table:
    """What each scenario is worth to the pivot, largest first."""
    order = sorted(view.moves, key=lambda s: -_size(view.ev(s.id, view.pivot)))
    rows = tuple(
        Row(
            record.title,
            (
                _ranged(view.span("ev", record.id, view.pivot), 1000),
                _ranged(view.span("real_income", record.id, view.pivot)),
            ),
            view.ev(record.id, view.pivot),
        )
        for record in order
    )
    return Table(
        f"What each scenario is worth to {view.named(view.pivot)}, by size",
        ("Scenario", "Worth, bn USD a year", "Real income, %"),
        rows,
        "Equivalent variation at base prices and change in real income in % of base final "
        "spending; below each, its range over all variants of the model.",
    )


def parts(view: View, record: ScenarioRecord) -> Table | None:
    """A combined scenario beside the sum of its parts; none if it is not just that."""
    known = {other.id: other for other in view.manifest.scenarios}
    if len(record.combined_of) < 2 or not set(record.combined_of) <= set(known):
        return None
    if len(record.instruments) != sum(len(known[p].instruments) for p in record.combined_of):
        return None
    values = {
        part: [view.real_income(part, code) for code in view.actors] for part in record.combined_of
    }
    together = [view.real_income(record.id, code) for code in view.actors]
    summed = [sum(column) for column in zip(*values.values(), strict=True)]
    return Table(
        "Together and one by one",
        ("Change in real income, %", *(view.region_names[code] for code in view.actors)),
        (
            *(Row(known[part].title, _changes(row)) for part, row in values.items()),
            Row("Sum of the parts", _changes(summed)),
            Row("Together", _changes(together), strong=True),
        ),
        "What the last two lines differ by is the interaction of the parts.",
    )


def sensitivity(view: View, region: str) -> list[Table]:
    """One table per scenario: real income of a region by closure and elasticity set."""
    every = view.data.real_income.sel(region=region).transpose("scenario", "closure", "elasticity")
    by_scenario = dict(zip(map(str, every.scenario.values), every.values, strict=True))
    return [
        Table(
            record.title,
            ("Closure", *view.elasticities),
            tuple(
                Row(
                    closure,
                    tuple(write.change(float(value)) for value in values),
                    strong=closure == view.manifest.headline_closure,
                )
                for closure, values in zip(view.closures, by_scenario[record.id], strict=True)
            ),
        )
        for record in view.moves
    ]


def everyone(view: View) -> Table:
    """Change in real income of every region in every scenario."""
    scenarios = view.moves
    rows = tuple(
        Row(
            view.region_names[code],
            tuple(write.change(view.real_income(record.id, code)) for record in scenarios),
            strong=code in view.actors,
        )
        for code in view.regions
    )
    return Table(
        "Change in real income by region and scenario, % of base final spending",
        ("Region", *(record.id for record in scenarios)),
        rows,
        "; ".join(f"{record.id}: {record.title}" for record in scenarios) + ".",
    )


def baseline(view: View) -> Table:
    """Trade of the pivot with its largest partners before any scenario."""
    columns = _trade_columns(view)

    def row(code: str | None) -> list[float]:
        return [sum(column.values()) if code is None else column[code] for column in columns]

    others = sorted((c for c in view.regions if c != view.pivot), key=lambda c: -sum(row(c)))
    kept = others[:LONG] + [code for code in view.actors[1:] if code not in others[:LONG]]
    rows = [Row(view.region_names[c], _balance(row(c)), strong=c in view.actors) for c in kept]
    return Table(
        f"{possessive(view.named(view.pivot))} trade by partner, bn USD a year",
        (
            "Partner",
            "Exports, goods",
            "Exports, services",
            "Imports, goods",
            "Imports, services",
            "Balance",
        ),
        (*rows, Row("All partners", _balance(row(None)), strong=True)),
        "Before import duty. A plus in the last column: the partner buys more than it sells.",
    )


def tie(view: View, rival: str) -> tuple[Table, Table]:
    """What the pivot sells to a rival and buys from it, by sector, before any scenario."""
    pivot = view.pivot
    sold = view.before["pivot_exports"].sel(importer=rival)
    bought = view.before["pivot_imports"].sel(exporter=rival)
    return (
        _by_sector(view, sold, f"What {view.named(pivot)} sells to {view.named(rival)}"),
        _by_sector(view, bought, f"What {view.named(pivot)} buys from {view.named(rival)}"),
    )


def _by_sector(view: View, flow: xr.DataArray, caption: str) -> Table:
    ordered = flow.sortby(-flow)
    whole = float(flow.sum())
    rows = []
    for value in ordered[:TOP]:
        share = float(value) / whole * 100 if whole else float("nan")
        cells = (
            write.number(float(value) / 1000),
            write.number(share),
        )
        rows.append(Row(view.sector_names[str(value.sector.item())], cells, float(value)))
    rows.append(Row("All sectors", (write.number(whole / 1000), ""), strong=True))
    return Table(caption, ("Sector", "bn USD a year", "% of all"), tuple(rows), levels=True)


def _trade_columns(view: View) -> list[dict[str, float]]:
    """Partner -> million USD for exports of goods and services, then imports of both."""
    goods, columns = view.data.sector_is_goods, []
    for side, other in (("pivot_exports", "importer"), ("pivot_imports", "exporter")):
        own = view.before[side]
        for mask in (goods, ~goods):
            flow = own.where(mask, 0.0).sum("sector").drop_sel({other: view.pivot})
            columns.append(dict(zip(map(str, flow[other].values), map(float, flow), strict=True)))
    return columns


def _balance(row: list[float]) -> tuple[str, ...]:
    levels = [write.number(value / 1000) for value in row]
    balance = row[0] + row[1] - row[2] - row[3]
    return (*levels, write.change(balance / 1000))


def _changes(values: list[float]) -> tuple[str, ...]:
    return tuple(write.change(value) for value in values)


def _ranged(span: Estimate, unit: float = 1.0) -> str:
    """Headline number, and its range on a second line."""
    value = write.change(span.central / unit)
    if math.isnan(span.low):
        return value
    low, high = write.change(span.low / unit), write.change(span.high / unit)
    return value if low == high else f"{value}\n{low} to {high}"


def _size(value: float) -> float:
    return abs(value) if math.isfinite(value) else 0.0
