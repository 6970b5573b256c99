"""Metrics as tables: long for storage, wide for reading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tula._version import __version__
from tula.equilibrium.batch import Batch
from tula.equilibrium.solution import Solution
from tula.errors import TulaError
from tula.metrics.registry import METRICS, Solved, find_metric
from tula.policy.shock import told

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

#: What a first look at a solution shows, by region.
OVERVIEW = ("real_income", "ev", "price_index", "wage", "exports_change", "imports_change")


class TableShapeError(TulaError):
    """A metric with other axes than region was asked for in a table by region.

    Use ``tidy`` for it, or select the other axes first.
    """


def dataset(solution: Solved, names: Iterable[str] | None = None) -> xr.Dataset:
    """Return metrics of a solution or a batch as one dataset; all of them if None.

    Its attributes say on which world, policy, closure and elasticities it stands, and its proof.
    Raises ``UnknownNameError``.
    """
    import xarray as xr

    entries = METRICS.values() if names is None else [find_metric(name) for name in names]
    base, origin = solution.calibration, solution.calibration.provenance
    policy = told(solution.shock) if isinstance(solution, Solution) else "see scenario"
    attrs = {
        "title": f"Tula {__version__}: metrics on {origin.name} ({origin.vintage})",
        "policy": policy,
        **base.basis(),
        "closure": solution.certificate.closure,
        "proof": str(solution.certificate),
        "sources": list(origin.sources),
        "steps": list(origin.steps),
        "content_hash": origin.content_hash,
    }
    return xr.Dataset({entry.name: entry(solution) for entry in entries}, attrs=attrs)


def tidy(*metrics: xr.DataArray | Solved) -> pd.DataFrame:
    """Stack labelled metrics into one long table: one row a number.

    A solution or a batch stands for the metrics of ``OVERVIEW``.

    Columns: ``metric``, ``unit``, the axes that occur (missing where a metric has no such axis)
    and ``value``.
    """
    import pandas as pd

    arrays: list[xr.DataArray] = []
    for one in metrics:
        if isinstance(one, Solution | Batch):
            arrays += dataset(one, OVERVIEW).data_vars.values()
        else:
            arrays.append(one)
    table = pd.concat([_long(array) for array in arrays], ignore_index=True)
    return table[[*table.columns.drop("value"), "value"]]


def region_table(solution: Solved, names: Iterable[str] = OVERVIEW) -> pd.DataFrame:
    """Return metrics by region, of a batch by scenario and region, titled with their units.

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
    return pd.DataFrame(columns)


def tidy_values(array: xr.DataArray) -> pd.DataFrame:
    """Return the numbers of an array, one a row: a column for each axis, and ``value``."""
    plain = array.drop_vars([name for name in array.coords if name not in array.dims])
    return plain.rename("value").to_dataframe().dropna().reset_index()


def _long(array: xr.DataArray) -> pd.DataFrame:
    frame = array.drop_vars([name for name in array.coords if name not in array.dims])
    table = frame.to_series().rename("value").reset_index()
    table.insert(0, "metric", str(array.name))
    table.insert(1, "unit", array.attrs.get("units", ""))
    return table[[*(c for c in table.columns if c != "value"), "value"]]
