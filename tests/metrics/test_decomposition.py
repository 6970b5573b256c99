"""The first-order sources of a change in real income."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tula import metrics
from tula.equilibrium import Solution

PARTS = ["terms_of_trade", "volume_of_trade", "technology", "endowment", "transfer"]


def test_terms_of_trade_by_hand(by_hand: Solution) -> None:
    gain = metrics.terms_of_trade(by_hand).sel(region="A", partner="B").item()
    np.testing.assert_allclose(gain, 100 * (20 * 0.01 - 20 * -0.02) / 100)


def test_untaxed_base_trade_has_no_volume_effect(by_hand: Solution) -> None:
    assert not metrics.volume_of_trade(by_hand).any()


def test_bilateral_parts_sum_to_the_regional_ones(moved: Solution) -> None:
    total = metrics.decomposition(moved)
    for name, part in (
        ("terms_of_trade", metrics.terms_of_trade(moved)),
        ("volume_of_trade", metrics.volume_of_trade(moved)),
    ):
        np.testing.assert_allclose(part.sum(["partner", "sector"]), total.sel(component=name))


def test_world_terms_of_trade_gains_cancel(moved: Solution) -> None:
    money = metrics.terms_of_trade(moved).sum(["partner", "sector"])
    spending = moved.calibration.final_spending
    assert abs(float((money * spending).sum())) < 1e-9 * spending.sum()


def test_parts_and_rest_make_up_the_exact_change(moved: Solution) -> None:
    change = metrics.decomposition(moved)
    summed = change.sel(component=[*PARTS, "second_order"]).sum("component")
    np.testing.assert_allclose(summed, change.sel(component="exact"), atol=1e-10)
    np.testing.assert_allclose(change.sel(component="exact"), metrics.real_income(moved))


def test_what_the_first_order_sum_leaves_out_shrinks_with_the_square_of_the_shock(
    shocked: Callable[[float], Solution],
) -> None:
    rest = {
        size: metrics.decomposition(shocked(size)).sel(component="second_order").to_numpy()
        for size in (0.02, 0.01)
    }
    np.testing.assert_allclose(rest[0.02] / rest[0.01], 4.0, rtol=0.1)
