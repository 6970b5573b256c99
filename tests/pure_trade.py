"""Economies whose best duties are known: no inputs, balanced trade, free trade at the base."""

from __future__ import annotations

import numpy as np

from tula.world.economy import Economy, Provenance
from tula.world.labels import Labels

Array = np.ndarray


def pure_economy(
    flows: Array,
    theta: float | Array = 3.0,
    *,
    regions: tuple[str, ...] | None = None,
    sectors: tuple[str, ...] | None = None,
) -> Economy:
    """Return an economy of final goods only from flows (S, importer N, exporter I), million USD."""
    s, n, _ = flows.shape
    labels = Labels(
        regions=regions or tuple("ABCDEFGH"[:n]),
        sectors=sectors or tuple(f"G{number}" for number in range(s)),
        sector_groups={"goods": sectors or tuple(f"G{number}" for number in range(s))},
    )
    return Economy(
        labels=labels,
        intermediate=np.zeros((n, s, n, s)),
        final=np.ascontiguousarray(flows.transpose(2, 0, 1)),
        tariff=np.zeros((s, n, n)),
        export_tax=np.zeros((s, n, n)),
        trade_elasticity=np.broadcast_to(np.asarray(theta, dtype=np.float64), s).copy(),
        elasticity_source="chosen for tests",
        provenance=Provenance("pure", "2000", ("made for tests",), ("made",)),
    )


def two_regions(home: float = 900.0, foreign: float = 2000.0, trade: float = 100.0) -> Array:
    """Return balanced one-sector flows between two regions."""
    return np.array([[[home, trade], [trade, foreign]]])


def made_world(seed: int, regions: int, sectors: int) -> Economy:
    """Return an economy of uneven flows, home sales thirty times as large as others."""
    rng = np.random.default_rng(seed)
    size = np.exp(rng.normal(0, 0.8, regions))
    flow = np.exp(rng.normal(0, 1.6, (sectors, regions, regions))) * size[:, None] * size
    flow[:, range(regions), range(regions)] *= 30
    theta = np.exp(rng.uniform(np.log(0.9), np.log(9.0), sectors))
    return pure_economy(flow * 3e7 / flow.sum(), theta)
