"""What is taken out of runs, and compared between them."""

from pathlib import Path

import pytest

from command_line import plain, tula
from toy_study import write_study

DUTY, CUT = "scenarios.S1.instruments.0.add", "scenarios.S2.instruments.0.cut"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A study, its run, and a run with two numbers set; each with tables in its folder."""
    folder = tmp_path_factory.mktemp("runs")
    study = write_study(folder)
    for name, sets in (("first", ()), ("second", (f"{DUTY}=35pp", f"{CUT}=20%"))):
        out = folder / name
        words = [word for one in sets for word in ("--set", one)]
        files = ("--out", out, "--csv", out / "csv", "--xlsx", out / "book.xlsx")
        assert tula("run", study, "--quick", "--quiet", *files, *words).exit_code == 0
    return study, folder / "first", folder / "second"


def test_several_settings_are_told_apart_when_asked(
    runs: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    study, first, second = runs
    monkeypatch.setenv("COLUMNS", "160")
    told = plain(tula("compare", first, second))
    assert "2 settings differ" in told
    assert "--why STUDY tells each one's part, in 2 further runs." in told
    found = tula("compare", first, second, "--why", study, "--jobs", "1")
    assert found.exit_code == 0, plain(found)
    assert "further runs" not in found.stdout
    assert "S1: real income" in plain(found)
    assert "by " in plain(found)


def test_parts_of_another_study_are_refused(runs: tuple[Path, Path, Path]) -> None:
    _, first, second = runs
    other = tula("compare", first, second, "--why", "turkey-2025")
    assert other.exit_code == 2
    assert "turkey-2025: not the study of these runs" in plain(other)


@pytest.mark.parametrize("form", ["csv", "xlsx", "pyam", "parquet", "stata"])
def test_a_run_is_still_whole_with_every_kind_of_file_beside_it(
    runs: tuple[Path, Path, Path], form: str
) -> None:
    _, first, _ = runs
    exported = tula("export", first, first, "--format", form)
    assert exported.exit_code == 0, plain(exported)
    whole = tula("verify", first)
    assert whole.exit_code == 0, plain(whole)
    assert "unaltered" in plain(whole)
