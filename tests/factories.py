"""Small balanced economies from a seed."""

from __future__ import annotations

import numpy as np

from tula.policy.shock import Limit
from tula.world.economy import Economy, Provenance, stated_units
from tula.world.labels import Labels

Array = np.ndarray


def make_economy(
    n: int = 4,
    s: int = 3,
    seed: int = 0,
    *,
    export_taxes: bool = False,
    regions: tuple[str, ...] | None = None,
    sectors: tuple[str, ...] | None = None,
) -> Economy:
    """Return an economy of n unequal regions and s sectors, the last one an untaxed service.

    Final demand and technology are drawn; output follows from the Leontief inverse, so that
    every sale is positive and value added is at least a third of output. Trade is home-biased,
    drawn to large sellers and unbalanced.
    """
    draw = np.random.default_rng(seed)
    labels = _labels(regions or _codes("R", n), sectors or _codes("S", s))
    tariff = _rates(draw, n, s, 0.15)
    export_tax = _rates(draw, n, s, 0.05) if export_taxes else np.zeros((s, n, n))
    size = draw.lognormal(8.0, 1.0, n)
    origin = _origin_shares(draw, size, s)
    technology = draw.uniform(0.2, 1.0, (n, s, s))
    technology *= draw.uniform(0.2, 0.5, (n, 1, s)) / technology.sum(axis=1, keepdims=True)
    demand = draw.uniform(0.5, 1.5, (n, s)) * size[:, None]
    final = np.einsum("sni,ns->isn", origin, demand)
    per_unit = np.einsum("sni,nsk->isnk", origin, technology)
    leontief = np.eye(n * s) - per_unit.reshape(n * s, n * s)
    output = np.linalg.solve(leontief, final.sum(axis=2).ravel()).reshape(n, s)
    return Economy(
        labels=labels,
        intermediate=per_unit * output,
        final=final,
        tariff=tariff,
        export_tax=export_tax,
        trade_elasticity=draw.uniform(2.0, 8.0, s),
        elasticity_source=f"drawn for tests, seed {seed}",
        provenance=Provenance(f"toy-{n}x{s}-{seed}", "2000", ("drawn for tests",), ("drawn",)),
        metadata={"purpose": "tests", **stated_units(flows="million USD")},
    )


def import_limits(caps: dict[tuple[int, int, int], float]) -> tuple[Limit, ...]:
    """Return one limit on each (sector, importer, exporter): its largest quantity ratio."""
    return tuple(
        Limit("cap", np.array([cell]), "quantity", ratio, "importer")
        for cell, ratio in caps.items()
    )


def toy_economy() -> Economy:
    """Return four regions by three sectors with familiar codes."""
    return make_economy(
        4, 3, 2025, regions=("IND", "RUS", "USA", "ROW"), sectors=("OIL", "MAN", "SER")
    )


def _codes(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{index:02d}" for index in range(count))


def _labels(regions: tuple[str, ...], sectors: tuple[str, ...]) -> Labels:
    return Labels(
        regions=regions,
        sectors=sectors,
        region_names={code: f"Region {code}" for code in regions},
        sector_names={code: f"Sector {code}" for code in sectors},
        region_groups={"first_two": regions[:2]},
        sector_groups={"goods": sectors[:-1], "services": sectors[-1:]},
    )


def _rates(draw: np.random.Generator, n: int, s: int, top: float) -> Array:
    rates = draw.uniform(0.0, top, (s, n, n))
    rates[:, np.arange(n), np.arange(n)] = 0.0
    rates[-1] = 0.0
    return rates


def _origin_shares(draw: np.random.Generator, size: Array, s: int) -> Array:
    n = len(size)
    weight = draw.uniform(0.2, 1.0, (s, n, n)) * size / size.sum()
    weight[:, np.arange(n), np.arange(n)] += 1.0
    return np.asarray(weight / weight.sum(axis=2, keepdims=True))
