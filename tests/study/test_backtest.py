"""Backtests: no later fact can enter a forecast, and no outcome can move one."""

import pickle
from pathlib import Path

import numpy as np
import pytest

import toy_answer
from toy_backtest import BACKTEST, EVIDENCE, MARK, write_backtest
from toy_study import STUDY
from tula.evidence import InvalidFileError
from tula.study.backtest.forecast import Forecasts, make_forecasts, with_draws
from tula.study.backtest.load import Backtest, NoBacktestError, find_backtest, load_backtest

OUTCOMES = BACKTEST.index("outcomes:")
BENCHMARKS = BACKTEST.index("benchmarks:")


def load(folder: Path, text: str = BACKTEST, study: str = STUDY) -> Backtest:
    return load_backtest(write_backtest(folder, text, study))


def refused(folder: Path, text: str, study: str = STUDY) -> str:
    with pytest.raises(InvalidFileError) as caught:
        load(folder, text, study)
    return str(caught.value)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def changed(old: str, new: str, text: str = BACKTEST) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def same_bits(one: Forecasts, other: Forecasts) -> bool:
    return all(
        np.array_equal(one.forecasts[name].draws, other.forecasts[name].draws)
        for name in one.forecasts
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("low: [F01]", "low: [F03]"),
        ("long_run: [F01]", "long_run: [F03]"),
        ("value: 20, evidence: [F01]", "value: 20, evidence: [F03]"),
    ],
    ids=["forecast", "model", "persistence"],
)
def test_a_later_fact_is_refused_with_its_line(tmp_path: Path, old: str, new: str) -> None:
    text = changed(old, new)
    message = refused(tmp_path, text)
    assert f"backtest.yaml:{line_of(text, new)}:" in message
    assert "fact 'F03' is dated 2026-02-07, after 2025-06-30" in message


def test_a_later_fact_that_the_study_rests_on_is_refused_where_it_is_taken_over(
    tmp_path: Path,
) -> None:
    study = changed("evidence: [F01]", "evidence: [F03]", STUDY)
    message = refused(tmp_path, BACKTEST, study)
    assert "rests on a later fact: fact 'F03' is dated 2026-02-07" in message
    assert "backtest.yaml:8:" in message


@pytest.mark.parametrize(("fact", "dated"), [("F04", "2025-06"), ("F06", "2025")])
def test_a_fact_that_may_be_later_has_to_give_its_day(
    tmp_path: Path, fact: str, dated: str
) -> None:
    message = refused(tmp_path, changed("low: [F01]", f"low: [{fact}]"))
    assert f"dated {dated}, which may be after 2025-06-30; give its day" in message


def test_a_fiscal_year_that_may_end_later_is_later(tmp_path: Path) -> None:
    message = refused(tmp_path, changed("low: [F01]", "low: [F05]"))
    assert "fact 'F05' is dated FY25, after 2025-06-30" in message
    write_backtest(tmp_path, changed("low: [F01]", "low: [F05]"))
    earlier = (tmp_path / "evidence.yaml").read_text().replace("FY25", "FY24")
    (tmp_path / "evidence.yaml").write_text(earlier)
    assert load_backtest(tmp_path / "backtest.yaml")


def test_a_forecast_frozen_before_the_cutoff_keeps_to_its_own_day(tmp_path: Path) -> None:
    text = changed("    method: between\n", "    method: between\n    frozen: 2025-01-04\n")
    assert "fact 'F01' is dated 2025-01-05, after 2025-01-04" in refused(tmp_path, text)


def test_a_forecast_cannot_be_frozen_after_the_cutoff(tmp_path: Path) -> None:
    text = changed("    method: between\n", "    method: between\n    frozen: 2026-03-01\n")
    message = refused(tmp_path, changed("low: [F01]", "low: [F03]", text))
    assert "frozen on 2026-03-01, after the cut-off, 2025-06-30" in message
    assert "fact 'F03' is dated 2026-02-07, after 2025-06-30" in message


def test_an_outcome_known_at_the_freeze_is_refused(tmp_path: Path) -> None:
    message = refused(
        tmp_path, changed("value: -10, evidence: [F03]", "value: -10, evidence: [F01]")
    )
    assert "F01 (2025-01-05), no later than 2025-06-30: there is nothing to forecast" in message


