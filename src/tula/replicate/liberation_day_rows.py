"""The published tables, row by row, beside the figures reproduced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tula.errors import TulaError
from tula.replicate import liberation_day_data as source
from tula.replicate.liberation_day_data import LiberationDayData
from tula.replicate.liberation_day_scenarios import figure
from tula.replicate.report import ReplicationRow, column
from tula.shapes import Float

Array = np.ndarray
Results = Mapping[str, pd.DataFrame]

ALL = ("welfare", "deficit", "exports/GDP", "imports/GDP", "employment", "prices")
SHORT = ("welfare", "deficit", "employment", "prices")
NO_DEFICIT = ("welfare", "exports/GDP", "imports/GDP", "employment", "prices")
#: Quantities printed with two decimals; the others have one.
FINE = ("welfare", "employment")
#: The federal budget's share of GDP (source, section 5.3).
BUDGET = 0.23
NON_US = "non-US (average)"


class PublishedTableError(TulaError):
    """The file of published tables has a row that no scenario claims, or lacks one that is claimed.

    Compare it with the tables of the article, or restore the file the replication was written for.
    """


@dataclass(frozen=True)
class Panel:
    """One panel of a published table: how its heading starts, and the scenario it shows.

    ``exact`` names the scenario without the source's approximation, if there is one.
    """

    table: str
    heading: str
    scenario: str
    columns: tuple[str, ...]
    exact: str | None = None


PANELS = (
    Panel("Table_1", "Case 1", "announced", ALL),
    Panel("Table_1", "Case 2", "lump sum", ALL),
    Panel("Table_1", "Case 3", "optimal", ALL, "best rate"),
    Panel("Table_2", "(1)", "reciprocal", SHORT),
    Panel("Table_2", "(3)", "optimal retaliation", SHORT),
    Panel("Table_2", "(4)", "optimal both", SHORT),
    Panel("Table_4", "(1) | USTR", "inputs, announced", ALL),
    Panel("Table_4", "(2) | Optimal", "inputs, stated optimum", ALL, "inputs, best rate"),
    Panel("Table_4", "(1) | reciprocal", "inputs, reciprocal", ALL),
    Panel("Table_8", "Case 1", "war with EU and China", SHORT),
    Panel("Table_8", "Case 2", "war with China", SHORT),
    Panel("Table_8", "Case 3", "war with China, 108%", SHORT),
    Panel("Table_9", "Baseline", "announced", ALL),
    Panel("Table_9", "Alternative 2", "partial pass-through", ALL),
    Panel("Table_9", "Alternative 3", "elasticity 8", ALL),
    Panel("Table_9", "Alternative 4", "no fixed costs", ALL),
    Panel("Table_10", "(1)", "fixed transfers", NO_DEFICIT),
    Panel("Table_10", "(2)", "purged", NO_DEFICIT, "purged, cleared"),
    Panel("Table_10", "(3)", "fixed transfers, answered", NO_DEFICIT),
    Panel("Table_10", "(4)", "purged, answered", NO_DEFICIT, "purged, answered, cleared"),
)
#: Panels that need sectoral trade (Alternative 1, (3)), or an optimum that was not reached.
NOT_REPRODUCED = (
    ("Table_4", "(3) |"),
    ("Table_4", "(2) | optimal retaliation"),
    ("Table_9", "Alternative 1"),
)
#: Scenarios of Table 3 and Table 11, in the order of their columns; ``None`` has several sectors.
REVENUE = ("announced", "optimal", "optimal retaliation", "reciprocal")
WORLD = ("announced", "inputs, announced", None, None, None, "reciprocal", "inputs, reciprocal")


def rows(folder: Path, data: LiberationDayData, results: Results) -> tuple[ReplicationRow, ...]:
    """Return every published figure of the one-sector model with the one reproduced."""
    table = pd.read_csv(folder / source.PUBLISHED, dtype={"case": str}, keep_default_na=True)
    table["case"] = table["case"].fillna("")
    _require_claimed(table)
    found = [row for panel in PANELS for row in _panel_rows(panel, table, data, results)]
    return (*found, *_revenue_rows(table, results), *_world_rows(table, results))


def _require_claimed(table: pd.DataFrame) -> None:
    claimed = [(p.table, p.heading) for p in PANELS] + list(NOT_REPRODUCED)
    panels = table.loc[~table["table"].isin(["Table_3", "Table_11"]), ["table", "case"]]
    strays = [
        f"{name}, {case}"
        for name, case in panels.drop_duplicates().itertuples(index=False)
        if sum(name == n and case.startswith(heading) for n, heading in claimed) != 1
    ]
    if strays:
        raise PublishedTableError(f"panels not claimed exactly once: {'; '.join(strays)}")


def _panel_rows(
    panel: Panel, table: pd.DataFrame, data: LiberationDayData, results: Results
) -> list[ReplicationRow]:
    chosen = table[(table["table"] == panel.table) & table["case"].str.startswith(panel.heading)]
    if chosen.empty:
        raise PublishedTableError(f"{panel.table}: no panel starts with {panel.heading!r}")
    return [
        row
        for _, printed in chosen.iterrows()
        for row in _printed_rows(panel, printed, data, results)
    ]


def _printed_rows(
    panel: Panel, printed: pd.Series, data: LiberationDayData, results: Results
) -> list[ReplicationRow]:
    place = str(printed["row"])
    ours = averages(panel, place, data, results[panel.scenario])
    if (panel.table, panel.heading, place) == ("Table_10", "(4)", NON_US):
        # The source prints the welfare of panel (3) here.
        ours["welfare"] = results["fixed transfers, answered"]["welfare"][
            data.members["non-US"]
        ].mean()
    exact = averages(panel, place, data, results[panel.exact]) if panel.exact else None
    return [
        ReplicationRow(
            quantity=f"{name}, {panel.scenario}",
            place="non-US" if place == NON_US else place,
            unit="%",
            published=float(printed[f"v{number}"]),
            reproduced=float(ours[name]),
            exact=None if exact is None else float(exact[name]),
            tolerance=_half_unit(panel, name, place),
            source=f"Ignatenko et al. (2025), {panel.table.replace('_', ' ')}, {panel.heading}",
        )
        for number, name in enumerate(panel.columns, start=1)
    ]


def _half_unit(panel: Panel, name: str, place: str) -> float:
    """Return half a unit of the last digit printed."""
    two_decimals = name in FINE
    two_decimals |= panel.table == "Table_10" and name == "imports/GDP" and place == NON_US
    return 0.005 if two_decimals else 0.05


def averages(
    panel: Panel, place: str, data: LiberationDayData, outcomes: pd.DataFrame
) -> dict[str, float]:
    """Return a region's outcomes, or a group's average weighted as in the panel.

    Weights are base spending, and recorded GDP with input-output links; in Table 10 the welfare of
    the others is the plain mean over countries.
    """
    inside = data.members["non-US" if place == NON_US else place]
    weight = data.gdp if panel.table == "Table_4" else data.world.spending
    found = _weighted(outcomes, panel.columns, np.where(inside, weight, 0.0))
    if panel.table == "Table_10" and place == NON_US:
        found["welfare"] = float(outcomes["welfare"][inside].mean())
    return found


def _weighted(
    outcomes: pd.DataFrame, columns: Sequence[str], weight: Float[Array, " N"]
) -> dict[str, float]:
    return {name: float(outcomes[name].to_numpy() @ weight / weight.sum()) for name in columns}


def _revenue_rows(table: pd.DataFrame, results: Results) -> list[ReplicationRow]:
    printed = table[table["table"] == "Table_3"].set_index("row")
    return [
        ReplicationRow(
            quantity=f"revenue, share of {base}, {scenario}",
            place=source.PIVOT,
            unit="%",
            published=_printed(printed, label, number),
            reproduced=column(results[scenario], "revenue")[source.PIVOT] / part,
            exact=None,
            tolerance=0.005,
            source="Ignatenko et al. (2025), Table 3",
        )
        for base, label, part in (
            ("GDP", "% of GDP", 1.0),
            ("federal budget", "% of Federal Budget", BUDGET),
        )
        for number, scenario in enumerate(REVENUE, start=1)
    ]


def _world_rows(table: pd.DataFrame, results: Results) -> list[ReplicationRow]:
    printed = table[table["table"] == "Table_11"].set_index("row")
    return [
        ReplicationRow(
            quantity=f"{quantity}, {scenario}",
            place="World",
            unit="%",
            published=_printed(printed, label, number),
            reproduced=figure(results[scenario], quantity),
            exact=None,
            tolerance=tolerance,
            source="Ignatenko et al. (2025), Table 11",
        )
        for quantity, label, tolerance in (
            ("world trade/GDP", "$Delta$ global trade-to-GDP", 0.05),
            ("world employment", "$Delta$ global employment", 0.005),
        )
        for number, scenario in enumerate(WORLD, start=1)
        if scenario is not None
    ]


def _printed(table: pd.DataFrame, label: str, number: int) -> float:
    """Return the figure in a numbered column of the row with a label."""
    return column(table, f"v{number}")[label]
