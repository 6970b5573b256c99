from collections.abc import Callable
from pathlib import Path

import pytest

from toy_study import EVIDENCE, STUDY, write_study
from tula.file import document
from tula.study.load import check_study


def told(path: Path) -> list[str]:
    """What is wrong, places without their folder."""
    return [str(problem).replace(f"{path.parent}/", "") for problem in check_study(path)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[USA, RUS]", "[IND, RUS]", "study.yaml:6:10: 'IND' is the pivot and cannot be its own"),
        ("[USA, RUS]", "[USA, USA]", "study.yaml:6:15: 'USA' stands twice in rivals"),
        ("[fixed, balanced]", "[fixed, fixed]", "11:19: 'fixed' stands twice in closures"),
        ("combine: [S1, S2]", "combine: [S1, S1]", "'S1' stands twice in combine"),
        ("give_way: S2", "give_way: S1", "there is nothing to weigh"),
        ("west: [USA, ROW]", "west: []", "group 'west' has no members"),
        ("low: -0.4", "low: 0.4", "high -0.2 is below low 0.4"),
        ("west: [USA, ROW]", "west: 3", "'west': must be a list, such as [A, B], not 3"),
        ("title: A toy", "title:", "'title': must be text"),
        ("id: toy", "id: toy study", "must be a short name of letters, digits, _ and -"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in STUDY
    found = told(write_study(tmp_path, STUDY.replace(old, new, 1)))
    assert any(expected in problem for problem in found), found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("'2024'", "'2025-13-45'", "'2025-13-45' is not in the calendar"),
        ("'2024'", "'2025-02-30'", "'2025-02-30' is not in the calendar"),
        ("https", "htp", "must be an address that begins with https:// or http://"),
        ("value: 25", "value: 25 pp", "'value': must be a number, not '25 pp'"),
    ],
)
def test_a_wrong_fact_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    found = told(write_study(tmp_path, evidence=EVIDENCE.replace(old, new, 1)))
    assert len(found) == 1
    assert found[0].startswith("evidence.yaml:")
    assert expected in found[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("add: 25 pp", "add: .inf"),
        ("rivals: [USA, RUS]", "rivals: &them [USA, RUS]"),
        ("title: A toy", "title: !!set x"),
    ],
)
def test_a_refused_value_is_told_once(tmp_path: Path, old: str, new: str) -> None:
    assert len(told(write_study(tmp_path, STUDY.replace(old, new, 1)))) == 1


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda path: path.write_bytes(b""), "study.yaml:1:1: the file is empty"),
        (lambda path: path.write_bytes(b"id: toy\0"), "special characters are not allowed"),
        (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n"), "study.yaml:1:1: not UTF-8 text"),
        (lambda path: path.write_text(STUDY, encoding="utf-16"), "not UTF-8 text"),
        (lambda path: path.write_text("- a\n- b\n"), "must be a mapping (key: value)"),
        (lambda path: path.write_text("id: [1, 2"), "study.yaml:1:10: not readable as YAML"),
        (lambda path: path.write_text("[" * 4000), "nested too deeply"),
        (lambda path: path.write_text(STUDY + "---\nid: b\n"), "single document"),
        (lambda path: path.write_text("x" * 500), "not 'xxxxxxxxxxxxxx"),
        (lambda path: path.unlink(), "no such file"),
        (lambda path: (path.unlink(), path.mkdir()), "a folder, not a file"),
    ],
)
def test_a_file_that_is_no_study_is_told_briefly(
    tmp_path: Path, spoil: Callable[[Path], object], expected: str
) -> None:
    path = write_study(tmp_path)
    spoil(path)
    (found,) = told(path)
    assert expected in found
    assert len(found) < 200


def test_a_huge_file_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "LARGEST", 1000)
    path = write_study(tmp_path, STUDY + "# " + "x" * 1000)
    (found,) = told(path)
    assert "larger than" in found


def test_an_evidence_file_that_is_a_folder_is_told(tmp_path: Path) -> None:
    path = write_study(tmp_path)
    (tmp_path / "evidence.yaml").unlink()
    (tmp_path / "evidence.yaml").mkdir()
    assert (
        "study.yaml:9:11: the file under evidence, 'evidence.yaml': a folder, not a file"
        in told(path)[0]
    )