@pytest.mark.parametrize(
    "text",
    [
        BACKTEST[:OUTCOMES],
        BACKTEST[:BENCHMARKS],
        BACKTEST.replace(str(MARK), "77.7").replace("value: -10", "value: 10"),
        BACKTEST.replace("law: {value: 1", "law: {value: 0"),
    ],
    ids=["no outcomes", "nothing later", "other outcomes", "another event"],
)
def test_forecasts_are_the_same_bits_whatever_the_outcomes(tmp_path: Path, text: str) -> None:
    before = make_forecasts(load(tmp_path).frozen)
    after = make_forecasts(load(tmp_path, text).frozen)
    assert same_bits(before, after)
    assert before.hash == after.hash


def test_what_forecasting_is_given_holds_no_outcome_and_no_later_fact(tmp_path: Path) -> None:
    backtest = load(tmp_path)
    content = pickle.dumps(backtest.frozen)
    assert pickle.dumps(MARK)[-9:-1] in pickle.dumps(backtest.later.outcomes)
    assert pickle.dumps(MARK)[-9:-1] not in content
    assert b"2026-02-07" not in content
    assert {fact.id for fact in backtest.frozen.facts} == {"F01"}


def test_the_hash_changes_with_an_input_and_not_with_draws_or_seed(tmp_path: Path) -> None:
    frozen = load(tmp_path).frozen
    other = load(tmp_path, changed("low: 10", "low: 11")).frozen
    assert frozen.hash != other.hash
    assert with_draws(frozen, 32, 5).hash == frozen.hash


def test_the_hash_changes_with_a_fact_an_input_rests_on(tmp_path: Path) -> None:
    path = write_backtest(tmp_path)
    before = load_backtest(path).frozen.hash
    facts = EVIDENCE.replace("A toy fact.", "Another fact.", 1)
    (tmp_path / "evidence.yaml").write_text(facts, encoding="utf-8")
    assert load_backtest(path).frozen.hash != before


def test_taking_one_forecast_out_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    start, end = BACKTEST.index("  - id: permits"), BACKTEST.index("  - id: law")
    text = BACKTEST[:start] + BACKTEST[end:BENCHMARKS]
    all_, fewer = (make_forecasts(load(tmp_path, one).frozen) for one in (BACKTEST, text))
    assert set(fewer.forecasts) == {"sales", "law"}
    assert same_bits(fewer, all_)


