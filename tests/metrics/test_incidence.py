"""Who pays a tariff."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hand_made import with_cells
from tula import metrics
from tula.equilibrium import Solution, solve
from tula.metrics.arrays import duty_step

GAINERS = ["importer_treasury", "exporter_treasury", "quota_holder", "melted"]


def test_pass_through_is_log_buyer_price_over_log_duty(by_hand: Solution) -> None:
    cell = {"importer": "A", "exporter": "B", "sector": "ALL1"}
    share = metrics.pass_through(by_hand).sel(cell).item()
    np.testing.assert_allclose(share, np.log(1.1 * 0.98) / np.log(1.1))
    np.testing.assert_allclose(metrics.seller_share(by_hand).sel(cell).item(), 1 - share)


def test_a_rate_that_stands_still_but_for_rounding_has_no_pass_through(by_hand: Solution) -> None:
    rounded = by_hand.shock.replace(tariff=by_hand.shock.tariff * 1e-15)
    still = with_cells(replace(by_hand, shock=rounded), by_hand.trade_share, by_hand.border_trade)
    assert bool(metrics.pass_through(still).isnull().all())
    with pytest.raises(metrics.UnchangedTariffError):
        metrics.tariff_incidence(still, "A", "B")


def test_money_split_of_a_hand_made_duty(by_hand: Solution) -> None:
    money = metrics.incidence(by_hand).sel(importer="A", exporter="B", sector="ALL1")
    expected = {"buyer": 20 * (1.1 * 0.98 - 1), "seller": 20 * 0.02, "importer_treasury": 1.96}
    for party, value in expected.items():
        np.testing.assert_allclose(money.sel(party=party), value, atol=1e-12)


def test_buyer_and_seller_lose_what_the_others_gain_in_every_cell(moved: Solution) -> None:
    money = metrics.incidence(moved)
    lost = money.sel(party=["buyer", "seller"]).sum("party")
    gained = money.sel(party=GAINERS).sum("party")
    np.testing.assert_allclose(lost, gained, atol=1e-9)


def test_the_split_adds_up_under_a_binding_cap(capped: Solution) -> None:
    money = metrics.incidence(capped).sel(importer="R00", exporter="R01")
    assert float(money.sel(party="quota_holder").min()) > 0.0
    lost = money.sel(party=["buyer", "seller"]).sum("party")
    np.testing.assert_allclose(lost, money.sel(party=GAINERS).sum("party"), rtol=1e-9)


def test_the_rent_of_a_cap_counts_as_paid_by_the_buyer(by_hand: Solution) -> None:
    wedge = np.ones((1, 2, 2))
    wedge[0, 0, 1] = 1.5
    capped = metrics.incidence(with_cells(by_hand, cap_wedge=wedge)).sel(importer="A", exporter="B")
    np.testing.assert_allclose(capped.sel(party="quota_holder"), 20 * 0.98 * 1.1 * 0.5)
    np.testing.assert_allclose(capped.sel(party="buyer"), 20 * (1.1 * 0.98 * 1.5 - 1))


def test_the_pair_summary_adds_sectors_and_collected_revenue(by_hand: Solution) -> None:
    summary = metrics.tariff_incidence(by_hand, "A", "B")
    np.testing.assert_allclose(summary["pass_through"] + summary["seller_share"], 1.0)
    np.testing.assert_allclose(summary["incidence"].sel(party="seller"), 0.4)
    np.testing.assert_allclose(summary["revenue_change"], 1.02)


def test_the_pair_average_lies_within_its_sectors(moved: Solution) -> None:
    where = {"importer": "R00", "exporter": "R01"}
    average = metrics.tariff_incidence(moved, "R00", "R01")["pass_through"].item()
    cells = metrics.pass_through(moved).sel(where)
    assert float(cells.min()) <= average <= float(cells.max())


def test_asking_for_the_wrong_direction_is_an_error_that_says_so(by_hand: Solution) -> None:
    with pytest.raises(metrics.UnchangedTariffError, match="importer comes first"):
        metrics.tariff_incidence(by_hand, "B", "A")


def test_the_burden_is_the_incidence_of_duties_that_changed(moved: Solution) -> None:
    changed = np.isfinite(duty_step(moved))
    cells = metrics.incidence(moved).where(changed).sum(["sector", "importer", "exporter"])
    np.testing.assert_allclose(metrics.duty_burden(moved), cells)


def test_nobody_bears_duties_that_stand_still(moved: Solution) -> None:
    np.testing.assert_array_equal(metrics.duty_burden(solve(moved.calibration)), 0.0)
