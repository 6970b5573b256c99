"""Shells complete words, from the commands as they are."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tula.study.load import built_in_studies
from tula.world import codes

#: A word to complete in a line, by bash itself with the script it is given, and its replies.
BASH = """
eval "$SCRIPT"
IFS=' ' read -r -a COMP_WORDS <<< "$LINE"
case $LINE in *' ') COMP_WORDS+=("") ;; esac
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
how=$(complete -p tula)
how=${how#*-F }
"${how%% *}" tula
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which ``tula`` is a command."""
    folder = tmp_path_factory.mktemp("bin")
    command = folder / "tula"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tula "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


@cache
def script(shell: str, path: str) -> str:
    """What a shell is to read before it completes."""
    told = subprocess.run(
        ["tula"],
        env={**os.environ, "PATH": path, "_TULA_COMPLETE": f"source_{shell}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout


def completed(line: str, places: dict[str, str]) -> list[str]:
    done = subprocess.run(
        ["bash", "--norc", "-c", BASH],
        env={**places, "LINE": line, "SCRIPT": script("bash", places["PATH"])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("tula exp", {"explain", "explore", "export", "exposure"}),
        ("tula run ", set(built_in_studies())),
        ("tula run india-2025 --xl", {"--xlsx"}),
        ("tula exposure IN", {code for code in codes.REGIONS if code.startswith("IN")}),
        ("tula new mine --pivot IND --rivals USA,RU", {"USA,RUS"}),
        ("tula new mine --world icio-2022-countries --pivot NG", {"NGA"}),
        ("tula export report out --format pa", {"parquet"}),
    ],
)
def test_bash_completes_a_word(line: str, expected: set[str], places: dict[str, str]) -> None:
    assert set(completed(line, places)) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell_asks_the_command(
    shell: str, places: dict[str, str], tmp_path: Path
) -> None:
    told = script(shell, places["PATH"])
    assert f"_TULA_COMPLETE=complete_{shell}" in told
    if shutil.which(shell):
        file = tmp_path / "script"
        file.write_text(told, encoding="utf-8")
        read = subprocess.run([shell, "-n", file], capture_output=True, text=True, check=False)
        assert (read.returncode, read.stderr) == (0, "")
