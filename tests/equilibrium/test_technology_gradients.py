"""Derivatives under rich technologies against central finite differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from equilibrium.moderate import limit, moderate_shock
from tula.equilibrium import (
    Anderson,
    BuyerElasticity,
    SpecificFactor,
    Technology,
    WageFloor,
    calibrate,
    gradient,
    real_income,
    solve,
)
from tula.policy.shock import Shock
from tula.world.economy import Economy

pytestmark = pytest.mark.gradients
FINE = Anderson(tolerance=1e-11)
NESTS = Technology(0.4, 0.3, 0.8, ("OIL", "MAN"), 0.7, home_and_imports=1.6)
RIGID = Technology(transformation=2.0, buyers=(BuyerElasticity("IND", "OIL", 0.5),))
TIED = Technology(
    labour_mobility=1.5,
    specific_factors=(SpecificFactor("OIL", 0.4),),
    wage_floors=(WageFloor("RUS", 1.1, 0.5),),
)
PAYER = 2
LEVERS = [
    ("tariff", (1, 0, 2), 2e-3),
    ("productivity_hat", (1, 0), 2e-3),
    ("labour_hat", (1,), 2e-3),
    ("transfer", (0,), None),
]


def _moved(shock: Shock, field: str, place: tuple[int, ...]) -> Callable[[float], Shock]:
    def move(size: float) -> Shock:
        values = np.array(getattr(shock, field))
        values[place] += size
        if field == "transfer":
            values[PAYER] -= size
        return replace(shock, **{field: values})

    return move


@pytest.mark.parametrize(
    "technology",
    [
        pytest.param(NESTS, id="nests"),
        pytest.param(RIGID, id="rigid", marks=pytest.mark.long),
        pytest.param(TIED, id="tied", marks=pytest.mark.slow),
    ],
)
def test_derivatives_under_limits_equal_finite_differences(
    toy_economy: Economy, technology: Technology
) -> None:
    base = calibrate(toy_economy, technology)
    limits = (limit([(0, 0, 1), (0, 0, 2)], 0.5), limit([(1, 2, 3)], 0.3, "exporter"))
    shock = replace(moderate_shock(base, 3), limits=limits)
    found = gradient(base, shock, real_income("IND"), solver=FINE)
    assert any(one.binds for one in found.solution.limits)
    assert (found.solution.employment_hat[1] < 1.0) == (technology is TIED)
    slopes = {
        "tariff": found.tariff,
        "productivity_hat": found.productivity,
        "labour_hat": found.labour,
        "transfer": found.transfer - found.transfer[PAYER],
    }
    for field, place, given in LEVERS:
        step = given or 1e-3 * float(base.value_added[0])
        move = _moved(shock, field, place)

        def value(times: int, move: Callable[[float], Shock] = move, step: float = step) -> float:
            return float(solve(base, move(times * step), solver=FINE).real_income_hat[0])

        slope = (8 * (value(1) - value(-1)) - (value(2) - value(-2))) / (12 * step)
        assert slopes[field][place] == pytest.approx(slope, rel=1e-6), field
