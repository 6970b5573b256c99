"""Prices, output and value added."""

from __future__ import annotations

import numpy as np

from tula import metrics
from tula.equilibrium import Solution


def test_prices_are_percentage_changes_of_hats(by_hand: Solution) -> None:
    np.testing.assert_allclose(metrics.price_index(by_hand), [2.0, -1.0])
    np.testing.assert_allclose(metrics.wage(by_hand), [1.0, -2.0])
    np.testing.assert_allclose(metrics.cost(by_hand).squeeze(), [1.0, -2.0])
    np.testing.assert_allclose(metrics.sector_price(by_hand).squeeze(), [2.0, -1.0])


def test_the_real_wage_leaves_trade_taxes_out(by_hand: Solution) -> None:
    expected = 100 * (np.array([1.01 / 1.02, 0.98 / 0.99]) - 1)
    np.testing.assert_allclose(metrics.real_wage(by_hand), expected)


def test_output_volume_is_value_over_the_producer_price(by_hand: Solution) -> None:
    np.testing.assert_allclose(metrics.output_value(by_hand).squeeze(), [1.0, -2.0])
    np.testing.assert_allclose(metrics.output_volume(by_hand).squeeze(), [0.0, 0.0], atol=1e-12)


def test_nominal_value_added_over_the_final_price_is_real_value_added(moved: Solution) -> None:
    nominal = 1 + metrics.value_added(moved) / 100
    real = nominal / (1 + metrics.price_index(moved) / 100)
    np.testing.assert_allclose(metrics.real_value_added(moved), 100 * (real - 1))


def test_world_value_added_does_not_change(moved: Solution) -> None:
    base = moved.calibration.value_added
    assert abs(float((metrics.value_added(moved) * base).sum())) < 1e-6 * base.sum()
