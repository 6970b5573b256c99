"""One-sector worlds of 194 countries, read through the replication's loader or drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.replicate import liberation_day_data as source
from tula.world.economy import Provenance
from tula.world.labels import Labels

Array = np.ndarray

#: Countries of the reference data, and of the world drawn in its place.
COUNTRIES = 194
#: Elasticity of the drawn world.
DRAWN_THETA = 4.0
#: Share of value added in variable cost with input-output links, as in the replication.
VALUE_ADDED_SHARE = source.VALUE_ADDED_SHARE


def worlds(folder: Path | None) -> dict[str, Calibration]:
    """The world without and with input-output links; drawn where the reference data is absent."""
    given = None if folder is None else source.folder_of(folder)
    if given is not None and (given / source.INPUTS).is_file():
        data = source.load(given)
        theta = float(data.world.trade_elasticity)
        base = (data.flows / 1e3, data.regions, theta, "liberation-day")
    else:
        base = drawn(COUNTRIES)
    return {
        "without inputs": one_sector(*base, 1.0),
        "with inputs": one_sector(*base, VALUE_ADDED_SHARE),
    }


def drawn(n: int, seed: int = 0) -> tuple[Array, tuple[str, ...], float, str]:
    """Flows of a home-biased world from a seed, with an ``USA`` first, the largest."""
    draw = np.random.default_rng(seed)
    size = np.sort(draw.lognormal(9.0, 2.0, n))[::-1]
    affinity = draw.lognormal(0.0, 1.0, (n, n))
    flows = 0.3 * affinity * size[:, None] * size[None, :] / size.sum()
    np.fill_diagonal(flows, size)
    regions = ("USA", *(f"R{index:03d}" for index in range(1, n)))
    return flows, regions, DRAWN_THETA, f"synthetic-{n}x1"


def one_sector(
    flows: Array, regions: tuple[str, ...], theta: float, name: str, value_added_share: float
) -> Calibration:
    """A world from its flows by importer and exporter, million USD; home inputs are added."""
    n = len(regions)
    gross = flows.copy()
    np.fill_diagonal(gross, np.diag(flows) / value_added_share)
    spending, sales = gross.sum(axis=1), gross.sum(axis=0)
    return Calibration(
        labels=Labels(regions, ("TRADE",), sector_groups={"goods": ("TRADE",)}),
        trade_share=(gross / spending[:, None])[None],
        value_added_share=np.full((n, 1), value_added_share),
        input_share=np.full((n, 1, 1), 1.0 - value_added_share),
        final_share=np.ones((n, 1)),
        tariff=np.zeros((1, n, n)),
        export_tax=np.zeros((1, n, n)),
        trade_elasticity=np.array([theta]),
        expenditure=spending[:, None],
        output=sales[:, None],
        value_added=value_added_share * sales,
        imbalance=spending - sales,
        provenance=Provenance(name, "2023", ("see benchmarks/gravity.py",)),
        elasticity_source=name,
    )
