import errno
import re
import shutil
import tempfile
from pathlib import Path

import pytest

from command_line import plain, tula
from small_disk import room_for
from toy_answer import ASKING, write
from toy_study import STUDY, write_study
from tula import report as tula_report
from tula.errors import UnknownNameError
from tula.strategy.answer.errors import AnswerError
from tula.study import run as running
from tula.study.effort import QUICK
from tula.study.results import StudyResults

PAGES = ["appendix.html", "index.html"]
FILES = sorted([*PAGES, "answer.json", "live.json", "manifest.json", "results.nc", "ties.json"])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of the toy study."""
    place = tmp_path_factory.mktemp("ran")
    assert tula("run", write_study(place), "--out", place / "out", "--quick").exit_code == 0
    return place / "out"


@pytest.fixture
def out(ran: Path, tmp_path: Path) -> Path:
    """A folder of this test alone with what the run left."""
    return Path(shutil.copytree(ran, tmp_path / "out"))


def test_two_runs_into_one_folder_leave_the_files_of_the_second(out: Path, tmp_path: Path) -> None:
    again = write_study(tmp_path, STUDY.replace("title: A toy", "title: Another toy"))
    assert tula("run", again, "--out", out, "--quick").exit_code == 0
    assert names(out) == FILES
    assert StudyResults.load(out).manifest.title == "Another toy"
    assert "Another toy" in (out / "index.html").read_text()


def test_an_interrupted_run_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "solve_batch", interrupt)
    result = tula("run", write_study(tmp_path), "--out", tmp_path / "out", "--quick")
    assert result.exit_code == 130
    assert "no result was written" in plain(result)
    assert names(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(KeyboardInterrupt(), 130), (OSError(errno.ENOSPC, "No space left on device"), 1)],
)
def test_trouble_while_writing_keeps_what_an_earlier_run_left(
    out: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trouble: BaseException,
    code: int,
) -> None:
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def fail(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(tula_report, "pages", fail)
    changed = write_study(tmp_path, STUDY.replace("add: 25 pp", "add: 35 pp"))
    assert tula("run", changed, "--out", out, "--quick").exit_code == code
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_results_that_find_no_place_in_their_folder_are_kept_in_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, spare = tmp_path / "out", tmp_path / "spare"
    (out / "index.html").mkdir(parents=True)
    spare.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spare))
    result = tula("run", write_study(tmp_path), "--out", out, "--quick")
    assert result.exit_code == 1
    (place,) = spare.iterdir()
    assert f"index.html is a folder there; the results are in {place}" in plain(result)
    assert f"Report: {place / 'index.html'}" in plain(result)
    assert names(place) == FILES
    assert names(out) == ["index.html"]


def test_results_that_find_no_place_at_all_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    study = write_study(tmp_path)
    with room_for(1000):
        result = tula("run", study, "--out", tmp_path / "out", "--quick")
    assert result.exit_code == 1
    assert "File too large; the results are told, not kept" in plain(result)
    assert "Real income" in plain(result)
    assert "Report:" not in plain(result)
    assert names(tmp_path / "out") == []
    assert list(tmp_path.glob("tula-*")) == []


def test_a_report_that_cannot_be_made_costs_no_number(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise UnknownNameError("region", "XXX", [])

    monkeypatch.setattr(tula_report, "pages", fail)
    changed = write_study(tmp_path, STUDY.replace("add: 25 pp", "add: 35 pp"))
    result = tula("run", changed, "--out", out, "--quick")
    assert result.exit_code == 1
    assert "The report could not be made: unknown region 'XXX'" in plain(result)
    assert "Real income" in plain(result)
    assert f"Numbers: {out}" in plain(result)
    assert names(out) == [name for name in FILES if name not in PAGES]
    assert "35" in str(StudyResults.load(out).manifest.scenario("S1").instruments)


@pytest.mark.parametrize("quick", [True, False])
def test_seed_draws_and_options_stand_in_the_manifest(tmp_path: Path, quick: bool) -> None:
    study = write_study(tmp_path, STUDY.replace("pivot: IND", "pivot: IND\nseed: 7"))
    tula("run", study, "--out", tmp_path / "out", *(["--quick"] if quick else []))
    manifest = StudyResults.load(tmp_path / "out").manifest
    assert (manifest.seed, manifest.draws, manifest.options.quick) == (7, 0, quick)


@pytest.mark.long
def test_draws_are_those_asked_for_or_few_where_quick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def fail(_: object, draws: int, __: object) -> None:
        asked.append(draws)
        raise AnswerError(["no equilibrium at the medians"])

    monkeypatch.setattr(running, "begin_answer", fail)
    study = write(tmp_path, ASKING)
    for options in (("--draws", "32"), ("--quick",), ("--quick", "--draws", "8")):
        result = tula("run", study, "--out", tmp_path / "out", "--jobs", "1", *options)
        assert result.exit_code == 1
        told = plain(result)
        assert "The question has no answer: AnswerError: there is no answer:" in told
        assert "no equilibrium at the medians" in told
    assert asked == [32, QUICK, 8]
    results = StudyResults.load(tmp_path / "out")
    assert results.answer is None
    assert results.manifest.draws == 8
    assert "no equilibrium" in results.manifest.answer_failure


def test_an_answer_is_told_kept_and_traced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("--out", out, "--quick", "--draws", "8", "--jobs", "1")
    result = tula("run", write(tmp_path, ASKING), *words)
    assert result.exit_code == 0, plain(result)
    found = StudyResults.load(out).answer
    assert found is not None
    assert re.search(rf"{found.label.capitalize()}( or [a-z ]+)?: ", plain(result))
    traced = tula("trace", out, "answer.odds")
    assert traced.exit_code == 0
    assert "Chance over draws and paths that every condition is met" in plain(traced)
    assert "size of the duty" in plain(traced)


@pytest.mark.long
def test_a_run_whose_headline_has_no_equilibrium_says_so_and_ends_with_1(tmp_path: Path) -> None:
    cut = STUDY[STUDY.index("      - import_cap:") : STUDY.index("  - id: J")]
    ban = cut.replace("import_cap", "embargo").replace("exporter: RUS", "exporter: all")
    ban = ban.replace("sectors: OIL\n          rent_to: importer", "sectors: all")
    ban = ban.replace("cut: {value: 40%, low: 20%, high: 60%, reason: nobody knows}", "reason: x")
    study = write_study(tmp_path, STUDY.replace(cut, ban))
    result = tula("run", study, "--out", tmp_path / "out", "--quick")
    assert result.exit_code == 1
    assert "2 solves failed; the report says which" in plain(result)
    assert names(tmp_path / "out") == FILES


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--draws", "10"), "--draws: draws must be a power of two of at least 8"),
        (("--jobs", "2", "--cluster", "tcp://127.0.0.1:9"), "give one of them"),
        (("--cluster", "nowhere://host"), "no scheduler answers at nowhere://host"),
    ],
)
def test_draws_that_cannot_be_made_are_refused_before_anything_is_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], why: str
) -> None:
    def solve(*_: object, **__: object) -> None:
        raise AssertionError("something was solved")

    monkeypatch.setattr(running, "solve_batch", solve)
    result = tula("run", write_study(tmp_path), "--out", tmp_path / "out", *options)
    assert result.exit_code == 2
    assert why in plain(result)
    assert names(tmp_path / "out") == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that takes no file")
def test_a_folder_that_takes_no_file_is_refused_before_anything_is_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def solve(*_: object, **__: object) -> None:
        raise AssertionError("something was solved")

    monkeypatch.setattr(running, "solve_batch", solve)
    result = tula("run", write_study(tmp_path), "--out", "/proc/report")
    assert result.exit_code == 2
    assert "/proc: cannot write into this directory; choose another with --out" in plain(result)
