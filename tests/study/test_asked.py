"""What a study asks reaches the answer as it is written: beliefs are drawn wherever they stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import toy_answer
from tula.say.words import word_kept
from tula.strategy.answer.beliefs import Beliefs
from tula.strategy.answer.result import Answer
from tula.strategy.answer.scenarios import Scenario
from tula.strategy.answer.states import Task, solve_draws
from tula.strategy.rank import rank
from tula.strategy.replace import Replace
from tula.study import asked
from tula.study.asked import NoQuestionError, answered, others
from tula.study.load import Study, load_study


class _TakenError(Exception):
    def __init__(self, scenarios: dict[str, Scenario]) -> None:
        self.scenarios = scenarios


def handed(study: Study, monkeypatch: pytest.MonkeyPatch) -> dict[str, Scenario]:
    """The scenarios that a study hands to the answer."""

    def take(*given: Any, **_: Any) -> None:
        raise _TakenError(given[2])

    monkeypatch.setattr(asked, "begin", take)
    with pytest.raises(_TakenError) as taken:
        answered(study, 8)
    return taken.value.scenarios


def test_a_belief_in_an_instrument_is_made_anew_at_the_values_of_a_draw(
    asking: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenarios = handed(asking, monkeypatch)
    assert sorted(scenarios) == ["PENALTY", "SHUNNED", "STOP"]
    (duty,) = scenarios["PENALTY"].at({"penalty": 0.4})
    (usual,) = scenarios["PENALTY"].at({})
    assert (duty.add, usual.add) == (0.4, 0.25)  # type: ignore[union-attr]
    assert scenarios["SHUNNED"].leaves == ()


def test_a_combined_scenario_keeps_the_beliefs_of_its_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = toy_answer.ASKING.replace("scenarios: [SHUNNED]", "scenarios: [ALL]")
    scenarios = handed(load_study(str(toy_answer.write(tmp_path, text))), monkeypatch)
    duty, ceiling = scenarios["ALL"].at({"penalty": 0.4})
    assert (duty.add, ceiling.ceiling) == (0.4, 0.4)  # type: ignore[union-attr]
    (leaf,) = scenarios["ALL"].leaves
    assert (leaf.place, leaf.field, leaf.number.belief) == (0, "add", "penalty")


def test_draws_differ_in_every_belief_and_are_told(found: Answer) -> None:
    assert {one.id for one in found.beliefs} == {
        "first-year", "replace", "penalty", "designated", "lost",
    }  # fmt: skip
    penalty = next(one for one in found.beliefs if one.id == "penalty")
    assert (penalty.low, penalty.value, penalty.high) == (0.1, 0.25, 0.5)


def test_a_larger_duty_in_a_draw_lets_less_arrive(
    asking: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[tuple[Task, Beliefs]] = []

    def take(task: Task, beliefs: Beliefs, executor: object = None) -> None:
        taken.append((task, beliefs))
        raise _TakenError({})

    monkeypatch.setattr("tula.strategy.answer.answer.solve_draws", take)
    with pytest.raises(_TakenError):
        answered(asking, 8)
    ((task, beliefs),) = taken
    medians = beliefs.rows(np.arange(1))
    kept = []
    for duty in (0.1, 0.25, 0.5):
        (solved,) = solve_draws(task, medians.held("penalty", duty))().solved
        number = next(n for n, one in enumerate(task.situations) if one.on == {"duty"})
        kept.append(float(solved.read[0, number, 1]))
    assert kept[0] > kept[1] > kept[2] > 0.0


def test_a_study_that_asks_nothing_has_no_answer(tmp_path: Path) -> None:
    plain = load_study(str(toy_answer.write(tmp_path, toy_answer.PLAIN)))
    with pytest.raises(NoQuestionError, match="'toy' has no answer block"):
        answered(plain, 8)


def test_others_stand_as_the_ranking_with_the_beliefs_of_the_study(
    asking: Study, found: Answer
) -> None:
    belief = next(one for one in found.beliefs if one.id == "replace")
    alone = rank(
        asking.economy, "USA", "RUS", replace=Replace(belief.value, belief.low, belief.high)
    )
    assert found.others is not None
    assert found.others.words == {}
    assert word_kept(found.others) == "both rivals keep their word once obeyed"
    assert [one.id for one in found.others.regions] == alone.region.values.tolist()
    assert found.others.as_of == ""
    for one in found.others.regions:
        for hold in one.holds:
            cells = alone["needed"].sel(region=one.id, rival=hold.id)
            assert hold.needed.value == pytest.approx(float(cells.sel(end="value")), rel=1e-9)
            assert hold.needed.low == pytest.approx(float(cells.sel(end="low")), rel=1e-9)


def test_what_a_study_says_of_a_rivals_word_holds_for_all_regions(
    asking: Study, tmp_path: Path
) -> None:
    """p = min(1, L_h / (w L_g)): at half its word a rival must be believed in twice as much."""
    told = "USA: {chance: {value: 0.02, evidence: [F01]}"
    word = ", keeps_word: {value: 0.5, reason: A coin.}"
    text = toy_answer.ASKING.replace(told, told + word, 1)
    study = load_study(str(toy_answer.write(tmp_path, text)))
    assert study.file.answer is not None and asking.file.answer is not None
    plain, found = others(asking, asking.file.answer), others(study, study.file.answer)
    assert found.words == {"USA": 0.5}
    assert word_kept(found) == (
        "Region USA keeps its word once obeyed with a chance of 0.5 and Region RUS always keeps "
        "its word"
    )
    before = {one.id: {hold.id: hold.needed.value for hold in one.holds} for one in plain.regions}
    moved = 0
    for one in found.regions:
        for hold in one.holds:
            was = before[one.id][hold.id]
            assert was is not None
            expected = min(1.0, was / hold.keeps_word) if was < 1.0 else 1.0
            assert hold.needed.value == pytest.approx(expected, rel=1e-9)
            moved += hold.needed.value != was
    assert moved
