"""Methods of forecasts against what can be worked out by hand."""

from datetime import date
from typing import Any

import numpy as np
import pytest

import factories
from tula.study.backtest.frozen import Setting, Setup
from tula.study.backtest.inputs import Draw
from tula.study.backtest.lasting import EndedError, chance_ended, lengths
from tula.study.backtest.methods import METHODS
from tula.study.backtest.model_trade import TradeDraw, TradeDraws

DAY = date(2025, 12, 12)
PENALTY = date(2025, 8, 27)
UNIFORM = Draw.model_validate({"low": 0.25, "high": 1})


def setting(name: str = "it", count: int = 4000) -> Setting:
    setup = Setup("IND", factories.toy_economy(), {}, {}, {})
    return Setting(name, DAY, count, 0, setup)


def forecast(method: str, **inputs: Any) -> np.ndarray:
    chosen = METHODS[method]
    return chosen.compute(chosen.inputs.model_validate(inputs, strict=False), setting())


def test_a_measure_known_to_stand_ends_by_a_day_with_the_share_of_lengths_left() -> None:
    elapsed, later = (date(2025, 12, 12) - PENALTY).days / 365, 184 / 365
    expected = (later - elapsed) / (1 - elapsed)
    found = chance_ended(UNIFORM, PENALTY, DAY, date(2026, 2, 27))
    assert found == pytest.approx(expected, abs=1e-6)
    (by_method,) = forecast("lifted", since=PENALTY, by=date(2026, 2, 27), lasts=UNIFORM)
    assert by_method == found


def test_lengths_drawn_are_no_shorter_than_what_has_passed() -> None:
    drawn = lengths(UNIFORM, PENALTY, DAY, np.linspace(0.0, 1.0, 101))
    assert drawn.min() == pytest.approx(107 / 365, abs=1e-6)
    assert drawn.max() == pytest.approx(1.0)
    assert (np.diff(drawn) >= 0.0).all()


def test_a_measure_that_outlived_its_prior_is_refused() -> None:
    short = Draw(value=0.1, low=0.05, high=0.2)
    with pytest.raises(EndedError):
        chance_ended(short, PENALTY, DAY, date(2026, 2, 27))
    with pytest.raises(EndedError):
        lengths(short, PENALTY, DAY, np.array([0.5]))


def duty(struck_down: float) -> np.ndarray:
    return forecast(
        "duty",
        day=date(2026, 3, 1),
        measures=[
            {"points": 25, "since": date(2025, 8, 7)},
            {"points": 25, "since": PENALTY, "lasts": {"low": 0.25, "high": 1}},
        ],
        ruling={"struck_down": struck_down, "by": date(2026, 6, 30), "replaced_by": 5},
    )


def test_without_a_ruling_the_duty_is_whole_or_halved_with_the_chance_that_half_of_it_ends() -> (
    None
):
    found = duty(struck_down=0.0)
    assert set(found) == {25.0, 50.0}
    expected = chance_ended(UNIFORM, PENALTY, DAY, date(2026, 3, 1))
    assert np.mean(found == 25.0) == pytest.approx(expected, abs=0.001)


def test_a_ruling_that_is_certain_comes_in_time_with_the_share_of_days_gone() -> None:
    found = duty(struck_down=1.0)
    assert np.mean(found == 5.0) == pytest.approx(79 / 200, abs=0.001)


def test_a_wait_of_t_more_after_T_ends_with_t_over_the_whole() -> None:
    (found,) = forecast("wait", since=date(2025, 12, 2), by=date(2026, 1, 11))
    assert found == pytest.approx(30 / 40)


def test_a_base_rate_has_the_mean_of_the_rule_of_jeffreys() -> None:
    found = forecast("base_rate", successes=1, trials=8)
    assert found.mean() == pytest.approx(1.5 / 9.0, abs=1e-3)
    assert ((found > 0.0) & (found < 1.0)).all()


def test_between_spreads_evenly_from_end_to_end() -> None:
    found = forecast("between", low=10, high=90)
    assert np.quantile(found, [0.25, 0.5, 0.75]) == pytest.approx([30, 50, 70], abs=0.1)


def test_a_judgement_is_its_own_range() -> None:
    found = forecast("judgement", probability={"value": 0.8, "low": 0.7, "high": 0.9})
    assert found.mean() == pytest.approx(0.8, abs=1e-3)
    assert found.min() >= 0.7
    assert found.max() <= 0.9


def test_growth_loses_a_drag_for_the_part_of_the_year_it_stands() -> None:
    class World(TradeDraw):
        def real_income(self, scenario: str, region: str) -> float:
            return {"ALL": -3.0, "HALF": -1.0}[scenario]

    trade = TradeDraws((object.__new__(World),) * 500)
    chosen = METHODS["growth"]
    inputs = chosen.inputs.model_validate(
        {
            "model": "duties",
            "region": "IND",
            "consensus": 6.5,
            "error": 0,
            "start": date(2025, 1, 1),
            "end": date(2025, 12, 31),
            "drags": [
                {"scenario": "HALF", "since": date(2025, 7, 2)},
                {"scenario": "ALL", "beyond": "HALF", "since": date(2025, 10, 20)},
            ],
        },
        strict=False,
    )
    place = Setting("g", DAY, 500, 0, setting().setup, {"duties": trade})
    found = chosen.compute(inputs, place)
    assert found == pytest.approx(6.5 - 183 / 365 - 2.0 * 73 / 365)


def test_methods_without_a_model_name_themselves_priors_rates_or_judgements() -> None:
    assert {method.kind for method in METHODS.values() if method.reads} == {"model"}
    others = {method.kind for method in METHODS.values() if not method.reads}
    assert others == {"prior", "base rate", "judgement"}
