"""An answer is given only where a commodity by itself and the world with it in agree."""

from __future__ import annotations

from typing import Any

import pytest

from strategy.answer import made
from tula.market.errors import MarketDisagreementError
from tula.numbers.record import quantities
from tula.strategy.answer.answer import prepared
from tula.strategy.answer.beliefs import draw
from tula.strategy.answer.markets import markets_told
from tula.strategy.answer.result import MarketTold

GAS = {"sector": "GAS", "replace": 2.5, "grades": 6.0, "supply": 0.2}


def told(economy: Any = None, commodity: Any = GAS, **changes: Any) -> tuple[MarketTold, ...]:
    """Return what is told of the gas of a made study, in which firms may turn from it."""
    asked = {
        "options": [made.KEEP, made.STOP],
        "events": [made.SHUNNED],
        "commodities": [commodity],
    }
    inputs = made.block(**{**asked, **changes})
    task, _, _ = prepared(inputs, economy or made.world(two=0.05), made.scenarios(), 8, 0, None)
    return markets_told(task, draw(quantities(inputs).values(), 8, 0))


def test_every_scenario_of_a_commodity_alone_is_asked_of_both_at_two_ages() -> None:
    found = told(since="2023-01-01")
    assert [one.scenario for one in found] == 2 * ["stop", "shunned"]
    assert len({one.years for one in found}) == 2
    for one in found:
        assert one.apart < 0.25
        assert one.paid == pytest.approx(one.paid_in_world, abs=0.02)
    stop, later = (one for one in found if one.scenario == "stop")
    assert stop.account < later.account < 0.0
    assert stop.world < later.world < 0.0


def test_a_duty_on_other_goods_is_no_question_to_it() -> None:
    assert {one.scenario for one in told(threats=[made.THREAT])} == {"stop", "shunned"}


def test_where_they_are_too_far_apart_there_is_no_answer_but_by_a_larger_error() -> None:
    """A commodity so large that wages move far with it: the account is first-order in them."""
    huge = made.world(two=0.3, weight=3.0)
    with pytest.raises(MarketDisagreementError, match="more than 10% apart") as why:
        told(huge, agree=0.1)
    assert "shunned: PIV gains" in str(why.value)
    assert "stop: PIV gains" not in str(why.value)
    assert max(one.apart for one in told(huge, agree=0.99)) > 0.1


def test_without_commodities_there_is_nothing_to_compare() -> None:
    assert told(commodities=[]) == ()


def test_an_outlet_that_is_full_holds_in_every_situation() -> None:
    port = {"name": "the port", "exporter": "TWO", "importers": ["PIV"], "rent_to": "exporter"}
    inputs = made.block(commodities=[{**GAS, "outlets": [{**port, "capacity": 0.9}]}])
    task, drawn, _ = prepared(inputs, made.world(two=0.05), made.scenarios(), 8, 0, None)
    limits = [task.shock(one, drawn.at(0)).limits for one in task.situations]
    assert all([one.ceiling for one in each] == [0.9] for each in limits)


def test_an_outlet_names_who_keeps_its_rent() -> None:
    port = {"name": "the port", "exporter": "TWO", "capacity": 0.9}
    with pytest.raises(ValueError, match="rent_to"):
        made.block(commodities=[{**GAS, "outlets": [port]}])
