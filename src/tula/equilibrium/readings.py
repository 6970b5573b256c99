"""What a gradient can be taken of: differentiable numbers read off a solved system.

A reading names an outcome ("real income of India") and becomes a function of system and state on
the calibration that the solution departs from. Any function of that form serves as well; those made
here can be sent to other processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np

from tula.equilibrium.arrays import Array, record, static
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.cells import cells_of
from tula.equilibrium.system import State, System
from tula.shapes import Float, Int

#: A differentiable number read off a system and its state.
Outcome = Callable[[System, State], Array]
#: Names an outcome, and becomes one on the calibration that the solution departs from.
Reading = Callable[[Calibration], Outcome]


@record
class _RealIncome:
    place: Int[Array, ""]
    base_spending: Float[Array, ""]

    def __call__(self, system: System, state: State) -> Array:
        return state.income[self.place] / self.base_spending / state.final_price_hat[self.place]


@record
class _RealIncomes:
    base_spending: Float[Array, " N"]

    def __call__(self, system: System, state: State) -> Array:
        return state.income / self.base_spending / state.final_price_hat


@record
class _ByRegion:
    place: Int[Array, ""]
    field: str = static()

    def __call__(self, system: System, state: State) -> Array:
        return getattr(state, self.field)[self.place]


@record
class _BySector:
    sectors: Float[Array, " S"]
    place: Int[Array, ""]
    field: str = static()

    def __call__(self, system: System, state: State) -> Array:
        return self.sectors @ getattr(state, self.field)[:, self.place]


@record
class _Imports:
    sectors: Float[Array, " S"]
    importer: Int[Array, ""]
    exporter: Int[Array, ""]

    def __call__(self, system: System, state: State) -> Array:
        return self.sectors @ cells_of(system, state).at_border[:, self.importer, self.exporter]


def real_income(region: str) -> Reading:
    """Ratio of new to old real income of a region."""
    return partial(_on_real_income, region)


def real_incomes() -> Reading:
    """Ratios of new to old real income of all regions, (N,): for batches, not for gradients."""
    return _on_real_incomes


def wage(region: str) -> Reading:
    """Ratio of new to old factor price of a region, world value added as numeraire."""
    return partial(_on_region, "wage_hat", region)


def import_revenue(region: str) -> Reading:
    """Import duties, and the rent of import caps, of a region, million USD."""
    return partial(_on_region, "import_revenue", region)


def output(region: str, sectors: str | Iterable[str] = "all") -> Reading:
    """Output of a region in some sectors (codes or groups), million USD."""
    return partial(_on_sectors, "output", region, sectors)


def imports(importer: str, exporter: str, sectors: str | Iterable[str] = "all") -> Reading:
    """Purchases of one region from another in some sectors, before duty, million USD.

    Exporters' rents are in, importers' rents out.
    """
    return partial(_on_imports, importer, exporter, sectors)


def value_added(region: str, sectors: str | Iterable[str] = "all") -> Reading:
    """Value added of a region in some sectors (codes or groups), million USD."""
    return partial(_on_sectors, "sector_value_added", region, sectors)


def _on_real_income(region: str, calibration: Calibration) -> Outcome:
    place = _place(calibration, region)
    return _RealIncome(place, calibration.final_spending[place])


def _on_real_incomes(calibration: Calibration) -> Outcome:
    return _RealIncomes(calibration.final_spending)


def _on_region(field: str, region: str, calibration: Calibration) -> Outcome:
    return _ByRegion(_place(calibration, region), field)


def _on_sectors(
    field: str, region: str, sectors: str | Iterable[str], calibration: Calibration
) -> Outcome:
    return _BySector(_mask(calibration, sectors), _place(calibration, region), field)


def _on_imports(
    importer: str, exporter: str, sectors: str | Iterable[str], calibration: Calibration
) -> Outcome:
    places = _place(calibration, importer), _place(calibration, exporter)
    return _Imports(_mask(calibration, sectors), *places)


def _place(calibration: Calibration, region: str) -> Int[Array, ""]:
    """Return a position as data, so that one compilation serves every region."""
    return np.asarray(calibration.labels.region_index(region))


def _mask(calibration: Calibration, sectors: str | Iterable[str]) -> Float[Array, " S"]:
    chosen = calibration.labels.resolve_sectors(sectors)
    return np.isin(calibration.labels.sectors, chosen).astype(np.float64)
