"""The inputs of a game that are moved one at a time, all else central, and how each is told.

A lever sets one number of the draw; what is told may be another that the number leads to, such as
the discount that forms, in the unit in which it is spoken of. Titles are nouns that can stand in a
sentence; in them regions stand as codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from tula.numbers.quantity import Quantity
from tula.numbers.record import quantities
from tula.policy.rates import RateInstrument
from tula.strategy.balance.inputs import Threat
from tula.strategy.balance.model import Draw, Game
from tula.strategy.balance.oil_side import OilMarkets, OilSide
from tula.strategy.balance.parameters import GRADES
from tula.ties.oil.decisions import units_of
from tula.ties.oil.market import OilMarket
from tula.ties.oil.tie import OilTie

#: Duties are tried up to this many times those of the study; premia too.
MOST_TIMES = 4.0
#: Delivered discounts are tried from here, a premium, up to where the partner would hold back.
LEAST_DISCOUNT = -10.0
#: World elasticities of oil are tried from a tenth of the study's to ten times them.
ELASTICITY_TIMES = (0.1, 10.0)
BARREL, POINTS, TIMES = "USD a barrel", "points", "times the study's"
#: Elasticities that the price of autonomy rests on, in words, with their units.
ELASTICITIES = {
    "scale": ("the answer of trade to prices", TIMES),
    "grades": ("the trade elasticity between crude from one seller and from another", ""),
}
#: How a threat ends, in words.
ANSWERS = {
    "persistence": "the share of the year with {title}",
    "honoured": "the chance that {rival} lifts {title} once its demand is met",
}


class Lever(NamedTuple):
    """One number to be moved between ``low`` and ``high``, from ``central``.

    ``draw`` makes the draw at a value; ``told`` is what the value is told as, in ``unit``.
    """

    name: str
    title: str
    unit: str
    central: float
    low: float
    high: float
    draw: Callable[[float], Draw]
    told: Callable[[float], float]
    by_log: bool = False


def same(value: float) -> float:
    """A number told as it is."""
    return value


def levers(game: Game) -> tuple[Lever, ...]:
    """Every lever of a game: threats first, then events, the oil tie, elasticities.

    Without ``price-rise`` where every barrel that the pivot drops finds another buyer.
    """
    return (*_threats(game), *_events(game), *_oil(game), *_elasticities(game))


def _threats(game: Game) -> Iterator[Lever]:
    draw = game.draw
    for one in game.inputs.threats:
        points = duty_points(game, one)
        if points is not None:
            yield size_lever(game, one, points)
        for name, what in ANSWERS.items():
            values: Mapping[str, float] = getattr(draw, name)
            yield Lever(
                f"{name}.{one.id}", what.format(title=one.title, rival=one.rival), "share",
                values[one.id], 0.0, 1.0, partial(_with_entry, draw, name, one.id), same,
            )  # fmt: skip


def size_lever(game: Game, threat: Threat, points: float) -> Lever:
    """The size of a threat's duties, told in points of its highest duty at size one."""
    central = game.draw.size[threat.id]
    return Lever(
        f"size.{threat.id}", _duty(game, threat), POINTS, central,
        0.0, max(MOST_TIMES, central), partial(_with_entry, game.draw, "size", threat.id),
        lambda size: points * size,
    )  # fmt: skip


def _duty(game: Game, threat: Threat) -> str:
    """A threat's duty in words: with the threat's title only where there are several."""
    several = len(game.inputs.threats) > 1
    return f"the duty of the threat '{threat.title}'" if several else "the extra duty"


def duty_points(game: Game, threat: Threat) -> float | None:
    """Highest rate that a threat adds at size one, points; None if it does not only add rates."""
    stated = [item for name in threat.scenarios for item in game.engine.instruments[name]]
    rates = [item.add for item in stated if isinstance(item, RateInstrument)]
    added = [rate for rate in rates if rate is not None]
    return 100.0 * max(added) if added and len(added) == len(stated) else None


def _events(game: Game) -> Iterator[Lever]:
    for one in game.inputs.events:
        yield Lever(
            f"chance.{one.id}", f"the chance that {one.title}", "probability",
            game.draw.chance[one.id], 0.0, 1.0,
            partial(_with_entry, game.draw, "chance", one.id), same,
        )  # fmt: skip


def _elasticities(game: Game) -> Iterator[Lever]:
    """Trade elasticities where buyers choose, over the ranges that the study announces."""
    for name, (title, unit) in ELASTICITIES.items():
        announced: Quantity = getattr(game.inputs.elasticities, name)
        if announced.low < announced.high:
            yield Lever(
                name, title, unit, getattr(game.draw, name), announced.low, announced.high,
                partial(_with_number, game.draw, name), same, True,
            )  # fmt: skip


