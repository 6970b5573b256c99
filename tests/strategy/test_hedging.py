"""Hedging: the optimum is an optimum, worth nothing without rigidity, and costs what it should."""

from __future__ import annotations

import numpy as np
import pytest

from tula.strategy.hedging import (
    HedgingError,
    cheapest_hedge,
    diversion_cost,
    hedge,
    hedging_frontier,
    severance_loss,
    share_under_cap,
)

#: India's crude: Russia's share (fact O02) and crude imports of 137 bn USD (fact O04) in a GDP of
#: 4,270 bn USD (fact T18).
SHARE, CRUDE, GDP = 0.36, 3.2, 4270.0


def test_the_exact_wedge_is_a_little_below_the_rule_of_thumb() -> None:
    found = hedge(SHARE, 0.05, sigma_short=2.0, sigma_long=10.0)
    assert found.log_wedge == pytest.approx(0.0638, abs=5e-5)
    assert found.wedge_rule == pytest.approx(0.0649, abs=5e-5)
    assert found.wedge == pytest.approx(np.expm1(found.log_wedge))
    assert found.share == pytest.approx(0.229, abs=5e-4)


@pytest.mark.parametrize("sigma_long", [1.5, 4.0, 20.0])
@pytest.mark.parametrize("hazard", [0.01, 0.3])
def test_no_other_share_costs_less(hazard: float, sigma_long: float) -> None:
    found = hedge(SHARE, hazard, sigma_short=2.0, sigma_long=sigma_long)
    grid = np.linspace(0.001, 0.6, 600)
    total = [diversion_cost(SHARE, x, sigma_long) + hazard * severance_loss(x, 2.0) for x in grid]
    best = found.cost + hazard * found.loss
    assert best <= min(total) + 1e-9
    assert min(total) == pytest.approx(best, rel=1e-3)
    assert abs(grid[int(np.argmin(total))] - found.share) < 2e-3


def test_the_wedge_makes_a_cost_minimiser_choose_the_share() -> None:
    sigma = 6.0
    found = hedge(SHARE, 0.1, sigma_short=2.0, sigma_long=sigma)
    dear = SHARE * (1.0 + found.wedge) ** (1.0 - sigma)
    spent_with_wedge = dear / (dear + 1.0 - SHARE)
    net = spent_with_wedge / (1.0 + found.wedge)
    assert net / (net + 1.0 - spent_with_wedge) == pytest.approx(found.share, rel=1e-10)


def test_hedging_is_worth_exactly_nothing_where_the_short_run_keeps_the_long_run_weights() -> None:
    found = hedge(SHARE, 0.2, sigma_short=2.0, sigma_long=10.0, recalibrated=False)
    assert (found.value, found.cost, found.wedge) == (0.0, 0.0, 0.0)
    assert found.share == SHARE
    assert found.loss == found.unhedged_loss
    assert hedge(SHARE, 0.2, sigma_short=2.0, sigma_long=10.0).value > 0.0


def test_without_a_hazard_nothing_is_moved() -> None:
    found = hedge(SHARE, 0.0, sigma_short=2.0, sigma_long=10.0)
    assert (found.share, found.wedge, found.value) == (SHARE, 0.0, 0.0)


def test_firms_that_act_on_part_of_the_loss_leave_the_rest_to_policy() -> None:
    found = hedge(SHARE, 0.05, sigma_short=2.0, sigma_long=10.0, internalised=0.4)
    assert found.policy_wedge == pytest.approx(0.6 * found.wedge)


def test_diversion_costs_nothing_at_the_cheapest_share_and_more_the_farther() -> None:
    assert diversion_cost(SHARE, SHARE, 5.0) == pytest.approx(0.0, abs=1e-12)
    costs = [diversion_cost(SHARE, share, 5.0) for share in (0.3, 0.2, 0.1)]
    assert 0.0 < costs[0] < costs[1] < costs[2]
    assert diversion_cost(SHARE, 0.2, 20.0) < costs[1]


@pytest.mark.parametrize(("cap", "low", "high"), [(0.9, 0.2, 0.4), (0.6, 0.6, 1.2)])
def test_capping_the_loss_of_crude_costs_a_billion_or_less(
    cap: float, low: float, high: float
) -> None:
    """At short-run sigma 2; the ends of the cost are those of long-run sigma 20 and 10."""
    costs = [
        hedging_frontier(SHARE, CRUDE, [cap], sigma_short=2.0, sigma_long=sigma_long)["cost"]
        for sigma_long in (20.0, 10.0)
    ]
    found = [float(cost[0]) / 100.0 * GDP for cost in costs]
    assert found == pytest.approx([low, high], abs=0.02)


