"""Rationing: the exact CES loss, its limits, and how wrong the second order is."""

from __future__ import annotations

import numpy as np
import pytest

from tula.metrics.rationing import (
    ShortageError,
    rationing_loss,
    rationing_loss_second_order,
    remaining_supply,
)


def test_a_third_less_of_an_essential_input_costs_far_more_than_the_second_order_says() -> None:
    assert float(rationing_loss(0.032, 0.64, 0.05)) == pytest.approx(-0.266, abs=1e-3)
    assert float(rationing_loss_second_order(0.032, 0.64, 0.05)) == pytest.approx(-0.073, abs=5e-4)


@pytest.mark.parametrize("sigma", [0.05, 0.5, 0.9, 1.5, 4.0])
def test_the_loss_is_that_of_a_ces_producer_whose_other_inputs_stand_still(sigma: float) -> None:
    share, kept = 0.2, 0.5
    rho = (sigma - 1.0) / sigma
    output = ((1.0 - share) + share * kept**rho) ** (1.0 / rho)
    assert float(rationing_loss(share, kept, sigma)) == pytest.approx(np.log(output), rel=1e-12)


def test_the_cobb_douglas_case_is_the_limit_from_both_sides() -> None:
    at_one = float(rationing_loss(0.1, 0.5, 1.0))
    assert at_one == pytest.approx(0.1 * np.log(0.5))
    for near in (1.0 - 1e-7, 1.0 + 1e-7):
        assert float(rationing_loss(0.1, 0.5, near)) == pytest.approx(at_one, rel=1e-6)


def test_an_essential_input_that_is_gone_stops_output_and_another_does_not() -> None:
    assert float(rationing_loss(0.1, 0.0, 0.5)) == -np.inf
    assert float(rationing_loss(0.1, 0.0, 1.0)) == -np.inf
    assert float(rationing_loss(0.1, 0.0, 3.0)) == pytest.approx(1.5 * np.log(0.9))
    assert float(rationing_loss(0.0, 0.0, 0.5)) == 0.0


def test_small_cuts_agree_to_second_order() -> None:
    kept = np.array([0.99, 0.98])
    error = np.abs(rationing_loss(0.1, kept, 0.5) - rationing_loss_second_order(0.1, kept, 0.5))
    assert error[1] / error[0] == pytest.approx(8.0, rel=0.1)


def test_what_remains_counts_replacement_and_stocks_up_to_the_whole() -> None:
    assert float(remaining_supply(0.36, 0.0)) == pytest.approx(0.64)
    assert float(remaining_supply(0.36, 0.75)) == pytest.approx(0.91)
    assert float(remaining_supply(0.36, 0.75, stocks=0.05)) == pytest.approx(0.96)
    assert float(remaining_supply(0.36, 0.75, stocks=0.5)) == 1.0


@pytest.mark.parametrize(
    ("share", "kept", "sigma"), [(1.2, 0.5, 0.5), (0.1, -0.1, 0.5), (0.1, 0.5, 0.0)]
)
def test_a_shortage_outside_its_range_is_refused(share: float, kept: float, sigma: float) -> None:
    with pytest.raises(ShortageError, match="share is between 0 and 1"):
        rationing_loss(share, kept, sigma)
    with pytest.raises(ShortageError, match="replaced is between"):
        remaining_supply(share, 1.5)
