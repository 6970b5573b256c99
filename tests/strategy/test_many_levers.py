"""Tariff wars with many rates a player: they come to rest, wherever they start."""

from __future__ import annotations

import numpy as np
import pytest

from pure_trade import made_world
from tula.equilibrium import BalancedTrade
from tula.strategy.duty_game import Nash, nash
from tula.strategy.errors import UnfinishedSearchError
from tula.world.economy import Economy

GRAINS = ("partner", "sector", "cell")

pytestmark = pytest.mark.gradients


def _war(world: Economy, by: str, start: np.ndarray | float | None = None) -> Nash:
    return nash(world, "all", by=by, sectors="all", closure=BalancedTrade(), start=start)


def _at_rest(found: Nash) -> None:
    proof = found.proof
    assert proof.proven and proof.rounds <= 60
    assert 0.0 <= proof.largest_gain <= proof.gain_tolerance
    assert all(one.slope_norm <= proof.tolerance for one in proof.responses)
    assert all(one.curvature.bends_down for one in proof.responses)


@pytest.fixture(scope="module")
def world() -> Economy:
    return made_world(2, 4, 5)


@pytest.fixture(scope="module")
def first(world: Economy) -> Nash:
    return _war(world, "cell")


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.long) for n in (1, 2))])
def test_a_war_comes_to_rest_by_every_grain(seed: int) -> None:
    world = made_world(seed, 4, 5)
    for by in GRAINS:
        _at_rest(_war(world, by))


def test_a_war_that_starts_at_rest_stays_there(world: Economy, first: Nash) -> None:
    again = _war(world, "cell", np.concatenate(first.rates))
    assert again.proof.rounds == 1
    np.testing.assert_array_equal(np.concatenate(again.rates), np.concatenate(first.rates))


@pytest.mark.parametrize(
    "start",
    [
        "drawn",
        *(pytest.param(f"{end} bounds", marks=pytest.mark.slow) for end in ("lower", "upper")),
    ],
)
def test_a_war_by_cell_ends_alike_from_any_start(world: Economy, first: Nash, start: str) -> None:
    count = sum(len(rates) for rates in first.rates)
    drawn = np.random.default_rng(3).uniform(0.0, 2.0, count)
    other = _war(world, "cell", {"lower bounds": 0.0, "upper bounds": 2.0, "drawn": drawn}[start])
    _at_rest(other)
    np.testing.assert_allclose(other.real_income, first.real_income, atol=1e-4)
    np.testing.assert_allclose(np.concatenate(other.rates), np.concatenate(first.rates), atol=5e-3)


def test_the_best_point_is_told_where_rounds_run_out() -> None:
    with pytest.raises(UnfinishedSearchError, match=r"after 2 rounds . still has a scaled slope"):
        nash(made_world(0, 4, 5), "all", by="cell", sectors="all", rounds=2)


@pytest.mark.slow
@pytest.mark.parametrize("by", GRAINS)
@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 10))]
)
def test_wars_of_seven_regions_and_thirty_three_sectors_come_to_rest(seed: int, by: str) -> None:
    found = _war(made_world(seed, 7, 33), by)
    _at_rest(found)
    assert sum(len(rates) for rates in found.rates) == {"partner": 42, "sector": 231}.get(by, 1386)


@pytest.mark.long
@pytest.mark.parametrize("start", [0.0, 2.0])
def test_a_war_of_many_cells_ends_alike_from_its_bounds(start: float) -> None:
    world = made_world(0, 7, 33)
    first, other = _war(world, "cell"), _war(world, "cell", start)
    _at_rest(other)
    np.testing.assert_allclose(other.real_income, first.real_income, atol=1e-4)
