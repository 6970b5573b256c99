"""What the study of India asks: everything that was talked of on its day, and nothing later."""

from __future__ import annotations

import pytest

from tula.strategy.answer.inputs import AnswerInputs
from tula.study.backtest.frozen import inputs_of
from tula.study.citations import is_later, may_be_later
from tula.study.load import Study, load_study


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("india-2025")


@pytest.fixture(scope="module")
def asked(study: Study) -> AnswerInputs:
    assert study.file.answer is not None
    return study.file.answer


def test_a_deal_on_the_whole_duty_is_a_course_with_the_crude_and_without_it(
    asked: AnswerInputs,
) -> None:
    offered = {one.id: one for one in asked.options if one.offer is not None}
    assert {bool(one.meets) for one in offered.values()} == {True, False}
    for one in offered.values():
        assert one.offer is not None
        assert (one.offer.gives, one.offer.lifts) == (("DEAL",), ("penalty",))


def test_washington_has_more_than_one_hand_and_the_court_may_take_one_away(
    asked: AnswerInputs,
) -> None:
    assert {one.id for one in asked.threats} == {"penalty", "wider", "banks"}
    wider = next(one for one in asked.threats if one.id == "wider")
    assert wider.scenarios == ("SERVICES", "EXEMPT")
    assert "cover" in {one.id for one in asked.events}
    assert {one.id: "penalty" in one.ends for one in asked.causes} == {
        "court": True,
        "ceasefire": True,
    }


def test_the_duties_of_the_day_stand_on_everybody_and_the_first_year_is_its_sources(
    study: Study, asked: AnswerInputs
) -> None:
    assert (asked.duties, asked.closure) == ("day", "fixed")
    first = asked.elasticity.first_year
    assert (first.value, study.grounds.at(("answer", "elasticity", "first_year")).evidence) == (
        0.76,
        ("X03",),
    )


def test_nothing_behind_the_headline_was_known_after_the_day(study: Study) -> None:
    cited = {study.evidence[name] for one in inputs_of(study) for name in one.facts}
    assert len(cited) > 20
    assert not any(
        is_later(one, study.file.on) or may_be_later(one, study.file.on) for one in cited
    )
