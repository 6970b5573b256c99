"""A page that was altered, or that tells of other numbers, is refused."""

from pathlib import Path

import pytest

from tula.report import PAGE_FILE, require_own_page, write_report
from tula.study.results import DATA_FILE, ResultsFormatError, StudyResults


def other_run(results: StudyResults) -> StudyResults:
    """The same numbers with another seed."""
    return StudyResults(results.manifest.model_copy(update={"seed": 2, "hashes": {}}), results.data)


def test_a_page_belongs_to_its_results_and_to_no_others(
    results: StudyResults, tmp_path: Path
) -> None:
    assert not require_own_page(results, tmp_path)
    write_report(results, tmp_path)
    assert require_own_page(results, tmp_path)
    with pytest.raises(ResultsFormatError, match=PAGE_FILE):
        require_own_page(other_run(results), tmp_path)


def test_a_flipped_byte_of_a_page_is_found(results: StudyResults, tmp_path: Path) -> None:
    path = write_report(results, tmp_path)
    whole = path.read_bytes()
    for place in (0, len(whole) - 1, *range(0, len(whole), len(whole) // 25)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(ResultsFormatError, match=PAGE_FILE):
            require_own_page(results, tmp_path)


def test_no_page_is_written_beside_numbers_that_are_not_its_own(
    results: StudyResults, tmp_path: Path
) -> None:
    other_run(results).save(tmp_path)
    with pytest.raises(ResultsFormatError, match=r"manifest\.json is of another run"):
        write_report(results, tmp_path)
    path = results.save(tmp_path) / DATA_FILE
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ResultsFormatError, match=DATA_FILE):
        write_report(results, tmp_path)
    assert not (tmp_path / PAGE_FILE).exists()
