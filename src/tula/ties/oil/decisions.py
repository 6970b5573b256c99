"""Who decides: every listed refiner, and the rest of every region, as arrays at central values."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tula.shapes import Float, Int
from tula.ties.oil.firms import refiner_premium
from tula.ties.oil.market import OilMarket
from tula.ties.oil.parts import Buyer, Refiner, Regime

Array = np.ndarray

#: Volumes under this many mb/d are rounding, not a buyer.
NOTHING = 1e-9


class Units(NamedTuple):
    """Deciding units U. ``firm`` names a refiner, or is empty for the rest of its region.

    ``need``, ``volume``: mb/d; ``freight``, ``alternative``, ``premium``: USD a barrel;
    ``threshold``: least discount at which a firm stays, -inf for a region's rest; ``region``:
    position among the buyers; ``services``: share carried with a coalition's services.
    """

    firm: tuple[str, ...]
    region: Int[Array, " U"]
    need: Float[Array, " U"]
    volume: Float[Array, " U"]
    freight: Float[Array, " U"]
    alternative: Float[Array, " U"]
    premium: Float[Array, " U"]
    threshold: Float[Array, " U"]
    services: Float[Array, " U"]


def units_of(market: OilMarket) -> Units:
    """List the deciding units of a market, each region's refiners before its rest."""
    rows = []
    for place, buyer in enumerate(market.buyers):
        rows += [_firm(place, buyer, refiner) for refiner in buyer.refiners]
        rows += _rest(place, buyer)
    firm, region, *numbers = zip(*rows, strict=True)
    return Units(firm, np.array(region), *(np.array(column, dtype=float) for column in numbers))


def _firm(place: int, buyer: Buyer, refiner: Refiner) -> tuple[object, ...]:
    quantities = (refiner.need.value, refiner.volume)
    return (refiner.name, place, *quantities, *_costs(buyer), 0.0, refiner_premium(refiner),
            buyer.coalition_services.value)  # fmt: skip


def _rest(place: int, buyer: Buyer) -> list[tuple[object, ...]]:
    volume = buyer.volume - sum(refiner.volume for refiner in buyer.refiners)
    if volume <= NOTHING:
        return []
    need = buyer.need.value - sum(refiner.need.value for refiner in buyer.refiners)
    quantities = (max(need, volume), volume)
    return [("", place, *quantities, *_costs(buyer), buyer.premium.value, -np.inf,
             buyer.coalition_services.value)]  # fmt: skip


def _costs(buyer: Buyer) -> tuple[float, float]:
    return buyer.freight.value, buyer.alternative.value


def shunned(market: OilMarket, regime: Regime) -> float:
    """Share of the partner's barrels that carry the risk: the designated sellers' and what
    spills over to the others; 0 under a waiver."""
    if regime.waiver:
        return 0.0
    designated = sum(one.share for one in market.sellers if one.name in regime.designated)
    spillover = market.spillover.value if designated else 0.0
    return designated + (1.0 - designated) * spillover
