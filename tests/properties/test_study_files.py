"""Broken study files: always told with a line, never a crash, never half an output."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from toy_study import EVIDENCE, STUDY, write_study
from tula.cli import app
from tula.evidence import InvalidFileError, errors_in
from tula.study.load import check_study, load_study

LINES = STUDY.splitlines()
KEYED = [number for number, line in enumerate(LINES) if ":" in line]
WILD = st.sampled_from(
    [".nan", ".inf", "''", "'12'", "12", "-1e300", "true", "null", "[]", "{}", "XXX", "'%'", "\t",
     "[[[", "&a 1", "*a", "!!binary x", "2025-13-45", "9" * 400, "é", "'\\ud800'", '"\\ud800"']
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("studies")
    write_study(place)
    return place


@st.composite
def broken_lines(draw: st.DrawFn) -> str:
    """The sound study with one to three of its lines deleted, repeated, renamed or replaced."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        lines[at : at + 1] = draw(st.sampled_from([_deleted, _repeated, _renamed, _revalued]))(
            lines[at], draw
        )
        if not lines:
            break
    return "\n".join(lines) + "\n"


def _deleted(line: str, draw: st.DrawFn) -> list[str]:
    return []


def _repeated(line: str, draw: st.DrawFn) -> list[str]:
    return [line, line]


def _renamed(line: str, draw: st.DrawFn) -> list[str]:
    head, _, rest = line.partition(":")
    return [f"{head}{draw(st.sampled_from('xsé-'))}:{rest}"]


def _revalued(line: str, draw: st.DrawFn) -> list[str]:
    head, _, _ = line.partition(":")
    return [f"{head}: {draw(WILD)}"]


def told(path: Path) -> list[str]:
    """Check and load a study; both must agree, and every problem must carry a line."""
    problems = check_study(path)
    for problem in problems:
        assert problem.place.line >= 1
        assert problem.message
    wrong = errors_in(problems)
    if wrong:
        with pytest.raises(InvalidFileError):
            load_study(str(path))
    else:
        load_study(str(path))
    return [str(problem) for problem in wrong]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=broken_lines())
def test_a_mutilated_study_is_sound_or_told_line_by_line(folder: Path, text: str) -> None:
    path = folder / "study.yaml"
    path.write_text(text, encoding="utf-8")
    told(path)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_bytes_at_all_are_refused_with_a_line(folder: Path, data: Any) -> None:
    path = folder / "study.yaml"
    at = data.draw(st.integers(0, len(STUDY)))
    noise = data.draw(st.binary(min_size=1, max_size=8))
    content = STUDY.encode()
    path.write_bytes(content[:at] + noise + content[at:])
    told(path)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(at=st.integers(0, len(EVIDENCE.splitlines()) - 1), value=WILD)
def test_a_mutilated_evidence_file_is_sound_or_told(folder: Path, at: int, value: str) -> None:
    path = write_study(folder)
    lines = EVIDENCE.splitlines()
    lines[at] = f"{lines[at].partition(':')[0]}: {value}"
    (folder / "evidence.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        told(path)
    finally:
        (folder / "evidence.yaml").write_text(EVIDENCE, encoding="utf-8")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(at=st.sampled_from(KEYED), value=st.sampled_from([".nan", "XXX", "[[[", "-1e300"]))
def test_a_broken_study_leaves_no_output_behind(folder: Path, at: int, value: str) -> None:
    lines = list(LINES)
    lines[at] = f"{lines[at].partition(':')[0]}: {value}"
    path = folder / "study.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if not errors_in(check_study(path)):
        return
    ran = CliRunner().invoke(app, ["run", str(path), "--out", str(folder / "out")])
    assert ran.exit_code == 2
    assert not (folder / "out").exists()
