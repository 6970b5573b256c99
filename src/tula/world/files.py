"""Files that are either whole or absent, alone or as a set."""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from weakref import finalize

from tula.errors import TulaError
from tula.interrupts import temporary, undisturbed

try:
    import fcntl
except ImportError:  # pragma: no cover  (no such locks there: nothing is swept)
    fcntl = None  # type: ignore[assignment]

#: How the names of folders begin in which files are made complete before they are moved.
STAGE = ".tula-part-"
#: What may stand in the place of a file.
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
)
_STAGES = re.compile(re.escape(STAGE) + r"\w{8}")


class MissingFileError(TulaError):
    """There is no file at this place, or something that is none. Name a file."""


class UnwritableFileError(TulaError):
    """The file cannot be written. Check that its folder exists, is writable and has room."""


def write_whole(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write a file, text as UTF-8, and return its path; what stood there survives a failure.

    Raises ``UnwritableFileError``.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(_bytes(content))
    return Path(path)


def write_together(folder: Path, contents: Mapping[str, str | bytes]) -> Path:
    """Write a set of files, as ``staged`` does, into a folder made when absent; return the folder.

    Raises ``UnwritableFileError``.
    """
    with staged(made(folder), tuple(contents)) as stage:
        for name, content in contents.items():
            (stage / name).write_bytes(_bytes(content))
    return folder


def made(folder: Path) -> Path:
    """Return a folder, made when absent. Raises ``UnwritableFileError``."""
    with _unwritable(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path; move what is written there to ``path`` when the block ends well.

    An error inside the block leaves whatever stood at ``path`` untouched. Raises
    ``UnwritableFileError``.
    """
    target = Path(path)
    with staged(target.parent, (target.name,)) as stage:
        (stage / target.name).touch()
        yield stage / target.name


@contextmanager
def staged(folder: Path, names: Sequence[str]) -> Iterator[Path]:
    """Yield a private folder whose files move into ``folder`` when the block ends well.

    ``names`` are one set. They move in this order, those that were not made are removed, and no
    other set comes between, nor Ctrl-C or SIGTERM in a command. A process killed meanwhile leaves
    the last of them as it was. What killed processes left is swept first. Raises
    ``UnwritableFileError``.
    """
    with _unwritable(folder / names[0] if len(names) == 1 else folder):
        _sweep(folder)
        with _private(folder) as stage:
            yield stage
            for file in stage.iterdir():
                _flush(file)
            with _alone(folder), undisturbed:
                _move(stage, folder, names)


def existing(path: str | os.PathLike[str]) -> Path:
    """Return the path of a file that is there; raise ``MissingFileError`` otherwise."""
    place = Path(path)
    try:
        mode = place.stat().st_mode
    except (OSError, ValueError) as error:
        absent = isinstance(error, FileNotFoundError)
        why = "no such file" if absent else getattr(error, "strerror", None) or error
        raise MissingFileError(f"{place}: {why}") from error
    if not stat.S_ISREG(mode):
        kind = next((name for is_kind, name in _KINDS if is_kind(mode)), "a device")
        raise MissingFileError(f"{place}: {kind}, not a file")
    return place


def stands(path: str | os.PathLike[str]) -> bool:
    """Tell whether anything is at a place; of what can be no path, that nothing is."""
    try:
        return Path(path).exists()
    except OSError:
        return False


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _move(stage: Path, folder: Path, names: Sequence[str]) -> None:
    blocked = next((folder / name for name in names if (folder / name).is_dir()), None)
    if blocked is not None:
        raise IsADirectoryError(errno.EISDIR, f"{blocked.name} is a folder there")
    for name in names:
        if (stage / name).exists():
            (stage / name).replace(folder / name)
        else:
            (folder / name).unlink(missing_ok=True)


@contextmanager
def _unwritable(place: Path) -> Iterator[None]:
    """Tell trouble with files inside the block as an ``UnwritableFileError`` about a place."""
    try:
        yield
    except (OSError, UnwritableFileError) as error:
        cause = error if isinstance(error, OSError) else error.__cause__
        why = getattr(cause, "strerror", None) or cause
        raise UnwritableFileError(f"cannot write {place}: {why}") from cause


class Scratch(tempfile.TemporaryDirectory[str]):
    """A folder for a while, as its base; it goes too where a command is interrupted."""

    def __init__(self) -> None:
        super().__init__(prefix="tula-", ignore_cleanup_errors=True)
        self.path = Path(self.name)
        temporary.add(self.path)
        finalize(self, temporary.discard, self.path)


@contextmanager
def _private(folder: Path) -> Iterator[Path]:
    """Make a folder that is this process's for as long as it lives, and remove it in the end."""
    while True:
        stage = Path(tempfile.mkdtemp(prefix=STAGE, dir=folder))
        with _held(stage):
            if not stage.is_dir():
                continue  # swept by another process before it was held
            temporary.add(stage)
            try:
                yield stage
            finally:
                shutil.rmtree(stage, ignore_errors=True)
                temporary.discard(stage)
            return


def _sweep(folder: Path) -> None:
    """Remove what killed processes left; a folder that is held belongs to a living one."""
    for place in folder.iterdir():
        if _STAGES.fullmatch(place.name) and place.is_dir() and not place.is_symlink():
            with _held(place, wait=False) as free:
                if free:
                    shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _held(folder: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold a folder's lock, if it can be had; the system lets go of it when the process ends."""
    if fcntl is None:
        yield False
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        yield False
        return
    try:
        yield _locked(descriptor, wait)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, wait: bool) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def _alone(folder: Path) -> AbstractContextManager[object]:
    """Let one set at a time move into a folder; a private folder is held already."""
    return nullcontext() if _STAGES.fullmatch(folder.name) else _held(folder)


def _flush(file: Path) -> None:
    """Bring a file to the disk, so that one that is there is whole after a power cut too."""
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
