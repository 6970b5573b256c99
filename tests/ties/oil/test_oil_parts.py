"""Supply with its floor, shares, world price and firms, each by itself."""

from __future__ import annotations

import numpy as np
import pytest

from tula.ties.oil.choice import share
from tula.ties.oil.firms import firm_premium
from tula.ties.oil.supply import capped_supply_ratio, supply_ratio
from tula.ties.oil.world_price import ELASTICITY_SETS, world_price_hat

FLOOR = {"flat_above": 40.0, "zero_below": 30.0}


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


def test_a_firm_with_nothing_left_to_lose_asks_for_no_premium() -> None:
    assert firm_premium(0.9, 0.0, 0.302) == 0.0


def test_a_premium_is_the_expected_loss_over_the_barrels_of_a_year() -> None:
    assert firm_premium(0.1, 20.0, 0.5) == pytest.approx(2000.0 / 182.5)
