"""A middle power between two rivals that both ask something of it, under any codes and order.

Four unequal regions by three sectors. The west asks for an end to the east's oil and puts duties
on the pivot's goods, the east asks that the west's goods be shunned. Figures are made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

import factories
from tula.policy import Embargo, Instrument, Tariff
from tula.strategy.balance.engine_side import EngineSide, OilLink
from tula.strategy.balance.inputs import BalanceInputs
from tula.strategy.balance.model import Draw, Game
from tula.strategy.balance.oil_side import OilMarkets
from tula.strategy.balance.parameters import central, draw_of, parameters
from tula.ties.oil.tie import OilTie
from tula.world.economy import Economy
from tula.world.labels import Labels

#: Crude that the pivot buys of the east, mb/d, and what it pays at the port, USD a barrel.
BARRELS, PORT_PRICE = 1.5, 60.0


@dataclass(frozen=True)
class Codes:
    """What the players and the sectors are called."""

    pivot: str = "IND"
    west: str = "USA"
    east: str = "RUS"
    rest: str = "ROW"
    oil: str = "OIL"
    goods: str = "MAN"
    services: str = "SER"

    @property
    def regions(self) -> dict[str, str]:
        """New codes by those of the toy world."""
        return {"IND": self.pivot, "USA": self.west, "RUS": self.east, "ROW": self.rest}

    @property
    def sectors(self) -> dict[str, str]:
        """New codes by those of the toy world."""
        return {"OIL": self.oil, "MAN": self.goods, "SER": self.services}


PLAIN = Codes()


def world(codes: Codes = PLAIN) -> Economy:
    """The toy world, its money scaled until the pivot's oil from the east is the market's."""
    plain = factories.toy_economy()
    place = plain.labels.sector_index("OIL"), *map(plain.labels.region_index, ("IND", "RUS"))
    factor = 365.0 * PORT_PRICE * BARRELS / float(plain.trade[place])
    old = plain.labels
    labels = Labels(
        tuple(codes.regions[code] for code in old.regions),
        tuple(codes.sectors[code] for code in old.sectors),
    )
    return scaled(replace(plain, labels=labels), factor)


def scaled(economy: Economy, factor: float) -> Economy:
    """The same world in another money."""
    flows = {name: factor * getattr(economy, name) for name in ("intermediate", "final")}
    return replace(economy, **flows)


def reordered(economy: Economy, regions: Sequence[int], sectors: Sequence[int]) -> Economy:
    """The same world with regions and sectors on the axes in another order."""
    n, s = list(regions), list(sectors)
    old = economy.labels
    by_cell = {name: getattr(economy, name)[s][:, n][:, :, n] for name in ("tariff", "export_tax")}
    return replace(
        economy,
        labels=Labels(
            tuple(old.regions[place] for place in n), tuple(old.sectors[place] for place in s)
        ),
        intermediate=economy.intermediate[n][:, s][:, :, n][:, :, :, s],
        final=economy.final[n][:, s][:, :, n],
        trade_elasticity=economy.trade_elasticity[s],
        **by_cell,
    )


def fields(codes: Codes = PLAIN) -> dict[str, Any]:
    """The balance as a study would write it."""
    west, east = codes.west, codes.east
    return {
        "pivot": codes.pivot,
        "announced": date(2025, 12, 12),
        "confidence": 0.9,
        "reference": "trade of the base year",
        "rules": [
            {"name": "main", "access": 0.75, "loss": 0.05},
            {"name": "strict", "access": 0.75, "loss": 0.0005},
            {"name": "break-off", "access": 0.5, "loss": 0.05, "measure": "full"},
        ],
        "demands": [
            {"id": "oil", "rival": west, "title": "no oil from the east",
             "date": date(2025, 8, 6), "tie": "crude", "enforced": True},
            {"id": "shun", "rival": east, "title": "half of the west's goods at most",
             "date": date(2025, 9, 1), "tie": "machines", "most": 0.5, "enforced": True},
        ],
        "critical": [
            {"id": "crude", "title": "oil", "rival": east, "flow": "oil", "tie": "oil"},
            {"id": "machines", "title": "goods of the west", "rival": west, "flow": "imports",
             "sectors": [codes.goods]},
            {"id": "market", "title": "goods sold to the west", "rival": west, "flow": "exports",
             "sectors": [codes.goods]},
        ],
        "courses": [
            {"id": "keep", "title": "goes on"},
            {"id": "trim", "title": "a third less", "ceiling": 0.65},
            {"id": "stop", "title": "no oil", "ceiling": 0.0, "aligned_with": west},
            {"id": "turn", "title": "shuns the west", "scenarios": ["shun"],
             "aligned_with": east},
        ],
        "standing": ["duty"],
        "threats": [
            {"id": "penalty", "title": "more duty", "rival": west, "demand": "oil",
             "scenarios": ["more"], "persistence": 0.6, "honoured": 0.5,
             "size": {"value": 1.0, "low": 0.5, "high": 2.0}},
            {"id": "reprisal", "title": "duty of the east", "rival": east, "demand": "shun",
             "scenarios": ["reprisal"], "persistence": 0.3, "honoured": 0.8},
        ],
        "events": [
            {"id": "listed", "title": "sellers listed", "chance": 0.4, "oil": True,
             "lasts": 2.0},
            {"id": "storm", "title": "trade becomes dearer", "chance": 0.25,
             "scenarios": ["storm"], "lasts": 1.0},
        ],
        "powers": [
            {"rival": west, "title": "duties", "scenarios": ["duty", "more"]},
            {"rival": east, "title": "no more sales",
             "stops_sales_of": [codes.oil, codes.goods]},
        ],
        "situations": [
            {"id": "calm", "course": "keep", "standing": False},
            {"id": "threatened", "course": "keep", "threats": ["penalty", "reprisal"]},
            {"id": "pressed", "course": "keep", "threats": ["penalty"], "events": ["listed"]},
            {"id": "yielding", "course": "stop", "events": ["storm"]},
            {"id": "leaning", "course": "turn", "threats": ["reprisal"]},
        ],
        "elasticities": {"scale": 1.0, "sector": codes.oil, "grades": 9.0, "lost": 1.0},
        "oil": "oil",
    }  # fmt: skip


def oil_fields(codes: Codes = PLAIN, money: float = 1.0) -> dict[str, Any]:
    """The oil tie; ``money`` is the number of new units in a dollar."""
    return {
        "market": {
            "pivot": codes.pivot,
            "partner": codes.east,
            "benchmark": 66.0 * money,
            "fob_discount": (66.0 - PORT_PRICE) * money,
            "supply": {"flat_above": 55.0 * money, "zero_below": 30.0 * money},
            "elasticity": 10.0,
            "intermediation": 4.0 * money,
            "spillover": 0.5,
            "redirectable": 0.7,
            "world": {"volume": 100.0, "supply_elasticity": 0.15, "demand_elasticity": -0.35},
            "sellers": [{"name": "one", "share": 0.7}],
            "buyers": [
                {"region": codes.pivot, "need": 5.0, "volume": BARRELS, "freight": 3.0 * money,
                 "premium": 2.0 * money,
                 "refiners": [
                     {"name": "careful", "volume": 0.6, "need": 1.0, "premium": 9.0 * money},
                     {"name": "bold", "volume": 0.4, "need": 0.6, "premium": 1.0 * money},
                 ]},
                {"region": codes.rest, "need": 20.0, "volume": 3.0, "freight": 2.0 * money,
                 "premium": 2.0 * money},
            ],
        },
        "pressure": {"designated": ["one"]},
        "hazard": 0.5, "import_sensitivity": 1.25, "gdp": 4000.0 * money, "replacement_time": 0.25,
    }  # fmt: skip


def scenarios(codes: Codes = PLAIN) -> Mapping[str, Sequence[Instrument]]:
    """What each scenario states."""
    to_west = {"importer": codes.west, "exporter": codes.pivot, "sectors": codes.goods}
    to_east = {"importer": codes.east, "exporter": codes.pivot, "sectors": codes.goods}
    return {
        "duty": (Tariff(add=0.1, **to_west),),
        "more": (Tariff(add=0.25, **to_west),),
        "reprisal": (Tariff(add=0.3, **to_east),),
        "shun": (
            Embargo(importer=codes.pivot, exporter=codes.west, sectors=codes.goods),
        ),
        "storm": (
            Tariff(importer=codes.rest, exporter=codes.pivot, sectors=codes.goods, add=0.05),
        ),
    }  # fmt: skip


def inputs(codes: Codes = PLAIN, **changed: Any) -> BalanceInputs:
    """The balance, with some of its keys changed."""
    return BalanceInputs.model_validate({**fields(codes), **changed})


def oil_tie(codes: Codes = PLAIN, money: float = 1.0) -> OilTie:
    """The oil tie, in dollars or another money."""
    return OilTie.model_validate(oil_fields(codes, money))


def engine_side(
    block: BalanceInputs, codes: Codes = PLAIN, economy: Economy | None = None
) -> EngineSide:
    """The world economy of the game."""
    return EngineSide(
        world(codes) if economy is None else economy,
        scenarios(codes),
        block.sized,
        (codes.pivot, codes.west, codes.east),
        block.critical,
        OilLink(codes.pivot, codes.east, codes.oil) if block.oil else None,
        codes.oil,
    )


def drawn(block: BalanceInputs, oil: OilTie | None, **values: float) -> Draw:
    """The draw at central values, but for those given; dots in names are written ``__``."""
    changed = {name.replace("__", "."): value for name, value in values.items()}
    return draw_of(
        block, oil and OilMarkets(oil), {**central(parameters(block, oil, {})), **changed}
    )


def game(
    codes: Codes = PLAIN, economy: Economy | None = None, money: float = 1.0, **values: float
) -> Game:
    """The game at central values, but for those given."""
    block = inputs(codes)
    return Game(
        block, engine_side(block, codes, economy), drawn(block, oil_tie(codes, money), **values)
    )


def numbers(played: Game) -> dict[str, float]:
    """Every number that a game and its situations come to, money over GDP, by name."""
    play, gdp = played.play(), played.gdp
    found = {f"worth.{name}": value / gdp for name, value in play.worth.items()}
    found["price"] = play.price / gdp
    found |= {f"threat.{name}": value / gdp for name, value in play.threat_cost.items()}
    found |= {f"access.{rule}.{tie}": chance
              for rule, ties in play.access.items() for tie, chance in ties.items()}  # fmt: skip
    for one in played.inputs.situations:
        judged = played.situation(one)
        found |= {f"{one.id}.income": judged.income / gdp, f"{one.id}.price": judged.price / gdp}
        found |= {f"{one.id}.kept.{tie}": share for tie, share in judged.kept.items()}
        for measure, losses in judged.losses.items():
            found |= {f"{one.id}.{measure}.{place}": lost
                      for place, lost in enumerate(losses.values())}  # fmt: skip
    return found


def states(played: Game) -> dict[str, dict[str, str]]:
    """State by situation and rule."""
    return {
        one.id: {rule: str(verdict.state)
                 for rule, verdict in played.situation(one).verdicts.items()}
        for one in played.inputs.situations
    }  # fmt: skip


def largest_gap(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Largest difference between numbers of the same names."""
    assert one.keys() == other.keys()
    return float(np.max(np.abs([one[name] - other[name] for name in one])))
