"""Readings: the value is that of the solution, the slope that of finite differences."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import numpy as np
import pytest

from tula.equilibrium import Anderson, Solution, calibrate, gradient, readings, solve
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.solve import pose
from tula.equilibrium.system import evaluate, start, state_of
from tula.policy.shock import Shock
from tula.world.economy import Economy

ShockMaker = Callable[[Calibration, int], Shock]
FINE = Anderson(tolerance=1e-13)
CELL = (0, 0, 2)

CASES: dict[str, tuple[readings.Reading, Callable[[Solution], float]]] = {
    "real income": (readings.real_income("IND"), lambda found: found.real_income_hat[0]),
    "wage": (readings.wage("RUS"), lambda found: found.wage_hat[1]),
    "import revenue": (
        readings.import_revenue("IND"),
        lambda found: found.tariff_revenue[0] + found.cap_rent[0],
    ),
    "output": (readings.output("USA", ["MAN"]), lambda found: found.output[2, 1]),
    "imports": (
        readings.imports("IND", "USA", ["OIL", "MAN"]),
        lambda found: (found.border_trade * found.cap_wedge)[:2, 0, 2].sum(),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_reading_reaches_another_process(toy_economy: Economy, name: str) -> None:
    base = calibrate(toy_economy)
    system = pose(base, (), None, Anderson()).system
    state = state_of(system, evaluate(system, start(system))[1])
    sent = pickle.loads(pickle.dumps(CASES[name][0]))
    assert sent(base)(system, state) == CASES[name][0](base)(system, state)


@pytest.mark.gradients
@pytest.mark.parametrize("name", CASES)
def test_a_reading_has_the_solutions_value_and_its_slope(
    toy_economy: Economy, everything_shock: ShockMaker, name: str
) -> None:
    reading, read = CASES[name]
    base = calibrate(toy_economy)
    shock = everything_shock(base, 1)
    exact = gradient(base, shock, reading, solver=FINE)
    assert exact.value == pytest.approx(read(exact.solution), rel=1e-10)

    def moved(size: float) -> float:
        tariff = shock.tariff.copy()
        tariff[CELL] += size
        return float(read(solve(base, shock.replace(tariff=tariff), solver=FINE)))

    step = 1e-3
    near = (moved(step) - moved(-step)) / (2 * step)
    far = (moved(2 * step) - moved(-2 * step)) / (4 * step)
    assert exact.tariff[CELL] == pytest.approx((4 * near - far) / 3, rel=1e-6, abs=1e-8)
    assert np.isfinite(exact.tariff).all()
