"""What is published and how it is set up: locks, container, metadata."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKED = re.compile(
    r"^([\w.-]+)==([\w.+!]+)(?: ; ([^\\]+?))? \\((?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+)",
    re.M,
)


def locked(name: str) -> dict[str, set[str]]:
    """Versions by package of a lock, in which every line is one with its hashes."""
    text = (ROOT / "locks" / name).read_text("utf-8")
    found: dict[str, set[str]] = {}
    for match in LOCKED.finditer(text):
        found.setdefault(canonicalize_name(match[1]), set()).add(match[2])
    assert LOCKED.sub("", text).strip() == ""
    return found


@pytest.mark.parametrize(
    ("lock", "asked"),
    [
        ("run.txt", PROJECT["project"]["dependencies"]),
        ("test.txt", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["test"]),
    ],
)
def test_a_lock_holds_what_the_project_asks_for(lock: str, asked: list[str]) -> None:
    found = locked(lock)
    for text in asked:
        wanted = Requirement(text)
        versions = found.get(canonicalize_name(wanted.name), set())
        assert versions, f"{text}: run make lock"
        assert all(wanted.specifier.contains(Version(one)) for one in versions), text


def test_both_locks_hold_the_same_versions() -> None:
    run, tested = locked("run.txt"), locked("test.txt")
    assert {name: tested.get(name) for name in run} == run


def test_every_supported_python_is_told() -> None:
    told = {c.rpartition(" ")[2] for c in PROJECT["project"]["classifiers"] if ":: 3." in c}
    assert PROJECT["project"]["requires-python"] == f">={min(told, key=Version)}"
    assert f"python:{max(told, key=Version)}-slim" in (ROOT / "Containerfile").read_text("utf-8")


def test_what_the_container_copies_is_there() -> None:
    lines = (ROOT / "Containerfile").read_text("utf-8").splitlines()
    copied = [line.split()[1] for line in lines if re.match(r"COPY (?!--from)", line)]
    assert copied == [".", "locks/run.txt"]
    assert all((ROOT / one).exists() for one in copied)
    entry = next(line for line in lines if line.startswith("ENTRYPOINT"))
    assert all(f'"{name}"' in entry for name in PROJECT["project"]["scripts"])


@pytest.mark.parametrize("fault", ["absent", "large", "untyped"])
def test_what_is_not_fit_to_be_published_is_refused(tmp_path: Path, fault: str) -> None:
    name = f"tula-{PROJECT['project']['version']}"
    wheel, sdist = tmp_path / f"{name}-py3-none-any.whl", tmp_path / f"{name}.tar.gz"
    if fault != "absent":
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(f"{name}.dist-info/METADATA", "Name: tula\n")
            archive.writestr("tula/data", bytes(6_000_001 if fault == "large" else 1))

        tarfile.open(sdist, "w:gz").close()
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "check_dist.py", tmp_path], capture_output=True, text=True
    )
    assert done.returncode == 1
    told = {"absent": "holds []", "large": "at most 6000000", "untyped": "py.typed is missing"}
    assert told[fault] in done.stderr
