"""What the tie is worth in the market that the world economy holds.

Firms decide who buys how much of the partner (``clearing``); what follows for prices, incomes and
rents is cleared in the one market of the commodity, with the elasticities of the tie: who stops,
whom buyers shun and which passage closes are ceilings on it, as they are in the world itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from tula.equilibrium import Calibration, Technology
from tula.equilibrium.solve import compile_policy
from tula.equilibrium.variants import SIGMA_LONG
from tula.market.agreement import Compared, compare
from tula.market.clear import Cleared, clear
from tula.market.structure import Market
from tula.market.supply import tied_supply
from tula.policy import ExportCap, Instrument
from tula.shapes import Float
from tula.ties.inputs import require_names
from tula.ties.oil.engine import Keeper, limits
from tula.ties.oil.equilibrium import OilEquilibrium
from tula.ties.oil.market import OilMarket
from tula.ties.oil.routes import Chokepoint

Array = np.ndarray
#: Million USD in a billion, and days in a year.
BILLION, YEAR = 1e3, 365.0


@dataclass(frozen=True)
class InWorld:
    """The market of a tie's commodity in a world: a stop, firms that shun, a passage that closes.

    ``base`` is the oil market before the shock; ``rent_lost`` the part of the price gap on shunned
    barrels that nobody keeps. Raises ``TieNameError``.
    """

    world: Calibration
    sector: str
    base: OilEquilibrium
    rent_lost: float
    known: dict[str, Cleared] = field(default_factory=dict)

    def __post_init__(self) -> None:
        market: OilMarket = self.base.market
        names = {f"buyers.{buyer.region}": buyer.region for buyer in market.buyers}
        require_names(
            self.world.labels, {"partner": market.partner, **names}, {"sector": (self.sector,)}
        )

    @cached_property
    def market(self) -> Market:
        """The market, at the elasticities of the tie, in the short-run world of an answer."""
        oil: OilMarket = self.base.market
        theta = np.full(len(self.world.labels.sectors), SIGMA_LONG - 1.0)
        theta[self.world.labels.sector_index(self.sector)] = oil.elasticity.value - 1.0
        factors = tied_supply(self.world, self.sector, oil.world.supply_elasticity.value).factors
        technology = Technology(specific_factors=factors)
        return Market(
            replace(self.world, trade_elasticity=theta, technology=technology), self.sector
        )

    def policy(
        self, outcome: OilEquilibrium, keeper: Keeper, closed: Iterable[Chokepoint] = ()
    ) -> list[Instrument]:
        """Return what firms' decisions and closed passages are in the world."""
        found = list(limits(self.base, outcome, self.sector, rent_to=keeper))
        return [*found, *(one for point in closed for one in shut(point, self.sector))]

    def cleared(
        self, outcome: OilEquilibrium, keeper: Keeper, closed: Iterable[Chokepoint] = ()
    ) -> Cleared:
        """Return the market cleared under an outcome, once."""
        done = self.policy(outcome, keeper, closed)
        key = repr(done)
        if key not in self.known:
            self.known[key] = clear(self.market, compile_policy(self.world, done))
        return self.known[key]

    def money(
        self, outcome: OilEquilibrium, closed: Iterable[Chokepoint] = ()
    ) -> Float[Array, " N"]:
        """Return what an outcome is worth to each region beside the base, bn USD a year."""
        points = tuple(closed)
        found = (1.0 - self.rent_lost) * self.cleared(outcome, "importer", points).money
        if self.rent_lost:
            found = found + self.rent_lost * self.cleared(outcome, "nobody", points).money
        return np.asarray(found / BILLION)

    def compared(self, outcomes: Mapping[str, OilEquilibrium]) -> list[Compared]:
        """Return what outcomes are worth to the pivot, by the market alone and in the world."""
        world = self.market.world
        asked = {
            name: compile_policy(world, self.policy(one, "nobody"))
            for name, one in outcomes.items()
        }
        pivot, nothing = self.base.market.pivot, compile_policy(world, [])
        return compare(world, self.sector, pivot, nothing, asked)


def shut(point: Chokepoint, sector: str) -> list[Instrument]:
    """Return a closed passage: what finds no way round is not sold, and what is earns its rent."""
    return [
        ExportCap(
            name=f"{point.name} closed: {exporter}",
            importer="all",
            exporter=exporter,
            sectors=sector,
            cut=min(1.0, share.value * point.shortfall.value),
            rent_to="exporter",
        )
        for exporter, share in point.exporters.items()
        if share.value * point.shortfall.value > 0.0
    ]


def closure_loss(world: InWorld, outcome: OilEquilibrium, point: Chokepoint) -> Float[Array, " N"]:
    """Return what a closure of its length costs each region, bn USD, beside an outcome."""
    yearly = world.money(outcome) - world.money(outcome, (point,))
    return np.asarray(yearly * point.days.value / YEAR)
