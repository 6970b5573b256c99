"""``tula explore`` writes one page, or says in one sentence why it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

import factories
from command_line import plain, tula
from tula.world.store import save_world


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return save_world(factories.toy_economy(), tmp_path / "mine.nc")


def test_a_world_file_becomes_one_page(mine: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    result = tula("explore", mine, "--out", page)
    assert result.exit_code == 0
    assert "4 regions by 3 sectors" in plain(result)
    assert str(mine) in page.read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.nc", "page.html"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("icio-2042",), "unknown world 'icio-2042'"),
        (("icio-2024", "--as-of", "tomorrow"), "tomorrow"),
        (("icio-2024", "--as-of", "1999-01-01"), "1999"),
    ],
)
def test_what_cannot_be_used_writes_nothing(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    result = tula("explore", *words, "--out", page)
    assert result.exit_code == 2
    assert said in plain(result)
    assert not page.exists()


def test_a_world_whose_sectors_the_duties_do_not_know_has_no_duties_of_a_day(
    mine: Path, tmp_path: Path
) -> None:
    result = tula("explore", mine, "--as-of", "2026-03-01", "--out", tmp_path / "page.html")
    assert result.exit_code == 2
    assert not (tmp_path / "page.html").exists()
