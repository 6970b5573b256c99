"""Where a command keeps what it found: a place tried beforehand, and another if that one fails."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from tula.cli.guard import complain
from tula.interrupts import leaves
from tula.world.files import STAGE, UnwritableFileError


def require_place(*directories: Path) -> None:
    """Refuse, before any solve, directories that cannot be made or written into."""
    for directory in directories:
        places = (directory, *directory.absolute().parents)
        nearest = next(place for place in places if place.exists() or place.is_symlink())
        if not nearest.is_dir():
            raise NotADirectoryError(
                errno.ENOTDIR, "not a directory; choose another place with --out", str(nearest)
            )
        try:
            tempfile.TemporaryDirectory(prefix=STAGE, dir=nearest).cleanup()
        except OSError as error:
            why = "cannot write into this directory; choose another with --out"
            raise OSError(error.errno, why, str(nearest)) from error


def kept(write: Callable[[Path], Path], directory: Path) -> Path | None:
    """Write into a directory or, if it takes nothing, into one for temporary files, and say so.

    Return what ``write`` does; None if there is no place at all.
    """
    leaves(f"{directory} holds what it held before, or the new results whole")
    try:
        path = write(directory)
    except UnwritableFileError as error:
        spare = _spare(write)
        complain(f"{error}; the results are {f'in {spare.parent}' if spare else 'told, not kept'}")
        leaves(f"the results are in {spare.parent}" if spare else "")
        return spare
    leaves(f"the results are in {directory}")
    return path


def _spare(write: Callable[[Path], Path]) -> Path | None:
    try:
        place = Path(tempfile.mkdtemp(prefix="tula-"))
    except OSError:
        return None
    try:
        return write(place)
    except UnwritableFileError:
        shutil.rmtree(place, ignore_errors=True)
        return None
