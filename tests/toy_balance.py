"""A small balance to play: IND between USA and RUS on a toy world, with an oil tie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import factories
from tula.policy import Embargo, Instrument, Tariff, TradeAgreement
from tula.strategy.balance.engine_side import EngineSide, OilLink
from tula.strategy.balance.inputs import BalanceInputs
from tula.strategy.balance.model import Game, Node
from tula.strategy.balance.oil_side import OilMarkets
from tula.strategy.balance.parameters import central, draw_of, parameters
from tula.strategy.balance.shapley import Extra
from tula.ties.oil.tie import OilTie

BALANCE = {
    "pivot": "IND",
    "announced": date(2025, 12, 12),
    "confidence": 0.9,
    "reference": "trade of the base year",
    "rules": [{"name": "main", "access": 0.75, "loss": 0.02}],
    "demands": [
        {"id": "oil", "rival": "USA", "title": "no crude", "date": date(2025, 8, 6),
         "tie": "crude", "enforced": True}
    ],
    "critical": [
        {"id": "crude", "title": "crude", "rival": "RUS", "flow": "oil", "tie": "oil"},
        {"id": "market", "title": "goods", "rival": "USA", "flow": "exports", "sectors": ["MAN"]},
    ],
    "courses": [
        {"id": "keep", "title": "goes on"},
        {"id": "stop", "title": "no crude", "ceiling": 0.0, "aligned_with": "USA"},
    ],
    "standing": ["duty"],
    "threats": [
        {"id": "penalty", "title": "more duty", "rival": "USA", "demand": "oil",
         "scenarios": ["more"], "persistence": 0.6, "honoured": 0.5}
    ],
    "events": [
        {"id": "designation", "title": "sellers listed", "chance": 0.5, "oil": True, "lasts": 2.0}
    ],
    "powers": [
        {"rival": "USA", "title": "duties", "scenarios": ["more"]},
        {"rival": "RUS", "title": "no more sales", "stops_sales_of": ["goods"]},
    ],
    "next_moves": [
        {"id": "double", "title": "duty doubled", "player": "USA", "scenarios": ["double"]}
    ],
    "situations": [
        {"id": "calm", "course": "keep", "standing": False},
        {"id": "deal", "title": "agreement", "course": "keep", "scenarios": ["deal"],
         "standing": False},
    ],
    "elasticities": {"scale": 1.0, "sector": "OIL", "grades": 9.0, "lost": 1.0},
    "oil": "oil",
}  # fmt: skip
OIL = {
    "market": {
        "pivot": "IND", "partner": "RUS", "benchmark": 65.0, "fob_discount": 6.0,
        "supply": {"flat_above": 40.0, "zero_below": 30.0},
        "elasticity": 10.0, "redirectable": 1.0, "spillover": 0.9,
        "world": {"volume": 100.0, "supply_elasticity": 0.15, "demand_elasticity": -0.35},
        "sellers": [{"name": "one", "share": 0.7}],
        "buyers": [
            {"region": "IND", "need": 5.0, "volume": 1.5, "freight": 3.0, "premium": 2.0,
             "refiners": [{"name": "careful", "volume": 1.0, "need": 1.2, "premium": 9.0}]},
            {"region": "ROW", "need": 20.0, "volume": 3.0, "freight": 2.0, "premium": 2.0},
        ],
    },
    "pressure": {"designated": ["one"]},
    "hazard": 0.5, "import_sensitivity": 0.0, "gdp": 4000.0, "replacement_time": 0.25,
}  # fmt: skip


def _duty(**rate: float) -> Tariff:
    return Tariff(importer="USA", exporter="IND", sectors="MAN", **rate)


SCENARIOS: Mapping[str, Sequence[Instrument]] = {
    "duty": (_duty(add=0.25),),
    "more": (_duty(add=0.25),),
    "double": (_duty(add=0.5),),
    "deal": (TradeAgreement(members=["IND", "RUS"], sectors="MAN"),),
    "no crude": (Embargo(importer="IND", exporter="RUS", sectors="OIL"),),
    "set low": (_duty(set=0.1),),
    "set high": (_duty(set=0.2),),
}


@cache
def inputs() -> BalanceInputs:
    """The balance block."""
    return BalanceInputs.model_validate(BALANCE)


@cache
def game() -> Game:
    """The game at central inputs; nodes solved once are kept for all tests of a process."""
    block, oil = inputs(), OilTie.model_validate(OIL)
    engine = EngineSide(
        factories.toy_economy(),
        SCENARIOS,
        block.sized,
        ("IND", "USA", "RUS"),
        block.critical,
        OilLink("IND", "RUS", "OIL"),
        "OIL",
    )
    return Game(
        block, engine, draw_of(block, oil and OilMarkets(oil), central(parameters(block, oil, {})))
    )


def everything(played: Game, extra: Extra) -> float:
    """Income of the pivot with every switch on, bn USD a year."""
    block = played.inputs
    return played.income(
        Node(
            course=block.courses[1],
            threats=frozenset(one.id for one in block.threats),
            events=frozenset(one.id for one in block.events),
            scenarios=extra.scenarios,
        )
    )
