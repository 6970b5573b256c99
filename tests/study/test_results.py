from pathlib import Path

import pytest
import xarray as xr

from tula.study.results import (
    BALANCE_FILE,
    DATA_FILE,
    MANIFEST_FILE,
    TIES_FILE,
    ResultsFormatError,
    StudyResults,
)
from tula.world.files import UnwritableFileError


def test_what_is_saved_is_what_is_loaded(results: StudyResults, tmp_path: Path) -> None:
    again = StudyResults.load(results.save(tmp_path / "out"))
    assert again.manifest == results.manifest
    xr.testing.assert_identical(again.data, results.data)


def test_the_same_results_give_the_same_bytes(results: StudyResults, tmp_path: Path) -> None:
    first, second = results.save(tmp_path / "a"), results.save(tmp_path / "b")
    for name in (DATA_FILE, MANIFEST_FILE, TIES_FILE):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_results_saved_after_loading_give_the_same_bytes(
    results: StudyResults, tmp_path: Path
) -> None:
    first = results.save(tmp_path / "a")
    second = StudyResults.load(first).save(tmp_path / "b")
    assert (first / DATA_FILE).read_bytes() == (second / DATA_FILE).read_bytes()


def test_a_missing_or_unknown_variable_is_named(results: StudyResults) -> None:
    with pytest.raises(ResultsFormatError, match=r"wage is missing.*wages is not in the contract"):
        StudyResults(results.manifest, results.data.rename(wage="wages"))


def test_files_of_different_runs_are_refused(results: StudyResults, tmp_path: Path) -> None:
    other = results.manifest.model_copy(update={"study_hash": "1" * 64})
    StudyResults(other, results.data).save(tmp_path / "b")
    results.save(tmp_path / "a")
    (tmp_path / "b" / DATA_FILE).replace(tmp_path / "a" / DATA_FILE)
    with pytest.raises(ResultsFormatError, match="different runs"):
        StudyResults.load(tmp_path / "a")


def test_an_empty_directory_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ResultsFormatError, match=DATA_FILE):
        StudyResults.load(tmp_path)


def test_a_failed_save_leaves_the_old_files(
    results: StudyResults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results.save(tmp_path)
    before = (tmp_path / DATA_FILE).read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(UnwritableFileError, match="disk full"):
        results.save(tmp_path)
    assert (tmp_path / DATA_FILE).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [BALANCE_FILE, DATA_FILE, MANIFEST_FILE, TIES_FILE]
    )
