"""Beliefs: numbers stated once, used by their ids in other places and in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from toy_answer import TIED, write
from tula.file.document import Document, parse_document
from tula.file.grounds import Ground, Grounds, lift
from tula.file.problems import Problem
from tula.study.load import check_study, load_study

BELIEFS = """\
beliefs:
  bite: {value: 0.5, low: 0.2, high: 0.9, title: how it bites, reason: A guess.}
  duty: {value: 25 pp, low: 10 pp, high: 50 pp, evidence: [F01]}
  plain: 4000
"""
USED = """\
title: A duty of {duty} points that bites {bite} of {{these}}
instruments: [{tariff: {add: {belief: duty}}}]
ties:
  - oil: {hazard: {belief: bite}, gdp: {belief: plain}, evidence: [F02]}
"""


def lifted(text: str) -> tuple[Document, Grounds, list[Problem]]:
    document = parse_document(text, "study.yaml")
    beliefs: Any = document.at(("beliefs",)) or {}
    return lift(document, ("instruments", "ties"), beliefs)


def told(text: str) -> list[str]:
    return [f"{one.place.line} {one.message}" for one in lifted(text)[2]]


def test_a_belief_stands_for_its_number_and_keeps_its_name() -> None:
    document, grounds, problems = lifted(BELIEFS + USED)
    assert problems == []
    assert document.at(("ties", 0, "oil")) == {
        "hazard": {"value": 0.5, "low": 0.2, "high": 0.9, "belief": "bite"},
        "gdp": 4000,
    }
    assert document.at(("instruments", 0, "tariff", "add")) == "25 pp"
    path = ("ties", 0, "oil", "hazard")
    assert grounds.at(path) == Ground(reason="A guess.", belief="bite")


def test_a_belief_without_a_ground_rests_on_what_stands_above_its_use() -> None:
    grounds = lifted(BELIEFS + USED)[1]
    assert grounds.at(("ties", 0, "oil", "gdp")) == Ground(evidence=("F02",), belief="plain")


def test_words_take_the_number_without_its_unit_and_doubled_braces_stay() -> None:
    document = lifted(BELIEFS + USED)[0]
    assert document.at(("title",)) == "A duty of 25 points that bites 0.5 of {these}"


def test_without_beliefs_braces_are_text() -> None:
    assert lifted("title: some {duty} {{x}}\n")[0].at(("title",)) == "some {duty} {{x}}"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("{belief: bite}", "{belief: bitee}", "8 unknown belief 'bitee'; did you mean 'bite'?"),
        ("{belief: bite}", "{belief: [bite]}", "8 unknown belief ['bite']; did you mean 'bite'?"),
        (
            "{belief: bite}",
            "{belief: bite, low: 0.1}",
            "8 'low' stands beside a belief, which states it already; drop one",
        ),
        ("{duty}", "{dutie}", "5 unknown belief 'dutie' in braces; did you mean 'duty'?"),
        ("{belief: plain}", "4000", "4 belief 'plain' is used nowhere"),
        ("low: 0.2", "low: 0.7", "2 the value 0.5 lies outside its own range, 0.7 to 0.9"),
        ("reason: A guess.", "reason: 3", "2 'reason': must be text that is not empty"),
    ],
)
def test_what_is_wrong_with_a_belief_is_told_once_and_where_it_is(
    old: str, new: str, expected: str
) -> None:
    text = BELIEFS + USED
    assert old in text
    found = told(text.replace(old, new, 1))
    assert [one for one in found if "is used nowhere" not in one or one == expected] == [expected]


def test_where_there_are_no_beliefs_that_is_said() -> None:
    assert told("ties: [{oil: {hazard: {belief: bite}}}]\n") == [
        "1 unknown belief 'bite'; the study has no beliefs"
    ]


def test_only_an_unused_belief_is_a_mere_warning() -> None:
    text = BELIEFS.replace("plain", "spare") + USED
    problems = {one.message: one.warning for one in lifted(text)[2]}
    assert problems.pop("belief 'spare' is used nowhere") is True
    assert list(problems.values()) == [False]


HAZARD = "hazard: {value: 0.5, evidence: [F01]}"


def study(beliefs: str, hazard: str = "hazard: {belief: bite}") -> str:
    assert HAZARD in TIED
    return TIED.replace("headline:", f"{beliefs}headline:", 1).replace(HAZARD, hazard, 1)


def checked(folder: Path, text: str) -> list[str]:
    return [f"{one.place.line} {one.message}" for one in check_study(write(folder, text))]


DUTY = "beliefs:\n  bite: {value: 30 pp, low: 10 pp, high: 50 pp, evidence: [F01]}\n"
BITE = "beliefs:\n  bite: {value: 0.5, low: 0.2, high: 0.9, reason: A guess.}\n"


def test_a_study_draws_the_belief_where_its_tie_names_it(tmp_path: Path) -> None:
    loaded = load_study(str(write(tmp_path, study(BITE))))
    oil = next(tie.model for tie in loaded.ties if tie.kind == "oil")
    assert (oil.hazard.text, oil.hazard.belief) == ("0.5 (0.2 to 0.9)", "bite")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (", reason: A guess.", "", "belief 'bite' rests on nothing"),
        ("low: 0.2, high: 0.9, ", "", "belief 'bite' is assumed: give its range"),
        ("value: 0.5", "valeu: 0.5", "unknown key 'valeu'; did you mean 'value'?"),
        ("reason: A", "unit: share, reason: A", "unknown key 'unit'"),
        ("value: 0.5", "value: 0.95", "the value 0.95 lies outside its own range"),
        ("reason: A guess.", "evidence: [F91]", "unknown fact 'F91'"),
        ("0.5, low: 0.2, high: 0.9", "5, low: 2, high: 9", "'bite': is a share between 0 and 1"),
    ],
)
def test_a_faulty_belief_of_a_study_is_told_on_its_own_line(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in BITE
    text = study(BITE.replace(old, new))
    line = text[: text.index("bite: {")].count("\n") + 1
    found = checked(tmp_path, text)
    assert any(one.startswith(f"{line} {expected}") for one in found), found


def test_a_rate_that_its_fact_does_not_say_is_told_where_the_belief_states_it(
    tmp_path: Path,
) -> None:
    text = TIED.replace("headline:", f"{DUTY}headline:", 1).replace(
        "add: 25 pp\n          evidence: [F01]", "add: {belief: bite}", 1
    )
    assert "{belief: bite}" in text
    line = text[: text.index("bite: {")].count("\n") + 1
    found = checked(tmp_path, text)
    assert f"{line} bite is '30 pp', and of what it cites F01 says 25 pp" in " ".join(found), found
