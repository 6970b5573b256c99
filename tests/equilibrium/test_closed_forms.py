"""Cases whose answer is known on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from tula.equilibrium import BalancedTrade, NegativeError, Solution, calibrate, solve
from tula.equilibrium.calibration import Calibration
from tula.policy.shock import Shock
from tula.world.economy import Economy

Array = np.ndarray
Quiet = Callable[[Economy | Calibration], Shock]


def _cut_off(shock: Shock, region: int) -> Shock:
    """Embargo everything one region buys abroad and sells abroad."""
    cells = np.zeros(shock.tariff.shape, dtype=bool)
    cells[:, region, :] = cells[:, :, region] = True
    cells[:, region, region] = False
    return replace(shock, embargo=cells)


def _sector_weights(base: Calibration) -> Array:
    """Total requirement of k's price in s's price, inputs of inputs included, (N, S, K)."""
    s = base.trade_elasticity.size
    return np.asarray(np.linalg.inv(np.eye(s) - base.input_share.transpose(0, 2, 1)))


@pytest.mark.parametrize("region", range(4))
def test_autarky_raises_each_price_over_cost_by_the_home_share_to_minus_one_over_theta(
    toy_economy: Economy, quiet: Quiet, region: int
) -> None:
    found = solve(toy_economy, _cut_off(quiet(toy_economy), region), closure=BalancedTrade())
    base = found.calibration
    home = base.trade_share[:, region, region]
    expected = home ** (-1.0 / base.trade_elasticity)
    np.testing.assert_allclose((found.price_hat / found.cost_hat)[region], expected, rtol=1e-10)


@pytest.mark.parametrize("region", range(4))
def test_the_real_wage_in_autarky_follows_from_home_shares_through_input_links(
    toy_economy: Economy, quiet: Quiet, region: int
) -> None:
    found = solve(toy_economy, _cut_off(quiet(toy_economy), region), closure=BalancedTrade())
    base = found.calibration
    loss = -np.log(base.trade_share[:, region, region]) / base.trade_elasticity
    log_price = _sector_weights(base)[region] @ loss
    expected = np.exp(-base.final_share[region] @ log_price)
    real_wage = found.wage_hat / found.final_price_hat
    assert real_wage[region] == pytest.approx(expected, rel=1e-9)


def test_autarky_everywhere_has_an_answer(toy_economy: Economy, quiet: Quiet) -> None:
    shock = quiet(toy_economy)
    apart = np.broadcast_to(~np.eye(4, dtype=bool), shock.embargo.shape).copy()
    found = solve(toy_economy, replace(shock, embargo=apart), closure=BalancedTrade())
    home = np.einsum("snn->ns", found.calibration.trade_share)
    expected = home ** (-1.0 / found.calibration.trade_elasticity)
    np.testing.assert_allclose(found.price_hat / found.cost_hat, expected, rtol=1e-10)


def test_a_country_alone_gains_its_sales_weights_of_productivity(
    make_economy: Callable[..., Economy], quiet: Quiet
) -> None:
    world = make_economy(1, 4, 8)
    base = calibrate(world)
    productivity = np.array([[1.3, 0.8, 1.1, 0.95]])
    found = solve(base, replace(quiet(base), productivity_hat=productivity))
    sales_weight = base.output / base.value_added[:, None]
    expected = np.exp((sales_weight * np.log(productivity)).sum())
    np.testing.assert_allclose(found.real_income_hat, expected, rtol=1e-11)


@pytest.mark.parametrize("theta", [2.0, 4.0, 7.0])
def test_the_best_tariff_of_one_of_two_countries_is_one_over_theta_times_the_others_home_share(
    two_countries: Economy, quiet: Quiet, theta: float
) -> None:
    world = calibrate(replace(two_countries, trade_elasticity=np.array([theta])))

    def with_tariff(rate: float) -> Solution:
        tariff = np.zeros((1, 2, 2))
        tariff[0, 0, 1] = rate
        return solve(world, replace(quiet(world), tariff=tariff))

    best = minimize_scalar(
        lambda rate: -with_tariff(float(rate)).real_income_hat[0],
        bounds=(0.0, 1.5),
        method="bounded",
        options={"xatol": 1e-7},
    )
    foreign_home_share = with_tariff(float(best.x)).trade_share[0, 1, 1]
    assert best.x == pytest.approx(1.0 / (theta * foreign_home_share), rel=2e-5)


def test_the_best_export_tax_equals_the_best_tariff(two_countries: Economy, quiet: Quiet) -> None:
    """Lerner symmetry: with balanced trade a uniform tariff and export tax do the same."""
    world = calibrate(two_countries)
    tariff, export_tax = np.zeros((1, 2, 2)), np.zeros((1, 2, 2))
    tariff[0, 0, 1] = export_tax[0, 1, 0] = 0.3
    taxed_in = solve(world, replace(quiet(world), tariff=tariff))
    taxed_out = solve(world, replace(quiet(world), export_tax=export_tax))
    np.testing.assert_allclose(taxed_in.real_income_hat, taxed_out.real_income_hat, rtol=1e-10)
    np.testing.assert_allclose(taxed_in.trade_share, taxed_out.trade_share, rtol=1e-9)


def _iceberg(world: Economy, quiet: Quiet, log_cost: float) -> Solution:
    s, n, _ = world.tariff.shape
    cost = np.where(np.eye(n, dtype=bool), 1.0, np.exp(log_cost)) * np.ones((s, 1, 1))
    return solve(world, replace(quiet(world), trade_cost_hat=cost))


def _import_weight(found: Solution) -> float:
    """Imports of the first country over its final spending."""
    bought = found.trade_share[:, 0, :] * found.expenditure[0][:, None]
    return float(bought[:, 1:].sum() / found.income[0])


def test_small_trade_costs_cost_the_mean_import_weight_up_to_third_order(
    mirror_countries: Economy, quiet: Quiet
) -> None:
    """Hulten's first order plus half the change in sales weights (Baqaee and Farhi)."""
    before = _import_weight(solve(mirror_countries, quiet(mirror_countries)))

    def error(size: float) -> float:
        found = _iceberg(mirror_countries, quiet, size)
        second_order = -0.5 * (before + _import_weight(found)) * size
        return abs(float(np.log(found.real_income_hat[0])) - second_order)

    def first_order_error(size: float) -> float:
        found = _iceberg(mirror_countries, quiet, size)
        return abs(float(np.log(found.real_income_hat[0])) + before * size)

    assert error(0.02) / error(0.01) == pytest.approx(8.0, rel=0.05)
    assert first_order_error(0.02) / first_order_error(0.01) == pytest.approx(4.0, rel=0.05)
    assert error(0.01) < 0.01 * first_order_error(0.01)


