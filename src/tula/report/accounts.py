"""What lies behind a scenario's headline: prices, duties, sources of the change, who pays."""

from __future__ import annotations

import numpy as np

from tula.numbers import write
from tula.report.tables import Row, Table
from tula.report.view import View
from tula.study.wording import possessive

#: Variable -> words and unit, in the order of the table.
ECONOMY = {
    "price_index": ("Price of the final basket, %", 1.0),
    "wage": ("Factor price, %", 1.0),
    "exports_value": ("Exports, bn USD", 1e3),
    "exports": ("Exports, %", 1.0),
    "imports_value": ("Imports, bn USD", 1e3),
    "imports": ("Imports, %", 1.0),
    "trade_balance": ("Trade balance, bn USD", 1e3),
    "tariff_revenue": ("Import duty collected, bn USD", 1e3),
}
EXACT = "exact"
#: Smallest change in an average duty, in points, that is listed.
LISTED = 0.01


def economies(view: View, scenario: str) -> Table:
    """Changes in prices, trade and revenue of pivot and rivals."""
    rows = tuple(
        Row(words, tuple(write.change(value / unit) for value in _of_actors(view, name, scenario)))
        for name, (words, unit) in ECONOMY.items()
    )
    return Table(
        "Changes in the economies",
        ("Change in", *(view.region_names[code] for code in view.actors)),
        rows,
        "Prices and values with world value added held fixed; trade in goods and services before "
        "import duty.",
    )


def duties(view: View, scenario: str) -> Table | None:
    """Average duty partners put on the pivot's goods, before and after; none if unchanged."""
    before, after = view.data.pivot_duty_base.values, view.headline("pivot_duty", scenario).values
    step = np.nan_to_num(after - before)
    moved = [at for at in np.argsort(-np.abs(step), kind="stable") if abs(step[at]) >= LISTED]
    if not moved:
        return None
    rows = tuple(
        Row(
            view.region_names[view.regions[at]],
            tuple(write.number(float(level)) for level in (before[at], after[at])),
            strong=view.regions[at] in view.actors,
        )
        for at in moved
    )
    return Table(
        f"Average duty on {possessive(view.named(view.pivot))} goods",
        ("Importer", "before, %", "after, %"),
        rows,
        "Of border value, weighted with trade before the shock.",
    )


def decomposition(view: View, scenario: str) -> Table:
    """Where the change in real income of pivot and rivals comes from."""
    parts = view.headline("decomposition", scenario).sel(region=list(view.actors))
    rows = []
    for term, line in zip(parts.term.values, parts.transpose("term", "region").values, strict=True):
        values = list(map(float, line))
        if term == EXACT or any(write.change(value) != "0" for value in values):
            label = "Change in real income" if term == EXACT else _words(str(term))
            rows.append(Row(label, tuple(map(write.change, values)), strong=term == EXACT))
    return Table(
        "Where the change in real income comes from",
        ("Source, % of base final spending", *(view.region_names[code] for code in view.actors)),
        tuple(rows),
        "The sources add up to the change. Second order: what first-order terms leave out, large "
        "where trade stops altogether.",
    )


def incidence(view: View, scenario: str) -> Table | None:
    """Who bears the duties the scenario changes; none if it changes none."""
    borne = view.headline("incidence", scenario)
    if not np.any(np.nan_to_num(borne.values)):
        return None
    rows = tuple(
        Row(_words(str(payer)), (write.change(float(value) / 1e3),), float(value))
        for payer, value in zip(borne.payer.values, borne.values, strict=True)
    )
    return Table(
        "Who bears the changed duties",
        ("Party", "bn USD a year"),
        rows,
        "On quantities before the shock; a plus is a burden. Buyers pay more, sellers get less.",
        levels=True,
    )


def _of_actors(view: View, variable: str, scenario: str) -> list[float]:
    """A headline variable of pivot and rivals."""
    return list(map(float, view.headline(variable, scenario).sel(region=list(view.actors)).values))


def _words(code: str) -> str:
    """Turn a label such as ``terms_of_trade`` into plain words."""
    words = code.replace("_", " ")
    return words[:1].upper() + words[1:]
