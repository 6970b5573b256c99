"""What regions sell to themselves: tables of trade leave it out, and no model can do without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tula.shapes import Bool, Int
from tula.world.economy import Economy

Array = np.ndarray

#: Sales at home up to this part of all sales count as none, as do filled-in crumbs.
NOTHING = 1e-4
#: Part of what a region's producers, or its final users, buy from home below which they buy
#: nothing there (36% and 50% are the least in the ICIO of 2022).
LEAST_AT_HOME = 0.01
#: Part of the exporters of a sector, and of the sectors that a region exports, that may go without
#: sales at home: 36% and 20% are the most in published tables, 0% in the ICIO.
MOST_WITHOUT = 0.5
#: Names shown in a finding.
SHOWN = 5


def no_home_sales(economy: Economy) -> Iterator[tuple[str, str]]:
    """Regions that buy nothing at home, in whole or in most of what they export; sectors that
    most of their exporters sell only abroad."""
    exported, without = _exported(economy)
    by_region = _most(without.sum(axis=0), exported.sum(axis=0)) | _all_from_abroad(economy)
    by_sector = _most(without.sum(axis=1), exported.sum(axis=1)) & (without.sum(axis=1) > 1)
    if by_region.any():
        told = "of what is exported, little or nothing is sold at home"
        yield _named(economy.regions, by_region), f"{told}; {int(by_region.sum())} such regions"
    elif by_sector.any():
        told = "most regions that export it sell none at home"
        yield _named(economy.sectors, by_sector), f"{told}; {int(by_sector.sum())} such sectors"


def sold_only_abroad(economy: Economy) -> Iterator[tuple[str, str]]:
    """Single region-sectors with exports and no sales at home."""
    _, without = _exported(economy)
    if without.any() and not any(no_home_sales(economy)):
        s, n = np.argwhere(without)[0]
        place = f"{economy.regions[int(n)]}/{economy.sectors[int(s)]}"
        yield place, f"all is sold abroad; {int(without.sum())} such region-sectors"


def _exported(economy: Economy) -> tuple[Bool[Array, "S N"], Bool[Array, "S N"]]:
    """Which sectors each region exports, and which of them it does not sell at home."""
    home = np.einsum("snn->sn", economy.trade)
    away = ~np.eye(len(economy.regions), dtype=bool)
    abroad = (economy.trade * away).sum(axis=1)
    return abroad > 0.0, (abroad > 0.0) & (home <= NOTHING * abroad)


def _most(without: Int[Array, " K"], exported: Int[Array, " K"]) -> Bool[Array, " K"]:
    return np.asarray(without > MOST_WITHOUT * exported)


def _all_from_abroad(economy: Economy) -> Bool[Array, " N"]:
    """Regions whose producers or final users buy next to nothing from home."""
    alone = np.zeros(len(economy.regions), dtype=bool)
    for flows in (economy.intermediate.sum(axis=(1, 3)), economy.final.sum(axis=1)):
        bought = flows.sum(axis=0)
        alone |= (bought > 0.0) & (np.diagonal(flows) < LEAST_AT_HOME * bought)
    return alone


def _named(codes: Sequence[str], marked: Bool[Array, " K"]) -> str:
    names = [code for code, hit in zip(codes, marked, strict=True) if hit]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
