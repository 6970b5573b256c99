import shutil
from pathlib import Path

import pytest

from command_line import plain, tula
from toy_study import STUDY, write_study

FILES = [
    "answer.json",
    "appendix.html",
    "index.html",
    "live.json",
    "manifest.json",
    "results.nc",
    "ties.json",
]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The folders of two runs: of a study, and of it with another duty."""
    folders = []
    for duty in ("25 pp", "35 pp"):
        place = tmp_path_factory.mktemp("run")
        study = write_study(place, STUDY.replace("25 pp", duty))
        assert tula("run", study, "--out", place / "out", "--quick").exit_code == 0
        folders.append(place / "out")
    return folders


@pytest.fixture
def out(runs: list[Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(runs[0], tmp_path / "out"))


def test_what_a_run_left_is_verified_with_seed_and_hash(out: Path) -> None:
    result = tula("verify", out)
    assert result.exit_code == 0
    said = plain(result)
    assert all(name in said for name in FILES)
    assert "Seed 0, 0 draws" in said


@pytest.mark.parametrize("name", FILES)
def test_one_altered_byte_of_any_file_ends_with_2_and_its_name(out: Path, name: str) -> None:
    whole = (out / name).read_bytes()
    (out / name).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    result = tula("verify", out)
    assert result.exit_code == 2
    assert f"{out / name}: " in plain(result)


@pytest.mark.parametrize("name", ["index.html", "appendix.html", "manifest.json", "results.nc"])
def test_files_of_two_runs_end_with_2(runs: list[Path], out: Path, name: str) -> None:
    shutil.copy(runs[1] / name, out / name)
    result = tula("verify", out)
    assert result.exit_code == 2
    assert "results.nc" in plain(result) or name in plain(result)


def test_a_number_rewritten_in_the_manifest_is_found(out: Path) -> None:
    path = out / "manifest.json"
    path.write_text(path.read_text("utf-8").replace('"seed": 0', '"seed": 1'), "utf-8")
    result = tula("verify", out)
    assert (result.exit_code, "manifest.json: altered" in plain(result)) == (2, True)


def test_a_folder_without_its_page_is_whole_and_one_without_numbers_is_not(out: Path) -> None:
    (out / "index.html").unlink()
    result = tula("verify", out)
    assert (result.exit_code, "index.html" in plain(result)) == (0, False)
    (out / "results.nc").unlink()
    (out / "ties.json").unlink()
    result = tula("verify", out)
    assert result.exit_code == 2
    assert "holds no results.nc, ties.json" in plain(result)
    assert "nowhere: no such folder" in plain(tula("verify", out / "nowhere"))
