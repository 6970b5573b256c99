"""The list of metrics: what each is called, measured in, and compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from tula.equilibrium.solution import Solution
from tula.errors import UnknownNameError

if TYPE_CHECKING:
    import xarray as xr

Array = np.ndarray
Reader = Callable[[Solution], Array]
MetricFunction = Callable[[Solution], "xr.DataArray"]

#: Axes that are not regions or sectors, with their labels.
STATES = ("base", "new", "change")
PARTIES = ("buyer", "seller", "importer_treasury", "exporter_treasury", "quota_holder", "melted")
RECIPIENTS = ("importer", "exporter", "nobody")
COMPONENTS = (
    "terms_of_trade",
    "volume_of_trade",
    "technology",
    "endowment",
    "transfer",
    "first_order",
    "second_order",
    "exact",
)

PERCENT = "%"
MONEY = "million USD"

#: How a plus sign is to be read.
INCREASE = "plus = more than in the base"
BETTER = "plus = better off than in the base"


@dataclass(frozen=True)
class Metric:
    """One quantity read off a solution; the entry feeds axis titles, tables and documentation.

    ``dims`` are the axes of the result in order; ``base`` says what the number is measured
    against; ``sign`` says how to read a plus. ``read`` gives the numbers alone, without labels.
    """

    name: str
    title: str
    unit: str
    dims: tuple[str, ...]
    base: str
    sign: str
    description: str
    reader: Reader

    @property
    def axis_title(self) -> str:
        """Title with unit, for an axis or a column."""
        return f"{self.title} ({self.unit})"

    def values(self, solution: Solution) -> Array:
        """Read the metric off a solution as a plain array, its axes in the order of ``dims``."""
        if not isinstance(solution, Solution):
            kind = type(solution).__name__
            raise TypeError(f"{self.name} reads a Solution, not {kind}: solve first")
        return self.reader(solution)

    def __call__(self, solution: Solution) -> xr.DataArray:
        """Read the metric off a solution, labelled."""
        return label(self.values(solution), self, solution)


_METRICS: dict[str, Metric] = {}

#: Every metric by name, in the order of the documentation.
METRICS: Mapping[str, Metric] = MappingProxyType(_METRICS)


def metric(
    *, title: str, unit: str, dims: tuple[str, ...], base: str, sign: str = INCREASE
) -> Callable[[Reader], MetricFunction]:
    """Label what a reader of solutions returns, and enter it in ``METRICS``.

    The reader returns a plain array with axes in the order of ``dims``; its docstring becomes the
    description.
    """

    def enter(reader: Reader) -> MetricFunction:
        description = " ".join((reader.__doc__ or "").split())
        entry = Metric(reader.__name__, title, unit, dims, base, sign, description, reader)
        _METRICS[entry.name] = entry

        @wraps(reader)
        def compute(solution: Solution) -> xr.DataArray:
            return entry(solution)

        # ``wraps`` copies the reader's annotations, whose return is the plain array.
        compute.__annotations__ = {"solution": "Solution", "return": "xr.DataArray"}
        return compute

    return enter


def label(values: Array, entry: Metric, solution: Solution) -> xr.DataArray:
    """Return values with coordinates, and with unit, base, sign and origin as attributes."""
    import xarray as xr

    labels = solution.labels
    coordinates = {
        "region": labels.regions,
        "partner": labels.regions,
        "importer": labels.regions,
        "exporter": labels.regions,
        "sector": labels.sectors,
        "state": STATES,
        "party": PARTIES,
        "component": COMPONENTS,
        "recipient": RECIPIENTS,
    }
    provenance = solution.calibration.provenance
    return xr.DataArray(
        values,
        dims=entry.dims,
        coords={dim: list(coordinates[dim]) for dim in entry.dims},
        name=entry.name,
        attrs={
            "long_name": entry.title,
            "units": entry.unit,
            "base": entry.base,
            "sign": entry.sign,
            "description": entry.description,
            "closure": solution.certificate.closure,
            "world": f"{provenance.name} ({provenance.vintage})",
        },
    )


def find_metric(name: str) -> Metric:
    """Return a metric by name; ``UnknownNameError`` with near names if there is none."""
    if name not in METRICS:
        raise UnknownNameError("metric", name, METRICS)
    return METRICS[name]
