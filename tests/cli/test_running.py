import errno
from pathlib import Path

import pytest

from command_line import plain, tula
from toy_study import STUDY, write_study
from tula import report as tula_report
from tula.study import run as running
from tula.study.results import StudyResults

FILES = ["balance.json", "index.html", "manifest.json", "results.nc", "ties.json"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_two_runs_into_one_folder_leave_the_files_of_the_second(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert tula("run", write_study(tmp_path), "--out", out, "--quick").exit_code == 0
    again = write_study(tmp_path, STUDY.replace("title: A toy", "title: Another toy"))
    assert tula("run", again, "--out", out, "--quick").exit_code == 0
    assert names(out) == FILES
    assert StudyResults.load(out).manifest.title == "Another toy"
    assert "Another toy" in (out / "index.html").read_text()


def test_an_interrupted_run_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "solve", interrupt)
    result = tula("run", write_study(tmp_path), "--out", tmp_path / "out", "--quick")
    assert result.exit_code == 130
    assert "no result was written" in plain(result)
    assert names(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(KeyboardInterrupt(), 130), (OSError(errno.ENOSPC, "No space left on device"), 1)],
)
def test_trouble_while_writing_keeps_what_an_earlier_run_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: BaseException, code: int
) -> None:
    out = tmp_path / "out"
    study = write_study(tmp_path)
    assert tula("run", study, "--out", out, "--quick").exit_code == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def fail(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(tula_report, "write_report", fail)
    changed = write_study(tmp_path, STUDY.replace("add: 25 pp", "add: 35 pp"))
    assert tula("run", changed, "--out", out, "--quick").exit_code == code
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_run_whose_headline_has_no_equilibrium_says_so_and_ends_with_1(tmp_path: Path) -> None:
    cut = STUDY[STUDY.index("      - import_cut:") : STUDY.index("  - id: J")]
    ban = cut.replace("import_cut", "embargo").replace("exporter: RUS", "exporter: all")
    ban = ban.replace("sectors: OIL", "sectors: all").replace("          cut: 40%\n", "")
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

    monkeypatch.setattr(running, "solve", solve)
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

    monkeypatch.setattr(running, "solve", solve)
    result = tula("run", write_study(tmp_path), "--out", "/proc/report")
    assert result.exit_code == 2
    assert "/proc: cannot write into this directory; choose another with --out" in plain(result)
