"""Words that no command takes are refused before any is called, in one sentence."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tula.cli import app

MOVE = ("solve", "--tariff", "USA:IND:goods:+25pp")


def refused(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 2, result.output
    assert len(result.stderr.splitlines()) == 1
    return result.stderr.strip()


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ((*MOVE, "--focus", ""), "--focus"),
        ((*MOVE, "--world", " "), "--world"),
        ((*MOVE, "--elasticity="), "--elasticity"),
        (("solve", "--tariff", ""), "--tariff"),
        (("exposure", "IND", "--partners", ""), "--partners"),
        (("optimal", "IND", "--weight", ""), "--weight"),
        (("run", "india-2025", "--out", ""), "--out"),
        (("world", "compare", "", "icio-2024"), "an argument"),
        (("check", ""), "an argument"),
    ],
)
def test_an_empty_word_is_refused_by_name(words: tuple[str, ...], name: str) -> None:
    assert refused(*words) == f"{name} is empty: give a value, or leave it out"


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("\x1b[31mIND", "U+001B"),
        ("IN\x00D", "U+0000"),
        ("\ud800", "U+D800"),
        ("I\u202eND", "U+202E"),
    ],
)
def test_a_word_that_is_no_text_is_refused_by_its_character(word: str, code: str) -> None:
    for words in (("exposure", word), (*MOVE, "--focus", word), ("world", "show", word)):
        said = refused(*words)
        assert code in said
        assert "\x1b" not in said


@pytest.mark.parametrize(
    "words",
    [
        ("check", "{}"),
        ("run", "{}"),
        ("world", "show", "{}"),
        (*MOVE, "--world", "{}"),
        ("world", "import", "oecd-icio", "{}", "out.nc"),
        ("world", "import", "long", "{}", "out.nc"),
        ("verify", "{}"),
        ("backtest", "{}"),
    ],
)
def test_a_pipe_given_as_a_file_is_refused_without_waiting(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    result = CliRunner().invoke(app, [word.format("pipe") for word in words])
    assert result.exit_code == 2
    assert "pipe" in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    "words", [(*MOVE, "--world", "/dev/zero"), ("exposure", "IND", "--world", "/dev/zero")]
)
def test_a_device_given_as_a_file_is_refused(words: tuple[str, ...]) -> None:
    assert "/dev/zero" in refused(*words)
