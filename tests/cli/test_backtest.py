from pathlib import Path

import pytest

import toy_answer
from command_line import plain, tula
from tula.strategy.answer.result import Answer
from tula.study.asked import answered
from tula.study.backtest import run as running
from tula.study.load import load_study

EVIDENCE = toy_answer.EVIDENCE + toy_answer.LATER


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy study with forecasts and outcomes."""
    return toy_answer.write(tmp_path_factory.mktemp("since"), toy_answer.SINCE, EVIDENCE)


@pytest.fixture(scope="module")
def found(study: Path) -> Answer:
    """What it is answered, in the draws that the commands ask for."""
    return answered(load_study(str(study)), 8)


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch, found: Answer) -> None:
    """The answer is found once."""
    monkeypatch.setattr(running, "answered", lambda *_: found)


def test_a_backtest_tells_losses_first_then_the_table_and_what_it_rests_on(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    result = tula("backtest", study, "--draws", "8")
    assert result.exit_code == 0
    said = plain(result)
    assert said.startswith("Of 3 outcomes, what was known last foretold")
    places = [said.index(part) for part in ("Of 3", "Persistence", "Scores:", "SHA-256")]
    assert places == sorted(places)


def test_files_are_written_only_where_asked_for(study: Path, tmp_path: Path) -> None:
    assert tula("backtest", study, "--draws", "8", "--out", tmp_path / "out").exit_code == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["backtest.json", "backtest.md"]


def test_a_later_fact_ends_with_2_and_its_line(tmp_path: Path) -> None:
    old = "times: {value: 100, evidence: [F01]}"
    text = toy_answer.SINCE.replace(old, old.replace("F01", "F03"))
    result = tula("backtest", toy_answer.write(tmp_path, text, EVIDENCE))
    assert result.exit_code == 2
    assert f"study.yaml:{text[: text.index('[F03]')].count(chr(10)) + 1}:" in plain(result)
    assert "after 2025-12-12" in plain(result)


def test_a_study_of_which_nothing_came_ends_with_2(tmp_path: Path) -> None:
    result = tula("backtest", toy_answer.write(tmp_path, toy_answer.ASKING))
    assert result.exit_code == 2
    assert "answer.forecasts" in plain(result)


def test_an_interrupted_backtest_writes_nothing(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "score", interrupt)
    result = tula("backtest", study, "--draws", "8", "--out", tmp_path / "out")
    assert result.exit_code == 130
    assert not (tmp_path / "out").exists()
