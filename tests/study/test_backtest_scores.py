"""Scores, winners, conditions and words of a backtest."""

from pathlib import Path

import numpy as np
import pytest

from toy_backtest import BACKTEST, MARK, write_backtest
from tula.study.backtest.conditions import CHECKS, Verdict, median_error
from tula.study.backtest.load import load_backtest
from tula.study.backtest.record import BacktestRecord
from tula.study.backtest.run import Result, run_backtest
from tula.study.backtest.schema import ConditionBlock
from tula.study.backtest.score import Judged, Scored
from tula.study.backtest.tell import number, row, verdicts


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return run_backtest(load_backtest(write_backtest(tmp_path_factory.mktemp("toy"))))


def scored(result: Result, name: str) -> Scored:
    return next(one for one in result.card.scored if one.forecast.block.id == name)


def test_a_quantity_is_scored_by_the_mean_distance_less_half_the_spread(result: Result) -> None:
    one = scored(result, "permits")
    draws = one.forecast.draws
    apart = np.abs(draws[:, None] - draws[None, :]).mean()
    assert one.score == pytest.approx(np.abs(draws - MARK).mean() - apart / 2.0)


def test_an_event_is_scored_by_the_squared_error_of_its_mean_probability(result: Result) -> None:
    one = scored(result, "law")
    assert one.score == pytest.approx((one.forecast.draws.mean() - 1.0) ** 2)


def test_a_point_scores_its_error_and_the_best_published_is_the_nearest(result: Result) -> None:
    one = scored(result, "permits")
    assert one.persistence is not None
    assert one.persistence.score == pytest.approx(MARK - 20.0)
    assert one.persistence.skill == pytest.approx(1.0 - (one.score or 0.0) / (MARK - 20.0))
    assert one.best_published is not None
    assert one.best_published.told.source == "Herald"
    assert one.winner == "published"


def test_a_range_is_scored_as_evenly_spread(result: Result) -> None:
    gazette = scored(result, "permits").published[0]
    assert gazette.score == pytest.approx(MARK - 35.0 - 10.0 / 6.0, rel=1e-3)


def test_published_forecasts_made_after_ours_are_marked(result: Result) -> None:
    record = next(one for one in result.record.forecasts if one.id == "permits")
    assert all(rival.later for rival in record.published)
    assert row(record)[6].endswith("*")


def test_the_answer_counts_wins_and_names_losses(result: Result) -> None:
    said = result.record.answer
    assert said.startswith("Of 3 forecasts scored, 2 beat persistence (2 have one)")
    assert "and 0 beat the best published forecast (1 have one)." in said
    assert "Others came nearer on: Permits (published)." in said


def test_a_forecast_without_an_outcome_is_open_and_not_counted(tmp_path: Path) -> None:
    text = BACKTEST.replace("  law: {value: 1, evidence: [F03]}\n", "")
    result = run_backtest(load_backtest(write_backtest(tmp_path, text)))
    assert result.record.answer.startswith("Of 2 forecasts scored, 1 beat persistence (1 have")
    assert row(result.record.forecasts[2])[3:6] == ("open", "", "")


def test_the_record_reads_back_as_it_was_written(result: Result, tmp_path: Path) -> None:
    data, page = result.save(tmp_path)
    assert BacktestRecord.model_validate_json(data.read_text()) == result.record
    text = page.read_text()
    assert result.record.inputs_hash in text
    assert "F03 (2026-02-07, scoring only)" in text
    assert "F01 (2025-01-05, input)" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backtest.json", "backtest.md"]


def test_two_runs_write_the_same_bytes(result: Result, tmp_path: Path) -> None:
    again = run_backtest(load_backtest(write_backtest(tmp_path)))
    assert again.record == result.record


def exit_verdict(draws: np.ndarray) -> tuple[bool, bool]:
    check = CHECKS["gross_exit"]
    inputs = check.inputs.model_validate({"model": "oil", "region": "IND", "low": 0.4, "high": 0.6})
    verdict = check.judge(inputs, {"exit": draws}, {})
    return verdict.passed, verdict.edge


def test_gross_exit_passes_within_its_bounds_fails_outside_and_says_when_it_is_close() -> None:
    spread = np.linspace(-0.05, 0.05, 101)
    assert exit_verdict(0.5 + spread) == (True, False)
    assert exit_verdict(0.401 + spread) == (True, True)
    assert exit_verdict(0.399 + spread) == (False, True)
    assert exit_verdict(0.7 + spread) == (False, False)


def test_a_fall_by_the_duty_alone_fails_the_tariff_leg() -> None:
    check = CHECKS["no_fall"]
    given = {"oil": "o", "trade": "t", "scenario": "S", "sector": "OIL", "at_most": 0.05}
    inputs = check.inputs.model_validate(given)
    assert check.judge(inputs, {"change": np.array([0.01, -0.02])}, {}).passed
    assert not check.judge(inputs, {"change": np.array([0.01, -0.06])}, {}).passed


def test_one_set_of_numbers_must_do_with_and_without_the_waiver() -> None:
    check = CHECKS["one_set"]
    given = {"model": "o", "region": "IND", "under": ["a"], "waived": ["b"], "within": 0.2}
    inputs = check.inputs.model_validate({**given, "under": ("a",), "waived": ("b",)})
    numbers = {"under": np.full(9, 1100.0), "waived": np.full(9, 1750.0)}
    assert check.judge(inputs, numbers, {"a": 1200.0, "b": 1500.0}).passed
    assert not check.judge(inputs, numbers, {"a": 1200.0, "b": 1000.0}).passed
    assert not check.judge(inputs, numbers, {"a": 1400.0, "b": 1500.0}).passed
    assert check.judge(inputs, numbers, {"a": 1100.0, "b": 1400.0}).words == (
        "medians of one set of draws against outcomes: 1,100 against 1,100 (+0%); with the waiver "
        "switched on, 1,750 against 1,400 (+25%); each must come within 20% of the outcome"
    )


def test_the_conditions_are_counted_as_passed_and_failed() -> None:
    block = ConditionBlock(id="leg", check="no_fall", says="So.", reason="Thus.", inputs={})
    judged = [Judged(block, Verdict(True, "")), Judged(block, None)]
    said = "Tests the model must pass or be rejected: 1 passed, 0 failed"
    assert verdicts(judged) == f"{said}, 1 open."
    assert verdicts(judged[:1]) == f"{said}."
    assert verdicts([]) == ""


def test_the_error_of_a_median_is_that_of_ranks() -> None:
    low, high = median_error(np.arange(101.0))
    assert (low, high) == (44.0, 56.0)
    assert median_error(np.array([3.0])) == (3.0, 3.0)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1223.6, "1\u202f224"), (53.98, "54.0"), (6.314, "6.31"), (-5.8, "−5.80"), (0.0, "0"),
     (0.2981, "0.298"), (-0.0001, "0"), (None, "")],
)  # fmt: skip
def test_numbers_keep_the_digits_that_matter(value: float | None, text: str) -> None:
    assert number(value) == text
