"""What an oil market and a regime must not say; every problem is told at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from tula.errors import did_you_mean
from tula.numbers.quantity import Quantity
from tula.ties.oil.parts import Buyer, MarketParts, Refiner, Regime

#: Shares and volumes add up to this relative accuracy.
ROUNDING = 1e-6


def market_problems(market: MarketParts) -> list[str]:
    """List what contradicts itself in a market, an entry a line."""
    return [
        *_names(market),
        *_prices(market),
        *_sellers(market),
        *(line for buyer in market.buyers for line in _buyer(buyer)),
        *_world(market),
    ]


def regime_problems(market: MarketParts, regime: Regime) -> list[str]:
    """List what a regime names that the market does not hold, or cannot mean."""
    sellers = [seller.name for seller in market.sellers]
    regions = [buyer.region for buyer in market.buyers]
    problems = _unknown("seller", "designated", regime.designated, sellers)
    problems += _repeated("designated", regime.designated)
    for field in ("ceilings", "need_hat"):
        given: Mapping[str, float] = getattr(regime, field)
        problems += _unknown("buyer", field, given, regions)
        problems += [
            f"{field}.{name}: expected zero or more; got {value}"
            for name, value in given.items()
            if not 0.0 <= value < float("inf")
        ]
    if not 0.0 < regime.benchmark_hat < float("inf"):
        problems.append(f"benchmark_hat: expected a ratio above zero; got {regime.benchmark_hat}")
    if not 0.0 <= regime.lost_elsewhere < market.world.volume.low:
        problems.append(
            f"lost_elsewhere: expected mb/d from 0 to below the world's "
            f"{market.world.volume.low:g}; got {regime.lost_elsewhere}"
        )
    if regime.price_cap and not regime.price_cap.ceiling > 0.0:
        problems.append(f"price_cap: expected USD a barrel above 0; got {regime.price_cap.ceiling}")
    return problems


def _names(market: MarketParts) -> Iterator[str]:
    regions = [buyer.region for buyer in market.buyers]
    yield from _repeated("buyers", regions)
    yield from _repeated("sellers", [seller.name for seller in market.sellers])
    yield from _repeated("refiners", [one.name for b in market.buyers for one in b.refiners])
    yield from _unknown("buyer", "pivot", [market.pivot], regions)
    if market.partner in regions:
        yield f"partner: {market.partner} cannot buy from itself; take it out of the buyers"


def _prices(market: MarketParts) -> Iterator[str]:
    yield from _above("benchmark", market.benchmark, 0.0)
    yield from _above("elasticity", market.elasticity, 0.0)
    yield from _least("intermediation", market.intermediation)
    yield from _share("spillover", market.spillover)
    yield from _share("redirectable", market.redirectable)
    flat, zero = market.supply.flat_above, market.supply.zero_below
    yield from _least("supply.zero_below", zero)
    if zero.high >= flat.low:
        yield (
            f"supply: zero_below ({zero.high:g} at most) must stay under "
            f"flat_above ({flat.low:g} at least)"
        )
    port = market.benchmark.low - market.fob_discount.high
    if port <= zero.high:
        yield (
            f"fob_discount: the partner's price at its port would be {port:g}, at or under "
            f"supply.zero_below ({zero.high:g}), where it sells nothing"
        )


def _sellers(market: MarketParts) -> Iterator[str]:
    total = sum(seller.share for seller in market.sellers)
    if total > 1.0 + ROUNDING:
        yield f"sellers: shares add up to {total:g}; expected 1 at most"
    for seller in market.sellers:
        if not 0.0 <= seller.share <= 1.0:
            yield f"sellers.{seller.name}.share: expected 0 to 1; got {seller.share}"


def _buyer(buyer: Buyer) -> Iterator[str]:
    place = f"buyers.{buyer.region}"
    yield from _least(f"{place}.freight", buyer.freight)
    yield from _least(f"{place}.premium", buyer.premium)
    yield from _share(f"{place}.coalition_services", buyer.coalition_services)
    yield from _volume(place, buyer.volume, buyer.need)
    taken = sum(refiner.volume for refiner in buyer.refiners)
    if taken > buyer.volume * (1.0 + ROUNDING):
        yield (
            f"{place}.refiners: volumes add up to {taken:g} mb/d, more than the "
            f"{buyer.volume:g} mb/d the region buys"
        )
    for refiner in buyer.refiners:
        yield from _refiner(f"{place}.refiners.{refiner.name}", refiner)


def _refiner(place: str, refiner: Refiner) -> Iterator[str]:
    yield from _volume(place, refiner.volume, refiner.need)
    by_loss = (refiner.loss is not None, refiner.probability is not None)
    if refiner.premium is not None and any(by_loss):
        yield f"{place}: give premium, or loss and probability, not both"
    if refiner.premium is None and not all(by_loss):
        yield f"{place}: give premium, or both loss and probability"
    if refiner.premium is not None:
        yield from _least(f"{place}.premium", refiner.premium)
    if refiner.loss is not None:
        yield from _least(f"{place}.loss", refiner.loss)
    if refiner.probability is not None:
        yield from _share(f"{place}.probability", refiner.probability)


def _world(market: MarketParts) -> Iterator[str]:
    exports = sum(buyer.volume for buyer in market.buyers)
    yield from _above("world.volume", market.world.volume, exports)
    yield from _least("world.supply_elasticity", market.world.supply_elasticity)
    if market.world.demand_elasticity.high > 0.0:
        yield "world.demand_elasticity: expected zero or less, as demand falls with the price"
    least = market.world.supply_elasticity.low - market.world.demand_elasticity.high
    if least <= 0.0:
        yield "world: supply and demand cannot both be without any elasticity"


def _volume(place: str, volume: float, need: Quantity) -> Iterator[str]:
    if not 0.0 < volume < float("inf"):
        yield f"{place}.volume: expected mb/d above 0; got {volume}"
    if volume > need.low * (1.0 + ROUNDING):
        yield f"{place}: volume {volume:g} mb/d exceeds its need ({need.low:g} at least)"


def _above(place: str, given: Quantity, bound: float) -> Iterator[str]:
    if not given.low > bound:
        yield f"{place}: expected above {bound:g}; got {given.low:g} at least"


def _least(place: str, given: Quantity) -> Iterator[str]:
    if given.low < 0.0:
        yield f"{place}: expected zero or more; got {given.low:g} at least"


def _share(place: str, given: Quantity) -> Iterator[str]:
    if given.low < 0.0 or given.high > 1.0:
        yield f"{place}: expected 0 to 1; got {given.low:g} to {given.high:g}"


def _repeated(place: str, names: Iterable[str]) -> list[str]:
    twice = [name for name, count in Counter(names).items() if count > 1]
    return [f"{place}: {name} stands more than once" for name in twice]


def _unknown(kind: str, place: str, names: Iterable[str], valid: list[str]) -> list[str]:
    return [
        f"{place}: unknown {kind} {name!r}{did_you_mean(name, valid)}"
        for name in names
        if name not in valid
    ]
