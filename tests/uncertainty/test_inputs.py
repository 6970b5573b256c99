"""Elasticities and base tables as they are drawn."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

import factories
import tula as tl
from tula.uncertainty.draws import saltelli
from tula.uncertainty.inputs import (
    ELASTICITIES,
    MEASURED,
    TABLE,
    drawn_elasticities,
    drawn_table,
    factors,
    table_error,
)
from tula.world.economy import Economy

REFERENCE = os.environ.get("TULA_REFERENCE_DATA", "")


@pytest.fixture(scope="module")
def world() -> Economy:
    return tl.load_world("icio-2024")


def abroad(world: Economy) -> np.ndarray:
    return ~np.eye(len(world.regions), dtype=bool)


def test_a_drawn_table_keeps_every_account(world: Economy) -> None:
    drawn = drawn_table(world, 0.25)
    np.testing.assert_allclose(drawn.output, world.output, rtol=1e-12)
    for name, axes in (("intermediate", (0, 1)), ("final", (0, 1))):
        old, new = (getattr(one, name).sum(axis=axes) for one in (world, drawn))
        np.testing.assert_allclose(new, old, rtol=1e-5, atol=1e-2)
    tl.calibrate(drawn)
    assert {found.check for found in tl.check_economy(drawn)} <= {
        found.check for found in tl.check_economy(world)
    }


def test_a_drawn_table_is_off_by_what_was_measured_and_pairs_by_less(world: Economy) -> None:
    """Errors by cell alone give the error by pair that was measured, 4.7 to 6.1%."""
    drawn, off = drawn_table(world, 0.25), abroad(world)
    gap = np.abs(drawn.trade - world.trade) * off
    by_sector = gap.sum(axis=(1, 2)) / (world.trade * off).sum(axis=(1, 2))
    told = np.array([MEASURED[code] for code in world.sectors])
    assert np.abs(by_sector / told - 1.0).mean() < 0.2
    pairs = np.abs((drawn.trade - world.trade).sum(axis=0) * off).sum()
    assert 0.03 < pairs / (world.trade * off).sum() < 0.08


def test_a_draw_is_named_by_its_number(world: Economy) -> None:
    first, again, other = (drawn_table(world, draw).final for draw in (0.5, 0.5, 0.51))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 1.0


def test_without_error_the_table_stays(world: Economy) -> None:
    drawn = drawn_table(world, 0.5, dict.fromkeys(world.sectors, 0.0))
    np.testing.assert_allclose(drawn.trade, world.trade, rtol=1e-6, atol=1e-4)


def test_elasticities_at_the_centre_of_their_draw_are_the_worlds_own(world: Economy) -> None:
    drawn = drawn_elasticities(world, np.zeros(1 + len(world.sectors)))
    np.testing.assert_allclose(drawn.trade_elasticity, world.trade_elasticity)


def test_elasticities_are_drawn_about_as_widely_as_sets_differ(world: Economy) -> None:
    design = saltelli(factors(world), 64, seed=1)
    width = 1 + len(world.sectors)
    sigma = np.stack(
        [1.0 + drawn_elasticities(world, row[:width]).trade_elasticity for row in design.values]
    )
    low, high = np.percentile(np.log(sigma / (1.0 + world.trade_elasticity)), (10, 90), axis=0)
    assert ((high - low) > 0.4).all()
    assert ((high - low) < 1.8).all()
    assert (sigma > 1.0).all()


def test_the_table_of_somebody_else_is_exact_unless_its_error_is_told() -> None:
    toy = factories.toy_economy()
    assert [one.name for one in factors(toy)] == [ELASTICITIES]
    assert not any(table_error(toy).values())
    told = factors(toy, dict.fromkeys(toy.sectors, 0.1))
    assert [one.name for one in told] == [ELASTICITIES, TABLE]


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCE, reason="TULA_REFERENCE_DATA is not set")
def test_the_error_of_the_table_is_that_against_the_official_one() -> None:
    world = tl.load_world("icio-2022")
    exact = np.load(Path(REFERENCE) / "icio2022_33x25.npz", allow_pickle=True)
    regions, sectors = len(world.regions), len(world.sectors)
    sold = exact["Z"].reshape(regions, sectors, regions, sectors).sum(axis=3)
    trade = (sold + exact["F"].reshape(regions, sectors, regions)).transpose(1, 2, 0)
    off = abroad(world)
    found = (np.abs(world.trade - trade) * off).sum(axis=(1, 2)) / (trade * off).sum(axis=(1, 2))
    for code, value in zip(world.sectors, found, strict=True):
        assert MEASURED[code] == pytest.approx(value, abs=6e-4)