def test_another_seed_gives_other_draws_of_the_same_forecast(tmp_path: Path) -> None:
    frozen = load(tmp_path).frozen
    one, other = (make_forecasts(with_draws(frozen, None, seed)) for seed in (0, 1))
    assert not np.array_equal(one.forecasts["permits"].draws, other.forecasts["permits"].draws)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("      low: [F01]\n", "", "low rests on nothing"),
        ("{probability: {value: 0.8, low: 0.7, high: 0.9}}", "{probability: 0.8}",
         "probability is assumed: give its range"),
        ("value: 0.8, low: 0.7", "value: 0.6, low: 0.7", "expected low <= value <= high"),
        ("method: between", "method: betwen", "unknown method 'betwen'; did you mean 'between'"),
        ("kind: trade", "kind: traide", "unknown kind of model 'traide'; did you mean 'trade'"),
        ("{model: duties,", "{model: dutys,", "unknown trade model 'dutys'; did you mean 'duties'"),
        ("exporter: IND, ", "exporter: INT, ", "unknown region 'INT'; did you mean 'IND'"),
        ("scenarios: [S1]", "scenarios: [S9]", "unknown scenario 'S9'; did you mean"),
        ("kind: judgement", "kind: model", "kind is 'model'; this method's is 'judgement'"),
        ("unit: '%'", "unit: share", "unit is 'share'; this method's is '%'"),
        ("low: 10, high: 90", "low: 10, hihg: 90", "unknown key 'hihg'; did you mean 'high'"),
        ("low: [F01]", "low: [F11]", "unknown fact 'F11'; did you mean"),
        ("  - id: permits", "  - id: sales", "forecast 'sales' stands twice"),
        ("  law: {value: 1,", "  lav: {value: 1,", "unknown forecast 'lav'; did you mean 'law'"),
        ("  law: {value: 1,", "  law: {value: 2,", "an event happened (1) or did not (0); got 2"),
        ("value: 0, evidence", "value: 3, evidence", "a probability lies between 0 and 1"),
        ("{value: 44, evidence", "{value: 44, low: 3, evidence", "give value, or low and high"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place_and_the_nearest_name(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    message = refused(tmp_path, changed(old, new))
    assert said in message
    assert "backtest.yaml:" in message


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    text = changed("low: [F01]", "low: [F03]")
    text = changed("method: judgement", "method: judgment", text)
    text = changed("value: -10, evidence: [F03]", "value: -10, evidence: [F01]", text)
    assert refused(tmp_path, text).startswith("3 problems")


def test_a_day_among_the_inputs_needs_grounds_as_a_number_does(tmp_path: Path) -> None:
    wait = changed("kind: judgement\n    method: judgement", "kind: base rate\n    method: wait")
    wait = changed(
        "{probability: {value: 0.8, low: 0.7, high: 0.9}}",
        "{since: 2025-01-01, by: 2025-12-31}",
        wait,
    )
    wait = changed("probability: A hunch.", "by: The day asked about.", wait)
    assert "since rests on nothing" in refused(tmp_path, wait)


def test_a_study_without_a_backtest_says_which_have_one(tmp_path: Path) -> None:
    write_backtest(tmp_path).unlink()
    with pytest.raises(NoBacktestError, match="no backtest; studies with one: india-2025"):
        find_backtest(str(tmp_path))


def test_a_backtest_is_found_by_study_folder_or_file(tmp_path: Path) -> None:
    path = write_backtest(tmp_path)
    named = [tmp_path, tmp_path / "study.yaml", path]
    assert [find_backtest(str(name)) for name in named] == [path] * 3


def test_facts_cited_by_a_backtest_are_not_cited_nowhere(tmp_path: Path) -> None:
    from tula.study.load import check_study

    path = write_backtest(tmp_path)
    study = tmp_path / "study.yaml"
    assert "F03" not in str(check_study(study))
    assert "F04" in str(check_study(study))
    path.unlink()
    assert "F03" in str(check_study(study))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("low: 0.5, high: 2}", "low: -3, high: 2}", "years must be zero or more, got -3"),
        ("long_run: 3\n", "long_run: 0.9\n", "the long run must exceed the short one"),
        ("{low: 10, high: 90}", "{low: ten, high: 90}",
         "must be a number, {value, low, high} or {low, high}"),
        ("    inputs: {low: 10, high: 90}\n", "", "key 'inputs' is missing"),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_meant_are_told_before_anything_is_computed(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    message = refused(tmp_path, changed(old, new))
    assert message.startswith("1 problem\n")
    assert said in message


def test_a_measure_that_would_have_ended_is_told_with_its_place(tmp_path: Path) -> None:
    text = changed("kind: prior\n    method: between", "kind: prior\n    method: lifted")
    text = changed("unit: permits", "unit: probability", text)
    text = changed(
        "{low: 10, high: 90}",
        "{since: 2024-01-01, by: 2025-12-31, lasts: {low: 0.25, high: 1}}",
        text,
    )
    text = changed("low: [F01]\n      high: [F01]", "since: [F01]\n      by: [F01]", text)
    text = changed("by: [F01]", "by: [F01]\n      lasts: [F01]", text)
    message = refused(tmp_path, text[: text.index("benchmarks:")])
    assert "the measure would have ended before 2025-06-30" in message
    assert f"backtest.yaml:{line_of(text, '{since: 2024')}:" in message


@pytest.mark.parametrize("number", ["hazard", "gdp", "market.benchmark", "market.redirectable"])
def test_an_oil_tie_that_does_not_build_with_the_numbers_set_is_told(
    tmp_path: Path, number: str
) -> None:
    model = f"""\
  - id: market
    kind: oil
    inputs:
      tie: crude-tie
      in_force: 2025-02-01
      set: {{{number}: {{value: -5000, low: -6000, high: -4000}}}}
    evidence: {{in_force: [F01]}}
    assumptions: {{set: A guess.}}
"""
    text = changed("forecasts:\n", f"{model}forecasts:\n")
    message = refused(tmp_path, text, STUDY + toy_answer.TIES)
    assert f"backtest.yaml:{line_of(text, 'tie: crude-tie')}:" in message
    assert "-600" in message
