"""What a gradient can be taken of: differentiable numbers read off a solved system.

A reading names an outcome ("real income of India") and becomes a function of system and state on
the calibration that the solution departs from. Any function of that form serves as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jax import Array as JaxArray
from jaxtyping import Float, Int, Scalar

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.cells import cells_of
from tula.equilibrium.system import State, System

#: A differentiable number read off a system and its state.
Outcome = Callable[[System, State], Scalar]
#: Names an outcome, and becomes one on the calibration that the solution departs from.
Reading = Callable[[Calibration], Outcome]


class _RealIncome(eqx.Module):
    place: Int[JaxArray, ""]
    base_spending: Float[JaxArray, ""]

    def __call__(self, system: System, state: State) -> Scalar:
        return state.income[self.place] / self.base_spending / state.final_price_hat[self.place]


class _ByRegion(eqx.Module):
    field: str = eqx.field(static=True)
    place: Int[JaxArray, ""]

    def __call__(self, system: System, state: State) -> Scalar:
        value: Scalar = getattr(state, self.field)[self.place]
        return value


class _Output(eqx.Module):
    sectors: Float[JaxArray, " S"]
    place: Int[JaxArray, ""]

    def __call__(self, system: System, state: State) -> Scalar:
        return self.sectors @ state.output[:, self.place]


class _ValueAdded(eqx.Module):
    sectors: Float[JaxArray, " S"]
    place: Int[JaxArray, ""]

    def __call__(self, system: System, state: State) -> Scalar:
        return self.sectors @ state.sector_value_added[:, self.place]


class _Imports(eqx.Module):
    sectors: Float[JaxArray, " S"]
    importer: Int[JaxArray, ""]
    exporter: Int[JaxArray, ""]

    def __call__(self, system: System, state: State) -> Scalar:
        return self.sectors @ cells_of(system, state).at_border[:, self.importer, self.exporter]


def real_income(region: str) -> Reading:
    """Ratio of new to old real income of a region."""

    def on(calibration: Calibration) -> Outcome:
        place = _place(calibration, region)
        return _RealIncome(place, jnp.asarray(calibration.final_spending)[place])

    return on


def wage(region: str) -> Reading:
    """Ratio of new to old factor price of a region, world value added as numeraire."""
    return lambda calibration: _ByRegion("wage_hat", _place(calibration, region))


def import_revenue(region: str) -> Reading:
    """Import duties, and the rent of import caps, of a region, million USD."""
    return lambda calibration: _ByRegion("import_revenue", _place(calibration, region))


def output(region: str, sectors: str | Iterable[str] = "all") -> Reading:
    """Output of a region in some sectors (codes or groups), million USD."""

    def on(calibration: Calibration) -> Outcome:
        return _Output(_mask(calibration, sectors), _place(calibration, region))

    return on


def imports(importer: str, exporter: str, sectors: str | Iterable[str] = "all") -> Reading:
    """Purchases of one region from another in some sectors, before duty, million USD.

    Exporters' rents are in, importers' rents out.
    """

    def on(calibration: Calibration) -> Outcome:
        places = _place(calibration, importer), _place(calibration, exporter)
        return _Imports(_mask(calibration, sectors), *places)

    return on


def value_added(region: str, sectors: str | Iterable[str] = "all") -> Reading:
    """Value added of a region in some sectors (codes or groups), million USD."""

    def on(calibration: Calibration) -> Outcome:
        return _ValueAdded(_mask(calibration, sectors), _place(calibration, region))

    return on


def _place(calibration: Calibration, region: str) -> Int[JaxArray, ""]:
    """Return a position as data, so that one compilation serves every region."""
    return jnp.asarray(calibration.labels.region_index(region))


def _mask(calibration: Calibration, sectors: str | Iterable[str]) -> Float[JaxArray, " S"]:
    chosen = calibration.labels.resolve_sectors(sectors)
    return jnp.asarray(np.isin(calibration.labels.sectors, chosen).astype(np.float64))
