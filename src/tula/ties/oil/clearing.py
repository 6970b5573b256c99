"""The price at the partner's port that clears the market, as one bracketed root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float
from scipy.optimize import brentq

from tula.ties.oil.choice import delivered_cost, share
from tula.ties.oil.decisions import Units, shunned, units_of
from tula.ties.oil.errors import OilClearingError
from tula.ties.oil.parts import MarketParts, Regime
from tula.ties.oil.supply import capped_supply_ratio, supply_ratio
from tula.ties.oil.world_price import world_price_hat

Array = np.ndarray

#: Relative distance at which a firm counts as indifferent between staying and leaving.
EDGE = 1e-9
#: Highest price tried, as a multiple of the benchmark.
CEILING = 20.0


@dataclass(frozen=True, eq=False)
class Clearing:
    """One market under one regime, at central values, ready to be cleared.

    Everything is a function of the partner's price at its port: supply, from it the world price
    (barrels the partner withholds are lost to the world), from both every unit's demand. Excess
    demand falls in that price, with a step down wherever a firm leaves.
    """

    market: MarketParts
    regime: Regime

    @cached_property
    def units(self) -> Units:
        """The deciding units."""
        return units_of(self.market)

    @cached_property
    def shunned(self) -> float:
        """Share of the partner's barrels that carry the risk."""
        return shunned(self.market, self.regime)

    @cached_property
    def base_fob_price(self) -> float:
        """Price at the partner's port before the shock, USD a barrel."""
        return self.market.benchmark.value - self.market.fob_discount.value

    @cached_property
    def capacity(self) -> float:
        """Exports of the partner at a price at which supply is whole, mb/d."""
        return float(self.units.volume.sum()) / self._ratio(self.base_fob_price)

    @cached_property
    def covered(self) -> float:
        """Share of exports carried with the coalition's services before the shock."""
        return float(self.units.services @ self.units.volume / self.units.volume.sum())

    @cached_property
    def freight(self) -> Float[Array, " U"]:
        """Freight in force, intermediation included, USD a barrel."""
        return self.units.freight + self.shunned * self.market.intermediation.value

    def _ratio(self, price: float) -> float:
        curve = self.market.supply
        return supply_ratio(price, curve.flat_above.value, curve.zero_below.value)

    def supply(self, price: float) -> tuple[float, float]:
        """Exports at a price: barrels under the price cap and other barrels, mb/d."""
        cap = self.regime.price_cap.ceiling if self.regime.price_cap else None
        curve = self.market.supply
        capped, free = capped_supply_ratio(
            price, cap, self.covered, curve.flat_above.value, curve.zero_below.value
        )
        return self.capacity * capped, self.capacity * free

    def world_hat(self, price: float) -> float:
        """Ratio of new to old world price, all reasons together."""
        lost = float(self.units.volume.sum()) - sum(self.supply(price)) + self.regime.lost_elsewhere
        world = self.market.world
        hat = world_price_hat(
            lost, 0.0, world.volume.value,
            world.supply_elasticity.value, world.demand_elasticity.value,
        )  # fmt: skip
        return self.regime.benchmark_hat * hat

    def alternative(self, price: float) -> Float[Array, " U"]:
        """Delivered price of the next best crude, USD a barrel."""
        return np.asarray(
            self.market.benchmark.value * self.world_hat(price) + self.units.alternative
        )

    def discount(self, price: float) -> Float[Array, " U"]:
        """Delivered discount d = p_alt - c + kappa: what a barrel saves, risk not counted."""
        return np.asarray(self.alternative(price) - price - self.freight)

    def wanted(self, price: float) -> Float[Array, " U"]:
        """Volumes at a price if every firm stays, mb/d."""
        units = self.units
        base_alternative = self.market.benchmark.value + units.alternative
        none = np.zeros_like(units.premium)
        chosen = share(
            units.volume / units.need,
            delivered_cost(price, self.freight, self.shunned * units.premium),
            self.alternative(price),
            delivered_cost(self.base_fob_price, units.freight, none),
            base_alternative,
            self.market.elasticity.value,
            self.market.choice,
        )
        return np.asarray(units.need * self._by_region(self.regime.need_hat, 1.0) * chosen)

    def staying(self, price: float) -> Float[Array, " U"]:
        """1 for a unit that stays at a price, 0 for a firm that leaves."""
        if self.shunned == 0.0:
            return np.ones_like(self.units.threshold)
        return (self.discount(price) >= self.units.threshold).astype(np.float64)

    def demand(self, price: float, staying: Float[Array, " U"]) -> Float[Array, " U"]:
        """Volumes at a price, mb/d: leaving firms drop the shunned barrels, ceilings hold."""
        volume = self.wanted(price) * (1.0 - self.shunned * (1.0 - staying))
        totals = np.bincount(self.units.region, volume, len(self.market.buyers))
        ceilings = np.array(
            [self.regime.ceilings.get(one.region, np.inf) for one in self.market.buyers]
        )
        factor = np.minimum(1.0, ceilings / np.where(totals > 0.0, totals, 1.0))
        return np.asarray(volume * factor[self.units.region])

    def _by_region(self, given: Mapping[str, float], otherwise: float) -> Float[Array, " U"]:
        ordered = [given.get(buyer.region, otherwise) for buyer in self.market.buyers]
        return np.asarray(np.array(ordered, dtype=np.float64)[self.units.region])

    def excess(self, price: float) -> float:
        """Excess demand at a price, mb/d."""
        return float(self.demand(price, self.staying(price)).sum()) - sum(self.supply(price))

    def price(self) -> float:
        """Clearing price at the partner's port; ``OilClearingError`` where there is none."""
        low = self.market.supply.zero_below.value
        high = CEILING * self.market.benchmark.value * self.regime.benchmark_hat
        if self.excess(low) <= 0.0:
            return low
        if self.excess(high) > 0.0:
            raise OilClearingError(
                f"{self.market.partner}'s buyers want {self.excess(high):.3g} mb/d more than it "
                f"exports at {high:.0f} USD a barrel, whatever the price"
            )
        return float(brentq(self.excess, low, high, xtol=1e-12, rtol=8.9e-16))

    def cleared_staying(self, price: float) -> Float[Array, " U"]:
        """Who stays at the clearing price; where a firm is indifferent, the share that clears."""
        below, above = self.staying(price * (1.0 - EDGE)), self.staying(price * (1.0 + EDGE))
        if np.array_equal(below, above):
            return self.staying(price)
        most, least = (float(self.demand(price, who).sum()) for who in (below, above))
        if most <= least:
            return below
        part = float(np.clip((sum(self.supply(price)) - least) / (most - least), 0.0, 1.0))
        return np.asarray(above + part * (below - above))
