import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from small_disk import room_for
from tula.report import write_report
from tula.strategy.answer.result import Answer
from tula.study.results import (
    ANSWER_FILE,
    DATA_FILE,
    FILES,
    LIVE_FILE,
    MANIFEST_FILE,
    TIES_FILE,
    ResultsFormatError,
    StudyResults,
)
from tula.study.seals import array_hash
from tula.world.files import UnwritableFileError


def test_what_is_saved_is_what_is_loaded(results: StudyResults, tmp_path: Path) -> None:
    again = StudyResults.load(results.save(tmp_path / "out"))
    assert again.manifest == results.manifest
    xr.testing.assert_identical(again.data, results.data)


def answering(results: StudyResults, found: Answer) -> StudyResults:
    """The same results with an answer."""
    manifest = results.manifest.model_copy(update={"hashes": {}})
    return StudyResults(manifest, results.data, answer=found)


def test_an_answer_is_loaded_as_it_was_saved(
    results: StudyResults, found: Answer, tmp_path: Path
) -> None:
    first = answering(results, found).save(tmp_path / "a")
    again = StudyResults.load(first)
    assert again.answer == found
    second = again.save(tmp_path / "b")
    assert (first / ANSWER_FILE).read_bytes() == (second / ANSWER_FILE).read_bytes()


def test_an_answer_of_another_run_or_with_a_figure_altered_is_refused(
    results: StudyResults, found: Answer, tmp_path: Path
) -> None:
    path = answering(results, found).save(tmp_path) / ANSWER_FILE
    text = path.read_text("utf-8")
    altered = re.sub(r'"odds": 0\.\d+', '"odds": 0.99', text, count=1)
    for other in (altered, text.replace("}", "} ", 1), "null\n"):
        assert other != text
        path.write_text(other, encoding="utf-8")
        with pytest.raises(ResultsFormatError, match=re.escape(str(path))):
            StudyResults.load(tmp_path)


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


def other_run(results: StudyResults) -> StudyResults:
    """The same study with another seed and other numbers."""
    manifest = results.manifest.model_copy(update={"seed": 2, "hashes": {}})
    return StudyResults(manifest, results.data * 1.5)


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_run_is_refused_with_the_file_named(
    results: StudyResults, tmp_path: Path, name: str
) -> None:
    results.save(tmp_path / "a")
    other_run(results).save(tmp_path / "b")
    (tmp_path / "b" / name).replace(tmp_path / "a" / name)
    if name in (TIES_FILE, ANSWER_FILE, LIVE_FILE):  # the same in both: no tie, no answer
        StudyResults.load(tmp_path / "a")
        return
    with pytest.raises(ResultsFormatError, match=DATA_FILE):
        StudyResults.load(tmp_path / "a")


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_byte_is_refused_with_the_file_named(
    results: StudyResults, tmp_path: Path, name: str
) -> None:
    path = results.save(tmp_path) / name
    whole = path.read_bytes()
    for place in sorted({0, len(whole) - 1, *range(0, len(whole), len(whole) // 25 + 1)}):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(ResultsFormatError, match=re.escape(str(path))):
            StudyResults.load(tmp_path)
    path.write_bytes(whole)
    StudyResults.load(tmp_path)


@pytest.mark.parametrize("moved", range(1, 4))
def test_a_run_that_was_killed_while_its_files_moved_is_refused(
    results: StudyResults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    results.save(tmp_path)
    real, left = Path.replace, iter(range(moved))

    def move(self: Path, target: Path) -> Path:
        if next(left, None) is None:
            raise SystemExit
        return real(self, target)

    monkeypatch.setattr(Path, "replace", move)
    with pytest.raises(SystemExit):
        other_run(results).save(tmp_path)
    with pytest.raises(ResultsFormatError, match=DATA_FILE):
        StudyResults.load(tmp_path)


def test_a_number_rewritten_in_memory_is_neither_saved_nor_reported(
    results: StudyResults, tmp_path: Path
) -> None:
    results.data["wage"].values[0, 1] = 0.0
    for use in (results.save, lambda place: write_report(results, place)):
        with pytest.raises(ResultsFormatError, match=r"wage in results\.nc; altered"):
            use(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_files_that_another_build_wrote_are_not_called_altered_alone(
    results: StudyResults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results.save(tmp_path)
    monkeypatch.setattr("tula.study.results.json_text", lambda record, **_: f"{record!r}, new")
    with pytest.raises(ResultsFormatError, match="or written by another build of Tula"):
        StudyResults.load(tmp_path)


def test_numbers_of_one_run_do_not_go_with_the_manifest_of_another(results: StudyResults) -> None:
    other = other_run(results)
    with pytest.raises(ResultsFormatError, match=r"ev in results\.nc, .*wage in results\.nc"):
        StudyResults(results.manifest, other.data)


def test_labels_and_units_count_as_numbers_do(results: StudyResults) -> None:
    renamed = results.data.assign_coords(region=["AAA", "BBB", "DDD"])
    scaled = results.data.copy(deep=True)
    scaled["ev"].attrs["units"] = "billion USD"
    for data, name in ((renamed, "region"), (scaled, "ev")):
        with pytest.raises(ResultsFormatError, match=rf"\b{name} in results\.nc"):
            StudyResults(results.manifest, data)


def test_a_missing_number_has_one_hash_however_it_came_about() -> None:
    plain = xr.DataArray(np.array([1.0, np.nan]), dims="a")
    signed = xr.DataArray(np.array([1.0, -np.nan]), dims="a")
    assert plain.values.tobytes() != signed.values.tobytes()
    assert array_hash(plain) == array_hash(signed)
    assert array_hash(plain) != array_hash(plain.fillna(0.0))


def test_the_manifest_tells_the_hash_of_every_array_and_file(
    results: StudyResults, tmp_path: Path
) -> None:
    told = json.loads((results.save(tmp_path) / MANIFEST_FILE).read_text("utf-8"))
    arrays = {*results.data.data_vars, *results.data.coords}
    assert set(told["hashes"]) == arrays | {DATA_FILE, TIES_FILE, ANSWER_FILE, LIVE_FILE}
    for name in (DATA_FILE, TIES_FILE, ANSWER_FILE, LIVE_FILE):
        assert told["hashes"][name] == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()


def test_an_empty_directory_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ResultsFormatError, match=DATA_FILE):
        StudyResults.load(tmp_path)


@pytest.mark.parametrize("size", [100, 10_000])
def test_a_full_disk_leaves_the_old_files(results: StudyResults, tmp_path: Path, size: int) -> None:
    results.save(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with room_for(size), pytest.raises(UnwritableFileError, match="File too large"):
        other_run(results).save(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
