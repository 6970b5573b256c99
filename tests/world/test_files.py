"""Files are whole or absent, sets of them are of one making, and nothing is left behind."""

import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from small_disk import room_for
from tula.world.files import (
    STAGE,
    UnwritableFileError,
    replacing,
    staged,
    write_together,
    write_whole,
)

FIRST, SECOND = ({name: f"{name} of {time}" for name in "abcd"} for time in ("old", "new"))


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("moved", range(4))
def test_a_set_that_is_cut_short_keeps_its_last_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    write_together(tmp_path, FIRST)
    real, left = Path.replace, iter(range(moved))

    def move(self: Path, target: Path) -> Path:
        if next(left, None) is None:
            raise Killed
        return real(self, target)

    monkeypatch.setattr(Path, "replace", move)
    with pytest.raises(Killed):
        write_together(tmp_path, SECOND)
    expected = [SECOND[name] if place < moved else FIRST[name] for place, name in enumerate("abcd")]
    assert [contents(tmp_path)[name] for name in "abcd"] == expected
    assert contents(tmp_path)["d"] == "d of old"


def test_a_file_of_the_set_that_was_not_made_again_is_removed(tmp_path: Path) -> None:
    write_together(tmp_path, FIRST)
    with staged(tmp_path, tuple("abcd")) as stage:
        (stage / "b").write_text("b of new")
    assert contents(tmp_path) == {"b": "b of new"}


def test_files_beside_the_set_stay(tmp_path: Path) -> None:
    write_whole(tmp_path / "mine", "kept")
    assert contents(write_together(tmp_path, FIRST)) == FIRST | {"mine": "kept"}


def test_a_set_waits_for_another_process_that_is_moving_one(tmp_path: Path) -> None:
    write_together(tmp_path, FIRST)
    other = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    waiting = threading.Thread(target=write_together, args=(tmp_path, SECOND))
    waiting.start()
    waiting.join(0.3)
    assert contents(tmp_path) == FIRST
    os.close(other)
    waiting.join()
    assert contents(tmp_path) == SECOND


HOLDS = """
import sys
from pathlib import Path
from tula.world.files import replacing

with replacing(Path(sys.argv[1]) / "file") as part:
    part.write_text("half")
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_holds_is_not(
    tmp_path: Path,
) -> None:
    living, killed = (
        subprocess.Popen(
            [sys.executable, "-c", HOLDS, tmp_path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    )
    for process in (living, killed):
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    killed.kill()
    killed.wait()
    assert len(list(tmp_path.glob(f"{STAGE}*"))) == 2
    write_whole(tmp_path / "another", "whole")
    assert len(list(tmp_path.glob(f"{STAGE}*"))) == 1
    living.communicate()
    assert contents(tmp_path) == {"another": "whole", "file": "half"}
    assert len(list(tmp_path.iterdir())) == 2


def test_only_what_this_module_made_is_swept(tmp_path: Path) -> None:
    mine = [tmp_path / f"{STAGE}notes", tmp_path / ".tula-parts", tmp_path / f"{STAGE}0123456789"]
    for folder in mine:
        folder.mkdir()
    (tmp_path / f"{STAGE}abcd1234").write_text("a file")
    (tmp_path / f"{STAGE}link0000").symlink_to(mine[0])
    before = sorted(tmp_path.iterdir())
    write_whole(tmp_path / "file", "")
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "file"])


@pytest.mark.parametrize("blocked", "abcd")
def test_a_folder_in_the_way_of_one_file_stops_all(tmp_path: Path, blocked: str) -> None:
    (tmp_path / blocked).mkdir()
    with pytest.raises(UnwritableFileError, match=f"cannot write .*: {blocked} is a folder there"):
        write_together(tmp_path, FIRST)
    assert [path.name for path in tmp_path.iterdir()] == [blocked]


def test_a_full_disk_leaves_the_old_set(tmp_path: Path) -> None:
    write_together(tmp_path, FIRST)
    with room_for(1000), pytest.raises(UnwritableFileError, match=f"{tmp_path}: File too large"):
        write_together(tmp_path, SECOND | {"c": "much" * 1000})
    assert contents(tmp_path) == FIRST
    assert len(list(tmp_path.iterdir())) == 4


def test_a_set_inside_a_set_blames_the_outer_folder(tmp_path: Path) -> None:
    with (
        room_for(10),
        pytest.raises(UnwritableFileError, match=f"cannot write {tmp_path}: File too large"),
        staged(tmp_path, ("a", "b")) as stage,
    ):
        write_together(stage, {"a": "more than ten bytes"})


def test_the_longest_name_that_a_file_may_have_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    assert write_whole(path, "é").read_bytes() == "é".encode()


def test_a_file_gets_the_rights_that_any_new_file_gets(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    with replacing(tmp_path / "file") as part:
        part.write_text("")
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "plain").stat().st_mode
