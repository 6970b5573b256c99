"""Weighted real incomes as a reading."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tula.equilibrium import calibrate, gradient, solve
from tula.errors import UnknownNameError
from tula.policy import Tariff, Transfer
from tula.strategy.stakes import weighted_income
from tula.world.economy import Economy

pytestmark = pytest.mark.gradients

WEIGHTS = {"R01": 1.0, "R00": -0.7}


@pytest.fixture(scope="module")
def world(make_economy: Callable[..., Economy]) -> Economy:
    return make_economy(4, 2, 3)


def _value(world: Economy, policy: list[Tariff | Transfer]) -> float:
    found = solve(world, policy)
    worth = found.real_income_hat * found.calibration.final_spending
    return float(worth[1] - 0.7 * worth[0])


def test_the_reading_is_the_weighted_sum_of_real_incomes_in_money(world: Economy) -> None:
    duty = [Tariff(importer="R01", exporter="R00", sectors="S00", set=0.3)]
    found = gradient(world, duty, weighted_income(WEIGHTS))
    assert found.value == pytest.approx(_value(world, duty), rel=1e-9)
    spending = calibrate(world).final_spending
    quiet = gradient(world, [], weighted_income(WEIGHTS))
    assert quiet.value == pytest.approx(float(spending[1] - 0.7 * spending[0]), rel=1e-9)


def test_its_slopes_are_those_of_finite_differences(world: Economy) -> None:
    def duty(rate: float) -> list[Tariff | Transfer]:
        return [Tariff(importer="R01", exporter="R00", sectors="S00", set=rate)]

    found = gradient(world, duty(0.3), weighted_income(WEIGHTS))
    step = 1e-4
    slope = (_value(world, duty(0.3 + step)) - _value(world, duty(0.3 - step))) / (2.0 * step)
    assert found.tariff[0, 1, 0] == pytest.approx(slope, rel=1e-5)
    size = 1e-5 * float(world.value_added.sum())
    ways = (
        [*duty(0.3), Transfer(payer=one, receiver=other, amount_musd=size)]
        for one, other in (("R02", "R00"), ("R00", "R02"))
    )
    more, less = (_value(world, policy) for policy in ways)
    between = found.transfer[0] - found.transfer[2]
    assert between == pytest.approx((more - less) / (2.0 * size), rel=1e-4)
    assert np.isfinite(found.transfer).all()


def test_an_unknown_region_is_refused_with_the_nearest(world: Economy) -> None:
    with pytest.raises(UnknownNameError, match="'R1'; did you mean"):
        gradient(world, [], weighted_income({"R1": 1.0}))
