"""Metrics as tables: long for storage, wide for reading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tula.equilibrium.solution import Solution
from tula.errors import TulaError
from tula.metrics.registry import find_metric

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

#: What a first look at a solution shows, by region.
OVERVIEW = ("real_income", "ev", "price_index", "wage", "exports_change", "imports_change")


class TableShapeError(TulaError):
    """A metric with other axes than region was asked for in a table by region.

    Use ``tidy`` for it, or select the other axes first.
    """


def tidy(*metrics: xr.DataArray) -> pd.DataFrame:
    """Stack labelled metrics into one long table: one row a number.

    Columns: ``metric``, ``unit``, the axes that occur (missing where a metric has no such axis)
    and ``value``.
    """
    import pandas as pd

    return pd.concat([_long(array) for array in metrics], ignore_index=True)


def region_table(solution: Solution, names: Iterable[str] = OVERVIEW) -> pd.DataFrame:
    """Return metrics by region side by side; columns are titled with their units.

    Raises ``UnknownNameError`` for a name that is no metric and ``TableShapeError`` for metrics
    that have other axes.
    """
    import pandas as pd

    entries = [find_metric(name) for name in names]
    wrong = [
        f"{entry.name} has axes {entry.dims}" for entry in entries if entry.dims != ("region",)
    ]
    if wrong:
        raise TableShapeError("; ".join(wrong))
    columns = {entry.axis_title: entry(solution).to_series() for entry in entries}
    return pd.DataFrame(columns, index=pd.Index(solution.labels.regions, name="region"))


def _long(array: xr.DataArray) -> pd.DataFrame:
    frame = array.drop_vars([name for name in array.coords if name not in array.dims])
    table = frame.to_series().rename("value").reset_index()
    table.insert(0, "metric", str(array.name))
    table.insert(1, "unit", array.attrs.get("units", ""))
    return table[[*(c for c in table.columns if c != "value"), "value"]]