def test_labour_growth_everywhere_changes_no_relative_price(
    toy_economy: Economy, quiet: Quiet
) -> None:
    base = calibrate(toy_economy)
    grown = solve(base, replace(quiet(base), labour_hat=np.full(4, 1.1)), closure=BalancedTrade())
    np.testing.assert_allclose(grown.real_income_hat, 1.1, rtol=1e-10)
    np.testing.assert_allclose(grown.wage_hat, 1.0 / 1.1, rtol=1e-10)


def test_productivity_and_iceberg_costs_of_an_exporter_to_everyone_are_the_same_thing(
    toy_economy: Economy, quiet: Quiet
) -> None:
    base = calibrate(toy_economy)
    productivity, cost = np.ones((4, 3)), np.ones((3, 4, 4))
    productivity[2, 1], cost[1, :, 2] = 1.0 / 1.25, 1.25
    less_able = solve(base, replace(quiet(base), productivity_hat=productivity))
    dearer = solve(base, replace(quiet(base), trade_cost_hat=cost))
    np.testing.assert_allclose(less_able.real_income_hat, dearer.real_income_hat, rtol=1e-10)


def test_a_region_that_nobody_buys_from_cannot_balance_its_trade(toy_economy: Economy) -> None:
    """It buys abroad and sells nothing there: no wage above zero pays for what it buys."""
    final, inputs = toy_economy.final.copy(), toy_economy.intermediate.copy()
    abroad = np.arange(len(toy_economy.regions)) != 0
    final[0][:, abroad], inputs[0][:, abroad] = 0.0, 0.0
    loyal = np.full(len(toy_economy.sectors), 0.5)
    poor = replace(toy_economy, final=final, intermediate=inputs, trade_elasticity=loyal)
    with pytest.raises(
        NegativeError, match=f"earnings of {poor.regions[0]} fall to .*closure fixed"
    ):
        solve(poor, closure=BalancedTrade())
    assert solve(poor).certificate.holds
