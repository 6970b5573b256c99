"""What moved between two runs, shared out among what was set differently."""

from pathlib import Path
from typing import Any

import pytest

from toy_study import STUDY, write_study
from tula.file.overrides import Settings
from tula.study.compare import compare
from tula.study.load import load_study
from tula.study.parts import PartsError, differing, parts
from tula.study.results import StudyResults
from tula.study.run import run_study

DUTY, CUT = "scenarios.S1.instruments.0.add", "scenarios.S2.instruments.0.cut"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_study(tmp_path_factory.mktemp("study")))


def run(study: str, **values: Any) -> StudyResults:
    named = {"duty": DUTY, "cut": CUT}
    settings = Settings({named[name]: value for name, value in values.items()})
    return run_study(load_study(study, settings), quick=True)


def test_the_parts_of_two_settings_add_up_and_each_moves_what_is_its_own(study: str) -> None:
    first, second = run(study, duty="5 pp"), run(study, duty="35 pp", cut="20%")
    assert differing(first, second) == (DUTY, CUT)
    told: list[tuple[int, int]] = []
    found = parts(study, first, second, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2)]
    moved = {one.name: one.difference for one in compare(first, second).moved}
    for name, difference in moved.items():
        assert sum(found[one][name] for one in found) == pytest.approx(difference, abs=1e-9)
    assert found[CUT]["S1: real income of IND"] == pytest.approx(0.0, abs=1e-9)
    assert found[DUTY]["S2: real income of IND"] == pytest.approx(0.0, abs=1e-9)
    joint = "J: real income of IND"
    alone = run(study, duty="35 pp"), run(study, duty="5 pp", cut="20%")
    one, other = ({m.name: m.second for m in compare(first, run).moved}[joint] for run in alone)
    begin, end = ({m.name: m.second for m in compare(first, run).moved}[joint]
                  for run in (first, second))  # fmt: skip
    assert found[DUTY][joint] == pytest.approx(((one - begin) + (end - other)) / 2.0, abs=1e-9)


def test_one_setting_takes_all_without_a_further_run(study: str) -> None:
    first, second = run(study), run(study, duty="35 pp")
    asked: list[int] = []
    found = parts(study, first, second, progress=lambda done, _: asked.append(done))
    assert asked == []
    for one in compare(first, second).moved:
        assert found[DUTY][one.name] == one.difference


def test_a_study_that_was_changed_since_is_refused(study: str, tmp_path: Path) -> None:
    runs = run(study), run(study, duty="35 pp")
    other = str(write_study(tmp_path, STUDY.replace("A toy", "Another")))
    with pytest.raises(PartsError, match="not the study of these runs"):
        parts(other, *runs)


def test_runs_that_differ_in_nothing_set_have_no_parts(study: str) -> None:
    with pytest.raises(PartsError, match="nothing was set differently"):
        parts(study, run(study), run(study))


def test_a_belief_that_differs_is_told_once_and_not_where_it_is_used(tmp_path: Path) -> None:
    beliefs = """beliefs:
  duty: {value: 25 pp, low: 10 pp, high: 50 pp, title: the duty, evidence: [F01]}
  other: {value: 25 pp, low: 10 pp, high: 50 pp, title: another, evidence: [F01]}
scenarios:"""
    text = STUDY.replace("scenarios:", beliefs, 1).replace(
        "add: 25 pp\n          evidence: [F01]", "add: {belief: duty}"
    )
    path = str(write_study(tmp_path, text))
    values = {"duty": "30 pp", "other": "30 pp"}
    runs = [run_study(load_study(path, Settings(one)), quick=True) for one in ({}, values)]
    found = [one.name for one in compare(*runs).inputs]
    assert found == ["beliefs.duty", "beliefs.other", "scenarios.S1", "scenarios.J"]
