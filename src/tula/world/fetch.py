"""Where published tables are handed out, and fetching them whole and unchanged.

Offices publish no checksums. Those here were recorded by others from the addresses given; a table
without one is fetched, and its checksum told, so that the next fetch can be held against it.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tula.errors import TulaError, UnknownNameError
from tula.world.files import replacing

#: Seconds without an answer after which the network counts as absent.
PATIENCE = 30.0
_CHUNK = 1 << 20


class FetchError(TulaError):
    """A table could not be fetched, or is not the one expected. The message says how to get it by
    hand and what to check."""  # fmt: skip


class Published(NamedTuple):
    """A table at a provider: what it is, its page, and where it can be fetched directly (empty:
    only by hand), SHA-256 and size in bytes (empty and 0: not known), terms, and the import that
    reads it."""

    what: str
    page: str
    address: str
    sha256: str
    size: int
    terms: str
    read_by: str

    @property
    def file(self) -> str:
        """Name of the file."""
        return self.address.rpartition("/")[2]


_OECD = "https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html"
_OECD_FILES = "https://webfs-sti.oecd.org/files/STI-PIE/ICIO/2025"
_OECD_TERMS = "OECD terms and conditions; cite the OECD Inter-Country Input-Output tables"


def _oecd(years: str, sha256: str = "", size: int = 0) -> Published:
    address = f"{_OECD_FILES}/{years}_SML.zip"
    read = f"tula world import oecd-icio {years}_SML.zip mine.nc --vintage {years[-4:]}"
    what = f"OECD ICIO, 2025 edition, {years}"
    return Published(what, _OECD, address, sha256, size, _OECD_TERMS, read)


#: Tables by name.
PUBLISHED: Mapping[str, Published] = {
    "oecd-icio-2016-2022": _oecd(
        "2016-2022",
        "46db55c45747e26dde5c1716d072b2aa74ace362a4424491ac646d2ab175befb",
        166_241_019,
    ),
    "oecd-icio-2011-2015": _oecd("2011-2015"),
    "oecd-icio-2006-2010": _oecd("2006-2010"),
    "oecd-icio-2001-2005": _oecd("2001-2005"),
    "oecd-icio-1995-2000": _oecd("1995-2000"),
    "figaro": Published(
        "Eurostat, FIGARO inter-country input-output tables",
        "https://ec.europa.eu/eurostat/web/esa-supply-use-input-tables/database",
        "",
        "",
        0,
        "Eurostat's reuse policy: free with the source named",
        "tula world import figaro FILE.csv mine.nc --unit 'million EUR at 1.08'",
    ),
    "adb-mrio": Published(
        "Asian Development Bank, Multiregional Input-Output tables",
        "https://kidb.adb.org/mrio",
        "",
        "",
        0,
        "the Bank's terms of use",
        "tula world import adb-mrio FILE.xlsx mine.nc",
    ),
    "gtap": Published(
        "GTAP data base, flows (basedata.har)",
        "https://www.gtap.agecon.purdue.edu/databases/",
        "",
        "",
        0,
        "by licence of the Center for Global Trade Analysis",
        "tula world import gtap basedata.har mine.nc",
    ),
}


def published(name: str) -> Published:
    """Return a table by its name. Raises ``UnknownNameError``."""
    if name not in PUBLISHED:
        raise UnknownNameError("published table", name, PUBLISHED)
    return PUBLISHED[name]


def explain(name: str) -> tuple[str, ...]:
    """Say what a table is, where it is, how to check it and what reads it."""
    table = published(name)
    at = table.address or f"by hand from {table.page}"
    size = f" ({table.size:,} bytes)" if table.size else ""
    check = (
        table.sha256 or "none is known; it is told after fetching (--checksum holds the next one)"
    )
    lines = [f"{name}: {table.what}", f"Address: {at}{size}"]
    lines += [f"Page: {table.page}"] if table.address else []
    return (*lines, f"SHA-256: {check}", f"Terms: {table.terms}", f"Read it: {table.read_by}")


def fetch(name: str, folder: Path, checksum: str = "") -> tuple[Path, str]:
    """Fetch a table into a folder, check it, and return its path and SHA-256.

    A file that is there already is checked and not fetched again. ``checksum`` takes the place of
    the one that is known. Raises ``UnknownNameError``, ``FetchError``, ``UnwritableFileError``.
    """
    table = published(name)
    if not table.address:
        raise FetchError(f"{name} can only be had by hand: {'; '.join(explain(name)[1:])}")
    target, wanted = folder / table.file, checksum.strip().casefold() or table.sha256
    if target.is_file():
        return target, _checked(target, wanted, name)
    with replacing(target) as temporary:
        _download(name, table, temporary)
        found = _checked(temporary, wanted, name)
    return target, found


def _download(name: str, table: Published, target: Path) -> None:
    request = Request(table.address, headers={"User-Agent": "Mozilla/5.0 (tula)"})
    try:
        with urlopen(request, timeout=PATIENCE) as answer, target.open("wb") as file:
            shutil.copyfileobj(answer, file, _CHUNK)
    except (URLError, HTTPException, TimeoutError, ConnectionError) as error:
        why = f"the provider answers {error.code}" if isinstance(error, HTTPError) else "no network"
        told = str(getattr(error, "reason", error))
        check = f", hold it against SHA-256 {table.sha256}" if table.sha256 else ""
        raise FetchError(
            f"{name}: {why} ({told}). Fetch {table.address} with a browser{check}, then: "
            f"{table.read_by}"
        ) from error


def _checked(path: Path, wanted: str, name: str) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_CHUNK):
            digest.update(block)
    found = digest.hexdigest()
    if wanted and found != wanted:
        raise FetchError(
            f"{name}: {path.name} has SHA-256 {found}, expected {wanted}: it is broken or was "
            f"replaced by its provider; if you find it good, --checksum {found} takes it"
        )
    return found
