"""Exact derivatives against central finite differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tula.equilibrium import (
    Anderson,
    BalancedTrade,
    Closure,
    FixedBalance,
    ProportionalBalance,
    calibrate,
    gradient,
    real_income,
    solve,
)
from tula.equilibrium.calibration import Calibration
from tula.policy.shock import Shock
from tula.world.economy import Economy
from tula.world.labels import Labels

pytestmark = pytest.mark.gradients
Array = np.ndarray
ShockMaker = Callable[[Calibration, int], Shock]
CLOSURES = (FixedBalance(), ProportionalBalance(), BalancedTrade())
FINE = Anderson(tolerance=1e-13)
HOME = "IND"


def _real_income(base: Calibration, shock: Shock, closure: Closure) -> float:
    found = solve(base, shock, closure=closure, solver=FINE)
    return float(found.real_income_hat[base.labels.region_index(HOME)])


def _slope(
    base: Calibration, shock: Shock, closure: Closure, moved: Callable[[float], Shock], size: float
) -> float:
    """Central difference of fourth order in one lever."""
    at = {k: _real_income(base, moved(k * size), closure) for k in (-2, -1, 1, 2)}
    return (8.0 * (at[1] - at[-1]) - (at[2] - at[-2])) / (12.0 * size)


def _moved(shock: Shock, field: str, cell: tuple[int, ...]) -> Callable[[float], Shock]:
    def move(size: float) -> Shock:
        values = np.array(getattr(shock, field))
        values[cell] = (
            values[cell] * np.exp(size) if field == "trade_cost_hat" else values[cell] + size
        )
        return shock.replace(**{field: values})

    return move


@pytest.mark.parametrize("closure", CLOSURES, ids=lambda closure: closure.name)
@pytest.mark.parametrize(
    ("field", "slope", "cell", "size"),
    [
        ("tariff", "tariff", (1, 0, 2), 1e-2),
        ("tariff", "tariff", (0, 2, 0), 1e-2),
        ("export_tax", "export_tax", (1, 2, 0), 1e-2),
        ("trade_cost_hat", "trade_cost", (0, 0, 1), 1e-2),
        ("productivity_hat", "productivity", (0, 1), 1e-2),
        ("labour_hat", "labour", (3,), 1e-2),
    ],
)
def test_the_derivative_equals_the_finite_difference(
    toy_economy: Economy,
    everything_shock: ShockMaker,
    closure: Closure,
    field: str,
    slope: str,
    cell: tuple[int, ...],
    size: float,
) -> None:
    base = calibrate(toy_economy)
    shock = replace(everything_shock(base, 1), embargo=np.zeros(base.tariff.shape, dtype=bool))
    exact = gradient(base, shock, real_income(HOME), closure=closure, solver=FINE)
    expected = _slope(base, shock, closure, _moved(shock, field, cell), size)
    assert getattr(exact, slope)[cell] == pytest.approx(expected, rel=1e-6, abs=1e-8)


def test_the_derivative_in_a_transfer_equals_the_finite_difference(
    toy_economy: Economy, everything_shock: ShockMaker
) -> None:
    base = calibrate(toy_economy)
    shock = everything_shock(base, 2)
    exact = gradient(base, shock, real_income(HOME), solver=FINE)
    direction = np.array([1.0, -1.0, 0.0, 0.0])
    size = 1e-3 * base.value_added[0]

    def moved(step: float) -> Shock:
        return shock.replace(transfer=shock.transfer + step * direction)

    expected = _slope(base, shock, FixedBalance(), moved, size)
    assert exact.transfer @ direction == pytest.approx(expected, rel=1e-6)


def test_all_tariffs_together_move_real_income_as_their_derivatives_say(
    toy_economy: Economy, everything_shock: ShockMaker
) -> None:
    base = calibrate(toy_economy)
    shock = everything_shock(base, 3)
    exact = gradient(base, shock, real_income(HOME), solver=FINE)
    direction = np.random.default_rng(0).normal(size=base.tariff.shape) * (shock.tariff > 0)

    def moved(step: float) -> Shock:
        return shock.replace(tariff=shock.tariff + step * direction)

    expected = _slope(base, shock, FixedBalance(), moved, 1e-3)
    assert float((exact.tariff * direction).sum()) == pytest.approx(expected, rel=1e-6)


def test_the_value_is_that_of_the_solution(
    toy_economy: Economy, everything_shock: ShockMaker
) -> None:
    base = calibrate(toy_economy)
    shock = everything_shock(base, 4)
    exact = gradient(base, shock, real_income(HOME))
    assert exact.value == pytest.approx(_real_income(base, shock, FixedBalance()), rel=1e-9)
    assert exact.solution.certificate.worst.value < 1e-9


def test_an_embargoed_cell_has_no_slope(toy_economy: Economy, everything_shock: ShockMaker) -> None:
    base = calibrate(toy_economy)
    shock = everything_shock(base, 5)
    assert shock.embargo.any()
    exact = gradient(base, shock, real_income(HOME))
    assert np.all(exact.tariff[shock.embargo] == 0.0)
    assert np.all(exact.trade_cost[shock.embargo] == 0.0)


def test_a_small_tariff_from_free_trade_raises_the_income_of_a_country_with_market_power(
    two_countries: Economy, quiet: Callable[[Economy], Shock]
) -> None:
    base = calibrate(two_countries)
    at_free_trade = gradient(base, quiet(two_countries), real_income("HOM"))
    assert at_free_trade.tariff[0, 0, 1] > 0.0 > at_free_trade.tariff[0, 1, 0]


def test_the_derivative_vanishes_at_the_best_tariff(
    two_countries: Economy, quiet: Callable[[Economy], Shock]
) -> None:
    """At t = 1 / (theta lambda) of the other's home share, which the slope is not told."""
    base = calibrate(two_countries)
    shock = quiet(two_countries)
    rate = 0.25
    for _ in range(60):
        tariff = np.zeros_like(shock.tariff)
        tariff[0, 0, 1] = rate
        found = solve(base, shock.replace(tariff=tariff), solver=FINE)
        rate = 1.0 / (4.0 * float(found.trade_share[0, 1, 1]))
    exact = gradient(base, shock.replace(tariff=tariff), real_income("HOM"), solver=FINE)
    assert abs(exact.tariff[0, 0, 1]) < 1e-9


