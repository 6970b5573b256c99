"""Elasticities of substitution at and below one."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest

from equilibrium.independent import solve_independently
from equilibrium.moderate import quiet, with_tariff
from tula.equilibrium import (
    BuyerElasticity,
    MultipleEquilibriaWarning,
    Solution,
    Technology,
    approach,
    calibrate,
    solve,
    solve_batch,
)
from tula.equilibrium.calibration import Calibration
from tula.policy import EssentialSupplierError
from tula.world.economy import Economy

CELL = (0, 0, 1)


def _world(economy: Economy, theta: float) -> Calibration:
    """Return the world with this trade elasticity for the first sector."""
    elasticity = np.array(economy.trade_elasticity)
    elasticity[0] = theta
    return calibrate(replace(economy, trade_elasticity=elasticity))


def _dearer(economy: Economy, theta: float) -> Solution:
    base = _world(economy, theta)
    cost = np.ones(base.tariff.shape)
    cost[CELL] = 1.5
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MultipleEquilibriaWarning)
        return solve(base, replace(quiet(base), trade_cost_hat=cost))


def test_an_elasticity_of_exactly_one_is_the_limit_from_both_sides(toy_economy: Economy) -> None:
    exact = _dearer(toy_economy, 0.0)
    for off in (-1e-4, 1e-4):
        near = _dearer(toy_economy, off)
        np.testing.assert_allclose(near.real_income_hat, exact.real_income_hat, rtol=1e-4)
        np.testing.assert_allclose(near.trade_share, exact.trade_share, rtol=1e-3)


def test_at_an_elasticity_of_exactly_one_spending_shares_do_not_move(
    toy_economy: Economy,
) -> None:
    found = _dearer(toy_economy, 0.0)
    np.testing.assert_allclose(found.trade_share[0], found.calibration.trade_share[0], rtol=1e-12)
    assert found.certificate.holds


@pytest.mark.parametrize("theta", [0.0, -0.4])
def test_low_elasticities_agree_with_the_root_finder(toy_economy: Economy, theta: float) -> None:
    found = _dearer(toy_economy, theta)
    other = solve_independently(found.calibration, found.shock)
    np.testing.assert_allclose(found.real_income_hat, other.real_income_hat, rtol=1e-8)
    np.testing.assert_allclose(found.border_trade, other.border_trade, rtol=1e-7)


def test_complements_lose_more_from_a_dear_supplier_than_substitutes(
    toy_economy: Economy,
) -> None:
    low, unit, high = (_dearer(toy_economy, theta).real_income_hat[0] for theta in (-0.4, 0.0, 4.0))
    assert low < unit < high < 1.0


def test_the_equilibrium_below_one_does_not_depend_on_where_the_descent_starts(
    toy_economy: Economy, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = _dearer(toy_economy, -0.4)
    monkeypatch.setattr(approach, "ABOVE", 1.5)
    other = _dearer(toy_economy, -0.4)
    np.testing.assert_allclose(other.real_income_hat, usual.real_income_hat, rtol=1e-9)


def test_elasticities_below_one_are_warned_of_with_their_value(toy_economy: Economy) -> None:
    base = _world(toy_economy, -0.4)
    with pytest.warns(MultipleEquilibriaWarning, match=r"down to 0\.6, below one"):
        solve(base, with_tariff(base, CELL, 0.1))


def test_a_batch_warns_once_and_says_of_which_scenarios(toy_economy: Economy) -> None:
    base = _world(toy_economy, -0.4)
    policies = [with_tariff(base, CELL, 0.1), quiet(base)]
    with pytest.warns(MultipleEquilibriaWarning, match=r"down to 0\.6, below one") as warned:
        batch = solve_batch(base, policies)
    assert batch.said.keys() == {0, 1}
    told = {text for texts in batch.said.values() for text in texts}
    assert sorted(str(one.message) for one in warned) == sorted(told)


def test_elasticities_above_one_are_not_warned_of(toy_economy: Economy) -> None:
    base = calibrate(toy_economy)
    with warnings.catch_warnings():
        warnings.simplefilter("error", MultipleEquilibriaWarning)
        assert solve(base, with_tariff(base, CELL, 0.1)).certificate.holds


@pytest.mark.parametrize("theta", [0.0, -0.4])
def test_an_embargo_on_an_essential_supplier_is_refused(toy_economy: Economy, theta: float) -> None:
    base = _world(toy_economy, theta)
    closed = np.zeros(base.tariff.shape, dtype=bool)
    closed[CELL] = True
    with pytest.raises(EssentialSupplierError):
        solve(base, replace(quiet(base), embargo=closed))


def test_an_embargo_is_refused_by_the_low_elasticity_of_its_own_buyer_alone(
    toy_economy: Economy,
) -> None:
    stuck = Technology(buyers=(BuyerElasticity("IND", "OIL", -0.4),))
    base = calibrate(toy_economy, stuck)
    closed = np.zeros(base.tariff.shape, dtype=bool)
    closed[CELL] = True
    with pytest.raises(EssentialSupplierError):
        solve(base, replace(quiet(base), embargo=closed))
