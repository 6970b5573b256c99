"""Numbers that are not known exactly."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy.stats import triang, uniform

from tula.numbers.quantity import Growth, NotNegative, Positive, Quantity, Share, exact

DRAWS = np.linspace(0.01, 0.99, 25)


def test_quantiles_are_those_of_the_triangular_distribution() -> None:
    expected = triang.ppf(DRAWS, (2.0 - 1.0) / 4.0, loc=1.0, scale=4.0)
    found = Quantity(value=2.0, low=1.0, high=5.0).at(DRAWS)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_two_ends_alone_are_an_even_range_around_their_middle() -> None:
    found = Quantity.model_validate({"low": 1, "high": 5})
    assert (found.value, found.shape, found.text) == (3.0, "uniform", "3 (1 to 5)")
    np.testing.assert_allclose(found.at(DRAWS), uniform.ppf(DRAWS, loc=1.0, scale=4.0), rtol=1e-12)


def test_one_number_stands_for_an_exact_quantity() -> None:
    found = Quantity.model_validate(3)
    assert found == Quantity(value=3.0, low=3.0, high=3.0) == exact(3.0)
    assert (found.ranged, found.text) == (False, "3")
    np.testing.assert_array_equal(found.at(DRAWS), np.full(DRAWS.shape, 3.0))


@pytest.mark.parametrize("low, value, high", [(2, 1, 3), (1, 4, 3), (np.nan, 1, 2), (0, 1, np.inf)])
def test_a_range_out_of_order_is_refused(low: float, value: float, high: float) -> None:
    with pytest.raises(ValidationError, match="low <= value <= high"):
        Quantity(value=value, low=low, high=high)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("0.5", "must be a number, not '0.5'; write 0.5, without quotes"),
        ("many", "must be a number, not 'many'"),
        (True, "must be a number, not true"),
        ([1], "must be a number, not a list"),
        (None, "must be a number, not empty"),
    ],
)
def test_what_is_no_number_is_told_so(given: object, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Quantity.model_validate(given)


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        (Positive, {"value": 1, "low": 0, "high": 2}, "above zero over its whole range; low is 0"),
        (NotNegative, {"low": -1, "high": 2}, "zero or more over its whole range; low is -1"),
        (Share, 5, r"a share between 0 and 1 over its whole range \(5% is 0.05\); got 5"),
        (Growth, -1, r"a relative change above -1 \(-100%\); low is -1"),
    ],
)
def test_a_kind_of_number_holds_over_the_whole_range(kind: type, given: object, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        TypeAdapter(kind).validate_python(given)


@pytest.mark.parametrize("given", ["30%", {"value": "30%", "low": "10 %", "high": 0.5}])
def test_a_share_may_be_written_in_per_cent(given: object) -> None:
    assert TypeAdapter(Share).validate_python(given).value == pytest.approx(0.3)
    with pytest.raises(ValidationError, match="number"):
        TypeAdapter(NotNegative).validate_python(given)
