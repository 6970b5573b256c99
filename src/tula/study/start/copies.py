"""A study that comes with Tula, copied with its evidence under a name of its own."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tula.errors import TulaError
from tula.study.load import STUDY_FILE
from tula.study.sources import BACKTEST_FILE

EVIDENCE_FILE = "evidence.yaml"
#: Names that YAML reads as text; as in ``explore/script/study.js``.
PLAIN = re.compile(r"(?!(null|true|false|yes|no|on|off|y|n)$)[a-z].*", re.IGNORECASE)


class TakenFolderError(TulaError):
    """A folder holds a study already. Choose another name, or move that study away."""


def taken(folder: Path) -> None:
    """Raise ``TakenFolderError`` where a folder holds anything of a study already."""
    for name in (STUDY_FILE, EVIDENCE_FILE, BACKTEST_FILE):
        if (folder / name).exists():
            raise TakenFolderError(f"{folder / name} is there already: choose another name")


def copies(source: Path, name: str) -> dict[str, bytes]:
    """Return the files of a study, by name, as they are but for the study's id."""
    files = {one.name: one.read_bytes() for one in sorted(source.parent.glob("*.yaml"))}
    text = files[source.name].decode("utf-8")
    files.pop(source.name)
    return {
        STUDY_FILE: re.sub(r"(?m)^id:.*$", f"id: {scalar(name)}", text, count=1).encode(),
        **files,
    }


def scalar(text: str) -> str:
    """Return a name as a file may have it: in quotes where YAML might read no text."""
    return text if PLAIN.fullmatch(text) else json.dumps(text)
