"""Zip archives of tables, as statistical offices hand them out: one file of them, unpacked."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tula.errors import TulaError
from tula.world.files import Scratch

#: Kinds of file inside an archive that may be a table.
TABLES = (".csv", ".xlsx")


class ArchiveError(TulaError):
    """A zip archive holds no table, several of them, or cannot be unpacked. Say which year is
    meant (vintage), or unpack it and name the file."""  # fmt: skip


@contextmanager
def opened(path: Path, year: str) -> Iterator[tuple[Path, str]]:
    """Yield a file and what to call it; of a zip archive, the table whose name holds the year.

    Raises ``ArchiveError``.
    """
    if path.suffix.casefold() != ".zip":
        yield path, str(path)
        return
    with Scratch() as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                name = _member(path, archive.namelist(), year)
                inside = Path(folder) / Path(name).name
                with archive.open(name) as packed, inside.open("wb") as plain:
                    shutil.copyfileobj(packed, plain)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise ArchiveError(f"{path}: cannot be unpacked ({error}); fetch it again") from error
        yield inside, f"{path}/{name}"


def _member(path: Path, names: Sequence[str], year: str) -> str:
    tables = [
        one
        for one in names
        if one.casefold().endswith(TABLES) and not Path(one).name.startswith(("._", "~$"))
    ]
    if not tables:
        raise ArchiveError(f"{path}: holds no table ({' or '.join(TABLES)})")
    meant = [one for one in tables if year and year in Path(one).name] or tables
    if len(meant) == 1 and (len(tables) == 1 or meant != tables):
        return meant[0]
    held = ", ".join(sorted(tables)[:12])
    raise ArchiveError(
        f"{path}: holds {len(tables)} tables; say which year is meant, --vintage 2022 "
        f"(vintage in Python), among {held}"
    )
