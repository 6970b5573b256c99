"""Every way to make a forecast, by the name files call it by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tula.evidence import Record
from tula.shapes import Float
from tula.study.backtest import methods_chance as chance
from tula.study.backtest import methods_oil as oil
from tula.study.backtest import methods_trade as trade
from tula.study.backtest.frozen import Named, Setting, Setup
from tula.study.backtest.inputs import Array
from tula.study.backtest.model_oil import OilInputs
from tula.study.backtest.model_trade import TradeInputs
from tula.study.backtest.schema import Kind
from tula.study.vocabulary import sector_names

Valid = Callable[[Any, Any, Setup], Named]


def _none(inputs: Any, model: Any, setup: Setup) -> Named:
    return {}


@dataclass(frozen=True)
class Method:
    """One way to make a forecast.

    ``compute`` returns draws of the quantity, or of the probability of an ``event``; ``reads`` is
    the kind of model it needs, if any; ``unit`` is what it is in, empty where the inputs say;
    ``kind`` is what it must be called; ``valid`` gives the names its inputs may use.
    """

    inputs: type[Record]
    compute: Callable[[Any, Setting], Float[Array, " D"]]
    kind: Kind
    reads: str = ""
    unit: str = ""
    event: bool = False
    valid: Valid = _none


def _buyer(inputs: Any, model: OilInputs, setup: Setup) -> Named:
    market = setup.ties[model.tie].model.market
    return {"region": ("buyer", {buyer.region: buyer for buyer in market.buyers})}


def _chokepoint(inputs: Any, model: OilInputs, setup: Setup) -> Named:
    supply = setup.ties[model.tie].model.supply_set
    points = supply.chokepoints if supply is not None else ()
    return {"chokepoint": ("chokepoint", {point.name: point for point in points})}


def _sales(inputs: Any, model: TradeInputs, setup: Setup) -> Named:
    regions = dict.fromkeys(setup.economy.labels.regions)
    return {
        "scenario": ("scenario of the model", dict.fromkeys(model.scenarios)),
        "importer": ("region", regions),
        "exporter": ("region", regions),
        "sectors": ("sector", sector_names(setup.economy.labels)),
    }


def _growth(inputs: trade.GrowthInputs, model: TradeInputs, setup: Setup) -> Named:
    known = ("scenario of the model", dict.fromkeys(model.scenarios))
    drags = range(len(inputs.drags))
    return {
        "region": ("region", dict.fromkeys(setup.economy.labels.regions)),
        **{f"drags.{place}.{key}": known for place in drags for key in ("scenario", "beyond")},
    }


METHODS: Mapping[str, Method] = {
    "oil_volume": Method(oil.BuyerInputs, oil.volume, "model", "oil", "kb/d", valid=_buyer),
    "oil_discount": Method(oil.BuyerInputs, oil.discount, "model", "oil", "USD/bbl", valid=_buyer),
    "chokepoint_share": Method(
        oil.ChokepointInputs, oil.chokepoint, "model", "oil", "%", valid=_chokepoint
    ),
    "partner_revenue": Method(oil.RevenueInputs, oil.revenue, "model", "oil"),
    "sales": Method(trade.SalesInputs, trade.sales, "model", "trade", "%", valid=_sales),
    "growth": Method(trade.GrowthInputs, trade.growth, "model", "trade", "%", valid=_growth),
    "duty": Method(trade.DutyInputs, trade.duty, "prior", unit="points"),
    "lifted": Method(trade.LiftedInputs, trade.lifted, "prior", event=True),
    "base_rate": Method(chance.RateInputs, chance.base_rate, "base rate", event=True),
    "wait": Method(chance.WaitInputs, chance.wait, "base rate", event=True),
    "between": Method(chance.BetweenInputs, chance.between, "prior"),
    "judgement": Method(chance.JudgementInputs, chance.judgement, "judgement", event=True),
}
#: The unit of an event: a probability.
PROBABILITY = "probability"