@pytest.mark.parametrize(("cap", "share"), [(1.0, 0.27), (2.0, 0.46)])
def test_the_share_that_a_cap_allows(cap: float, share: float) -> None:
    assert share_under_cap(cap, CRUDE, 2.0) == pytest.approx(share, abs=0.006)
    assert CRUDE * severance_loss(share_under_cap(cap, CRUDE, 2.0), 2.0) / 100.0 == pytest.approx(
        cap
    )


@pytest.mark.parametrize(("sigma", "loss"), [(2.0, 1.43), (1.5, 2.9), (3.0, 0.7)])
def test_the_loss_of_crude_from_russia_by_short_run_elasticity(sigma: float, loss: float) -> None:
    assert CRUDE * severance_loss(SHARE, sigma) / 100.0 == pytest.approx(loss, abs=0.05)


def test_a_cap_that_does_not_bind_costs_nothing() -> None:
    found = hedging_frontier(SHARE, CRUDE, [5.0, 0.5], sigma_short=2.0, sigma_long=10.0)
    assert float(found["share"][0]) == SHARE
    assert float(found["cost"][0]) == pytest.approx(0.0, abs=1e-12)
    assert float(found["loss"][1]) == pytest.approx(0.5)


SHARES, WEIGHTS = np.array([0.36, 0.1, 0.0, 0.5]), np.array([3.2, 1.0, 2.0, 0.4])
SHORT, LONG = np.array([2.0, 2.0, 2.0, 1.5]), np.array([10.0, 4.0, 4.0, 6.0])


def test_the_cheapest_hedge_of_all_sectors_meets_the_cap_with_one_common_hazard() -> None:
    found = cheapest_hedge(SHARES, WEIGHTS, 1.2, sigma_short=SHORT, sigma_long=LONG)
    assert float(found["loss"].sum()) == pytest.approx(1.2, rel=1e-9)
    single = hedge(0.36, found.attrs["hazard"], sigma_short=2.0, sigma_long=10.0)
    assert float(found["share"][0]) == pytest.approx(single.share, rel=1e-9)
    assert float(found["share"][2]) == 0.0


def test_cutting_every_share_alike_costs_more_than_the_cheapest_hedge() -> None:
    found = cheapest_hedge(SHARES, WEIGHTS, 1.2, sigma_short=SHORT, sigma_long=LONG)
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if _joint_loss(middle) < 1.2 else (low, middle)
    held = SHARES * low
    costs = [
        weight * diversion_cost(own, share, sigma) / 100.0
        for own, share, weight, sigma in zip(SHARES, held, WEIGHTS, LONG, strict=True)
        if own
    ]
    assert float(found["cost"].sum()) < sum(costs)


def _joint_loss(part: float) -> float:
    held = SHARES * part
    return sum(
        weight * severance_loss(share, sigma) / 100.0
        for share, weight, sigma in zip(held, WEIGHTS, SHORT, strict=True)
        if share
    )


def test_a_joint_cap_that_does_not_bind_moves_nothing() -> None:
    found = cheapest_hedge(SHARES, WEIGHTS, 9.0, sigma_short=SHORT, sigma_long=LONG)
    assert found.attrs["hazard"] == 0.0
    np.testing.assert_array_equal(found["share"], SHARES)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"sigma_short": 1.0}, "sigma_short is 1"),
        ({"sigma_long": 0.9}, "sigma_long is 0.9"),
        ({"hazard": 1.5}, "between 0 and 1"),
        ({"unhedged_share": 1.0}, "unhedged share 1"),
    ],
)
def test_a_hedge_outside_its_range_is_refused(wrong: dict[str, float], told: str) -> None:
    asked = {"unhedged_share": SHARE, "hazard": 0.1, "sigma_short": 2.0, "sigma_long": 5.0, **wrong}
    with pytest.raises(HedgingError, match=told):
        hedge(**asked)


def test_a_cap_of_zero_is_refused() -> None:
    with pytest.raises(HedgingError, match="cap of zero"):
        hedging_frontier(SHARE, CRUDE, [0.0], sigma_short=2.0, sigma_long=10.0)
    with pytest.raises(HedgingError, match="above 0"):
        cheapest_hedge(SHARES, WEIGHTS, 0.0, sigma_short=SHORT, sigma_long=LONG)
