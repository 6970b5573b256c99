"""Studies in a session."""

from pathlib import Path

import numpy as np
import pytest

import tula as tl
from toy_answer import ASKING, write
from toy_study import write_study
from tula.file.overrides import OverrideError
from tula.notebook.compare import ComparisonError
from tula.study.results import StudyResults
from tula.uncertainty.draws import DrawsError

DUTY = "scenarios.S1.instruments.0.add"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> StudyResults:
    return tl.run_study(write(tmp_path_factory.mktemp("asking"), ASKING), draws=8, quick=True)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_study(tmp_path_factory.mktemp("study"))


def test_a_run_holds_its_answer_and_flows_by_month(asked: StudyResults) -> None:
    assert asked.answer is not None
    assert 0.0 <= asked.answer.odds <= 1.0
    flows = asked.flows
    assert sorted(flows["month"].unique()) == [*range(1, asked.answer.months + 1)]
    assert {*flows["tie"]} == {one.id for one in asked.answer.ties}
    assert (flows["low"] <= flows["high"]).all()


def test_runs_and_answers_show_themselves_in_a_few_lines(asked: StudyResults) -> None:
    for shown in (asked, asked.answer):
        assert len(repr(shown)) < 1500
        assert shown is not None
        html = shown._repr_html_()
        assert html.startswith("<table>")
        assert asked.answer is not None
        assert asked.answer.label in repr(shown)
        assert asked.answer.label in html


def test_what_is_opened_is_what_was_run(asked: StudyResults, tmp_path: Path) -> None:
    again = tl.open_results(asked.save(tmp_path / "run"))
    assert again.run_hash == asked.run_hash
    assert again.answer == asked.answer


def test_a_number_is_set_for_one_run(study: Path) -> None:
    first = tl.run_study(study, quick=True)
    second = tl.run_study(study, quick=True, set={DUTY: "35 pp"})
    assert second.manifest.settings == (f'{DUTY}="35 pp"',)
    found = tl.compare({"first": first, "second": second}, why=str(study))
    moved = {one.name: one.difference for one in found.moved}
    assert moved["S1: real income of IND"] < 0.0
    assert found.parts[DUTY] == moved
    assert DUTY in repr(found)
    assert len(repr(found)) < 2500
    assert "S1: real income of IND" in found._repr_html_()
    there = second.data["real_income"].sel(scenario="S1", region="IND")
    assert np.isfinite(there).all()


def test_wrong_words_are_refused(study: Path, asked: StudyResults) -> None:
    with pytest.raises(OverrideError, match="nothing to set at"):
        tl.run_study(study, set={"nonsense": 1})
    with pytest.raises(DrawsError):
        tl.run_study(study, draws=7)
    with pytest.raises(ComparisonError, match="two runs"):
        tl.compare({"one": asked})
