"""Conditions under which the whole model is rejected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tula.evidence import Record
from tula.say.words import joined
from tula.shapes import Float
from tula.study.backtest.frozen import Named, Setting, Setup
from tula.study.backtest.inputs import Array
from tula.study.backtest.model_oil import OilDraws
from tula.study.backtest.model_trade import TradeDraws
from tula.ties.kinds import Text
from tula.ties.oil.engine_prices import quantity_hat
from tula.ties.oil.equilibrium import clear
from tula.ties.oil.parts import Regime

#: Ends of the intervals told, percentiles.
ENDS = (10.0, 50.0, 90.0)


class NoFallInputs(Record):
    """A scenario that by itself must not bring down what the pivot buys by ``at_most`` or more."""

    oil: Text
    trade: Text
    scenario: Text
    sector: Text
    at_most: float


class ExitInputs(Record):
    """The share of volume that leaving firms drop must lie between two values."""

    model: Text
    region: Text
    low: float
    high: float


class OneSetInputs(Record):
    """One set of numbers must do for forecasts ``under`` the pressure and for those ``waived``.

    The median of each must come ``within`` a share of its outcome.
    """

    model: Text
    region: Text
    under: tuple[Text, ...]
    waived: tuple[Text, ...]
    within: float


@dataclass(frozen=True)
class Verdict:
    """Whether a condition is met, and the numbers it turned on in words.

    ``edge``: the bound is nearer than the error of the draws, so that another seed may turn it.
    """

    passed: bool
    words: str
    edge: bool = False


@dataclass(frozen=True)
class Check:
    """One kind of condition.

    ``compute`` sees frozen inputs only and returns draws by name; ``judge`` is then told outcomes
    by forecast. ``reads`` gives the kind of model by the key that names it.
    """

    inputs: type[Record]
    compute: Callable[[Any, Setting], dict[str, Float[Array, " D"]]]
    judge: Callable[[Any, Mapping[str, Array], Mapping[str, float]], Verdict]
    reads: Mapping[str, str]
    outcomes: Callable[[Any], tuple[str, ...]] = lambda inputs: ()
    valid: Callable[[Any, Mapping[str, Any], Setup], Named] = lambda inputs, models, setup: {}


def median_error(draws: Float[Array, " D"]) -> tuple[float, float]:
    """Return the draws one standard error of rank, sqrt(D) / 2, below and above the median."""
    ranked, reach = np.sort(draws), np.sqrt(len(draws)) / 2.0
    middle, last = (len(draws) - 1) / 2.0, len(draws) - 1
    below, above = int(max(0.0, middle - reach)), int(min(last, np.ceil(middle + reach)))
    return float(ranked[below]), float(ranked[above])


def _no_fall(inputs: NoFallInputs, setting: Setting) -> dict[str, Float[Array, " D"]]:
    oil: OilDraws = setting.models[inputs.oil]
    trade: TradeDraws = setting.models[inputs.trade]
    market = oil.draws[0].tie.market
    route = (inputs.sector, market.pivot, market.partner)

    def change(place: int) -> float:
        need = quantity_hat(trade.draws[place].solutions[inputs.scenario], *route)
        held = oil.draws[place].tie.market
        return clear(held, Regime(need_hat={market.pivot: need})).change(market.pivot)

    count = min(len(oil.draws), len(trade.draws))
    return {"change": np.array([change(place) for place in range(count)])}


def _judge_fall(
    inputs: NoFallInputs, found: Mapping[str, Array], outcomes: Mapping[str, float]
) -> Verdict:
    worst = float(found["change"].min())
    words = f"the largest fall over all draws is {100.0 * max(0.0, -worst):.2f}%"
    return Verdict(
        -worst < inputs.at_most, f"{words}; it must stay below {100 * inputs.at_most:g}%"
    )


def _exit(inputs: ExitInputs, setting: Setting) -> dict[str, Float[Array, " D"]]:
    oil: OilDraws = setting.models[inputs.model]
    return {"exit": oil.read(lambda one: one.pressed.gross_exit(inputs.region))}


def _judge_exit(
    inputs: ExitInputs, found: Mapping[str, Array], outcomes: Mapping[str, float]
) -> Verdict:
    low, middle, high = np.percentile(found["exit"], ENDS)
    least, most = median_error(found["exit"])
    edge = any(least <= bound <= most for bound in (inputs.low, inputs.high))
    inside = float(np.mean((found["exit"] >= inputs.low) & (found["exit"] <= inputs.high)))
    words = (
        f"gross exit is {middle:.3f} in the median ({low:.2f} to {high:.2f}); it must lie between "
        f"{inputs.low:g} and {inputs.high:g}, as it does in {100.0 * inside:.0f}% of draws"
    )
    return Verdict(bool(inputs.low <= middle <= inputs.high), words, edge)


def _one_set(inputs: OneSetInputs, setting: Setting) -> dict[str, Float[Array, " D"]]:
    oil: OilDraws = setting.models[inputs.model]
    waived = oil.under(lambda tie: tie.pressure.model_copy(update={"waiver": True}))
    return {
        "under": 1000.0 * oil.read(lambda one: one.pressed.volume(inputs.region)),
        "waived": np.array([1000.0 * one.volume(inputs.region) for one in waived]),
    }


def _judge_one_set(
    inputs: OneSetInputs, found: Mapping[str, Array], outcomes: Mapping[str, float]
) -> Verdict:
    misses: list[float] = []
    words = []
    for state, names in (("under", inputs.under), ("waived", inputs.waived)):
        middle = float(np.median(found[state]))
        missed = {name: middle / outcomes[name] - 1.0 for name in names}
        misses += map(abs, missed.values())
        against = joined([f"{outcomes[name]:,.0f} ({miss:+.0%})" for name, miss in missed.items()])
        words.append(f"{middle:,.0f} against {against}")
    under, waived = words
    told = (
        f"medians of one set of draws against outcomes: {under}; with the waiver switched on, "
        f"{waived}; each must come within {inputs.within:.0%} of the outcome"
    )
    return Verdict(max(misses) <= inputs.within, told)


def _buyer(inputs: Any, models: Mapping[str, Any], setup: Setup) -> Named:
    market = setup.ties[models[inputs.model].tie].model.market
    return {"region": ("buyer", {buyer.region: buyer for buyer in market.buyers})}


def _scenario(inputs: NoFallInputs, models: Mapping[str, Any], setup: Setup) -> Named:
    return {
        "scenario": ("scenario of the model", dict.fromkeys(models[inputs.trade].scenarios)),
        "sector": ("sector", dict.fromkeys(setup.economy.labels.sectors)),
    }


CHECKS: Mapping[str, Check] = {
    "no_fall": Check(
        NoFallInputs,
        _no_fall,
        _judge_fall,
        {"oil": "oil", "trade": "trade"},
        valid=_scenario,
    ),
    "gross_exit": Check(ExitInputs, _exit, _judge_exit, {"model": "oil"}, valid=_buyer),
    "one_set": Check(
        OneSetInputs,
        _one_set,
        _judge_one_set,
        {"model": "oil"},
        outcomes=lambda inputs: (*inputs.under, *inputs.waived),
        valid=_buyer,
    ),
}
