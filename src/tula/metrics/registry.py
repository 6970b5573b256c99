"""The list of metrics: what each is called, measured in, and compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from tula.equilibrium.batch import Batch
from tula.equilibrium.solution import Solution
from tula.errors import UnknownNameError
from tula.world.economy import origin
from tula.world.labels import Labels

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Array = np.ndarray
Reader = Callable[[Solution], Array]
#: What a metric reads: a solution, or a batch of them with ``scenario`` as the first axis.
Solved = Solution | Batch
MetricFunction = Callable[[Solved], "xr.DataArray"]

#: Axes along which regions stand.
REGIONS = ("region", "partner", "importer", "exporter")
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

    def values(self, solution: Solved) -> Array:
        """Read the metric off a solution as a plain array, its axes in the order of ``dims``.

        Of a batch with one axis before them; scenarios without a solution are not numbers.
        """
        if isinstance(solution, Batch):
            return np.stack([self._of_scenario(solution, place) for place in range(len(solution))])
        if not isinstance(solution, Solution):
            kind = type(solution).__name__
            raise TypeError(f"{self.name} reads a Solution, not {kind}: solve first")
        return self.reader(solution)

    def _of_scenario(self, batch: Batch, place: int) -> Array:
        if place not in batch.failures:
            return self.reader(batch.solution(place))
        codes = _codes(batch.labels)
        return np.full([len(codes[dim]) for dim in self.dims], np.nan)

    def __call__(self, solution: Solved) -> xr.DataArray:
        """Read the metric off a solution or a batch, labelled."""
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
        def compute(solution: Solved) -> xr.DataArray:
            return entry(solution)

        # ``wraps`` copies the reader's annotations, whose return is the plain array.
        compute.__annotations__ = {"solution": "Solved", "return": "xr.DataArray"}
        return compute

    return enter


def _codes(labels: Labels) -> dict[str, tuple[str | int, ...]]:
    """Labels along each axis."""
    return {
        **dict.fromkeys(REGIONS, labels.regions),
        "sector": labels.sectors,
        "state": STATES,
        "party": PARTIES,
        "component": COMPONENTS,
        "recipient": RECIPIENTS,
    }


def label(values: Array, entry: Metric, solution: Solved) -> xr.DataArray:
    """Return values with coordinates, and with unit, base, sign and origin as attributes.

    Beside the codes stand names: ``array.sel(region="IND")``, ``array.sel(region_name="India")``.
    """
    import xarray as xr

    ticks, dims = _codes(solution.labels), entry.dims
    if isinstance(solution, Batch):
        ticks, dims = ticks | {"scenario": solution.scenarios}, ("scenario", *dims)
    names = _names(solution.labels)
    told = {f"{dim}_name": (dim, names[dim]) for dim in dims if dim in names}
    named = xr.DataArray(
        values,
        dims=dims,
        coords={**{dim: list(ticks[dim]) for dim in dims}, **told},
        name=entry.name,
        attrs={
            "long_name": entry.title,
            "units": entry.unit,
            "base": entry.base,
            "sign": entry.sign,
            "description": entry.description,
            "closure": solution.certificate.closure,
            "world": origin(solution.calibration.provenance),
        },
    )
    for coordinate in told:
        named = named.set_xindex(coordinate)
    return named


def _names(labels: Labels) -> dict[str, list[str]]:
    """Names along each axis of regions and sectors, in the order of their codes."""
    regions = [labels.region_names.get(code, code) for code in labels.regions]
    sectors = [labels.sector_names.get(code, code) for code in labels.sectors]
    return {**dict.fromkeys(REGIONS, regions), "sector": sectors}


def listing() -> pd.DataFrame:
    """Return every metric with title, unit, base, sign, axes and description, by name."""
    import pandas as pd

    columns = ("title", "unit", "base", "sign", "dims", "description")
    rows = [[getattr(entry, column) for column in columns] for entry in METRICS.values()]
    return pd.DataFrame(rows, pd.Index(METRICS, name="metric"), columns)


#: What the literature calls some metrics.
ALSO_CALLED = {"welfare": "real_income", "utility": "real_income", "cpi": "price_index"}


def find_metric(name: str) -> Metric:
    """Return a metric by name; ``UnknownNameError`` with near names if there is none."""
    if name not in METRICS:
        said = ALSO_CALLED | {one.title.casefold(): one.name for one in METRICS.values()}
        meant = said.get(name.replace("_", " ").casefold())
        raise UnknownNameError(
            "metric", name, METRICS, f"; did you mean {meant!r}?" if meant else ""
        )
    return METRICS[name]
