"""Fleets over time, delays, lock-in, readiness and technology transfer."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad

from tula.ties.arms import (
    Fleet,
    LockIn,
    RateError,
    Transfer,
    delivered,
    platform_stock,
    readiness_loss,
    spares_flow,
    spares_for,
    stock_share,
    unready_time,
    value_transfer,
)

FLEET = Fleet(share=0.5, hazard=0.1, substitutability=0.3, spares_years=1.0, failure_years=3.0)


@pytest.mark.parametrize("delay", [0.0, 1.0, 2.4])
def test_every_order_arrives_after_its_delay(delay: float) -> None:
    orders = np.array([5.0, 0.0, 2.0])
    arrivals = delivered(orders, delay)
    assert arrivals.sum() == pytest.approx(orders.sum())
    mean = (arrivals @ np.arange(len(arrivals)) - orders @ np.arange(3)) / orders.sum()
    assert mean == pytest.approx(delay)


def test_deliveries_are_cut_or_lengthened_to_the_horizon() -> None:
    np.testing.assert_allclose(delivered(np.array([4.0]), 1.5, horizon=2), [0.0, 2.0])
    np.testing.assert_allclose(delivered(np.array([4.0]), 0.0, horizon=3), [4.0, 0.0, 0.0])


def test_a_stock_fed_by_its_own_retirement_stands_still() -> None:
    start = np.array([30.0, 10.0])
    flow = spares_flow({"A": 30.0, "B": 10.0}, 0.04)
    path = platform_stock(np.tile(list(flow.values()), (20, 1)), 0.04, start)
    np.testing.assert_allclose(path, np.tile(start, (20, 1)), rtol=1e-12)


def test_inventory_approaches_the_closed_form_of_a_fleet_of_constant_size() -> None:
    steps, retirement = 400, 1.0 / 27.5
    small = retirement / steps
    arriving = small * np.array([0.2, 0.8])
    path = platform_stock(np.tile(arriving, (10 * steps, 1)), small, np.array([0.7, 0.3]))
    assert path[-1].sum() == pytest.approx(1.0, rel=1e-9)
    assert path[-1, 0] == pytest.approx(stock_share(0.7, 0.2, retirement, 10.0), rel=1e-4)


def test_half_of_a_fleet_adjusts_in_log_two_over_the_retirement_rate() -> None:
    years = math.log(2.0) / 0.04
    assert stock_share(0.8, 0.2, 0.04, years) == pytest.approx(0.5)


@pytest.mark.reference
def test_a_fleet_remembers_deliveries_that_the_latest_window_no_longer_shows(
    reference_data: Path,
) -> None:
    folder = reference_data / "sipri" / "india_imports_tiv_1950_2021.csv"
    with folder.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    flows = np.zeros((72, 2))
    for row in rows:
        partner = row["supplier"] in ("Russia", "Soviet Union")
        flows[int(row["year"]) - 1950, 0 if partner else 1] += float(row["value"])
    last = platform_stock(flows, 1.0 / 27.5, np.zeros(2))[-1]
    window = flows[-5:].sum(axis=0)
    assert window[0] / window.sum() == pytest.approx(0.46, abs=0.005)
    assert last[0] / last.sum() == pytest.approx(0.646, abs=0.002)


@pytest.mark.parametrize("gain, switches", [(0.029, False), (0.031, True)])
def test_a_supplier_is_changed_when_the_discounted_gain_exceeds_the_cost(
    gain: float, switches: bool
) -> None:
    lock_in = LockIn(gain=gain, cost=0.3, discount=0.06, retirement=0.04)
    assert lock_in.switches is switches


def test_the_value_of_switching_is_the_integral_of_fading_gains() -> None:
    lock_in = LockIn(gain=0.05, cost=0.3, discount=0.06, retirement=0.04)
    integral, _ = quad(lambda t: 0.05 * math.exp(-(0.06 + 0.04) * t), 0.0, math.inf)
    assert lock_in.value == pytest.approx(integral - 0.3, rel=1e-9)


def test_without_spares_readiness_loss_is_the_plain_sum() -> None:
    bare = replace(FLEET, spares_years=0.0)
    other = replace(bare, share=0.2, hazard=0.05, substitutability=0.9)
    expected = 0.5 * 0.1 * 0.7 + 0.2 * 0.05 * 0.1
    assert readiness_loss({"A": bare, "B": other}) == pytest.approx(expected)


def test_time_out_of_action_is_the_mean_of_failures_beyond_the_spares() -> None:
    density = lambda t: math.exp(-t / 3.0) / 3.0  # noqa: E731
    beyond, _ = quad(lambda t: (t - 1.0) * density(t), 1.0, math.inf)
    assert unready_time({"A": FLEET}) == pytest.approx(0.5 * 0.1 * 0.7 * beyond, rel=1e-8)


def test_a_full_substitute_leaves_no_loss() -> None:
    assert readiness_loss({"A": replace(FLEET, substitutability=1.0)}) == 0.0


def test_spares_bought_to_a_target_meet_it() -> None:
    years = spares_for(FLEET, 0.01)
    assert replace(FLEET, spares_years=years).loss == pytest.approx(0.01)
    assert spares_for(FLEET, 0.5) == 0.0


def test_a_transfer_is_worth_the_integral_of_the_unreadiness_it_removes() -> None:
    transfer = Transfer(substitutability=0.8, hazard=0.06, premium=0.4, delay=2.0)
    found = value_transfer(FLEET, transfer, readiness_value=20.0, discount=0.05, retirement=0.04)
    after = replace(FLEET, substitutability=0.8, hazard=0.06)
    fall = unready_time({"A": FLEET}) - unready_time({"A": after})
    years, _ = quad(lambda t: fall * math.exp(-0.09 * t), 2.0, math.inf)
    assert found.fall == pytest.approx(fall)
    assert found.worth == pytest.approx(20.0 * years - 0.4, rel=1e-9)
    again = value_transfer(
        FLEET,
        transfer,
        readiness_value=found.break_even_readiness,
        discount=0.05,
        retirement=0.04,
    )
    assert again.worth == pytest.approx(0.0, abs=1e-12)


def test_a_transfer_that_changes_nothing_never_pays() -> None:
    idle = Transfer(substitutability=0.3, hazard=0.1, premium=0.4, delay=0.0)
    found = value_transfer(FLEET, idle, readiness_value=1e6, discount=0.05, retirement=0.04)
    assert found.worth == pytest.approx(-0.4)
    assert found.break_even_readiness == math.inf


def test_every_fault_of_a_fleet_is_named_at_once() -> None:
    with pytest.raises(RateError) as caught:
        Fleet(share=1.2, hazard=-0.1, substitutability=2.0, spares_years=0.0, failure_years=0.0)
    for word in ("share 1.2", "hazard -0.1", "substitutability", "failure_years"):
        assert word in str(caught.value)


def test_a_rate_outside_its_domain_is_refused() -> None:
    with pytest.raises(RateError, match="delay -1"):
        delivered(np.array([1.0]), -1.0)
    with pytest.raises(RateError, match="retirement 0"):
        platform_stock(np.ones((2, 1)), 0.0, np.ones(1))
    with pytest.raises(RateError, match="discount"):
        LockIn(gain=1.0, cost=1.0, discount=0.0, retirement=0.0)
