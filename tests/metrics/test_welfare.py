"""Real income, its money value, and the GDP-based figures."""

from __future__ import annotations

import numpy as np

from tula import metrics
from tula.equilibrium import Solution
from tula.metrics.welfare import base_gdp


def test_real_income_is_income_over_the_price_of_the_final_basket(by_hand: Solution) -> None:
    expected = 100 * (np.array([1.02 / 1.02, 0.98 / 0.99]) - 1)
    np.testing.assert_allclose(metrics.real_income(by_hand), expected, atol=1e-12)


def test_equivalent_variation_is_real_income_times_base_spending(by_hand: Solution) -> None:
    np.testing.assert_allclose(metrics.ev(by_hand), [0.0, 80 * (0.98 / 0.99 - 1)], atol=1e-12)


def test_equivalent_variations_sum_to_the_change_in_world_real_spending(moved: Solution) -> None:
    spending = moved.calibration.final_spending
    world = (moved.income / moved.final_price_hat - spending).sum()
    np.testing.assert_allclose(float(metrics.ev(moved).sum()), world)


def test_real_gdp_and_real_income_coincide_where_trade_is_balanced(by_hand: Solution) -> None:
    gdp = metrics.real_gdp(by_hand)
    expected = 100 * (np.array([102.02 / 100 / 1.02, 0.98 / 0.99]) - 1)
    np.testing.assert_allclose(gdp, expected)


def test_gdp_with_cap_rents_and_the_imbalance_make_up_new_spending(capped: Solution) -> None:
    assert capped.cap_rent[0] > 0.0
    gdp = (1 + metrics.real_gdp(capped) / 100) * base_gdp(capped.calibration)
    nominal = gdp * capped.final_price_hat
    np.testing.assert_allclose(nominal + capped.imbalance, capped.income, rtol=1e-8)


def test_the_balance_of_trade_leaves_cap_rents_at_home(capped: Solution) -> None:
    balance = metrics.trade_balance(capped).sel(state="new")
    np.testing.assert_allclose(balance, -capped.imbalance, atol=1e-8 * capped.income.sum())


def test_a_capped_quantity_falls_to_its_cap(capped: Solution) -> None:
    change = metrics.trade_volume_change(capped).sel(importer="R00", exporter="R01")
    np.testing.assert_allclose(change, -50.0, atol=1e-6)


def test_ev_share_of_gdp_is_ev_over_base_gdp(moved: Solution) -> None:
    expected = 100 * metrics.ev(moved) / base_gdp(moved.calibration)
    np.testing.assert_allclose(metrics.ev_gdp_share(moved), expected)


def test_base_gdp_and_imbalance_make_up_final_spending(moved: Solution) -> None:
    base = moved.calibration
    np.testing.assert_allclose(base_gdp(base) + base.imbalance, base.final_spending)
