"""A forecast reads the answer's own path from a frozen day; what came is set beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import toy_answer
from tula.numbers.quantity import exact
from tula.strategy.answer.forecast import Forecast
from tula.strategy.answer.result import Answer
from tula.study.asked import answered
from tula.study.backtest.frozen import digest, fitted, inputs_of
from tula.study.backtest.run import Backtest, NoOutcomeError, backtested
from tula.study.backtest.score import Arrival, Scored, arrival, score
from tula.study.backtest.tell import page, row, summary
from tula.study.citations import is_later, may_be_later
from tula.study.load import Study, check_study, load_study
from tula.study.run import run_study

EVIDENCE = toy_answer.EVIDENCE + toy_answer.LATER


def study(folder: Path, text: str = toy_answer.SINCE, evidence: str = EVIDENCE) -> Study:
    """Load the toy study with forecasts."""
    return load_study(str(toy_answer.write(folder, text, evidence)))


def refused(folder: Path, old: str, new: str, evidence: str = EVIDENCE) -> list[str]:
    """What is wrong with the toy study once a part of it is replaced."""
    assert old in toy_answer.SINCE
    path = toy_answer.write(folder, toy_answer.SINCE.replace(old, new, 1), evidence)
    return [str(one) for one in check_study(path) if not one.warning]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return study(tmp_path_factory.mktemp("since"))


@pytest.fixture(scope="module")
def told(toy: Study) -> Answer:
    return answered(toy, 8)


@pytest.fixture(scope="module")
def found(toy: Study, told: Answer) -> Backtest:
    return backtested(toy, 8, found=told)


def scored(found: Backtest, name: str) -> Scored:
    return next(one for one in found.scored if one.forecast.id == name)


def test_the_answer_of_a_run_is_the_path_that_is_scored_to_the_last_digit(
    toy: Study, told: Answer, found: Backtest
) -> None:
    ran = run_study(toy, quick=True)
    assert ran.answer is not None
    assert ran.answer.model_dump_json() == told.model_dump_json()
    assert ran.manifest.since == found.scored


def test_a_backtest_asks_for_the_answer_of_the_study_itself(
    toy: Study, told: Answer, found: Backtest, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def take(*given: object) -> Answer:
        asked.append(given)
        return told

    monkeypatch.setattr("tula.study.backtest.run.answered", take)
    assert backtested(toy, 8) == found
    assert asked == [(toy, 8, None)]


def test_what_has_not_come_yet_is_told_apart(found: Backtest) -> None:
    assert [one.id for one in found.open] == ["duty-january", "goods-kept"]


def test_without_outcomes_the_answer_is_the_same_to_the_bit(
    tmp_path: Path, toy: Study, told: Answer
) -> None:
    text = toy_answer.SINCE.replace(toy_answer.BACKTEST, "")
    blind = study(tmp_path, text, toy_answer.EVIDENCE)
    assert digest(blind) == digest(toy)
    assert answered(blind, 8).model_dump_json() == told.model_dump_json()


def test_another_belief_is_another_set_of_inputs(tmp_path: Path, toy: Study) -> None:
    other = study(tmp_path, toy_answer.SINCE.replace("value: 25 pp", "value: 26 pp", 1))
    assert digest(other) != digest(toy)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: size of the duty, evidence: [F01]", "title: size of the duty, evidence: [F03]"),
        ("at: 40%\n          rent_to: importer\n          evidence: [F02]",
         "at: 40%\n          rent_to: importer\n          evidence: [F03]"),
        ("now: {value: 1, evidence: [F01]}", "now: {value: 1, evidence: [F03]}"),
        ("reason: A guess.}", "evidence: [F03], reason: A guess.}"),
        ("times: {value: 100, evidence: [F01]}", "times: {value: 100, evidence: [F03]}"),
        ("source: November, evidence: [F01]", "source: November, evidence: [F03]"),
        ("reason: A judgement.}", "reason: A judgement from what came (F03).}"),
    ],
    ids=["belief", "instrument", "threat", "move", "level", "persistence", "words"],
)  # fmt: skip
def test_a_later_fact_behind_any_number_is_refused_with_place_and_remedy(
    tmp_path: Path, old: str, new: str
) -> None:
    (problem,) = refused(tmp_path, old, new)
    line = line_of(toy_answer.SINCE, old) + new[: new.index("F03")].count("\n")
    assert f"study.yaml:{line}:" in problem
    assert "fact 'F03' is dated 2026-01-20, after 2025-12-12" in problem
    assert "cite what was known by then, or assume the number" in problem


def test_a_fact_of_the_month_of_the_day_is_refused_until_it_says_when(tmp_path: Path) -> None:
    vague = EVIDENCE.replace("date: '2025-08-06'", "date: '2025-12'")
    problems = refused(tmp_path, "A toy", "A toy", vague)
    assert problems
    assert all("which may be after 2025-12-12: say when, as published: day" in p for p in problems)
    dated = vague.replace("date: '2025-12'", "date: '2025-12'\n    published: '2025-12-05'")
    assert refused(tmp_path, "A toy", "A toy", dated) == []


def test_what_came_rests_on_facts_of_later_days(tmp_path: Path) -> None:
    old = "note: in a storm, evidence: [F03]"
    (problem,) = refused(tmp_path, old, old.replace("F03", "F01"))
    assert "known on 2025-12-12: what came rests on facts of later days" in problem


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("backtest:\n  oil-december:", "backtest:\n  oil-decembre:",
         "unknown 'oil-decembre' of answer.forecasts; did you mean 'oil-december'"),
        ("came: {value: 0, evidence", "came: {value: 0.5, evidence", "happened (1) or did not (0)"),
        ("{value: 1, source: the duty", "{value: 2, source: the duty", "between 0 and 1"),
        ("on: 2025-12-12", "on: 2025-12-13", "the day of the answer: write on: 2025-12-12"),
        ("stands: duty,", "stands: dutty,", "did you mean 'duty'"),
        ("tie: crude\n      first", "tie: crud\n      first", "did you mean 'crude'"),
        ("last: 2026-02-01", "last: 2026-02-12", "lies beyond the 2 months ahead"),
        ("last: 2025-12-31", "last: 2025-12-11", "is over on 2025-12-12"),
        ("kept: goods,", "kept: goods, stands: duty,", "reads kept and stands: state one of tie"),
        ("balanced: true, ", "", "reads nothing: state one of tie"),
        ("duty: {sold_to: USA, sectors: goods}", "duty: {sectors: goods}", "names nobody"),
        ("stands: duty,", "stands: duty, times: {value: 2, reason: Twice.},", "neither multiplied"),
    ],
)  # fmt: skip
def test_what_cannot_be_foretold_or_scored_is_refused(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert any(expected in one for one in refused(tmp_path, old, new))


def test_every_number_behind_the_answer_has_a_source_or_a_reason_or_defines(toy: Study) -> None:
    kinds = {one.path: one.kind for one in inputs_of(toy)}
    assert kinds["beliefs", "first-year"] == "sourced"
    assert kinds["beliefs", "replace"] == "assumed"
    assert {path[-1] for path, kind in kinds.items() if kind == "defined"} == {"months", "oil"}


def test_fitted_beliefs_are_told_with_the_answer(tmp_path: Path, told: Answer) -> None:
    text = toy_answer.SINCE.replace("reason: A judgement.}", "reason: So., fitted: true}", 1)
    told_of = backtested(study(tmp_path, text), 8, found=told)
    assert told_of.fitted == {"replace": "So."}
    assert told_of.inputs["fitted"] == 1
    assert "fitted were replace" in page(told_of)


def test_a_number_is_scored_by_the_mean_distance_less_half_the_spread(found: Backtest) -> None:
    one = scored(found, "oil-december")
    values = np.array(one.forecast.values)
    apart = np.abs(values[:, None] - values[None, :]).mean()
    assert one.score == pytest.approx(np.abs(values - 80.0).mean() - apart / 2.0)
    assert one.persistence.score == pytest.approx(20.0)


def test_what_came_of_a_tie_over_a_month_has_its_place_beside_the_path(found: Backtest) -> None:
    assert scored(found, "oil-december").arrival == Arrival(tie="crude", month=1.0, share=0.8)
    others = [one.arrival for one in found.scored if one.forecast.id != "oil-december"]
    assert others and not any(others)


def test_what_is_counted_beside_the_path_is_taken_off_before(told: Answer) -> None:
    days = {"first": "2025-12-17", "last": "2026-01-16", "tie": "crude"}
    one = Forecast(id="one", title="One", times=exact(50.0), plus=exact(10.0), **days)
    assert arrival(one, 50.0, told) == Arrival(tie="crude", month=1.0 + 5 / 31, share=0.8)
    longer = one.model_copy(update={"last": date(2026, 3, 1)})
    assert arrival(longer, 50.0, told) is None


def test_a_range_counts_as_evenly_spread(found: Backtest) -> None:
    gazette, _ = scored(found, "oil-december").published
    assert gazette.score == pytest.approx(80.0 - 35.0 - 10.0 / 6.0, rel=1e-3)


def test_a_chance_is_scored_by_its_squared_error(told: Answer, found: Backtest) -> None:
    one = scored(found, "balance")
    assert one.middle == told.path[0].balanced
    assert one.score == pytest.approx(told.path[0].balanced ** 2)
    assert one.persistence.score == 1.0


def test_losses_come_first_and_are_named(found: Backtest) -> None:
    lost = [one.lost for one in found.scored]
    assert lost == sorted(lost, reverse=True)
    best = scored(found, "oil-december").best_published
    assert best is not None
    assert best.source == "Herald"
    assert best.later
    assert row(scored(found, "oil-december"))[5].endswith("*")
    told = summary(found.scored)
    worse = [one for one in found.scored if one.persistence.score < one.score]
    assert f"what was known last foretold {len(worse)} better" in told
    assert all(one.forecast.title in told for one in worse)


def test_a_draw_is_nobodys_win(found: Backtest) -> None:
    one = scored(found, "duty-stands")
    same = one.persistence.model_copy(update={"score": one.score})
    even = one.model_copy(update={"persistence": same})
    assert not even.lost
    assert not even.beats(even.persistence)
    assert even.nearest == "draw"


def test_nothing_is_scored_of_a_forecast_that_is_not_there(toy: Study, told: Answer) -> None:
    bare = told.model_copy(update={"forecasts": ()})
    assert score(bare, toy.file.backtest) == ()


def test_the_account_reads_back_as_it_was_written(found: Backtest, tmp_path: Path) -> None:
    path = found.save(tmp_path)
    assert Backtest.model_validate_json(path.read_text()) == found
    text = (tmp_path / "backtest.md").read_text()
    assert found.inputs_hash in text
    assert "Nothing has come yet of:" in text


def test_a_study_of_which_nothing_came_has_no_backtest(asking: Study) -> None:
    with pytest.raises(NoOutcomeError, match=r"answer\.forecasts"):
        backtested(asking, 8)


def test_a_backtest_of_the_earlier_layout_is_not_passed_over(tmp_path: Path) -> None:
    path = toy_answer.write(tmp_path, toy_answer.ASKING)
    (tmp_path / "backtest.yaml").write_text("study: study.yaml\n")
    warned = [str(one) for one in check_study(path) if one.warning]
    assert any("backtest.yaml is no longer read" in one for one in warned)


@pytest.mark.parametrize("name", ["india-2025", "canada-2026", "turkey-2025"])
def test_bundled_studies_are_frozen_and_score_all_that_they_foretold(name: str) -> None:
    told = load_study(name)
    asked = told.file.answer
    assert asked is not None
    assert set(told.file.backtest) == {one.id for one in asked.forecasts}
    behind = {told.evidence[fact] for one in inputs_of(told) for fact in one.facts}
    assert behind
    assert not any(is_later(one, told.file.on) or may_be_later(one, told.file.on) for one in behind)


def test_india_scores_fifteen_outcomes_and_more_its_own_months_among_them() -> None:
    told = load_study("india-2025")
    assert len(told.file.backtest) >= 15
    came = {name: one.came.value for name, one in told.file.backtest.items()}
    assert (came["russia-fy26"], came["to-russia-fy26"], came["us-fy26"]) == (55.37, 4.49, 87.32)
    assert {"balance-1", "balance-2", "balance-3"} <= set(came)
    assert set(fitted(told)) == {"replace-crude", "channels-carried"}


@pytest.mark.long
def test_indias_headline_is_the_path_that_its_backtest_scores_to_the_last_digit() -> None:
    told = load_study("india-2025")
    alone, ran = backtested(told, 8), run_study(told, quick=True)
    assert ran.answer is not None
    assert (ran.answer.label, ran.answer.odds) == (alone.label, alone.odds)
    assert ran.manifest.since == alone.scored
    months = {one.forecast.id: one.middle for one in alone.scored}
    path = ran.answer.path
    assert [months[f"balance-{n}"] for n in (1, 2, 3)] == [path[n].balanced for n in range(3)]
