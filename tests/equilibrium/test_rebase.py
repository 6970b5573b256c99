"""A solution as a base year: what it keeps, and what it cannot keep."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from tula.equilibrium import (
    BalancedTrade,
    FixedBalance,
    ProportionalBalance,
    RebaseError,
    Technology,
    calibrate,
    rebase,
    solve,
)
from tula.equilibrium.approach import go_by
from tula.policy import Embargo, ExportTax, ImportCap, Tariff, TradeCost
from tula.world.economy import Economy

DUTY = Tariff(importer="IND", exporter="RUS", sectors="goods", add=0.3)
TAX = ExportTax(importer="USA", exporter="IND", sectors="MAN", add=0.2)
COST = TradeCost(importer="ROW", exporter="RUS", sectors="MAN", factor=1.2)
STOP = Embargo(importer="USA", exporter="RUS", sectors="OIL")


@pytest.mark.parametrize("closure", [FixedBalance(), ProportionalBalance(), BalancedTrade()])
def test_nothing_changes_in_a_rebased_world_without_a_further_move(
    toy_economy: Economy, closure: FixedBalance | ProportionalBalance | BalancedTrade
) -> None:
    solution, base = rebase(toy_economy, [DUTY, TAX, COST, STOP], closure=closure)
    again = solve(base, closure=closure)
    np.testing.assert_allclose(again.real_income_hat, 1.0, rtol=0.0, atol=1e-9)
    np.testing.assert_allclose(again.trade_share, solution.trade_share, rtol=0.0, atol=1e-9)
    np.testing.assert_allclose(again.income, solution.income, rtol=1e-9)


def test_nothing_changes_in_a_rebased_world_whose_inputs_replace_each_other(
    toy_economy: Economy,
) -> None:
    technology = Technology(value_added_and_inputs=0.5, among_inputs=0.2, among_final=0.8)
    solution, base = rebase(calibrate(toy_economy, technology), [DUTY, COST])
    again = solve(base)
    np.testing.assert_allclose(again.real_income_hat, 1.0, rtol=0.0, atol=1e-9)
    np.testing.assert_allclose(again.expenditure, solution.expenditure, rtol=1e-8)


def test_a_further_move_leads_where_both_moves_lead_together(toy_economy: Economy) -> None:
    further = [ExportTax(importer="ROW", exporter="USA", sectors="MAN", add=0.1)]
    first, base = rebase(toy_economy, [DUTY])
    apart = first.real_income_hat * solve(base, further).real_income_hat
    together = solve(toy_economy, [DUTY, *further]).real_income_hat
    np.testing.assert_allclose(apart, together, rtol=1e-9)


def test_other_elasticities_act_around_the_purchases_then_made(toy_economy: Economy) -> None:
    _, base = rebase(toy_economy, [DUTY])
    stiff = replace(base, trade_elasticity=np.full(3, 0.5))
    np.testing.assert_allclose(solve(stiff).trade_share, base.trade_share, rtol=0.0, atol=1e-9)


def test_a_limit_that_binds_is_refused_by_name(toy_economy: Economy) -> None:
    cap = ImportCap(name="quota", importer="IND", exporter="RUS", sectors="OIL", at=0.5)
    with pytest.raises(RebaseError, match=r"limit of quota.* binds"):
        rebase(toy_economy, [cap])


def test_a_world_goes_by_the_blocks_of_another_in_other_processes_too(
    toy_economy: Economy,
) -> None:
    base = calibrate(toy_economy)
    moved = go_by(rebase(base, [DUTY, TAX, COST])[1], base)
    sent = pickle.loads(pickle.dumps(moved))
    there, here = (solve(world, [STOP]).real_income_hat for world in (sent, moved))
    assert there.tobytes() == here.tobytes()
    assert replace(moved, elasticity_source="another").lent is None
