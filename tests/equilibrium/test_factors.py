"""Factors tied to sectors, labour of limited mobility, idle labour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from equilibrium.moderate import moderate_shock, quiet
from pure_trade import pure_economy
from tula.equilibrium import (
    Solution,
    SpecificFactor,
    Technology,
    TechnologyError,
    WageFloor,
    calibrate,
    solve,
)
from tula.equilibrium.calibration import Calibration
from tula.policy.shock import Shock
from tula.world.economy import Economy

STUCK = Technology(labour_mobility=0.0)
MINE = Technology(specific_factors=(SpecificFactor("OIL", 0.4),))
FLOOR = Technology(wage_floors=(WageFloor("IND", 1.0),))


def _after(economy: Economy, technology: Technology, seed: int = 3) -> Solution:
    base = calibrate(economy, technology)
    return solve(base, moderate_shock(base, seed))


@pytest.fixture(scope="module")
def plain(toy_economy: Economy) -> Solution:
    """The economy of free factors after the same shock."""
    return _after(toy_economy, Technology())


@pytest.mark.parametrize("technology", [STUCK, MINE, FLOOR], ids=["stuck", "mine", "floor"])
def test_without_a_shock_tied_factors_return_the_base_year(
    toy_economy: Economy, technology: Technology
) -> None:
    base = calibrate(toy_economy, technology)
    found = solve(base, quiet(base))
    np.testing.assert_allclose(found.real_income_hat, 1.0, rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(found.employment_hat, 1.0, rtol=0.0, atol=1e-12)


def test_very_mobile_labour_is_free_labour(toy_economy: Economy, plain: Solution) -> None:
    near = _after(toy_economy, Technology(labour_mobility=1e9))
    np.testing.assert_allclose(near.real_income_hat, plain.real_income_hat, rtol=1e-7)
    np.testing.assert_allclose(near.output, plain.output, rtol=1e-7)


def test_a_specific_factor_without_a_share_changes_nothing(
    toy_economy: Economy, plain: Solution
) -> None:
    none = Technology(specific_factors=(SpecificFactor("OIL", 0.0),))
    found = _after(toy_economy, none)
    np.testing.assert_allclose(found.real_income_hat, plain.real_income_hat, rtol=1e-9)
    np.testing.assert_allclose(found.factor_price_hat, plain.factor_price_hat, rtol=1e-9)


def test_stuck_labour_earns_its_own_sectors_value_added(toy_economy: Economy) -> None:
    found = _after(toy_economy, STUCK)
    base = found.calibration
    grown = found.sector_value_added / (base.value_added_share * base.output)
    expected = grown / found.shock.labour_hat[:, None]
    np.testing.assert_allclose(found.factor_price_hat, expected, rtol=1e-9)


@pytest.mark.parametrize("mobility", [0.0, 0.5, 3.0])
def test_relative_labour_in_two_sectors_answers_relative_wages_with_the_mobility(
    toy_economy: Economy, mobility: float
) -> None:
    found = _after(toy_economy, Technology(labour_mobility=mobility))
    base = found.calibration
    grown = found.sector_value_added / (base.value_added_share * base.output)
    labour, wage = np.log(grown / found.factor_price_hat), np.log(found.factor_price_hat)
    gap = (labour[:, 0] - labour[:, 1]) - mobility * (wage[:, 0] - wage[:, 1])
    np.testing.assert_allclose(gap, 0.0, atol=1e-9)


def _price_taker() -> Economy:
    """A small region that sells one good out of two to a world a million times its size."""
    flows = np.zeros((2, 2, 2))
    flows[0] = [[1.0, 0.0], [1.0, 2e6]]
    flows[1] = [[98.0, 1.0], [0.0, 2e6]]
    return pure_economy(flows, 2e3, regions=("SML", "BIG"), sectors=("OIL", "MAN"))


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_small_mining_sectors_supply_elasticity_is_labours_share_over_the_mines(
    share: float,
) -> None:
    """With output K^a L^(1-a), price given and labour at a given wage: (1 - a) / a."""
    base = calibrate(
        _price_taker(), Technology(specific_factors=(SpecificFactor("OIL", share, "SML"),))
    )
    productivity = np.ones((2, 2))
    productivity[0, 0] = 1.001
    found = solve(base, replace(quiet(base), productivity_hat=productivity))
    value = np.log(found.output[0, 0] / base.output[0, 0])
    paid = np.log(found.factor_price_hat[0, 0] / found.wage_hat[0])
    quantity = value - np.log(found.factor_price_hat[0, 0])
    assert quantity / paid == pytest.approx((1.0 - share) / share, rel=1e-6)
    rise = np.log(found.output[0, 0] / base.output[0, 0] / found.wage_hat[0])
    assert rise == pytest.approx(np.log(1.001) / share, rel=0.05)


def _poorer(base: Calibration) -> Shock:
    productivity = np.ones(base.output.shape)
    productivity[0] = 0.9
    return replace(quiet(base), productivity_hat=productivity)


def _richer(base: Calibration) -> Shock:
    productivity = np.ones(base.output.shape)
    productivity[0] = 1.1
    return replace(quiet(base), productivity_hat=productivity)


def test_a_slack_wage_floor_changes_nothing(toy_economy: Economy) -> None:
    base, free = calibrate(toy_economy, FLOOR), calibrate(toy_economy)
    found = solve(base, _richer(base))
    assert found.wage_hat[0] > 1.0
    assert found.employment_hat[0] == 1.0
    other = solve(free, _richer(free))
    np.testing.assert_allclose(found.real_income_hat, other.real_income_hat, rtol=1e-9)


@pytest.mark.parametrize("indexation", [0.0, 0.5, 1.0])
def test_a_binding_wage_floor_holds_the_wage_and_leaves_labour_idle(
    toy_economy: Economy, indexation: float
) -> None:
    base = calibrate(toy_economy, Technology(wage_floors=(WageFloor("IND", 1.0, indexation),)))
    found = solve(base, _poorer(base))
    floor = found.final_price_hat[0] ** indexation
    assert found.wage_hat[0] == pytest.approx(floor, rel=1e-9)
    assert found.employment_hat[0] < 0.99
    np.testing.assert_allclose(found.employment_hat[1:], 1.0, rtol=0.0, atol=0.0)


def test_idle_labour_makes_a_loss_larger(toy_economy: Economy) -> None:
    base, free = calibrate(toy_economy, FLOOR), calibrate(toy_economy)
    idle, busy = solve(base, _poorer(base)), solve(free, _poorer(free))
    assert idle.real_income_hat[0] < busy.real_income_hat[0] < 1.0


def test_value_added_is_wages_of_those_at_work_where_no_factor_is_specific(
    toy_economy: Economy,
) -> None:
    base = calibrate(toy_economy, FLOOR)
    found = solve(base, _poorer(base))
    paid = found.wage_hat * found.employment_hat * base.value_added
    np.testing.assert_allclose(found.value_added, paid, rtol=1e-10)
    np.testing.assert_allclose(found.sector_value_added.sum(axis=1), paid, rtol=1e-9)


def test_the_order_of_regions_does_not_matter_under_tied_factors(
    toy_economy: Economy,
) -> None:
    found = _after(toy_economy, MINE)
    order = [2, 0, 3, 1]
    regions = tuple(toy_economy.regions[place] for place in order)
    labels = replace(toy_economy.labels, regions=regions)
    turned = replace(
        toy_economy,
        labels=labels,
        intermediate=toy_economy.intermediate[order][:, :, order],
        final=toy_economy.final[order][:, :, order],
        tariff=toy_economy.tariff[:, order][:, :, order],
        export_tax=toy_economy.export_tax[:, order][:, :, order],
    )
    shock = replace(
        found.shock,
        labels=labels,
        tariff=found.shock.tariff[:, order][:, :, order],
        export_tax=found.shock.export_tax[:, order][:, :, order],
        trade_cost_hat=found.shock.trade_cost_hat[:, order][:, :, order],
        embargo=found.shock.embargo[:, order][:, :, order],
        productivity_hat=found.shock.productivity_hat[order],
        labour_hat=found.shock.labour_hat[order],
        transfer=found.shock.transfer[order],
    )
    again = solve(calibrate(turned, MINE), shock)
    np.testing.assert_allclose(again.real_income_hat, found.real_income_hat[order], rtol=1e-9)


def test_value_added_that_is_all_specific_is_refused(toy_economy: Economy) -> None:
    base = calibrate(toy_economy, Technology(specific_factors=(SpecificFactor("all", 1.0),)))
    with pytest.raises(TechnologyError, match="no labour is left"):
        solve(base, quiet(base))


@pytest.mark.parametrize(
    "wrong",
    [
        {"specific_factors": (SpecificFactor("OIL", 1.2),)},
        {"wage_floors": (WageFloor("IND", 0.0),)},
        {"wage_floors": (WageFloor("IND", 1.0, 2.0),)},
        {"labour_mobility": -1.0},
    ],
)
def test_factor_parameters_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(TechnologyError, match="cannot be used"):
        Technology(**wrong)  # type: ignore[arg-type]
