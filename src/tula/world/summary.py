"""What a world holds, in a few figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tula.shapes import Float
from tula.world.economy import Economy, Provenance

Array = np.ndarray


@dataclass(frozen=True)
class RegionRow:
    """One region's size and trade, million USD; exports and imports exclude sales to itself."""

    code: str
    name: str
    value_added: float
    final_spending: float
    exports: float
    imports: float
    duty_revenue: float


@dataclass(frozen=True)
class WorldSummary:
    """Totals of a world, million USD, and a row for each region, largest first.

    ``mean_duty`` is duty revenue over the border value of trade between regions; elasticities
    are the least, the trade-weighted mean and the greatest theta = sigma - 1.
    """

    provenance: Provenance
    regions: int
    sectors: int
    output: float
    value_added: float
    final_spending: float
    trade_between_regions: float
    mean_duty: float
    elasticity_source: str
    elasticity_range: tuple[float, float, float]
    rows: tuple[RegionRow, ...]


def describe(economy: Economy) -> WorldSummary:
    """Return the totals of a world and of its regions."""
    crossing = _crossing(economy)
    border = crossing * (1.0 + economy.export_tax)
    duty = border * economy.tariff
    theta = economy.trade_elasticity
    return WorldSummary(
        provenance=economy.provenance,
        regions=len(economy.regions),
        sectors=len(economy.sectors),
        output=float(economy.output.sum()),
        value_added=float(economy.value_added.sum()),
        final_spending=float(economy.final_spending.sum()),
        trade_between_regions=float(crossing.sum()),
        mean_duty=_ratio(duty.sum(), border.sum()),
        elasticity_source=economy.elasticity_source,
        elasticity_range=(
            float(theta.min()),
            _ratio((crossing.sum(axis=(1, 2)) * theta).sum(), crossing.sum()),
            float(theta.max()),
        ),
        rows=_rows(economy, crossing, duty),
    )


def _crossing(economy: Economy) -> Float[Array, "S N I"]:
    """Trade between regions: sales at home set to zero."""
    between = ~np.eye(len(economy.regions), dtype=bool)
    return np.asarray(economy.trade * between)


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def _rows(
    economy: Economy, crossing: Float[Array, "S N I"], duty: Float[Array, "S N I"]
) -> tuple[RegionRow, ...]:
    columns = zip(
        economy.regions,
        economy.value_added.sum(axis=1).tolist(),
        economy.final_spending.tolist(),
        crossing.sum(axis=(0, 1)).tolist(),
        crossing.sum(axis=(0, 2)).tolist(),
        duty.sum(axis=(0, 2)).tolist(),
        strict=True,
    )
    names = economy.labels.region_names
    rows = (RegionRow(code, names.get(code, code), *figures) for code, *figures in columns)
    return tuple(sorted(rows, key=lambda row: -row.value_added))
