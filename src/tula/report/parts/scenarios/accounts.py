"""What lies behind a scenario's headline: prices, duties, sources of the change, who pays."""

from __future__ import annotations

import numpy as np

from tula.metrics.registry import MONEY, STATES
from tula.numbers import write
from tula.report.table import Row, Table
from tula.report.view import View

#: Variables in the order of the table, told by the titles of their metrics.
ECONOMY = (
    *("price_index", "wage", "exports", "exports_change", "imports", "imports_change"),
    *("trade_balance", "tariff_revenue"),
)
#: Who bears a duty; what the others gain is the same money.
PAYERS = ("buyer", "seller")
#: A part of the decomposition that is the sum of others shown.
FIRST_ORDER = "first_order"
EXACT = "exact"
#: Smallest change in an average duty, in points, that is listed.
LISTED = 0.01


def economies(view: View, scenario: str) -> Table:
    """Changes in prices, trade and revenue of pivot and rivals."""
    rows = tuple(_economy(view, name, scenario) for name in ECONOMY)
    return Table(rows)


def duties(view: View, scenario: str) -> Table:
    """Average duty partners put on the pivot's goods, before and after, where they change."""
    before, after, change = (
        view.headline("pair_goods_tariff", scenario, exporter=view.pivot, state=state)
        for state in STATES
    )
    step = np.nan_to_num(change)
    moved = [at for at in np.argsort(-np.abs(step), kind="stable") if abs(step[at]) >= LISTED]
    rows = tuple(
        Row(
            view.region_names[view.regions[at]],
            tuple(write.number(float(level)) for level in (before[at], after[at])),
            strong=view.regions[at] in view.actors,
        )
        for at in moved
    )
    return Table(rows)


def decomposition(view: View, scenario: str) -> Table:
    """Where the change in real income of pivot and rivals comes from."""
    terms = tuple(term for term in view.places["component"] if term != FIRST_ORDER)
    parts = view.headline("decomposition", scenario, component=terms, region=view.actors)
    rows = []
    for term, values in zip(terms, parts.tolist(), strict=True):
        if term == EXACT or any(write.change(value) != "0" for value in values):
            label = "Change in real income" if term == EXACT else _words(term)
            rows.append(Row(label, tuple(map(write.change, values)), strong=term == EXACT))
    return Table(tuple(rows))


def burden(view: View, scenario: str) -> Table:
    """Who bears the duties the scenario changes; no rows if it changes none."""
    borne = view.headline("duty_burden", scenario, party=PAYERS)
    if not np.any(np.nan_to_num(borne)):
        return Table()
    rows = tuple(
        Row(_words(payer), (write.change(value / 1e3),), value)
        for payer, value in zip(PAYERS, borne.tolist(), strict=True)
    )
    return Table(rows, levels=True)


def _economy(view: View, variable: str, scenario: str) -> Row:
    """The change in a headline variable of pivot and rivals, summed over sectors."""
    found = view.headline(variable, scenario, region=view.actors, state="change")
    found = np.nansum(found, axis=1) if found.ndim > 1 else found
    attrs = view.data.variables[variable].attrs
    title, unit = attrs["long_name"], attrs["units"]
    if unit == MONEY:
        found, unit = found / 1e3, write.BILLION
    return Row(f"{title}, {unit}", tuple(map(write.change, found.tolist())))


def _words(code: str) -> str:
    """Turn a label such as ``terms_of_trade`` into plain words."""
    words = code.replace("_", " ")
    return words[:1].upper() + words[1:]
