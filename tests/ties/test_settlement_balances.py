"""Balances in a partner's currency: paths, bounds, and the trade they can carry."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from tula.ties.settlement import (
    BalanceError,
    Balances,
    balanced_share,
    sustainable_share,
    unmatched,
)

#: India's exports to and imports from Russia, year to March 2025, billion USD (fact T06).
EXPORTS, IMPORTS = 4.88, 63.84
CASES = [
    Balances(inflow=20.0, outlet=5.0, ceiling=10.0),
    Balances(inflow=20.0, outlet=5.0, ceiling=10.0, rate=0.6, opening=1.0),
    Balances(inflow=8.0, outlet=5.0, ceiling=10.0, rate=0.6, opening=9.0),
    Balances(inflow=2.0, outlet=5.0, ceiling=10.0, rate=0.3, opening=6.0),
    Balances(inflow=2.0, outlet=5.0, ceiling=10.0, opening=4.0),
]


@pytest.mark.parametrize("balances", CASES)
@pytest.mark.parametrize("years", [0.1, 0.7, 5.0])
def test_what_came_in_was_refused_placed_or_is_still_there(
    balances: Balances, years: float
) -> None:
    accepted = balances.inflow * years - balances.cumulated_refusal(years)
    kept = balances.level(years) - balances.opening
    np.testing.assert_allclose(kept, accepted - balances.cumulated_outlets(years), atol=1e-12)


@pytest.mark.parametrize("balances", CASES)
def test_the_path_solves_its_differential_equation_until_a_bound(balances: Balances) -> None:
    free = min(balances.time_to_ceiling, balances.time_to_empty, 3.0)
    path = solve_ivp(
        lambda _, level: balances.inflow - balances.outlet - balances.rate * level,
        (0.0, free),
        [balances.opening],
        rtol=1e-10,
        atol=1e-12,
    )
    np.testing.assert_allclose(balances.level(free), path.y[0, -1], rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("balances", CASES)
@pytest.mark.parametrize("years", [0.25, 1.0, 4.0])
def test_an_inflow_as_large_as_the_room_meets_the_ceiling_on_time(
    balances: Balances, years: float
) -> None:
    full = replace(balances, inflow=balances.room(years))
    np.testing.assert_allclose(full.time_to_ceiling, years, rtol=1e-9)
    assert full.level(years) == pytest.approx(balances.ceiling)


def test_what_lasts_is_what_a_full_pile_lets_out() -> None:
    balances = Balances(inflow=20.0, outlet=5.0, ceiling=10.0, rate=0.6, opening=1.0)
    assert balances.room(np.inf) == pytest.approx(5.0 + 0.6 * 10.0)


@pytest.mark.parametrize("balances", CASES)
def test_the_pile_stays_between_nothing_and_its_ceiling(balances: Balances) -> None:
    levels = [balances.level(years) for years in np.linspace(0.0, 30.0, 301)]
    assert min(levels) >= 0.0
    assert max(levels) <= balances.ceiling


@pytest.mark.parametrize("balances", CASES)
def test_the_pile_ends_at_its_resting_level(balances: Balances) -> None:
    assert balances.level(200.0) == pytest.approx(balances.resting_level, abs=1e-9)


@pytest.mark.parametrize("share, years, months", [(0.25, 1.0267, 13), (0.96, 0.1938, 3)])
def test_a_ten_billion_ceiling_binds_within_thirteen_and_three_months(
    share: float, years: float, months: int
) -> None:
    balances = Balances(inflow=share * (IMPORTS - EXPORTS), outlet=5.0, ceiling=10.0)
    assert balances.time_to_ceiling == pytest.approx(years, rel=1e-3)
    assert math.ceil(12 * balances.time_to_ceiling) == months


def test_a_rate_of_placement_can_keep_the_ceiling_from_ever_binding() -> None:
    assert Balances(inflow=8.0, outlet=5.0, ceiling=10.0, rate=0.31).time_to_ceiling == math.inf
    assert Balances(inflow=8.0, outlet=5.0, ceiling=10.0, rate=0.29).time_to_ceiling < math.inf


def test_the_balanced_share_of_a_lopsided_trade_is_a_seventh() -> None:
    assert balanced_share(EXPORTS, IMPORTS) == pytest.approx(0.142, abs=5e-4)
    assert balanced_share(EXPORTS, IMPORTS) == balanced_share(IMPORTS, EXPORTS)


def test_balanced_trade_can_be_settled_whole() -> None:
    assert balanced_share(7.0, 7.0) == 1.0
    assert unmatched(7.0, 7.0, 1.0) == 0.0


def test_ninety_six_percent_leaves_fifty_six_billion_without_a_matching_export() -> None:
    assert unmatched(EXPORTS, IMPORTS, 0.96) == pytest.approx(56.2, abs=0.05)


def test_nothing_is_unmatched_up_to_the_balanced_share() -> None:
    share = balanced_share(EXPORTS, IMPORTS)
    assert unmatched(EXPORTS, IMPORTS, share) == pytest.approx(0.0, abs=1e-12)
    assert unmatched(EXPORTS, IMPORTS, share + 0.01) > 0.0


@pytest.mark.parametrize("outlet, share", [(5.0, 0.085), (10.0, 0.170), (20.0, 0.339)])
def test_the_sustainable_share_follows_the_outlets(outlet: float, share: float) -> None:
    assert sustainable_share(outlet, EXPORTS, IMPORTS) == pytest.approx(share, abs=5e-4)


def test_at_the_sustainable_share_the_pile_stands_still() -> None:
    share = sustainable_share(7.0, EXPORTS, IMPORTS)
    balances = Balances(inflow=share * (IMPORTS - EXPORTS), outlet=7.0, ceiling=10.0, opening=3.0)
    assert balances.level(50.0) == pytest.approx(3.0, abs=1e-9)


@pytest.mark.parametrize(
    "wrong",
    [
        {"inflow": -1.0, "outlet": 1.0, "ceiling": 1.0},
        {"inflow": 1.0, "outlet": math.nan, "ceiling": 1.0},
        {"inflow": 1.0, "outlet": 1.0, "ceiling": 1.0, "opening": 2.0},
        {"inflow": math.inf, "outlet": 1.0, "ceiling": 1.0},
    ],
)
def test_flows_that_mean_nothing_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BalanceError):
        Balances(**wrong)


@pytest.mark.parametrize("exports, imports", [(0.0, 0.0), (-1.0, 2.0), (math.nan, 1.0)])
def test_trade_that_means_nothing_is_refused(exports: float, imports: float) -> None:
    with pytest.raises(BalanceError, match="trade"):
        balanced_share(exports, imports)
