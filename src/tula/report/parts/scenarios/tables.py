"""Who moves most in a scenario: regions, partners, flows and sectors of the pivot."""

from __future__ import annotations

import math

import numpy as np

from tula.numbers import write
from tula.report.table import LONG, TOP, Row, Table, share_of
from tula.report.view import View
from tula.study.manifest import ScenarioRecord


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
    return Table(rows)


def partners(view: View, scenario: str) -> Table:
    """Change of the pivot's exports to and imports from its partners."""
    sold, bought = (_change_by_partner(view, scenario, side) for side in ("exporter", "importer"))
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
    return Table(tuple(rows))


def flows(view: View, scenario: str) -> Table:
    """The single flows of the pivot that change most: partner, sector and direction."""
    found = [
        *_steps(view, scenario, "pivot_exports", "to"),
        *_steps(view, scenario, "pivot_imports", "from"),
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
    return Table(rows)


def sectors(view: View, scenario: str) -> Table:
    """Change of the pivot's output by sector: value in money and percent, and volume."""
    share = view.headline("output_value", scenario, region=view.pivot)
    volume = view.headline("output_volume", scenario, region=view.pivot)
    money = view.headline("output", scenario, region=view.pivot, state="change")
    order = np.argsort(-np.abs(np.nan_to_num(money)), kind="stable")[:LONG]
    names = list(view.sector_names.values())
    told = np.stack([money, share, volume], axis=1)[order]
    rows = tuple(
        Row(
            names[at],
            (write.change(value / 1000), write.change(part), write.change(real)),
            value,
        )
        for at, (value, part, real) in zip(order, told.tolist(), strict=True)
    )
    return Table(rows)


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
        (
            *(Row(known[part].title, _changes(row)) for part, row in values.items()),
            Row("Sum of the parts", _changes(summed)),
            Row("Together", _changes(together), strong=True),
        )
    )


def _steps(view: View, scenario: str, variable: str, word: str) -> list[tuple[float, str, float]]:
    """Change in million USD, label and change in percent of the pivot's flows on one side."""
    before, step = (
        view.headline(variable, scenario, state=state).T.copy() for state in ("base", "change")
    )
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


def _change_by_partner(view: View, scenario: str, side: str) -> dict[str, tuple[float, float]]:
    """Partner -> change in million USD and in percent of the base flow, the pivot on a side."""
    base, step = (
        view.headline("pair_trade", scenario, **{side: view.pivot}, state=state).tolist()
        for state in ("base", "change")
    )
    return {
        code: (moved, share_of(moved, level))
        for code, moved, level in zip(view.regions, step, base, strict=True)
    }


def _changes(values: list[float]) -> tuple[str, ...]:
    return tuple(write.change(value) for value in values)
