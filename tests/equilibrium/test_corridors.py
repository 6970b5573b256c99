"""Labour that one region admits from another, up to a quota."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from equilibrium.moderate import quiet
from tula.equilibrium import Solution, calibrate, solve
from tula.equilibrium.calibration import Calibration
from tula.policy.shock import Corridor
from tula.world.economy import Economy

HOME, HOST = 0, 2


@pytest.fixture(scope="module")
def base(toy_economy: Economy) -> Calibration:
    """Free factors, one price everywhere."""
    return calibrate(toy_economy)


def _quota(base: Calibration, **fields: float) -> Corridor:
    """Return a quota of one percent of the source's labour, who earn three times as much abroad."""
    value = 0.01 * float(base.value_added[HOME])
    given = {"home_value": value, "host_value": 3.0 * value, **fields}
    return Corridor("accord", HOME, HOST, **given)  # type: ignore[arg-type]


def _with(base: Calibration, *open_: Corridor) -> Solution:
    return solve(base, replace(quiet(base), corridors=open_))


def _real_earning(found: Solution, place: int) -> float:
    return float((found.wage_hat * found.employment_hat / found.final_price_hat)[place])


def test_a_filled_quota_is_the_same_shift_of_labour_by_hand(base: Calibration) -> None:
    quota = _quota(base)
    labour = np.ones(4)
    labour[HOME] -= quota.home_value / base.value_added[HOME]
    labour[HOST] += quota.host_value / base.value_added[HOST]
    by_hand = solve(base, replace(quiet(base), labour_hat=labour))
    found = _with(base, quota)
    np.testing.assert_allclose(found.real_income_hat, by_hand.real_income_hat, rtol=1e-10)
    assert found.corridors[0].used == 1.0


def test_value_added_is_the_wage_of_all_labour_then_in_the_region(base: Calibration) -> None:
    quota = _quota(base, remitted=0.5)
    found = _with(base, quota)
    labour = np.array(base.value_added)
    labour[HOME] -= quota.home_value
    labour[HOST] += quota.host_value
    np.testing.assert_allclose(found.value_added, found.wage_hat * labour, rtol=1e-10)


def test_remittances_leave_the_host_and_reach_the_source(base: Calibration) -> None:
    quota = _quota(base, remitted=0.5)
    found = _with(base, quota)
    (told,) = found.corridors
    assert told.earned == pytest.approx(quota.host_value * found.wage_hat[HOST], rel=1e-10)
    assert told.remitted == pytest.approx(0.5 * told.earned, rel=1e-12)
    moved = found.imbalance - base.imbalance
    expected = np.zeros(4)
    expected[HOME], expected[HOST] = told.remitted, -told.remitted
    np.testing.assert_allclose(moved, expected, atol=1e-6)
    assert found.imbalance.sum() == pytest.approx(0.0, abs=1e-6)


def test_remittances_equal_a_transfer_of_the_same_amount(base: Calibration) -> None:
    found = _with(base, _quota(base, remitted=0.5))
    sent = np.zeros(4)
    sent[HOME], sent[HOST] = found.corridors[0].remitted, -found.corridors[0].remitted
    other = solve(base, replace(quiet(base), corridors=(_quota(base),), transfer=sent))
    np.testing.assert_allclose(found.real_income_hat, other.real_income_hat, rtol=1e-9)


def test_the_world_gains_where_labour_earns_more_abroad_and_loses_where_less(
    base: Calibration,
) -> None:
    def world(host_value: float) -> float:
        found = _with(base, _quota(base, host_value=host_value))
        real = found.income / found.final_price_hat
        return float(real.sum() / base.final_spending.sum())

    value = _quota(base).home_value
    assert world(3.0 * value) > 1.0 > world(0.3 * value)


def test_a_slack_quota_is_used_by_those_who_want_to_go(base: Calibration) -> None:
    found = _with(base, _quota(base, wanted=0.6, elasticity=2.0))
    (told,) = found.corridors
    gain = _real_earning(found, HOST) / _real_earning(found, HOME)
    assert told.used == pytest.approx(0.6 * gain**2, rel=1e-9)
    assert told.used < 1.0
    assert told.permit_value == 0.0


def test_a_permit_is_worth_the_wage_cut_that_would_keep_the_surplus_at_home(
    base: Calibration,
) -> None:
    elasticity, wanted = 1.5, 2.0
    found = _with(base, _quota(base, wanted=wanted, elasticity=elasticity))
    (told,) = found.corridors
    assert told.used == 1.0
    left = (1.0 - told.permit_value) * _real_earning(found, HOST) / _real_earning(found, HOME)
    assert wanted * left**elasticity == pytest.approx(1.0, rel=1e-9)
    assert told.permit_value > 0.0


def test_the_value_of_permits_is_unknown_where_no_demand_for_them_is_given(
    base: Calibration,
) -> None:
    assert np.isnan(_with(base, _quota(base)).corridors[0].permit_value)


def test_two_corridors_of_half_the_size_are_one_of_the_whole(base: Calibration) -> None:
    whole = _quota(base, remitted=0.3, wanted=0.7, elasticity=1.0)
    half = replace(whole, home_value=whole.home_value / 2, host_value=whole.host_value / 2)
    one, two = _with(base, whole), _with(base, half, half)
    np.testing.assert_allclose(one.real_income_hat, two.real_income_hat, rtol=1e-10)
    assert one.corridors[0].earned == pytest.approx(sum(c.earned for c in two.corridors), rel=1e-9)


def test_a_corridor_that_nobody_wants_changes_nothing(base: Calibration) -> None:
    found = _with(base, _quota(base, wanted=0.0, elasticity=1.0, remitted=0.5))
    np.testing.assert_allclose(found.real_income_hat, 1.0, rtol=0.0, atol=1e-12)
    assert found.corridors[0].used == 0.0
