"""The cleared market: prices, volumes, discounts, who left, what the world price does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tula.errors import UnknownNameError
from tula.shapes import Float
from tula.ties.oil.clearing import Clearing
from tula.ties.oil.errors import OilMarketError
from tula.ties.oil.market import OilMarket, regime_faults
from tula.ties.oil.parts import BILLION_BARRELS, NO_PRESSURE, Regime

Array = np.ndarray


@dataclass(frozen=True)
class FirmOutcome:
    """A refiner before and after: volumes in mb/d, ``premium`` in USD a barrel, and ``stays``:
    1, 0, or the share between at which an indifferent firm clears the market."""

    name: str
    region: str
    premium: float
    volume_before: float
    volume: float
    stays: float


@dataclass(frozen=True, eq=False)
class OilEquilibrium:
    """A market cleared under a regime. Prices USD a barrel, volumes mb/d, money bn USD a year.

    * ``fob_price``: paid at the partner's port for barrels outside a price cap;
    * ``world_price_hat``: ratio of new to old world price; ``lost``: barrels the world no
      longer has of the partner, withheld or ``afloat``;
      ``supply_residual``: excess demand left, mb/d;
    * ``unit_volume`` (U,), ``unit_discount`` (U,), ``unit_staying`` (U,): by deciding unit.
    """

    clearing: Clearing
    fob_price: float
    world_price_hat: float
    lost: float
    supply_residual: float
    unit_volume: Float[Array, " U"]
    unit_discount: Float[Array, " U"]
    unit_staying: Float[Array, " U"]

    @property
    def market(self) -> OilMarket:
        """The market that was cleared."""
        return self.clearing.market

    @property
    def benchmark(self) -> float:
        """World price, USD a barrel."""
        return self.market.benchmark.value * self.world_price_hat

    @property
    def own_price_hat(self) -> float:
        """Ratio of new to old world price by the barrels this market loses, and nothing else."""
        idle = self.clearing.regime.model_copy(update={"benchmark_hat": 1.0, "lost_elsewhere": 0.0})
        return Clearing(self.market, idle, self.afloat).world_hat(self.fob_price)

    @property
    def afloat(self) -> float:
        """Barrels exported that reach no buyer within the horizon, mb/d."""
        return self.clearing.afloat

    @property
    def exports(self) -> float:
        """The partner's exports that reach buyers, mb/d."""
        return float(self.unit_volume.sum())

    @cached_property
    def firms(self) -> tuple[FirmOutcome, ...]:
        """Every refiner, in the order of the description."""
        units = self.clearing.units
        return tuple(
            FirmOutcome(
                name=name,
                region=self.market.buyers[int(units.region[place])].region,
                premium=float(units.threshold[place]) if self.clearing.shunned else 0.0,
                volume_before=float(units.volume[place]),
                volume=float(self.unit_volume[place]),
                stays=float(self.unit_staying[place]),
            )
            for place, name in enumerate(units.firm)
            if name
        )

    def volume(self, region: str) -> float:
        """Purchases of a region from the partner, mb/d."""
        return float(self.unit_volume[self._units_of(region)].sum())

    def volume_before(self, region: str) -> float:
        """Purchases of a region before the shock, mb/d."""
        return float(self.clearing.units.volume[self._units_of(region)].sum())

    def discount(self, region: str) -> float:
        """Delivered discount of a region, USD a barrel, formed by the market."""
        return float(self.unit_discount[self._units_of(region)][0])

    def gross_exit(self, region: str) -> float:
        """Share of a region's base volume dropped by firms that leave, before others step in."""
        of = self._units_of(region)
        dropped = self.clearing.units.volume * (1.0 - self.unit_staying) * self.clearing.shunned
        return float(dropped[of].sum() / self.clearing.units.volume[of].sum())

    def change(self, region: str) -> float:
        """Relative change of a region's purchases from the partner, all buyers netted."""
        return self.volume(region) / self.volume_before(region) - 1.0

    @cached_property
    def redirected(self) -> float:
        """Share of displaced barrels that found another buyer: formed, 1 where none was lost."""
        fall = sum(max(0.0, self.volume_before(b.region) - self.volume(b.region))
                   for b in self.market.buyers)  # fmt: skip
        return 1.0 - min(1.0, max(0.0, self.lost) / fall) if fall > 0.0 else 1.0

    @property
    def capped_volume(self) -> float:
        """Barrels sold under a price cap, mb/d."""
        return self.clearing.supply(self.fob_price)[0] if self.clearing.regime.price_cap else 0.0

    def cap_rent(self, region: str) -> float:
        """What a region saves on barrels under a price cap, bn USD a year."""
        cap = self.clearing.regime.price_cap
        if cap is None or self.fob_price <= cap.ceiling:
            return 0.0
        weight = self.clearing.units.services * self.unit_volume
        of = self._units_of(region)
        part = float(weight[of].sum() / weight.sum()) if weight.sum() > 0.0 else 0.0
        return BILLION_BARRELS * part * self.capped_volume * (self.fob_price - cap.ceiling)

    def saving(self, region: str) -> float:
        """Delivered discount times volume, and the rent of a price cap, bn USD a year."""
        of = self._units_of(region)
        money = BILLION_BARRELS * float(self.unit_discount[of] @ self.unit_volume[of])
        return money + self.cap_rent(region)

    def risk_borne(self, region: str) -> float:
        """Expected loss of the refiners that stay, and premia of the others, bn USD a year.

        A refiner that its government lets buy nothing bears none.
        """
        of = self._units_of(region)
        units = self.clearing.units
        if not self.clearing.shunned:
            return 0.0
        lump = np.where(np.isfinite(units.threshold), units.threshold, 0.0) * units.volume
        by_barrel = self.clearing.shunned * units.premium * self.unit_volume
        staying = self.unit_staying * (self.unit_volume > 0.0)
        return BILLION_BARRELS * float((lump * staying + by_barrel)[of].sum())

    @property
    def partner_revenue(self) -> float:
        """What the partner is paid at its port, bn USD a year."""
        rents = sum(self.cap_rent(buyer.region) for buyer in self.market.buyers)
        return BILLION_BARRELS * self.fob_price * self.exports - rents

    def _units_of(self, region: str) -> Array:
        regions = [buyer.region for buyer in self.market.buyers]
        if region not in regions:
            raise UnknownNameError("buyer", region, regions)
        return np.asarray(self.clearing.units.region == regions.index(region))


def clear(market: OilMarket, regime: Regime = NO_PRESSURE) -> OilEquilibrium:
    """Clear a market at central values under a regime.

    Raises ``OilMarketError`` when the regime names what the market does not hold, and
    ``OilClearingError`` when no price clears it.
    """
    faults = regime_faults(market, regime)
    if faults:
        lines = [f"{'.'.join(map(str, at))}: {why}" for at, why in faults]
        raise OilMarketError("the regime", lines)
    clearing = Clearing(market, regime).settled()
    price = clearing.price()
    staying = clearing.cleared_staying(price)
    volume = clearing.demand(price, staying)
    return OilEquilibrium(
        clearing=clearing,
        fob_price=price,
        world_price_hat=clearing.world_hat(price),
        lost=clearing.lost(price),
        supply_residual=float(volume.sum()) + clearing.afloat - sum(clearing.supply(price)),
        unit_volume=volume,
        unit_discount=clearing.discount(price),
        unit_staying=staying,
    )
