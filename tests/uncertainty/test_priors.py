"""Quantiles of priors, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats

from tula.numbers.quantity import Quantity
from tula.uncertainty.priors import Prior, UnitIntervalError

INSIDE = np.linspace(0.01, 0.99, 25)


def _prior(**given: Any) -> Prior:
    return Prior(**{"name": "x", "value": 2.0, "low": 1.0, "high": 5.0, **given})


def test_a_triangular_prior_is_the_quantity_of_the_same_numbers() -> None:
    quantity = Quantity(value=2.0, low=1.0, high=5.0)
    np.testing.assert_array_equal(Prior.of("x", quantity).at(INSIDE), quantity.at(INSIDE))


def test_a_uniform_prior_has_the_quantiles_of_the_uniform_distribution() -> None:
    expected = stats.uniform.ppf(INSIDE, loc=1.0, scale=4.0)
    np.testing.assert_allclose(_prior(shape="uniform").at(INSIDE), expected, rtol=1e-12)


def test_a_beta_prior_is_stretched_between_its_ends() -> None:
    found = _prior(shape="beta", alpha=2.0, beta=6.0).at(INSIDE)
    expected = stats.beta.ppf(INSIDE, 2.0, 6.0, loc=1.0, scale=4.0)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_a_spread_meets_its_three_percentiles() -> None:
    found = _prior(shape="spread").at(np.array([0.1, 0.5, 0.9]))
    np.testing.assert_allclose(found, [1.0, 2.0, 5.0], rtol=1e-12)


def test_an_even_spread_is_a_normal_distribution() -> None:
    even = _prior(value=3.0, shape="spread")
    expected = stats.norm.ppf(INSIDE, loc=3.0, scale=2.0 / stats.norm.ppf(0.9))
    np.testing.assert_allclose(even.at(INSIDE), expected, rtol=1e-12)


def test_a_one_sided_spread_never_leaves_the_median_on_the_other_side() -> None:
    found = _prior(low=2.0, shape="spread").at(np.array([0.0, 0.2, 0.5, 0.9]))
    np.testing.assert_allclose(found, [2.0, 2.0, 2.0, 5.0], rtol=1e-12)


@pytest.mark.parametrize("shape", ["triangular", "uniform", "spread", "beta"])
def test_quantiles_rise_with_the_uniform_number(shape: str) -> None:
    parameters = {"alpha": 2.0, "beta": 6.0} if shape == "beta" else {}
    assert (np.diff(_prior(shape=shape, **parameters).at(INSIDE)) > 0.0).all()


def test_draws_beyond_floor_and_ceiling_are_moved_to_them() -> None:
    clipped = _prior(shape="spread", floor=0.5, ceiling=6.0)
    found = clipped.at(np.array([0.0, 1e-6, 0.9, 1.0]))
    np.testing.assert_allclose(found, [0.5, 0.5, 5.0, 6.0], rtol=1e-12)


@pytest.mark.parametrize("shape", ["triangular", "uniform", "spread"])
def test_an_exact_number_is_drawn_as_itself(shape: str) -> None:
    exact = _prior(low=2.0, high=2.0, shape=shape)
    np.testing.assert_array_equal(exact.at(np.array([0.0, 0.3, 1.0])), 2.0)


@pytest.mark.parametrize("uniform", [-0.1, 1.1, np.nan])
def test_a_quantile_outside_zero_to_one_is_refused(uniform: float) -> None:
    with pytest.raises(UnitIntervalError, match="x: quantiles lie between 0 and 1"):
        _prior().at(np.array([0.5, uniform]))


@pytest.mark.parametrize("low, high", [(3.0, 5.0), (0.0, 1.0), (np.nan, 3.0), (0.0, np.inf)])
def test_a_range_out_of_order_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValidationError, match="low <= value <= high"):
        _prior(low=low, high=high)


def test_all_problems_of_a_prior_are_told_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        _prior(low=3.0, shape="beta", alpha=2.0, floor=2.5)
    text = str(caught.value)
    assert all(part in text for part in ("x: expected low", "alpha and beta above", "floor <="))


@pytest.mark.parametrize("bounds", [{"floor": 2.5}, {"ceiling": 1.5}, {"floor": np.nan}])
def test_a_central_value_beyond_floor_or_ceiling_is_refused(bounds: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="floor <= value <= ceiling"):
        _prior(shape="spread", **bounds)


def test_parameters_of_a_beta_on_another_shape_are_refused() -> None:
    with pytest.raises(ValidationError, match="belong to shape 'beta', not 'uniform'"):
        _prior(shape="uniform", alpha=1.0, beta=1.0)


@pytest.mark.parametrize("given", [{"shape": "normal"}, {"mean": 2.0}, {"name": ""}])
def test_unknown_shapes_and_keys_and_empty_names_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _prior(**given)
