"""Worlds with two identical rivals, and the same worlds told otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tula.world.economy import Economy
from tula.world.labels import Labels


def with_twin(world: Economy, region: str, twin: str = "TWIN") -> Economy:
    """The same world with one region cut in two identical halves, the second named last."""
    place = world.labels.region_index(region)
    rows = [*range(len(world.regions)), place]
    half = np.ones(len(rows))
    half[[place, -1]] = 0.5
    return replace(
        world,
        labels=replace(world.labels, regions=(*world.regions, twin)),
        intermediate=world.intermediate[rows][:, :, rows]
        * half[:, None, None, None]
        * half[:, None],
        final=world.final[rows][:, :, rows] * half[:, None, None] * half,
        tariff=world.tariff[:, rows][:, :, rows],
        export_tax=world.export_tax[:, rows][:, :, rows],
    )


def reordered(world: Economy, order: Sequence[int], names: dict[str, str]) -> Economy:
    """The same world with its regions in another order and under other names."""
    rows, labels = list(order), world.labels
    codes = tuple(names.get(world.regions[place], world.regions[place]) for place in rows)
    return replace(
        world,
        labels=Labels(codes, labels.sectors, sector_groups=labels.sector_groups),
        intermediate=world.intermediate[rows][:, :, rows],
        final=world.final[rows][:, :, rows],
        tariff=world.tariff[:, rows][:, :, rows],
        export_tax=world.export_tax[:, rows][:, :, rows],
    )
