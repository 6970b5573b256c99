"""What the page is made of, before any browser opens it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import factories
from tula.explore import WorldTooLargeError, write_explorer
from tula.explore.page import MOST_BYTES, render, spoken_names
from tula.world.economy import Economy
from tula.world.labels import Labels
from tula.world.store import load_world


def test_the_same_world_gives_the_same_page_and_nothing_in_it_loads(
    toy_economy: Economy,
) -> None:
    page = render(toy_economy, world="toy.nc")
    assert page == render(toy_economy, world="toy.nc")
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "default-src 'none'" in page


def test_the_page_of_the_embedded_world_is_well_below_the_limit() -> None:
    assert len(render(load_world("icio-2024"), world="icio-2024").encode()) < MOST_BYTES / 2


@pytest.mark.slow
def test_a_world_of_81_regions_by_50_sectors_fits() -> None:
    page = render(load_world("icio-2022-full"), world="icio-2022-full")
    assert len(page.encode()) < MOST_BYTES
    assert "Cambodia" in page


def test_a_world_that_is_too_large_is_told_which_groups_to_merge(tmp_path: Path) -> None:
    regions = tuple(f"R{n}" for n in range(90))
    labels = Labels(regions, ("A", "B"), region_groups={"UNION": regions[:12], "PART": regions[:3]})
    economy = factories.make_economy(90, 2, 1, regions=regions, sectors=("A", "B"))
    object.__setattr__(economy, "labels", labels)
    path = tmp_path / "page.html"
    with pytest.raises(WorldTooLargeError, match=r"90 regions, at most 81: merge UNION \(12\)"):
        write_explorer(economy, path, world="large.nc")
    assert not path.exists()


def test_countries_that_a_world_does_not_name_are_named_as_people_write_them() -> None:
    labels = Labels(("KHM", "USA", "X9"), ("A",), region_names={"USA": "United States"})
    assert spoken_names(labels) == {"KHM": "Cambodia", "USA": "United States", "X9": "X9"}
