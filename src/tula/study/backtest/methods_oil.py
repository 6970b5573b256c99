"""Forecasts read off a study's oil tie."""

from __future__ import annotations

from tula.evidence import Record
from tula.shapes import Float
from tula.study.backtest.frozen import Setting
from tula.study.backtest.inputs import Array, Draw
from tula.study.backtest.model_oil import OilDraw, OilDraws
from tula.ties.kinds import Text
from tula.ties.oil.routes import share_through, without


class BuyerInputs(Record):
    """A buyer in an oil model."""

    model: Text
    region: Text


class ChokepointInputs(Record):
    """A chokepoint of the pivot's supply set in an oil model."""

    model: Text
    chokepoint: Text


class RevenueInputs(Record):
    """The partner's last known revenue, and how it answers prices and exports at its port."""

    model: Text
    last: Draw
    price_elasticity: Draw


def volume(inputs: BuyerInputs, setting: Setting) -> Float[Array, " D"]:
    """What a region buys of the partner under the pressure, thousand barrels a day."""
    return 1000.0 * _of(setting, inputs.model).read(lambda one: one.pressed.volume(inputs.region))


def discount(inputs: BuyerInputs, setting: Setting) -> Float[Array, " D"]:
    """The delivered discount the market forms under the pressure, USD a barrel."""
    return _of(setting, inputs.model).read(lambda one: one.pressed.discount(inputs.region))


def chokepoint(inputs: ChokepointInputs, setting: Setting) -> Float[Array, " D"]:
    """Share (%) of the pivot's crude through a chokepoint, the partner's loss refilled pro rata."""

    def share(one: OilDraw) -> float:
        market, supply = one.tie.market, one.tie.supply_set
        if supply is None:
            return float("nan")
        bought = one.pressed.volume(market.pivot) / market.pivot_buyer.need.value
        return 100.0 * share_through(without(supply, market.partner, bought), inputs.chokepoint)

    return _of(setting, inputs.model).read(share)


def revenue(inputs: RevenueInputs, setting: Setting) -> Float[Array, " D"]:
    """Last revenue times the ratio of prices at the port to a power, times that of exports."""
    oil, drawn = _of(setting, inputs.model), setting.drawn(inputs)
    price = oil.read(lambda one: one.pressed.fob_price / one.held.fob_price)
    exports = oil.read(lambda one: one.pressed.exports / one.held.exports)
    changed: Array = drawn["last"] * price ** drawn["price_elasticity"] * exports
    return changed


def _of(setting: Setting, model: str) -> OilDraws:
    found: OilDraws = setting.models[model]
    return found
