"""The widened engine against the same economy written out cell by cell for a root finder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from equilibrium.independent import Answer, solve_independently
from equilibrium.moderate import corridors, limits_that_bind, moderate_shock
from tula.equilibrium import (
    BuyerElasticity,
    FixedBalance,
    ProportionalBalance,
    Solution,
    SpecificFactor,
    Technology,
    WageFloor,
    calibrate,
    solve,
)
from tula.world.economy import Economy

MINE = (SpecificFactor("S00", 0.5),)
FLOOR = (WageFloor("R01", 0.99, 0.5),)
NESTS = Technology(0.4, 0.3, 0.8, ("S00", "S01"), 0.7)
ALL = Technology(
    0.5, 0.2, 0.7, ("S00", "S01"), 0.6, 1.8, 3.0, 1.2, MINE, FLOOR,
    (BuyerElasticity("R02", "S01", 0.3),),
)  # fmt: skip
STUCK_AND_RIGID = Technology(transformation=1.5, labour_mobility=0.0, specific_factors=MINE)
COMPARED = (
    "real_income_hat", "wage_hat", "employment_hat", "factor_price_hat", "cost_hat", "price_hat",
    "final_price_hat", "expenditure", "output", "border_trade", "income", "value_added",
    "export_tax_revenue", "export_rent",
)  # fmt: skip
MakeEconomy = Callable[..., Economy]


def _assert_same(ours: Solution, theirs: Answer) -> None:
    for name in COMPARED:
        one, other = getattr(ours, name), getattr(theirs, name)
        np.testing.assert_allclose(one, other, rtol=1e-8, atol=1e-7, err_msg=name)
    np.testing.assert_allclose(
        ours.tariff_revenue + ours.cap_rent, theirs.importer_revenue, rtol=1e-8
    )
    shadow = [one.shadow_price for one in ours.limits]
    np.testing.assert_allclose(shadow, theirs.shadow_price, rtol=1e-8)
    np.testing.assert_allclose([one.rent for one in ours.limits], theirs.rent, rtol=1e-7)
    np.testing.assert_allclose([one.used for one in ours.corridors], theirs.corridor_use, rtol=1e-8)


@pytest.mark.parametrize(
    "technology", [Technology(), NESTS, STUCK_AND_RIGID], ids=["free", "nests", "stuck and rigid"]
)
def test_both_solvers_agree_without_limits(
    make_economy: MakeEconomy, technology: Technology
) -> None:
    base = calibrate(make_economy(4, 3, 1, export_taxes=True), technology)
    shock = moderate_shock(base, 5)
    _assert_same(solve(base, shock), solve_independently(base, shock))


@pytest.mark.parametrize("seed", [5, 6])
def test_both_solvers_agree_on_limits_and_corridors_under_every_rigidity_at_once(
    make_economy: MakeEconomy, seed: int
) -> None:
    base = calibrate(make_economy(4, 3, 1, export_taxes=True), ALL)
    shock = moderate_shock(base, seed)
    free = solve(base, shock)
    shock = replace(shock, limits=limits_that_bind(free), corridors=corridors(base))
    ours = solve(base, shock)
    assert sum(one.binds for one in ours.limits) >= 3
    assert ours.employment_hat[1] < 1.0
    _assert_same(ours, solve_independently(base, shock))


@pytest.mark.parametrize(
    ("closure", "balance"), [(FixedBalance(), "fixed"), (ProportionalBalance(), "proportional")]
)
def test_both_solvers_agree_on_limits_under_free_factors_and_one_price(
    make_economy: MakeEconomy, closure: FixedBalance | ProportionalBalance, balance: str
) -> None:
    base = calibrate(make_economy(4, 3, 1, export_taxes=True))
    shock = moderate_shock(base, 5)
    shock = replace(shock, limits=limits_that_bind(solve(base, shock, closure=closure)))
    ours = solve(base, shock, closure=closure)
    _assert_same(ours, solve_independently(base, shock, balance=balance))
