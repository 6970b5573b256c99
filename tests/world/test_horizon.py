"""Elasticities by horizon are formed in sigma and handed over as theta, with their source."""

from __future__ import annotations

from typing import Any

import jaxtyping
import numpy as np
import pytest

from factories import toy_economy
from tula.world.horizon import HorizonError, at_horizon, sigma_at


@pytest.mark.parametrize(("years", "sigma"), [(0.5, 0.93), (1.0, 1.07), (5.0, 1.70)])
def test_the_path_to_a_long_run_of_two_is_that_of_the_field(years: float, sigma: float) -> None:
    assert float(sigma_at(years, 2.0)) == pytest.approx(sigma, abs=0.005)


def test_the_path_starts_in_the_short_run_and_ends_in_the_long_run() -> None:
    long = np.array([2.0, 6.0])
    np.testing.assert_allclose(sigma_at(0.0, long), 0.76)
    np.testing.assert_allclose(sigma_at(float("inf"), long), long)


def test_the_path_only_rises() -> None:
    path = [float(sigma_at(years, 5.0)) for years in (0, 0.25, 1, 3, 10, 30)]
    assert path == sorted(path)
    assert len(set(path)) == len(path)


def test_a_slower_pace_is_a_lower_elasticity() -> None:
    assert sigma_at(1.0, 2.0, adjustment_years=4.3) < sigma_at(1.0, 2.0, adjustment_years=2.3)


def test_an_economy_holds_theta_and_never_sigma() -> None:
    world = toy_economy()
    theta = at_horizon(world, 1.0).trade_elasticity
    np.testing.assert_allclose(theta, sigma_at(1.0, world.trade_elasticity + 1.0) - 1.0)


def test_the_long_run_of_the_set_gives_the_set_back() -> None:
    world = toy_economy()
    far = at_horizon(world, float("inf"))
    np.testing.assert_allclose(far.trade_elasticity, world.trade_elasticity)


def test_one_sigma_for_the_long_run_holds_for_every_sector() -> None:
    theta = at_horizon(toy_economy(), 5.0, long_run=2.0).trade_elasticity
    np.testing.assert_allclose(theta, 0.70, atol=0.005)


def test_theta_falls_below_zero_within_the_first_months() -> None:
    assert (at_horizon(toy_economy(), 0.5, long_run=2.0).trade_elasticity < 0.0).all()


def test_the_source_says_horizon_path_and_result() -> None:
    world = toy_economy()
    source = at_horizon(world, 0.5, long_run=2.0).elasticity_source
    assert source.startswith(world.elasticity_source)
    for stated in ("0.5 years", "0.76 (Boehm", "2 in the long run", "theta = sigma - 1 is -0.0749"):
        assert stated in source
    assert "0.9 (as given)" in at_horizon(world, 1.0, sigma_short=0.9).elasticity_source
    assert "at a horizon of 1 year:" in at_horizon(world, 1.0).elasticity_source


def test_a_horizon_is_applied_once() -> None:
    once = at_horizon(toy_economy(), 1.0)
    with pytest.raises(HorizonError, match="already"):
        at_horizon(once, 1.0)
    fresh = once.with_elasticity(toy_economy().trade_elasticity, "own values")
    assert at_horizon(fresh, 1.0).elasticity_source.startswith("own values; at a horizon")


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"years": -1.0}, "years must be zero or more"),
        ({"years": float("nan")}, "years must be zero or more"),
        ({"sigma_short": 0.0}, "sigma_short must be above zero"),
        ({"sigma_short": float("nan")}, "sigma_short must be above zero"),
        ({"adjustment_years": 0.0}, "adjustment_years must be above zero"),
        ({"long_run": 0.5}, "sigma 0.5 against 0.76"),
    ],
)
def test_impossible_numbers_are_refused(options: dict[str, Any], hint: str) -> None:
    given = {"years": 1.0, **options}
    with pytest.raises(HorizonError, match=hint):
        at_horizon(toy_economy(), **given)


def test_an_unknown_long_run_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(HorizonError, match="give 'set' or a sigma"):
        at_horizon(toy_economy(), 1.0, long_run="long")  # type: ignore[arg-type]


def test_all_wrong_numbers_are_told_at_once() -> None:
    with pytest.raises(HorizonError, match=r"years .*; adjustment_years"):
        sigma_at(-1.0, 2.0, adjustment_years=-1.0)
