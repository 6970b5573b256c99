"""A world economy at one moment: flows, duties, elasticities, labels and where they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from tula.errors import TulaError
from tula.frozen import Frozen, frozen_property, sealed
from tula.shapes import Float
from tula.shown import Card, Shown
from tula.world.labels import Labels

if TYPE_CHECKING:
    import xarray as xr

Array = np.ndarray

#: Array fields of an economy, in declaration order, with the names of their axes.
AXES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "intermediate": ("exporter", "sector", "importer", "user"),
        "final": ("exporter", "sector", "importer"),
        "tariff": ("sector", "importer", "exporter"),
        "export_tax": ("sector", "importer", "exporter"),
        "trade_elasticity": ("sector",),
    }
)
UNITS: Mapping[str, str] = MappingProxyType(
    {
        "intermediate": "million USD, basic prices",
        "final": "million USD, basic prices",
        "tariff": "fraction of border value",
        "export_tax": "fraction of producer price",
        "trade_elasticity": "theta = sigma - 1",
    }
)


#: Keys of an economy's metadata for units that whoever brought the table stated; absent where the
#: usual unit was taken for granted.
STATED_UNITS: Mapping[str, str] = MappingProxyType(
    {"flows": "unit_of_flows", "tariff": "unit_of_tariff", "export_tax": "unit_of_export_tax"}
)


class ShapeError(TulaError):
    """An array does not have the shape its labels imply. Check the order of its axes."""


@dataclass(frozen=True)
class Provenance:
    """Where an economy came from: shown under every result computed on it.

    ``vintage`` is the year the values describe; ``sources`` are citations; ``steps`` say what was
    done to them, in order; ``content_hash`` is the SHA-256 of the stored bytes (empty if none).
    """

    name: str
    vintage: str
    sources: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    content_hash: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Economy(Shown, Frozen):
    """A multi-region input-output table with duties and trade elasticities.

    Flows are in million USD a year at basic prices: duties come on top for the buyer. Axes are
    S sectors, N importers, I = N exporters, and K = S using sectors:

    * ``intermediate`` (I, S, N, K): sales of sector s of exporter i to sector k of importer n;
    * ``final`` (I, S, N): the same to final demand (households, government, investment);
    * ``tariff`` (S, N, I): ad-valorem import duty of n on s from i, a fraction of border value;
    * ``export_tax`` (S, N, I): ad-valorem export tax of i on s sold to n, a fraction of the
      producer's price;
    * ``trade_elasticity`` (S,): theta = sigma - 1 > 0, elasticity of tariff-inclusive spending.

    Gross output is the row sum of sales; value added is what purchaser-priced inputs leave of it,
    so duties on inputs come out of value added. Raises ``ShapeError`` on wrong shapes. Contents
    are judged by ``tula.world.checks``, not here.
    """

    labels: Labels
    intermediate: Float[Array, "I S N K"]
    final: Float[Array, "I S N"]
    tariff: Float[Array, "S N I"]
    export_tax: Float[Array, "S N I"]
    trade_elasticity: Float[Array, " S"]
    elasticity_source: str
    provenance: Provenance
    metadata: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        codes = _codes(self.labels)
        wrong = []
        for name, axes in AXES.items():
            sizes = {axis: len(codes[axis]) for axis in axes}
            shape = tuple(sizes.values())
            values = np.array(getattr(self, name), dtype=np.float64)
            if values.shape != shape:
                told = ", ".join(f"{axis} {size}" for axis, size in sizes.items())
                wrong.append(f"{name} has shape {values.shape}, expected {shape}: {told}")
            object.__setattr__(self, name, sealed(values))
        if wrong:
            raise ShapeError("; ".join(wrong))

    @property
    def regions(self) -> tuple[str, ...]:
        """Region codes in axis order."""
        return self.labels.regions

    @property
    def sectors(self) -> tuple[str, ...]:
        """Sector codes in axis order."""
        return self.labels.sectors

    @frozen_property
    def trade(self) -> Float[Array, "S N I"]:
        """Basic-price purchases by importer n from exporter i, million USD."""
        flow = self.intermediate.sum(axis=3) + self.final
        return np.ascontiguousarray(flow.transpose(1, 2, 0))

    @frozen_property
    def output(self) -> Float[Array, "I S"]:
        """Gross output by producer: the sum of its sales, million USD."""
        return np.asarray(self.intermediate.sum(axis=(2, 3)) + self.final.sum(axis=2))

    @frozen_property
    def purchaser_factor(self) -> Float[Array, "S N I"]:
        """What the buyer pays per unit of basic value: (1 + export tax)(1 + tariff)."""
        return np.asarray((1.0 + self.export_tax) * (1.0 + self.tariff))

    @frozen_property
    def input_cost(self) -> Float[Array, "N S K"]:
        """Purchaser value of inputs of s used by sector k of n, million USD."""
        return np.asarray(np.einsum("isnk,sni->nsk", self.intermediate, self.purchaser_factor))

    @frozen_property
    def value_added(self) -> Float[Array, "N S"]:
        """Output less purchaser-priced inputs, million USD: wages, profits and net taxes."""
        return np.asarray(self.output - self.input_cost.sum(axis=1))

    @frozen_property
    def expenditure(self) -> Float[Array, "N S"]:
        """Tariff-inclusive spending by importer and sector, million USD."""
        return np.asarray((self.trade * self.purchaser_factor).sum(axis=2).T)

    @frozen_property
    def final_spending(self) -> Float[Array, " N"]:
        """Final spending at purchaser prices by region, million USD."""
        return np.asarray(np.einsum("isn,sni->n", self.final, self.purchaser_factor))

    @frozen_property
    def trade_tax_revenue(self) -> Float[Array, " N"]:
        """Import duty collected by importers plus export tax by exporters, million USD."""
        levied = self.trade * self.export_tax
        duty = (self.trade + levied) * self.tariff
        return np.asarray(duty.sum(axis=(0, 2)) + levied.sum(axis=(0, 1)))

    def _card(self) -> Card:
        from tula.world.summary import describe

        told, (low, mean, high) = describe(self), describe(self).elasticity_range
        sizes = [f"{row.name} {row.value_added / told.value_added:.1%}" for row in told.rows[:5]]
        return Card(
            f"World {origin(self.provenance)}: {told.regions} regions x {told.sectors} sectors",
            {
                "value added": f"{told.value_added:,.0f} million USD: {', '.join(sizes)}",
                "trade": f"{told.trade_between_regions:,.0f} million USD between regions",
                "import duty": f"{told.mean_duty:.2%} of border value on average",
                "elasticities": f"theta {low:.3g} to {high:.3g}, mean by trade {mean:.3g}; "
                f"{self.elasticity_source}",
                "groups": ", ".join((*self.labels.region_groups, *self.labels.sector_groups)),
            },
        )

    def with_elasticity(self, values: Float[Array, " S"], source: str) -> Economy:
        """Return the same economy with other trade elasticities and their stated source."""
        return replace(self, trade_elasticity=values, elasticity_source=source)

    def to_dataset(self) -> xr.Dataset:
        """Return the arrays as a labelled dataset with units in the attributes."""
        import xarray as xr

        arrays = {
            name: (axes, getattr(self, name), {"units": UNITS[name]}) for name, axes in AXES.items()
        }
        coords = {axis: list(codes) for axis, codes in _codes(self.labels).items()}
        data = xr.Dataset(arrays, coords)
        data["trade_elasticity"].attrs["source"] = self.elasticity_source
        return data


def origin(provenance: Provenance) -> str:
    """Return a world's name and vintage as every result tells them."""
    return f"{provenance.name} ({provenance.vintage})"


def stated_units(flows: str = "", tariff: str = "", export_tax: str = "") -> dict[str, str]:
    """Return the metadata that records units as stated; an empty one was not."""
    units = {"flows": flows, "tariff": tariff, "export_tax": export_tax}
    return {STATED_UNITS[name]: unit for name, unit in units.items() if unit}


def array_fields() -> tuple[str, ...]:
    """Names of the array fields of ``Economy``, in declaration order."""
    return tuple(AXES)


def _codes(labels: Labels) -> dict[str, tuple[str, ...]]:
    """Codes along each axis of ``AXES``."""
    regions, sectors = labels.regions, labels.sectors
    return {"exporter": regions, "importer": regions, "sector": sectors, "user": sectors}
