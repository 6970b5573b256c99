"""Made-up numbers with the shape of a study's results."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from tula.metrics.registry import COMPONENTS, PARTIES, STATES
from tula.study.variables import VARIABLES


def made_data(
    draw: np.random.Generator,
    scenarios: Sequence[str],
    closures: Sequence[str],
    elasticities: Sequence[str],
    regions: Sequence[str],
    sectors: Sequence[str],
) -> xr.Dataset:
    """Draw every variable of the contract: small percentages, large money, base states shared."""
    coords: dict[str, Sequence[str]] = {
        "scenario": scenarios,
        "closure": closures,
        "elasticity": elasticities,
        "region": regions,
        "exporter": regions,
        "importer": regions,
        "sector": sectors,
        "state": STATES,
        "component": COMPONENTS,
        "party": PARTIES,
    }
    data = xr.Dataset(coords={name: list(values) for name, values in coords.items()})
    for name, variable in VARIABLES.items():
        shape = [len(coords[dim]) for dim in variable.dims]
        values = draw.normal(scale=0.01 if variable.metric.unit == "%" else 800.0, size=shape)
        data[name] = xr.DataArray(values, dims=variable.dims, attrs=variable.attrs)
        if "state" in variable.dims:
            base = draw.lognormal(7.0, 1.0, shape[1:-1])
            set_states(data, name, base, base * draw.lognormal(0, 0.05, shape[:-1]))
    return data


def set_states(data: xr.Dataset, name: str, base: object, new: object) -> None:
    """Set a variable's base and new state, and its change."""
    where = data[name].dims.index("state")
    assert where == data[name].ndim - 1
    values = data[name].values
    values[..., 0], values[..., 1] = base, new
    values[..., 2] = values[..., 1] - values[..., 0]
