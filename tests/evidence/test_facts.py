from pathlib import Path

import pytest

from tula.errors import UnknownNameError
from tula.evidence import InvalidFileError, load_evidence
from tula.study.load import built_in_studies, load_study

FACT = """\
  - id: F01
    theme: duties
    date: '2025-08-06'
    fact: A duty of 25 points was ordered.
    value: 25
    unit: pp
    source: Gazette
    url: https://example.org/a
    grade: A
"""


def write(folder: Path, facts: str) -> Path:
    path = folder / "evidence.yaml"
    path.write_text("facts:\n" + facts, encoding="utf-8")
    return path


def message(path: Path) -> str:
    with pytest.raises(InvalidFileError) as caught:
        load_evidence(path)
    return str(caught.value)


def test_a_fact_is_found_by_its_id_and_carries_its_source(tmp_path: Path) -> None:
    evidence = load_evidence(write(tmp_path, FACT))
    assert evidence["F01"].source == "Gazette"
    assert evidence["F01"].value == 25.0
    assert evidence.places["F01"].line == 2


def test_an_unknown_fact_gets_the_nearest_id(tmp_path: Path) -> None:
    evidence = load_evidence(write(tmp_path, FACT))
    with pytest.raises(UnknownNameError, match="did you mean 'F01'"):
        evidence["F1"]


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    broken = FACT.replace("grade: A", "grade: E").replace("theme:", "them:")
    text = message(write(tmp_path, broken + FACT.replace("    url: https://example.org/a\n", "")))
    assert "unknown key 'them'; did you mean 'theme'" in text
    assert "key 'theme' is missing" in text
    assert "'grade': must be 'A', 'A-'" in text
    assert "give url, or locator (page, table, shelf) where there is none" in text
    assert "fact 'F01' stands twice (first on line 2)" in text


def test_a_value_without_a_unit_is_refused(tmp_path: Path) -> None:
    text = message(write(tmp_path, FACT.replace("    unit: pp\n", "")))
    assert "value and unit must be given together" in text


def test_a_number_in_quotes_is_not_taken_for_a_number(tmp_path: Path) -> None:
    text = message(write(tmp_path, FACT.replace("value: 25", "value: '25'")))
    assert "evidence.yaml:6:12: 'value': must be a number, not '25'; write 25" in text


def test_a_source_needs_an_address(tmp_path: Path) -> None:
    text = message(write(tmp_path, FACT.replace("https://example.org/a", "a newspaper")))
    assert "evidence.yaml:9:10: 'url'" in text


def test_a_bundled_fact_without_an_address_is_graded_as_retold() -> None:
    graded = {
        name: fact.grade
        for path in built_in_studies().values()
        for name, fact in load_study(str(path)).evidence.facts.items()
        if not fact.url
    }
    assert graded
    assert [name for name, grade in graded.items() if not grade.startswith(("C", "D"))] == []
