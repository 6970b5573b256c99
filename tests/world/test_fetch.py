"""Fetching published tables: checked when there, explained when not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tula.errors import UnknownNameError
from tula.world import fetch as module
from tula.world.fetch import PUBLISHED, FetchError, explain, fetch, published

GOOD = b"a table"
DIGEST = hashlib.sha256(GOOD).hexdigest()


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table at an address of this machine."""
    source = tmp_path / "offered.zip"
    source.write_bytes(GOOD)
    table = PUBLISHED["oecd-icio-2016-2022"]._replace(address=source.as_uri(), sha256=DIGEST)
    monkeypatch.setattr(module, "PUBLISHED", {"mine": table})
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


def test_a_table_is_fetched_and_checked_once(offered: Path) -> None:
    path, found = fetch("mine", offered)
    assert path.read_bytes() == GOOD and found == DIGEST
    (offered.parent / "offered.zip").unlink()
    assert fetch("mine", offered) == (path, DIGEST)


def test_a_table_that_was_changed_is_refused_and_not_kept(offered: Path) -> None:
    (offered.parent / "offered.zip").write_bytes(b"another")
    with pytest.raises(FetchError, match=f"expected {DIGEST}.*--checksum"):
        fetch("mine", offered)
    assert not list(offered.iterdir())
    other = hashlib.sha256(b"another").hexdigest()
    assert fetch("mine", offered, checksum=other)[1] == other


def test_without_a_network_it_says_what_to_do(offered: Path) -> None:
    (offered.parent / "offered.zip").unlink()
    with pytest.raises(
        FetchError, match=f"with a browser, hold it against SHA-256 {DIGEST}, then: tula"
    ):
        fetch("mine", offered)
    assert not list(offered.iterdir())


def test_what_only_people_can_get_is_explained(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"by hand.*https://kidb.adb.org/mrio.*import adb-mrio"):
        fetch("adb-mrio", tmp_path)
    with pytest.raises(UnknownNameError, match="did you mean 'figaro'"):
        published("figaroo")


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_table_names_address_checksum_and_reader(name: str) -> None:
    told = "\n".join(explain(name))
    for part in ("https://", "SHA-256: ", "Terms: ", "Read it: tula world import "):
        assert part in told
