"""Whatever standard output is, nothing found is lost and what went wrong is one sentence."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest
from typer.testing import CliRunner

import factories
import toy_answer
from command_line import tula
from toy_study import write_study
from tula.cli import app
from tula.study.results import StudyResults
from tula.world.importers.long import write_long
from tula.world.store import load_world

MOVE = ("solve", "--tariff", "USA:IND:goods:+25pp", "--world")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a toy world, a study, what a run of it left, and a backtest."""
    place = tmp_path_factory.mktemp("toys")
    tula("run", write_study(place), "--quick", "--out", place / "ran")
    (place / "backtest").mkdir()
    evidence = toy_answer.EVIDENCE + toy_answer.LATER
    toy_answer.write(place / "backtest", toy_answer.SINCE, evidence)
    return place


def commands(folder: Path) -> list[tuple[str, ...]]:
    world, study = str(folder / "toy.nc"), str(folder / "study.yaml")
    return [
        ("--help",),
        ("world", "list"),
        ("world", "show", world),
        ("world", "compare", world, world),
        (*MOVE, world),
        (*MOVE, world, "--json"),
        ("exposure", "IND", "--partners", "USA", "--world", world),
        ("optimal", "IND", "--world", world),
        ("nash", "IND,USA", "--world", world, "--json"),
        ("check", study),
        ("run", study, "--quick", "--out", str(folder / "out")),
        ("verify", str(folder / "ran")),
        ("backtest", str(folder / "backtest"), "--draws", "8", "--out", str(folder / "scores")),
    ]


#: Places in ``commands``; ``optimal`` and ``nash`` search by derivatives, a backtest lasts.
MARKS = {7: pytest.mark.gradients, 8: pytest.mark.gradients, 12: pytest.mark.long}
PLACES = [pytest.param(place, marks=MARKS.get(place, ())) for place in range(13)]


@pytest.mark.parametrize("encoding", ["ascii", pytest.param("cp1252", marks=pytest.mark.long)])
@pytest.mark.parametrize("place", PLACES)
def test_every_command_answers_in_any_encoding(folder: Path, encoding: str, place: int) -> None:
    words = commands(folder)[place]
    result = CliRunner(charset=encoding).invoke(app, words)
    assert (result.exit_code, result.exception) == (0, None)
    assert result.stdout
    if "--json" in words:
        json.loads(result.stdout)


def test_a_minus_stays_a_minus_where_the_encoding_has_none(folder: Path) -> None:
    words = (*MOVE, str(folder / "toy.nc"))
    plain, full = (CliRunner(charset=c).invoke(app, words).stdout for c in ("ascii", "utf-8"))
    assert "−" in full
    assert plain.count("-") > full.count("-")
    assert "?" not in plain


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_a_name_that_no_encoding_has_is_answered_in_one_sentence(encoding: str) -> None:
    result = CliRunner(charset=encoding).invoke(app, ["check", "caf\udce9−Türkiye"])
    assert result.exit_code == 2
    assert "half of a surrogate pair U+DCE9" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_json_keeps_every_character_in_any_encoding(folder: Path) -> None:
    words = (*MOVE, str(folder / "toy.nc"), "--json")
    told = (CliRunner(charset=c).invoke(app, words).stdout for c in ("ascii", "cp1252", "utf-8"))
    first, *others = map(json.loads, told)
    assert others == [first, first]


def called(words: tuple[str, ...], stdout: IO[str]) -> subprocess.CompletedProcess[str]:
    """Call the command as a shell does."""
    return subprocess.run(
        [sys.executable, "-m", "tula", *words],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


def full() -> IO[str]:
    return Path("/dev/full").open("w")


def unread() -> IO[str]:
    reader, writer = os.pipe()
    os.close(reader)
    return os.fdopen(writer, "w")


TAKES_NOTHING = pytest.mark.parametrize(
    ("stream", "why"), [(full, "No space left on device"), (unread, "Broken pipe")]
)


@pytest.mark.long
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@TAKES_NOTHING
def test_a_run_that_cannot_be_told_is_saved_and_says_where(
    folder: Path, tmp_path: Path, stream: Callable[[], IO[str]], why: str
) -> None:
    words = ("run", str(folder / "study.yaml"), "--quick", "--out", str(tmp_path))
    with stream() as taken:
        ran = called(words, taken)
    assert ran.returncode == 1
    sentence = f"not all of the answer could be written to standard output: {why}"
    assert ran.stderr.strip() == f"{sentence}; the results are in {tmp_path}"
    assert StudyResults.load(tmp_path).manifest.id == "toy"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_world_that_cannot_be_told_is_imported_and_says_where(tmp_path: Path) -> None:
    write_long(factories.toy_economy(), tmp_path)
    target = tmp_path / "mine.nc"
    with full() as taken:
        ran = called(("world", "import", "long", str(tmp_path), str(target)), taken)
    assert ran.returncode == 1
    assert ran.stderr.strip().endswith(f"No space left on device; the world is in {target}")
    assert load_world(target).regions == factories.toy_economy().regions


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@TAKES_NOTHING
@pytest.mark.parametrize("words", [("world", "list"), ("--help",), ("--version",)])
def test_an_answer_that_cannot_be_told_ends_with_1_and_no_traceback(
    stream: Callable[[], IO[str]], why: str, words: tuple[str, ...]
) -> None:
    with stream() as taken:
        ran = called(words, taken)
    assert ran.returncode == 1
    assert len(ran.stderr.splitlines()) <= 1
    assert words[0] != "world" or why in ran.stderr
