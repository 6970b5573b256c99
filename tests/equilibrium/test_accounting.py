"""Money is neither made nor lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tula.equilibrium import (
    BalancedTrade,
    Closure,
    FixedBalance,
    ProportionalBalance,
    calibrate,
    solve,
)
from tula.equilibrium.calibration import Calibration
from tula.policy.shock import Shock
from tula.world.economy import Economy

CLOSURES = (FixedBalance(), ProportionalBalance(), BalancedTrade())
EQUATIONS = {"unit cost", "price index", "goods market", "labour market", "budget"}
Quiet = Callable[[Economy | Calibration], Shock]
ShockMaker = Callable[[Calibration, int], Shock]


@pytest.mark.parametrize("closure", CLOSURES, ids=lambda closure: closure.name)
@pytest.mark.parametrize("seed", range(4))
def test_every_market_clears_and_walras_law_holds(
    make_economy: Callable[..., Economy],
    everything_shock: ShockMaker,
    closure: Closure,
    seed: int,
) -> None:
    base = calibrate(make_economy(4, 3, seed, export_taxes=True))
    certificate = solve(base, everything_shock(base, seed), closure=closure).certificate
    assert {residual.equation for residual in certificate.residuals} >= EQUATIONS
    assert certificate.worst.value < 1e-9
    assert certificate.walras < 1e-9
    assert certificate.closure == closure.name


@pytest.mark.parametrize("closure", CLOSURES, ids=lambda closure: closure.name)
def test_the_certificate_is_confirmed_by_adding_up_the_returned_numbers(
    toy_economy: Economy, everything_shock: ShockMaker, closure: Closure
) -> None:
    base = calibrate(toy_economy)
    found = solve(base, everything_shock(base, 11), closure=closure)
    cal, shock = found.calibration, found.shock
    spent = found.trade_share * found.expenditure.T[:, :, None]
    received = spent / ((1.0 + shock.tariff) * (1.0 + shock.export_tax))
    wage_bill = (cal.value_added_share * received.sum(axis=1).T).sum(axis=1)
    np.testing.assert_allclose(wage_bill, found.value_added, rtol=1e-9)
    inputs = np.einsum("nks,ns->nk", cal.input_share, received.sum(axis=1).T)
    final = cal.final_share * found.income[:, None]
    np.testing.assert_allclose(final + inputs, found.expenditure, rtol=1e-9)


def test_world_value_added_is_the_numeraire(
    toy_economy: Economy, everything_shock: ShockMaker
) -> None:
    base = calibrate(toy_economy)
    found = solve(base, everything_shock(base, 2))
    assert found.value_added.sum() == pytest.approx(base.value_added.sum(), rel=1e-10)


def test_income_is_value_added_revenue_and_imbalance(
    toy_economy: Economy, everything_shock: ShockMaker
) -> None:
    base = calibrate(toy_economy)
    found = solve(base, everything_shock(base, 3))
    parts = (
        found.value_added
        + found.tariff_revenue
        + found.export_tax_revenue
        + found.cap_rent
        + found.imbalance
    )
    np.testing.assert_allclose(found.income, parts, rtol=1e-9)


@pytest.mark.parametrize("closure", CLOSURES, ids=lambda closure: closure.name)
def test_imbalances_and_transfers_sum_to_zero(
    toy_economy: Economy, everything_shock: ShockMaker, closure: Closure
) -> None:
    base = calibrate(toy_economy)
    found = solve(base, everything_shock(base, 4), closure=closure)
    world = base.value_added.sum()
    assert abs(found.imbalance.sum()) < 1e-10 * world
    assert abs(base.imbalance.sum()) < 1e-12 * world


def test_a_transfer_moves_exactly_its_amount(toy_economy: Economy, quiet: Quiet) -> None:
    base = calibrate(toy_economy)
    gift = np.zeros(4)
    gift[0], gift[2] = 500.0, -500.0
    found = solve(base, replace(quiet(base), transfer=gift))
    np.testing.assert_allclose(found.imbalance - base.imbalance, gift, atol=1e-8)
    assert found.real_income_hat[0] > 1.0 > found.real_income_hat[2]


def test_export_tax_revenue_goes_to_the_exporter(toy_economy: Economy, quiet: Quiet) -> None:
    base = calibrate(toy_economy)
    tax = np.array(base.export_tax)
    tax[0, 0, 1] = 0.2
    found = solve(base, replace(quiet(base), export_tax=tax))
    border = found.trade_share[0, 0, 1] * found.expenditure[0, 0] / (1.0 + base.tariff[0, 0, 1])
    assert found.export_tax_revenue[1] == pytest.approx(border * 0.2 / 1.2, rel=1e-9)
    np.testing.assert_allclose(np.delete(found.export_tax_revenue, 1), 0.0, atol=1e-9)


def test_tariff_revenue_goes_to_the_importer(toy_economy: Economy, quiet: Quiet) -> None:
    untaxed = replace(toy_economy, tariff=np.zeros_like(toy_economy.tariff))
    base = calibrate(untaxed)
    tariff = np.zeros_like(base.tariff)
    tariff[1, 2, 0] = 0.5
    found = solve(base, replace(quiet(base), tariff=tariff))
    border = found.border_trade[1, 2, 0]
    assert found.tariff_revenue[2] == pytest.approx(0.5 * border, rel=1e-9)
    np.testing.assert_allclose(np.delete(found.tariff_revenue, 2), 0.0, atol=1e-9)


def test_under_the_balanced_closure_the_world_departed_from_has_no_imbalances(
    toy_economy: Economy, everything_shock: ShockMaker
) -> None:
    base = calibrate(toy_economy)
    assert np.abs(base.imbalance).max() > 1.0
    found = solve(
        base, replace(everything_shock(base, 5), transfer=np.zeros(4)), closure=BalancedTrade()
    )
    np.testing.assert_allclose(found.calibration.imbalance, 0.0, atol=1e-9)
    np.testing.assert_allclose(found.imbalance, 0.0, atol=1e-9)


def test_the_proportional_closure_keeps_the_ratio_to_own_income_up_to_a_common_shift(
    toy_economy: Economy, everything_shock: ShockMaker
) -> None:
    base = calibrate(toy_economy)
    shock = replace(everything_shock(base, 6), transfer=np.zeros(4))
    found = solve(base, shock, closure=ProportionalBalance())
    drift = found.imbalance / found.value_added - base.imbalance / base.value_added
    np.testing.assert_allclose(drift, drift[0], atol=1e-10)


def test_the_three_closures_give_different_answers(
    toy_economy: Economy, everything_shock: ShockMaker
) -> None:
    base = calibrate(toy_economy)
    shock = replace(everything_shock(base, 7), transfer=np.zeros(4))
    answers = [solve(base, shock, closure=closure).real_income_hat[0] for closure in CLOSURES]
    assert len({round(float(answer), 6) for answer in answers}) == 3
