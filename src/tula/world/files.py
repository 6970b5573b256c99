"""Files that are either whole or absent."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tula.errors import TulaError


class MissingFileError(TulaError):
    """There is no file at this place. Check the path."""


class UnwritableFileError(TulaError):
    """The file cannot be written. Check that its folder exists, is writable and has room."""


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; move it there when the block ends without error.

    An error inside the block leaves whatever stood at ``path`` untouched. Raises
    ``UnwritableFileError``.
    """
    target = Path(path)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        os.close(handle)
    except OSError as error:
        raise UnwritableFileError(f"cannot write {target}: {error.strerror or error}") from error
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except OSError as error:
        raise UnwritableFileError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)


def existing(path: str | os.PathLike[str]) -> Path:
    """Return the path of a file that is there; raise ``MissingFileError`` otherwise."""
    place = Path(path)
    if not place.is_file():
        kind = "a folder, not a file" if place.is_dir() else "no such file"
        raise MissingFileError(f"{place}: {kind}")
    return place


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
