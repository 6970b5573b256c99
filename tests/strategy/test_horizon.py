"""Elasticities by horizon: from impact to the long run, on sigma and not on theta."""

from __future__ import annotations

import numpy as np
import pytest

from tula.equilibrium import calibrate
from tula.strategy.horizon import HorizonError, at_horizon, sigma_at
from tula.world.economy import Economy


@pytest.mark.parametrize(("years", "sigma"), [(0.0, 0.76), (0.5, 0.93), (1.0, 1.07), (5.0, 1.70)])
def test_sigma_grows_from_impact_towards_two(years: float, sigma: float) -> None:
    assert sigma_at(2.0, years) == pytest.approx(sigma, abs=6e-3)


def test_a_world_at_a_far_horizon_is_the_world_itself(toy_economy: Economy) -> None:
    far = at_horizon(toy_economy, 1000.0)
    np.testing.assert_allclose(far.trade_elasticity, toy_economy.trade_elasticity, rtol=1e-12)


def test_the_formula_moves_sigma_and_the_source_says_so(toy_economy: Economy) -> None:
    near = at_horizon(calibrate(toy_economy), 2.0, short_run=0.76, adjustment_years=3.5)
    long_run = toy_economy.trade_elasticity + 1.0
    expected = long_run - (long_run - 0.76) * np.exp(-2.0 / 3.5) - 1.0
    np.testing.assert_allclose(near.trade_elasticity, expected, rtol=1e-12)
    assert near.elasticity_source.startswith(toy_economy.elasticity_source)
    assert "horizon 2 (years)" in near.elasticity_source


def test_the_long_run_may_be_one_sigma_for_every_sector(toy_economy: Economy) -> None:
    near = at_horizon(toy_economy, 5.0, long_run=2.0)
    np.testing.assert_allclose(near.trade_elasticity + 1.0, sigma_at(2.0, 5.0), rtol=1e-12)
    assert near.elasticity_source.startswith("sigma 2 in the long run; horizon 5")


def test_a_sector_less_elastic_in_the_long_run_than_on_impact_keeps_its_value(
    toy_economy: Economy,
) -> None:
    stiff = toy_economy.with_elasticity(np.array([-0.5, 3.0, 3.0]), "chosen for tests")
    assert at_horizon(stiff, 1.0).trade_elasticity[0] == -0.5


@pytest.mark.parametrize("wrong", [{"years": -1.0}, {"years": 1.0, "adjustment_years": 0.0}])
def test_a_horizon_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(HorizonError, match="years at or above 0"):
        sigma_at(2.0, **wrong)
