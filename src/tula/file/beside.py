"""What a file names under a key: another file beside it, or something known by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tula.errors import TulaError
from tula.file.document import Document
from tula.file.problems import InvalidFileError, Problem
from tula.world.files import MissingFileError, stands

Found = TypeVar("Found")


def read_beside(
    document: Document, key: str, read: Callable[[str | Path], Found], default: str = ""
) -> tuple[Found | None, list[Problem]]:
    """Return what ``read`` makes of the name under a key, or None and why it cannot be had.

    ``read`` is given the path of what stands beside the document, or else the name as it is; of a
    key that is left out, the ``default``. For what is no text nothing is told: its type is wrong.
    """
    name = document.content.get(key, default) if isinstance(document.content, dict) else default
    if not isinstance(name, str):
        return None, []
    beside = Path(document.file).parent / name
    place = beside if name and stands(beside) else name
    try:
        return read(place), []
    except InvalidFileError as error:
        return None, list(error.problems)
    except MissingFileError as error:
        why = str(error.args[0]).removeprefix(f"{place}: ")
        return None, [Problem(document.place((key,)), f"the file under {key}, {name!r}: {why}")]
    except TulaError as error:
        return None, [Problem(document.place((key,)), str(error))]
