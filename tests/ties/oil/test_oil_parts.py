"""Supply with its floor, shares, world price, firms and break-evens, each by itself."""

from __future__ import annotations

import numpy as np
import pytest

from tula.ties.oil.break_even import (
    break_even_discount,
    break_even_penalty,
    break_even_price_rise,
    expected_penalty,
    required_autonomy,
)
from tula.ties.oil.choice import share
from tula.ties.oil.errors import OilMarketError
from tula.ties.oil.firms import (
    exit_curve,
    exit_share,
    firm_premium,
    implied_premium,
    revealed_premiums,
)
from tula.ties.oil.supply import capped_supply_ratio, supply_ratio
from tula.ties.oil.world_price import ELASTICITY_SETS, world_price_hat

FLOOR = {"flat_above": 40.0, "zero_below": 30.0}
#: Average purchases of 2025, mb/d [O11].
VOLUMES = {
    "Reliance": 0.595,
    "Nayara": 0.302,
    "IOC": 0.315,
    "BPCL": 0.187,
    "HMEL": 0.153,
    "MRPL": 0.109,
}


@pytest.mark.parametrize(
    ("price", "ratio"), [(80.0, 1.0), (40.0, 1.0), (35.0, 0.5), (30.0, 0.0), (5.0, 0.0)]
)
def test_supply_is_whole_above_forty_and_nothing_under_thirty(price: float, ratio: float) -> None:
    assert supply_ratio(price, **FLOOR) == ratio


def test_a_cap_under_the_floor_takes_the_covered_barrels_away_and_no_others() -> None:
    assert capped_supply_ratio(70.0, 25.0, 0.4, **FLOOR) == (0.0, 0.6)
    assert capped_supply_ratio(70.0, 60.0, 0.4, **FLOOR) == (0.4, 0.6)


@pytest.mark.parametrize("form", ["ces", "logit"])
def test_odds_move_by_the_elasticity_for_a_small_change_of_cost(form: str) -> None:
    base, ones = np.array([0.36]), np.ones(1)
    found = share(base, 60.06 * ones, 60.0 * ones, 60.0 * ones, 60.0 * ones, 10.0, form)
    odds = np.log(found / (1.0 - found)) - np.log(base / (1.0 - base))
    assert odds[0] == pytest.approx(-0.01, rel=1e-3)


def test_a_buyer_with_no_other_crude_keeps_buying() -> None:
    ones = np.ones(1)
    assert share(ones, 90.0 * ones, 60.0 * ones, 60.0 * ones, 60.0 * ones, 10.0, "ces")[0] == 1.0


@pytest.mark.parametrize(
    ("name", "none", "half"), [("KM14", 4.3, 2.1), ("BH17", 2.3, 1.2), ("CCI17", 5.0, 2.4)]
)
def test_the_world_price_rises_as_published_elasticities_say(
    name: str, none: float, half: float
) -> None:
    known = ELASTICITY_SETS[name]
    for redirected, rise in ((0.0, none), (0.5, half)):
        hat = world_price_hat(1.8, redirected, 103.0, known.supply, known.demand)
        assert 65.0 * (hat - 1.0) == pytest.approx(rise, abs=0.06)


def test_barrels_that_are_all_redirected_leave_the_world_price_alone() -> None:
    assert world_price_hat(1.8, 1.0, 103.0, 0.015, -0.26) == 1.0


@pytest.mark.parametrize(
    ("elasticity", "low", "high"), [(5.0, 11.5, 15.0), (10.0, 8.0, 9.9), (20.0, 6.4, 7.6)]
)
def test_a_fall_from_36_to_21_or_25_per_cent_reveals_a_premium_of_6_to_15_dollars(
    elasticity: float, low: float, high: float
) -> None:
    assert implied_premium(0.36, 0.25, 1.75, 6.5, 62.5, elasticity) == pytest.approx(low, abs=0.1)
    assert implied_premium(0.36, 0.21, 1.75, 7.0, 62.5, elasticity) == pytest.approx(high, abs=0.1)


def test_no_fall_and_no_wider_discount_reveal_no_premium() -> None:
    assert implied_premium(0.36, 0.36, 1.75, 1.75, 62.5, 10.0) == pytest.approx(0.0, abs=1e-12)


def test_three_refiners_that_left_were_half_of_the_volume() -> None:
    left = ("Reliance", "HMEL", "MRPL")
    found = revealed_premiums(VOLUMES, left, 1.728, (7.0, 6.0))
    assert found.exit_share == pytest.approx(0.496, abs=5e-4)
    assert (found.above, found.below) == (6.0, 7.0)


def test_a_record_of_exits_with_unknown_names_and_too_small_a_total_is_refused() -> None:
    with pytest.raises(OilMarketError) as caught:
        revealed_premiums(VOLUMES, ("Relianc",), 1.0, (6.0, 7.0))
    assert "unknown firm 'Relianc'; did you mean 'Reliance'?" in str(caught.value)
    assert "exceed the total" in str(caught.value)


def test_a_firm_with_nothing_left_to_lose_asks_for_no_premium() -> None:
    assert firm_premium(0.9, 0.0, 0.302) == 0.0


def test_a_premium_is_the_expected_loss_over_the_barrels_of_a_year() -> None:
    assert firm_premium(0.1, 20.0, 0.5) == pytest.approx(2000.0 / 182.5)


def test_firms_leave_from_the_highest_premium_down() -> None:
    premiums = dict(zip(VOLUMES, (9.0, 0.0, 4.0, 5.0, 12.0, 8.0), strict=True))
    curve = exit_curve(VOLUMES, premiums)
    assert [name for name, _, _ in curve] == ["Nayara", "IOC", "BPCL", "MRPL", "Reliance", "HMEL"]
    total = sum(VOLUMES.values())
    for _, premium, stays in curve:
        assert exit_share(VOLUMES, premiums, premium) == pytest.approx(1.0 - stays / total)


#: Discounts at which staying is just worth a penalty: rows % of GDP, columns dP 0, 2, 5, 10.
REFERENCE = {
    0.001: (6.5, 2.7, -3.0, -12.5),
    0.002: (13.0, 9.2, 3.5, -6.0),
    0.003: (19.5, 15.7, 10.0, 0.5),
    0.006: (39.0, 35.2, 29.5, 20.0),
    0.010: (65.0, 61.2, 55.5, 46.0),
}


@pytest.mark.parametrize("penalty", REFERENCE)
def test_the_reference_break_evens_at_1_8_million_barrels_a_day(penalty: float) -> None:
    found = [break_even_discount(penalty, 4270.0, 1.8, 1.25, rise) for rise in (0, 2, 5, 10)]
    assert found == pytest.approx(REFERENCE[penalty], abs=0.06)


def test_the_three_break_evens_are_one_condition() -> None:
    discount = break_even_discount(0.003, 4270.0, 1.8, 1.25, 5.0)
    assert break_even_penalty(4270.0, 1.8, discount, 1.25, 5.0) == pytest.approx(0.003)
    assert break_even_price_rise(0.003, 4270.0, 1.8, discount, 1.25) == pytest.approx(5.0)
    assert required_autonomy(0.003, 4270.0, 1.8, discount, 1.25, 5.0) == pytest.approx(0.0)


def test_a_penalty_that_may_not_be_lifted_is_worth_less_to_avoid() -> None:
    assert expected_penalty(0.003, 0.5, 0.5) == pytest.approx(0.00075)
