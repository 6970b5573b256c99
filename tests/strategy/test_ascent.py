"""The search itself, on functions whose peaks are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from tula.equilibrium import ConvergenceError
from tula.strategy.ascent import Look, Peak, climb
from tula.strategy.errors import NotAMaximumError, UnfinishedSearchError
from tula.strategy.levers import Box
from tula.strategy.proof import bindings, curvature, require_maximum

Array = np.ndarray


def _box(low: float, high: float, size: int) -> Box:
    return Box(np.full(size, float(low)), np.full(size, float(high)), np.ones(size), np.zeros(size))


def test_scaled_levers_and_rates_are_one_another() -> None:
    fall = np.array([0.0, 1.1, 2.5, 10.0])
    box = Box(np.full(4, -0.5), np.full(4, 2.0), np.array([1.0, 1e-4, 0.3, 0.02]), fall)
    for rates in (box.lower, box.upper, np.zeros(4), np.full(4, 0.3), np.full(4, 1.9)):
        np.testing.assert_allclose(box.rates(box.scaled(rates)), rates, rtol=1e-9, atol=1e-12)
        ahead, behind = box.scaled(rates + 1e-6), box.scaled(rates - 1e-6)
        np.testing.assert_allclose(box.pace(rates), (ahead - behind) / 2e-6, rtol=1e-4)
    assert (box.rates(box.scaled(box.upper)) == box.upper).all()
    assert (box.rates(box.scaled(box.lower)) == box.lower).all()


def _hill(matrix: Array, top: Array) -> Look:
    def look(rates: Array) -> tuple[float, Array]:
        away = rates - top
        return float(-0.5 * away @ matrix @ away), -matrix @ away

    return look


def _rosenbrock(rates: Array) -> tuple[float, Array]:
    x, y = rates
    value = -((1 - x) ** 2) - 100 * (y - x**2) ** 2
    return float(value), np.array([2 * (1 - x) + 400 * x * (y - x**2), -200 * (y - x**2)])


def _bent(size: int, seed: int = 1) -> Array:
    draw = np.random.default_rng(seed)
    turn = np.linalg.qr(draw.standard_normal((size, size)))[0]
    return np.asarray(turn * draw.uniform(0.5, 5.0, size) @ turn.T)


def test_the_top_of_a_hill_is_found_from_any_side() -> None:
    top = np.array([0.3, -0.2, 0.7])
    look = _hill(_bent(3), top)
    for start in (np.full(3, -1.0), np.full(3, 1.0), np.zeros(3)):
        peak = climb(look, start, _box(-1, 1, 3), tolerance=1e-10, evaluations=200)
        np.testing.assert_allclose(peak.rates, top, atol=1e-9)


@pytest.mark.parametrize("high", [0.5, 2.0])
def test_a_curved_valley_ends_where_scipy_ends(high: float) -> None:
    box = _box(-2.0, high, 2)
    peak = climb(_rosenbrock, np.array([-1.2, 0.4]), box, tolerance=1e-8, evaluations=500)
    reference = minimize(
        lambda x: tuple(-np.asarray(part) for part in _rosenbrock(x)),
        np.array([-1.2, 0.4]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-2.0, high)] * 2,
        options={"ftol": 1e-15, "gtol": 1e-10},
    )
    np.testing.assert_allclose(peak.rates, reference.x, atol=1e-5)


def test_a_bound_in_the_way_is_named_with_what_it_costs() -> None:
    box = _box(0.0, 0.25, 2)
    top = np.array([0.1, 0.9])
    peak = climb(_hill(np.eye(2), top), np.zeros(2), box, tolerance=1e-9, evaluations=50)
    (held,) = bindings(("low", "high"), peak, box)
    assert (held.lever, held.side, held.rate) == ("high", "upper", 0.25)
    assert held.worth == pytest.approx(0.65)


def test_a_search_that_runs_out_is_refused() -> None:
    with pytest.raises(UnfinishedSearchError, match="evaluations ran out"):
        climb(_rosenbrock, np.array([-1.2, 1.0]), _box(-2, 2, 2), tolerance=1e-8, evaluations=5)


def test_a_wrong_slope_is_refused() -> None:
    def lying(rates: Array) -> tuple[float, Array]:
        return float(-(rates @ rates)), 2.0 * rates + 1.0

    with pytest.raises(UnfinishedSearchError, match="no step rises"):
        climb(lying, np.full(2, 0.5), _box(-1, 1, 2), tolerance=1e-8, evaluations=500)


def test_a_trial_without_equilibrium_shortens_the_step() -> None:
    hill = _hill(np.eye(1) * 4.0, np.array([0.2]))

    def cliff(rates: Array) -> tuple[float, Array]:
        if rates[0] > 0.25:
            raise ConvergenceError("beyond the edge")
        return hill(rates)

    peak = climb(cliff, np.zeros(1), _box(-1, 1, 1), tolerance=1e-10, evaluations=50)
    assert peak.rates[0] == pytest.approx(0.2)


@pytest.mark.parametrize("size", [4, 60])
def test_curvature_shows_the_extreme_second_derivatives(size: int) -> None:
    matrix, look = _bent(size), _hill(_bent(size), np.zeros(size))
    peak = Peak(np.zeros(size), 0.0, np.zeros(size), 0.0, 0.0, 1)
    found = curvature(lambda rates: look(rates)[1], peak, _box(-1, 1, size))
    truth = -np.linalg.eigvalsh(matrix)[::-1]
    exact = size == 4
    np.testing.assert_allclose(found.smallest, truth[0], rtol=1e-6 if exact else 0.03)
    np.testing.assert_allclose(found.largest, truth[-1], rtol=1e-6 if exact else 0.3)
    assert found.bends_down


@pytest.mark.parametrize("size", [3, 50])
def test_a_saddle_is_no_maximum(size: int) -> None:
    matrix = np.eye(size)
    matrix[0, 0] = -1.0
    look = _hill(matrix, np.zeros(size))
    peak = Peak(np.zeros(size), 0.0, np.zeros(size), 0.0, 0.0, 1)
    with pytest.raises(NotAMaximumError, match="bends up"):
        require_maximum(curvature(lambda x: look(x)[1], peak, _box(-1, 1, size)), "A")
