"""Ranges of inputs and what they do to results."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.stats import triang

from tula.numbers.quantity import Quantity
from tula.ties.quantity import spread


def test_quantiles_are_those_of_the_triangular_distribution() -> None:
    quantity = Quantity(value=2.0, low=1.0, high=5.0)
    uniform = np.linspace(0.01, 0.99, 25)
    expected = triang.ppf(uniform, (2.0 - 1.0) / 4.0, loc=1.0, scale=4.0)
    np.testing.assert_allclose(quantity.at(uniform), expected, rtol=1e-12)


def test_one_number_stands_for_an_exact_quantity() -> None:
    assert Quantity.model_validate(3) == Quantity(value=3.0, low=3.0, high=3.0)


@pytest.mark.parametrize("low, value, high", [(2, 1, 3), (1, 4, 3), (np.nan, 1, 2), (0, 1, np.inf)])
def test_a_range_out_of_order_is_refused(low: float, value: float, high: float) -> None:
    with pytest.raises(ValidationError, match="low <= value <= high"):
        Quantity(value=value, low=low, high=high)


def test_an_interval_of_a_sum_of_exact_numbers_is_a_point() -> None:
    exact = {"a": Quantity.model_validate(1.0), "b": Quantity.model_validate(2.0)}
    found = spread(lambda values: {"sum": values["a"] + values["b"]}, exact)
    assert found == {"sum": (3.0, 3.0, 3.0)}


def test_percentiles_of_one_input_are_its_own() -> None:
    quantity = Quantity(value=4.0, low=1.0, high=10.0)
    _, low, high = spread(lambda values: {"same": values["x"]}, {"x": quantity}, draws=4096)["same"]
    np.testing.assert_allclose([low, high], quantity.at(np.array([0.1, 0.9])), rtol=5e-3)


def test_the_same_seed_gives_the_same_interval() -> None:
    quantities = {"x": Quantity(value=4.0, low=1.0, high=10.0)}
    assert spread(dict, quantities, seed=3) == spread(dict, quantities, seed=3)
