"""The variables of a study's results: metrics as they are, along the axes of the study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tula.equilibrium import Solution
from tula.metrics import METRICS
from tula.metrics.registry import Metric

if TYPE_CHECKING:
    import xarray as xr

#: Axes of the solves.
CASES = ("scenario", "closure", "elasticity")
#: Metrics of every solve; of the headline closure and elasticities alone; and, of these, one by
#: sector at the pivot's end, as exporter or importer.
EVERY = ("real_income", "ev")
HEADLINE = (
    *("price_index", "wage", "output", "output_value", "output_volume"),
    *("exports", "exports_change", "imports", "imports_change", "trade_balance", "pair_trade"),
    *("tariff_revenue", "pair_goods_tariff", "duty_burden", "decomposition"),
)
PIVOT = {"pivot_exports": "exporter", "pivot_imports": "importer"}


@dataclass(frozen=True)
class Variable:
    """One data variable: a metric over some ``axes`` of the study, ``end`` fixed at the pivot."""

    metric: Metric
    axes: tuple[str, ...]
    end: str = ""

    @property
    def dims(self) -> tuple[str, ...]:
        """Axes of the variable, those of the study first."""
        return (*self.axes, *(dim for dim in self.metric.dims if dim != self.end))

    @property
    def attrs(self) -> dict[str, str]:
        """What the metric's registry says of it."""
        told = self.metric
        return {
            "units": told.unit,
            "long_name": told.title,
            "base": told.base,
            "sign": told.sign,
            "description": told.description,
        }

    def values(self, solution: Solution, pivot: str) -> np.ndarray:
        """The metric of one solution as a plain array, its axes in the metric's order."""
        found = self.metric.values(solution)
        if not self.end:
            return found
        place = solution.labels.regions.index(pivot)
        return np.asarray(found.take(place, self.metric.dims.index(self.end)))

    def read(self, solution: Solution, pivot: str) -> xr.DataArray:
        """The metric of one solution, labelled."""
        found = self.metric(solution)
        return found.sel({self.end: pivot}, drop=True) if self.end else found


#: Every data variable a results file holds; nothing else is accepted.
VARIABLES: dict[str, Variable] = {
    **{name: Variable(METRICS[name], CASES) for name in EVERY},
    **{name: Variable(METRICS[name], CASES[:1]) for name in HEADLINE},
    **{name: Variable(METRICS["trade_value"], CASES[:1], end) for name, end in PIVOT.items()},
}

#: Labels that ride along the axes: name -> dimension.
NAMES = {"region_name": "region", "sector_name": "sector", "sector_is_goods": "sector"}
