"""The backtest that comes with the package: frozen in December 2025, told as it came out."""

import numpy as np
import pytest

from tula.study.backtest.conditions import CHECKS
from tula.study.backtest.forecast import Forecasts, make_forecasts, with_draws
from tula.study.backtest.load import Backtest, find_backtest, load_backtest
from tula.study.backtest.score import Scorecard, score
from tula.study.citations import is_later


@pytest.fixture(scope="module")
def backtest() -> Backtest:
    return load_backtest(find_backtest("india-2025"))


@pytest.fixture(scope="module")
def made(backtest: Backtest) -> Forecasts:
    return make_forecasts(with_draws(backtest.frozen, 8, 0))


@pytest.fixture(scope="module")
def card(made: Forecasts, backtest: Backtest) -> Scorecard:
    return score(made, backtest.later)


def test_no_input_rests_on_a_fact_after_the_cutoff(backtest: Backtest) -> None:
    late = [fact.id for fact in backtest.frozen.facts if is_later(fact, backtest.frozen.cutoff)]
    assert late == []
    assert {"O11", "F13", "F15", "O19", "F22"}.isdisjoint(f.id for f in backtest.frozen.facts)


def test_every_one_of_the_fifteen_forecasts_is_scored_against_persistence(card: Scorecard) -> None:
    assert len(card.scored) == 15
    assert all(one.score is not None and one.persistence is not None for one in card.scored)


def test_the_four_months_of_oil_have_one_forecast_since_the_tie_has_no_calendar(
    made: Forecasts,
) -> None:
    months = [made.forecasts[f"oil-{name}"].draws for name in
              ("december", "january", "february", "march")]  # fmt: skip
    assert all(np.array_equal(months[0], other) for other in months[1:])
    assert ((months[0] > 0.0) & (months[0] < 2500.0)).all()


def test_the_law_is_called_a_judgement_and_the_penalty_a_prior(backtest: Backtest) -> None:
    kinds = {part.block.id: part.block.kind for part in backtest.frozen.forecasts}
    assert kinds["logistics-law"] == "judgement"
    assert kinds["penalty-lifted"] == "prior"
    assert kinds["arms-deal"] == "base rate"


def test_the_arms_deal_is_frozen_before_the_summit(backtest: Backtest) -> None:
    days = {part.block.id: part.day.isoformat() for part in backtest.frozen.forecasts}
    assert days.pop("arms-deal") == "2025-12-03"
    assert set(days.values()) == {"2025-12-12"}


def test_losses_are_told_the_discount_and_exports_among_them(card: Scorecard) -> None:
    winners = {one.forecast.block.id: one.winner for one in card.scored}
    assert winners["us-exports"] == "persistence"
    assert winners["growth-fy26"] == "published"


def test_all_conditions_are_judged_each_by_its_own_check(card: Scorecard) -> None:
    assert [one.block.check for one in card.judged] == list(CHECKS)
    assert all(one.verdict is not None for one in card.judged)


def test_the_duty_alone_moves_no_oil(card: Scorecard) -> None:
    verdict = next(one.verdict for one in card.judged if one.block.check == "no_fall")
    assert verdict is not None
    assert verdict.passed
