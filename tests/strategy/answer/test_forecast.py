"""Forecasts are read off the path that is told, by days, and change nothing of it."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from strategy.answer import made
from tula.strategy.answer.answer import answer
from tula.strategy.answer.forecast import Forecast, month_of, months_read
from tula.strategy.answer.foretold import VALUES, even
from tula.strategy.answer.result import Answer, ForecastTold
from tula.uncertainty.scores import crps_ensemble

MONTH = {"first": "2025-01-01", "last": "2025-01-31"}
GAS = {"bought_from": "TWO", "sectors": "GAS"}
FORECASTS: list[dict[str, Any]] = [
    {"id": "gas", "tie": "gas", **MONTH},
    {"id": "same", "flow": {**GAS, "by": "volume"}, **MONTH},
    {"id": "level", "tie": "gas", "times": 100.0, "plus": 7.0, **MONTH},
    {"id": "price", "price": GAS, **MONTH},
    {"id": "duty", "duty": {"sold_to": "ONE", "sectors": "GDS"}, "first": "2025-03-15"},
    {"id": "stands", "stands": "duty", "first": "2025-03-15"},
    {"id": "kept", "kept": "gas", **MONTH},
    {"id": "balanced", "balanced": True, "first": "2025-03-15"},
]
PRESSED: dict[str, Any] = {"months": 3, "threats": [made.THREAT], "events": [made.SHUNNED]}


@cache
def found(forecasts: bool = True) -> Answer:
    listed = [{"title": one["id"], **one} for one in FORECASTS] if forecasts else []
    inputs = made.block(**PRESSED, forecasts=listed)
    return answer(inputs, made.world(), made.scenarios(), draws=8)


def told(name: str) -> ForecastTold:
    return next(one for one in found().forecasts if one.id == name)


def test_forecasts_change_nothing_of_the_answer() -> None:
    without = found(forecasts=False)
    apart = found().model_copy(update={"forecasts": ()})
    assert apart.model_dump_json() == without.model_dump_json()


def test_a_month_whole_is_the_month_that_is_told() -> None:
    month = found().path[0]
    assert told("gas").number == month.flows["gas"]
    assert told("stands").chance == found().path[2].chances["duty"]
    assert told("balanced").chance == found().path[2].balanced


def test_a_flow_that_is_a_tie_is_read_as_the_tie_is() -> None:
    assert told("same").values == pytest.approx(told("gas").values, rel=1e-12)


def test_a_level_multiplies_and_what_had_come_is_added() -> None:
    assert told("level").values == pytest.approx(7.0 + 100.0 * np.array(told("gas").values))


def test_a_duty_is_read_in_points_where_its_threat_stands() -> None:
    values = np.array(told("duty").values)
    assert set(values.round(9)) <= {0.0, 10.0}
    assert np.mean(values) / 10.0 == pytest.approx(told("stands").chance, abs=1.0 / VALUES)


def test_the_price_of_what_nobody_touches_is_that_of_others() -> None:
    forecast = {"id": "price", "title": "A price", "price": GAS, **MONTH}
    alone = answer(
        made.block(months=1, forecasts=[forecast]), made.world(), made.scenarios(), draws=8
    )
    assert alone.forecasts[0].values == pytest.approx(np.ones(VALUES))


def test_a_ceiling_whose_rent_is_lost_makes_dear_what_it_lets_in() -> None:
    assert min(told("price").values) > 1.0


def test_a_tie_is_kept_where_what_arrives_reaches_the_line() -> None:
    number = told("gas").number
    assert number is not None
    assert number.high < 0.75
    assert told("kept").chance == 0.0


def test_days_are_read_in_the_months_in_which_they_lie() -> None:
    announced = date(2025, 12, 12)
    one = Forecast(id="f", title="f", kept="gas", first=date(2025, 12, 1), last=date(2026, 1, 31))
    assert months_read(one, announced, 3).tolist() == [42 / 62, 20 / 62, 0.0]
    assert month_of(announced, date(2026, 1, 11)) == 0
    assert month_of(announced, date(2026, 1, 12)) == 1
    assert month_of(date(2025, 1, 31), date(2025, 3, 1)) == 1


def test_equally_likely_values_score_as_the_whole_distribution_does() -> None:
    draws = np.random.default_rng(0).normal(size=(64, 400))
    for came in (-1.0, 0.0, 2.5):
        exact = crps_ensemble(draws.ravel(), np.array(came))
        assert crps_ensemble(np.array(even(draws)), np.array(came)) == pytest.approx(
            exact, rel=5e-3
        )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"tie": "gas", "kept": "gas"}, "reads tie and kept: state one of"),
        ({}, "reads nothing"),
        ({"kept": "gas", "plus": 1.0}, "neither multiplied nor added to"),
        ({"duty": {"sectors": "GAS"}}, "names nobody"),
        ({"tie": "gas", "last": "2024-12-31"}, "lies before the first day"),
        ({"tie": "gaz"}, "unknown 'gaz' of critical; did you mean 'gas'"),
        ({"stands": "gas"}, "unknown 'gas' of threats or events or causes"),
        ({"tie": "gas", "last": "2025-04-01"}, "lies beyond the 3 months ahead"),
        ({"tie": "gas", "first": "2024-12-01", "last": "2024-12-31"}, "is over on 2025-01-01"),
    ],
)
def test_what_cannot_be_foretold_is_refused(given: dict[str, Any], expected: str) -> None:
    forecast = {"id": "f", "title": "A forecast", "first": "2025-01-01", **given}
    with pytest.raises(ValidationError, match=expected):
        made.block(**PRESSED, forecasts=[forecast])
