"""Short-run worlds: closure, elasticities and wages under which a sum of money may be told.

The record leaves more than one of them standing (``docs/incidence.md``): the first of
``SHORT_RUN`` carries an answer, all of them together bound what it is worth in money.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.closures import Closure, FixedBalance, ProportionalBalance
from tula.equilibrium.technology import BuyerElasticity, Names, Technology, WageFloor
from tula.policy.shock import Shock
from tula.world.economy import Economy
from tula.world.horizon import SIGMA_SHORT

Array = np.ndarray
#: Sectors by importer.
Sectors = Mapping[str, tuple[str, ...]]

#: Sigma (tariff-exclusive) in the long run and its range; that of the first year is
#: ``SIGMA_SHORT``. Boehm, Levchenko and Pandalai-Nayar (2023) find 1.75 to 2.25 after seven to
#: ten years; the upper end is that of cross-section estimates.
SIGMA_LONG, LONG_RANGE = 2.0, (1.75, 5.0)
#: Range of the first year's sigma: an assumption around the same estimate.
FIRST_RANGE = (0.65, 1.1)
#: Mean change of duty on a buyer's imports of a sector from which the buyer counts as hit.
MOVED = 0.005


@dataclass(frozen=True)
class Variant:
    """A closure with elasticities, and how far wages may fall; nothing else.

    ``hit`` is sigma of the buyers whose duties move, in the sectors where they do, and ``others``
    that of everybody else; None: the world's own elasticities. ``wage_floor`` is the least ratio of
    new to old wage in the regions ``floored``, None where wages are free. ``technology`` says the
    rest.
    """

    name: str
    title: str
    hit: float | None
    others: float | None
    closure: Closure = field(default_factory=FixedBalance)
    wage_floor: float | None = None
    floored: Names = "all"
    technology: Technology = field(default_factory=Technology)

    def world(
        self, economy: Economy, hit: Sectors | None = None, own: Mapping[str, float] | None = None
    ) -> Calibration:
        """Calibrate an economy to the variant.

        ``hit`` lists the buyers hit (``buyers_hit``); ``own`` sigmas of sectors that keep their
        own for every buyer, such as crude oil, codes or groups. Raises ``TechnologyError``,
        ``UnknownNameError``.
        """
        theta, kept = self._theta(economy, own or {})
        buyers: tuple[BuyerElasticity, ...] = ()
        if self.hit is not None and self.hit != self.others:
            left = {n: tuple(s for s in found if s not in kept) for n, found in (hit or {}).items()}
            buyers = tuple(BuyerElasticity(n, s, self.hit - 1.0) for n, s in left.items() if s)
        floors = () if self.wage_floor is None else (WageFloor(self.floored, self.wage_floor),)
        technology = replace(
            self.technology,
            buyers=(*self.technology.buyers, *buyers),
            wage_floors=(*self.technology.wage_floors, *floors),
        )
        source = self._source(economy, own)
        return calibrate(economy).with_elasticity(theta, source, technology)

    def _theta(self, economy: Economy, own: Mapping[str, float]) -> tuple[Array, set[str]]:
        theta = np.array(economy.trade_elasticity)
        if self.others is not None:
            theta[:] = self.others - 1.0
        kept: set[str] = set()
        for name, sigma in own.items():
            codes = economy.labels.resolve_sectors(name)
            kept |= set(codes)
            theta[[economy.labels.sector_index(code) for code in codes]] = sigma - 1.0
        return theta, kept

    def _source(self, economy: Economy, own: Mapping[str, float] | None) -> str:
        others = economy.elasticity_source if self.others is None else f"sigma {self.others:g}"
        told = [f"variant {self.name}: {others}"]
        if self.hit is not None and self.hit != self.others:
            told.append(f"{self.hit:g} for buyers whose duties move")
        told += [f"{name} {sigma:g}" for name, sigma in (own or {}).items()]
        return ", ".join(told)


def buyers_hit(base: Calibration, shock: Shock) -> dict[str, tuple[str, ...]]:
    """Return the sectors in which each importer's duties move by ``MOVED`` on its imports."""
    abroad = base.border_trade * ~np.eye(len(base.labels.regions), dtype=bool)
    moved = (abroad * np.abs(shock.tariff - base.tariff)).sum(axis=2)
    hit = moved > MOVED * abroad.sum(axis=2)
    sectors = np.array(base.labels.sectors)
    found = {n: tuple(sectors[hit[:, k]].tolist()) for k, n in enumerate(base.labels.regions)}
    return {region: codes for region, codes in found.items() if codes}


#: Short-run worlds that the record leaves standing, the one that carries an answer first.
SHORT_RUN: tuple[Variant, ...] = (
    Variant(
        "buyers-hit", "only buyers whose duties move are slow to turn", SIGMA_SHORT, SIGMA_LONG
    ),
    Variant("buyers-hit-elastic", "the same, all others quick", SIGMA_SHORT, LONG_RANGE[1]),
    Variant("first-year", "everybody is slow to turn", SIGMA_SHORT, SIGMA_SHORT),
    Variant(
        "first-year-proportional",
        "the same, imbalances in proportion to income",
        SIGMA_SHORT,
        SIGMA_SHORT,
        ProportionalBalance(),
    ),
    Variant(
        "first-year-floor",
        "everybody is slow to turn, wages fall by 1% at most",
        SIGMA_SHORT,
        SIGMA_SHORT,
        wage_floor=0.99,
    ),
)
