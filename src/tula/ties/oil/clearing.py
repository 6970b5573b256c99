"""The price at the partner's port that clears the market, as one bracketed root."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tula.shapes import Float
from tula.ties.oil.choice import delivered_cost, share
from tula.ties.oil.decisions import Units, shunned, units_of
from tula.ties.oil.errors import OilClearingError
from tula.ties.oil.market import OilMarket
from tula.ties.oil.parts import Regime
from tula.ties.oil.supply import capped_supply_ratio, supply_ratio
from tula.ties.oil.world_price import world_price_hat

Array = np.ndarray

#: Relative distance at which a firm counts as indifferent between staying and leaving.
EDGE = 1e-9
#: Largest share of dropped barrels left at sea.
ALMOST_ALL = 1.0 - 1e-6
#: Step in search of an upper bound.
GROWTH = 1.25
#: Highest price tried, as a multiple of the benchmark.
CEILING = 20.0


@dataclass(frozen=True, eq=False)
class Clearing:
    """One market under one regime, at central values, ready to be cleared.

    Everything is a function of the partner's price at its port: supply, from it the world price
    (barrels the partner withholds are lost to the world), from both every unit's demand. Excess
    demand falls in that price, with a step down wherever a firm leaves. ``afloat`` are barrels
    exported that reach no buyer within the horizon, mb/d.
    """

    market: OilMarket
    regime: Regime
    afloat: float = 0.0

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
    def base_exports(self) -> float:
        """Exports before the shock, mb/d."""
        return float(self.units.volume.sum())

    @cached_property
    def capacity(self) -> float:
        """Exports of the partner at a price at which supply is whole, mb/d."""
        curve = self.market.supply
        return self.base_exports / supply_ratio(
            self.base_fob_price, curve.flat_above.value, curve.zero_below.value
        )

    @cached_property
    def covered(self) -> float:
        """Share of exports carried with the coalition's services before the shock."""
        return float(self.units.services @ self.units.volume) / self.base_exports

    @cached_property
    def freight(self) -> Float[Array, " U"]:
        """Freight in force, intermediation included, USD a barrel."""
        return np.asarray(self.units.freight + self.shunned * self.market.intermediation.value)

    @cached_property
    def premium(self) -> Float[Array, " U"]:
        """Premium in force on every barrel, USD."""
        return np.asarray(self.shunned * self.units.premium)

    @cached_property
    def base(self) -> tuple[Float[Array, " U"], Float[Array, " U"], Float[Array, " U"]]:
        """Share of need bought from the partner, its delivered cost and the alternative's price,
        before the shock."""
        units = self.units
        return (
            units.volume / units.need,
            delivered_cost(self.base_fob_price, units.freight, np.zeros_like(units.freight)),
            self.market.benchmark.value + units.alternative,
        )

    @cached_property
    def need(self) -> Float[Array, " U"]:
        """Crude needed from anywhere, mb/d."""
        hats = self.regime.need_hat
        by_region = np.array([hats.get(one.region, 1.0) for one in self.market.buyers])
        return np.asarray(self.units.need * by_region[self.units.region])

    @cached_property
    def ceilings(self) -> Float[Array, " R"]:
        """Most that each region lets in, mb/d."""
        most = self.regime.ceilings
        return np.array([most.get(one.region, np.inf) for one in self.market.buyers])

    def supply(self, price: float) -> tuple[float, float]:
        """Exports at a price: barrels under the price cap and other barrels, mb/d."""
        cap = self.regime.price_cap.ceiling if self.regime.price_cap else None
        curve = self.market.supply
        capped, free = capped_supply_ratio(
            price, cap, self.covered, curve.flat_above.value, curve.zero_below.value
        )
        return self.capacity * capped, self.capacity * free

    def lost(self, price: float) -> float:
        """Barrels that the world no longer has of the partner, withheld or at sea, mb/d."""
        return self.base_exports - sum(self.supply(price)) + self.afloat

    def world_hat(self, price: float) -> float:
        """Ratio of new to old world price, all reasons together."""
        lost = self.lost(price) + self.regime.lost_elsewhere
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
        base_share, base_cost, base_alternative = self.base
        chosen = share(
            base_share,
            delivered_cost(price, self.freight, self.premium),
            self.alternative(price),
            base_cost,
            base_alternative,
            self.market.elasticity.value,
            self.market.choice,
        )
        return np.asarray(self.need * chosen)

    def staying(self, price: float) -> Float[Array, " U"]:
        """1 for a unit that stays at a price, 0 for a firm that leaves."""
        if self.shunned == 0.0:
            return np.ones_like(self.units.threshold)
        return (self.discount(price) >= self.units.threshold).astype(np.float64)

    def demand(self, price: float, staying: Float[Array, " U"]) -> Float[Array, " U"]:
        """Volumes at a price, mb/d: leaving firms drop the shunned barrels, ceilings hold."""
        volume = np.asarray(self.wanted(price) * (1.0 - self.shunned * (1.0 - staying)))
        if not self.regime.ceilings:
            return volume
        totals = np.bincount(self.units.region, volume, len(self.market.buyers))
        factor = np.minimum(1.0, self.ceilings / np.where(totals > 0.0, totals, 1.0))
        return np.asarray(volume * factor[self.units.region])

    def excess(self, price: float) -> float:
        """Excess demand at a price, mb/d."""
        wanted = float(self.demand(price, self.staying(price)).sum())
        return wanted + self.afloat - sum(self.supply(price))

    def price(self) -> float:
        """Clearing price at the partner's port; ``OilClearingError`` where there is none."""
        low = self.market.supply.zero_below.value
        if self.excess(low) <= 0.0:
            return low
        high = self.market.benchmark.value * self.regime.benchmark_hat
        most = CEILING * high
        while self.excess(high) > 0.0:
            if high >= most:
                raise OilClearingError(
                    f"{self.market.partner}'s buyers want {self.excess(high):.3g} mb/d more than "
                    f"it exports at {high:.0f} USD a barrel, whatever the price"
                )
            low, high = high, min(most, 2.0 * high)
        return _root(self.excess, low, high, xtol=1e-12, rtol=8.9e-16)

    def settled(self) -> Clearing:
        """Return this clearing with the barrels at sea that its own outcome leaves there.

        They are (1 - redirectable) of what buyers drop; dropping more leaves more at sea, which
        supports the price, so that the two meet at one point; only where all of it were stuck
        would any larger amount do as well, which a trifle less rules out.
        """
        stuck = min(ALMOST_ALL, 1.0 - self.market.redirectable.value)

        def gap(afloat: float) -> float:
            return afloat - stuck * self._at_sea(afloat).dropped()

        first = -gap(0.0)
        if first <= EDGE:
            return self
        low, high = 0.0, min(GROWTH * first, self._most_at_sea)
        while gap(high) < 0.0 and high < self._most_at_sea:
            low, high = high, min(GROWTH * high, self._most_at_sea)
        return self._at_sea(_root(gap, low, high, xtol=1e-11, rtol=1e-12))

    @property
    def _most_at_sea(self) -> float:
        return self.base_exports * (1.0 - EDGE)

    def _at_sea(self, afloat: float) -> Clearing:
        """Return a copy that differs in ``afloat`` alone and keeps what is already known."""
        other = copy(self)
        object.__setattr__(other, "afloat", afloat)
        return other

    def dropped(self) -> float:
        """Barrels that regions buying less no longer take at the clearing price, mb/d."""
        price = self.price()
        volume = self.demand(price, self.cleared_staying(price))
        change = np.bincount(self.units.region, volume - self.units.volume)
        return float(-change[change < 0.0].sum())

    def cleared_staying(self, price: float) -> Float[Array, " U"]:
        """Who stays at the clearing price; where a firm is indifferent, the share that clears."""
        below, above = self.staying(price * (1.0 - EDGE)), self.staying(price * (1.0 + EDGE))
        if np.array_equal(below, above):
            return self.staying(price)
        most, least = (float(self.demand(price, who).sum()) for who in (below, above))
        if most <= least:
            return below
        sold = sum(self.supply(price)) - self.afloat
        part = float(np.clip((sold - least) / (most - least), 0.0, 1.0))
        return np.asarray(above + part * (below - above))


def _root(
    excess: Callable[[float], float], low: float, high: float, *, xtol: float, rtol: float
) -> float:
    from scipy.optimize import brentq

    return float(brentq(excess, low, high, xtol=xtol, rtol=rtol))
