from pathlib import Path

import pytest
from toy_backtest import BACKTEST, write_backtest

from command_line import plain, tula
from tula.study.backtest import run as running


def test_a_backtest_tells_the_score_first_then_table_conditions_and_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_backtest(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    result = tula("backtest", tmp_path)
    assert result.exit_code == 0
    said = plain(result)
    assert said.startswith("Of 3 forecasts scored, 2 beat persistence")
    places = [said.index(part) for part in ("Of 3", "Quantity", "Sales", "SHA-256")]
    assert places == sorted(places)


def test_files_are_written_only_where_asked_for(tmp_path: Path) -> None:
    study = write_backtest(tmp_path)
    assert tula("backtest", study, "--out", tmp_path / "out").exit_code == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["backtest.json", "backtest.md"]


def test_draws_and_seed_can_be_set(tmp_path: Path) -> None:
    study = write_backtest(tmp_path)
    first, again, other = (
        plain(tula("backtest", study, "--draws", "12", "--seed", seed)) for seed in "556"
    )
    assert first == again
    assert first != other


def test_a_later_fact_ends_with_2_and_its_line(tmp_path: Path) -> None:
    study = write_backtest(tmp_path, BACKTEST.replace("low: [F01]", "low: [F03]"))
    result = tula("backtest", study)
    assert result.exit_code == 2
    assert "backtest.yaml:37:" in plain(result)
    assert "after 2025-06-30: the inputs are frozen on that day" in plain(result)


def test_an_unknown_study_and_one_without_a_backtest_end_with_2(tmp_path: Path) -> None:
    result = tula("backtest", "india-2052")
    assert result.exit_code == 2
    assert "did you mean 'india-2025'" in plain(result)
    write_backtest(tmp_path).unlink()
    assert tula("backtest", tmp_path).exit_code == 2


def test_an_interrupted_backtest_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "score", interrupt)
    result = tula("backtest", write_backtest(tmp_path), "--out", tmp_path / "out")
    assert result.exit_code == 130
    assert not (tmp_path / "out").exists()