def _with_number(draw: Draw, name: str, value: float) -> Draw:
    """Buyers choose among grades alike in the world and in the oil tie's market."""
    if name == "grades" and draw.oil is not None:
        draw = _with_oil(draw, draw.oil.tie, {GRADES: 1.0 + value})
    changed: dict[str, Any] = {name: value}
    return replace(draw, **changed)


def _with_entry(draw: Draw, name: str, key: str, value: float) -> Draw:
    changed: dict[str, Any] = {name: {**getattr(draw, name), key: value}}
    return replace(draw, **changed)


def _oil(game: Game) -> Iterator[Lever]:
    if game.draw.oil is None:
        return
    tie = game.draw.oil.tie
    yield _discount(game.draw, tie)
    yield _premiums(game.draw, tie)
    rise = _price_rise(game.draw, tie)
    if rise.told(rise.low) != rise.told(rise.high):
        yield rise


def _discount(draw: Draw, tie: OilTie) -> Lever:
    """The discount at the port; told as the delivered one that forms before ceilings."""
    change = partial(_with_discount, draw, tie)
    market = tie.market
    lift = market.fob_discount.value - told_discount(draw)
    most = market.benchmark.value - market.supply.flat_above.value
    return Lever(
        "discount", f"the delivered discount on crude from {market.partner}", BARREL,
        market.fob_discount.value, min(LEAST_DISCOUNT + lift, market.fob_discount.value),
        max(most, market.fob_discount.value), change, lambda value: told_discount(change(value)),
    )  # fmt: skip


def _premiums(draw: Draw, tie: OilTie) -> Lever:
    """All premia together, by a factor; told as the pivot's mean, weighted by volume."""
    base = mean_premium(tie.market)
    return Lever(
        "premiums", "the mean risk premium firms ask on a listed seller's barrel", BARREL,
        1.0, 0.0, MOST_TIMES, partial(_with_premiums, draw, tie), lambda times: base * times,
    )  # fmt: skip


def _price_rise(draw: Draw, tie: OilTie) -> Lever:
    """Both world elasticities by a factor; told as the rise of the world price on leaving."""
    change = partial(_with_elasticities, draw, tie)
    return Lever(
        "price-rise", f"the rise of the world oil price if {tie.market.pivot} stops buying", BARREL,
        1.0, *ELASTICITY_TIMES, change, lambda times: told_price_rise(change(times)), True,
    )  # fmt: skip


def told_discount(draw: Draw) -> float:
    """Delivered discount of the pivot as the market stands, USD a barrel."""
    oil = _oil_of(draw)
    return oil.base.discount(oil.tie.market.pivot)


def told_price_rise(draw: Draw) -> float:
    """What the pivot's leaving adds to the world price in the oil market, USD a barrel."""
    oil = _oil_of(draw)
    return oil.cleared(0.0, False).benchmark - oil.base.benchmark


def mean_premium(market: OilMarket) -> float:
    """Premium of the pivot's buyers on a listed seller's barrel, by volume, USD a barrel."""
    units = units_of(market)
    regions = [buyer.region for buyer in market.buyers]
    of = units.region == regions.index(market.pivot)
    premium = np.where(np.isfinite(units.threshold), units.threshold, units.premium)
    return float(np.average(premium[of], weights=units.volume[of]))


def _oil_of(draw: Draw) -> OilSide:
    assert draw.oil is not None
    return draw.oil


def _with_discount(draw: Draw, tie: OilTie, discount: float) -> Draw:
    return _with_oil(draw, tie, {"market.fob_discount": discount})


def _with_premiums(draw: Draw, tie: OilTie, times: float) -> Draw:
    """A refiner's premium may be stated by its loss: that is multiplied then."""
    stated = quantities(tie.market)
    moved = [name for name in stated if name.endswith((".premium", ".loss"))]
    return _with_oil(draw, tie, {f"market.{name}": times * stated[name].value for name in moved})


def _with_elasticities(draw: Draw, tie: OilTie, times: float) -> Draw:
    stated = quantities(tie.market.world)
    names = ("supply_elasticity", "demand_elasticity")
    return _with_oil(
        draw, tie, {f"market.world.{name}": times * stated[name].value for name in names}
    )


def _with_oil(draw: Draw, tie: OilTie, changed: Mapping[str, float]) -> Draw:
    return replace(draw, oil=OilMarkets(tie).at(changed))