def test_the_value_is_that_of_the_purged_world_under_balanced_trade(
    toy_economy: Economy, everything_shock: ShockMaker
) -> None:
    base = calibrate(toy_economy)
    shock = replace(everything_shock(base, 1), embargo=np.zeros(base.tariff.shape, dtype=bool))
    exact = gradient(base, shock, real_income(HOME), closure=BalancedTrade())
    place = base.labels.region_index(HOME)
    assert exact.value == pytest.approx(exact.solution.real_income_hat[place], rel=1e-12)


@pytest.mark.parametrize("weight", [0.0, 0.5, 2.0])
def test_the_best_sanction_tariff_is_one_plus_the_weight_on_harm_over_the_supply_elasticity(
    two_countries: Economy, quiet: Callable[[Economy], Shock], weight: float
) -> None:
    """Gains to the sender equal ``weight`` times losses to the target, both in money, at
    t = (1 + weight) / (theta lambda): Becko (2024), de Souza and others (2024)."""
    base = calibrate(two_countries)
    shock = quiet(two_countries)
    rate = 0.25
    for _ in range(80):
        tariff = np.zeros_like(shock.tariff)
        tariff[0, 0, 1] = rate
        found = solve(base, shock.replace(tariff=tariff), solver=FINE)
        rate = (1.0 + weight) / (4.0 * float(found.trade_share[0, 1, 1]))
    sanction = shock.replace(tariff=tariff)
    sender, target = (
        gradient(base, sanction, real_income(code), solver=FINE).tariff[0, 0, 1]
        / found.real_income_hat[place]
        * found.income[place]
        for place, code in enumerate(("HOM", "FOR"))
    )
    assert sender == pytest.approx(weight * target, abs=1e-7 * found.income[0])
    assert target < 0.0


def _friend_enemy(base: Calibration) -> tuple[Array, Array]:
    """Effects of each exporter's productivity on every income and welfare, in logs, for one sector
    and balanced trade (Kleinman, Liu and Redding): rows feel, columns move."""
    theta, spending = base.trade_elasticity[0], base.trade_share[0]
    income = spending.T * base.value_added / base.value_added[:, None]
    world = np.tile(base.value_added / base.value_added.sum(), (len(spending), 1))
    one = np.eye(len(spending))
    feedback = (income + theta * income @ spending) / (theta + 1) - world
    cross = income @ spending - one
    wages = -np.linalg.inv(one - feedback) @ cross * theta / (theta + 1)
    return wages, (one - spending) @ wages + spending


def test_productivity_abroad_moves_welfare_as_the_friend_enemy_matrix_says(
    quiet: Callable[[Economy], Shock], two_countries: Economy
) -> None:
    draw = np.random.default_rng(11).lognormal(3.0, 1.0, (4, 4))
    sales = draw + draw.T + np.diag([200.0, 50.0, 400.0, 90.0])
    world = Economy(
        labels=Labels(("AAA", "BBB", "CCC", "DDD"), ("ONE",)),
        intermediate=np.zeros((4, 1, 4, 1)),
        final=sales[:, None, :],
        tariff=np.zeros((1, 4, 4)),
        export_tax=np.zeros((1, 4, 4)),
        trade_elasticity=two_countries.trade_elasticity,
        elasticity_source="chosen for tests",
        provenance=two_countries.provenance,
    )
    base = calibrate(world)
    wages, welfare = _friend_enemy(base)
    found = np.array(
        [
            gradient(base, quiet(world), real_income(code), solver=FINE).productivity[:, 0]
            for code in base.labels.regions
        ]
    )
    np.testing.assert_allclose(found, welfare, atol=1e-9)
    step = 1e-3
    for mover in range(4):
        up, down = (
            solve(base, quiet(world).replace(productivity_hat=_one_moved(mover, size)), solver=FINE)
            for size in (step, -step)
        )
        slope = np.log(up.real_income_hat / down.real_income_hat) / (2 * step)
        np.testing.assert_allclose(slope, welfare[:, mover], atol=1e-6)
        wage_slope = np.log(up.wage_hat / down.wage_hat) / (2 * step)
        np.testing.assert_allclose(wage_slope, wages[:, mover], atol=1e-6)


def _one_moved(mover: int, log_size: float) -> Array:
    productivity = np.ones((4, 1))
    productivity[mover] = np.exp(log_size)
    return productivity
