"""A partner's withdrawal is an exact embargo between the two, told from both sides."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from tula.equilibrium import (
    BalancedTrade,
    BuyerElasticity,
    ConvergenceError,
    Technology,
    WageFloor,
    calibrate,
    solve,
)
from tula.errors import UnknownNameError
from tula.metrics.parties import EmptyPartyError
from tula.metrics.power import InelasticDemandError
from tula.policy.instruments import Embargo, Tariff
from tula.strategy.withdrawal import (
    LastSupplierError,
    Withdrawal,
    withdrawal,
    withdrawal_matrix,
    withdrawals,
    withdrawals_of_pairs,
)
from tula.world.economy import Economy


def losses(found: Withdrawal) -> tuple[float, float]:
    return found.loss, found.partner_loss


def test_a_full_withdrawal_is_an_embargo_both_ways(toy_economy: Economy) -> None:
    found = withdrawal(toy_economy, "IND", "USA")
    embargo = Embargo(importer="IND", exporter="USA", sectors="all", both_ways=True)
    fall = 1.0 - solve(toy_economy, [embargo]).real_income_hat
    assert losses(found) == pytest.approx((100 * fall[0], 100 * fall[2]), rel=1e-8)
    spending = calibrate(toy_economy).final_spending
    assert found.loss_money == pytest.approx(fall[0] * spending[0], rel=1e-8)
    assert found.partner_loss_money == pytest.approx(fall[2] * spending[2], rel=1e-8)
    assert found.loss > 0.0
    assert found.partner_loss > 0.0


def test_what_is_stopped_is_the_trade_between_the_two_at_the_border(toy_economy: Economy) -> None:
    border = calibrate(toy_economy).border_trade
    both, sales, purchases = (
        withdrawal(toy_economy, "IND", "USA", flows=flows).trade_stopped
        for flows in ("both", "sales", "purchases")
    )
    assert sales == pytest.approx(border[:, 0, 2].sum())
    assert purchases == pytest.approx(border[:, 2, 0].sum())
    assert both == pytest.approx(sales + purchases)


def test_a_stop_of_sales_or_purchases_in_some_sectors_touches_only_those(
    toy_economy: Economy,
) -> None:
    found = withdrawal(toy_economy, "IND", "USA", flows="sales", sectors=["OIL"])
    embargo = Embargo(importer="IND", exporter="USA", sectors="OIL")
    fall = 1.0 - solve(toy_economy, [embargo]).real_income_hat
    assert losses(found) == pytest.approx((100 * fall[0], 100 * fall[2]), rel=1e-8)
    mirror = withdrawal(toy_economy, "USA", "IND", flows="purchases", sectors=["OIL"])
    assert losses(mirror) == pytest.approx(losses(found)[::-1], rel=1e-8)


def test_a_coalition_stops_all_its_members_trade_with_the_pivot(toy_economy: Economy) -> None:
    found = withdrawal(toy_economy, "IND", ["RUS", "USA"])
    embargo = Embargo(importer="IND", exporter=("RUS", "USA"), sectors="all", both_ways=True)
    hat = solve(toy_economy, [embargo]).real_income_hat
    spending = calibrate(toy_economy).final_spending
    joint = ((1.0 - hat) * spending)[[1, 2]].sum() / spending[[1, 2]].sum()
    assert losses(found) == pytest.approx((100 * (1.0 - hat[0]), 100 * joint), rel=1e-8)
    assert found.partner == "RUS+USA"
    assert found.partner_members == ("RUS", "USA")


def test_the_pivot_may_be_a_group_and_is_taken_out_of_its_partner(toy_economy: Economy) -> None:
    found = withdrawals(toy_economy, "first_two", {"all others": ("all",)})[0]
    assert found.pivot_members == ("IND", "RUS")
    assert found.partner_members == ("USA", "ROW")
    with pytest.raises(EmptyPartyError, match="IND has no region that is not part of first_two"):
        withdrawals(toy_economy, "first_two", ["IND"])


def test_every_region_but_the_pivot_is_a_partner_where_none_is_named(toy_economy: Economy) -> None:
    assert [item.partner for item in withdrawals(toy_economy, "IND", None)] == ["RUS", "USA", "ROW"]


def test_the_matrix_holds_both_sides_of_every_pair(toy_economy: Economy) -> None:
    found = withdrawal_matrix(toy_economy, ["IND", "USA", "ROW"])
    pair = withdrawal(toy_economy, "USA", "ROW")
    assert float(found.sel(region="USA", partner="ROW")) == pytest.approx(pair.loss, rel=1e-8)
    assert float(found.sel(region="ROW", partner="USA")) == pytest.approx(
        pair.partner_loss, rel=1e-8
    )
    assert bool(np.isnan(np.diag(found)).all())
    assert found.attrs["units"] == "%"
    assert found.attrs["failures"] == ""


def test_without_pairs_there_is_nothing_to_tell(toy_economy: Economy) -> None:
    assert withdrawals(toy_economy, "IND", {}) == ()
    assert np.isnan(withdrawal_matrix(toy_economy, ("IND",)).values).all()


def test_parties_of_a_matrix_may_not_overlap(toy_economy: Economy) -> None:
    with pytest.raises(EmptyPartyError, match="IND and first_two have members in common"):
        withdrawal_matrix(toy_economy, ["IND", "first_two"])


def test_the_loss_is_measured_from_the_policy_in_force(toy_economy: Economy) -> None:
    tariff = Tariff(importer="USA", exporter="IND", sectors="goods", add=0.5)
    embargo = Embargo(importer="IND", exporter="USA", sectors="all", both_ways=True)
    found = withdrawal(toy_economy, "IND", "USA", policy=[tariff])
    with_tariff = solve(toy_economy, [tariff]).real_income_hat[0]
    without = solve(toy_economy, [embargo]).real_income_hat[0]
    assert found.loss == pytest.approx(100 * (with_tariff - without), rel=1e-7)
    assert found.loss < withdrawal(toy_economy, "IND", "USA").loss


def test_the_closure_is_the_one_asked_for(toy_economy: Economy) -> None:
    found = withdrawal(toy_economy, "IND", "USA", closure=BalancedTrade())
    embargo = Embargo(importer="IND", exporter="USA", sectors="all", both_ways=True)
    hat = solve(toy_economy, [embargo], closure=BalancedTrade()).real_income_hat
    assert found.loss == pytest.approx(100 * (1.0 - hat[0]), rel=1e-7)


def _sole_supplier(world: Economy) -> Economy:
    """The same world in which IND buys OIL from USA only."""
    intermediate, final = world.intermediate.copy(), world.final.copy()
    others = [0, 1, 3]
    for flow in (intermediate, final):
        flow[2, 0, 0] += flow[others, 0, 0].sum(axis=0)
        flow[others, 0, 0] = 0.0
    return replace(world, intermediate=intermediate, final=final)


def test_a_buyer_whose_last_supplier_withdraws_is_named(toy_economy: Economy) -> None:
    world = _sole_supplier(toy_economy)
    with pytest.raises(LastSupplierError, match=r"IND has no supplier of OIL but USA\..*trade"):
        withdrawal(world, "IND", "USA")


def test_a_last_suppliers_cell_may_trade_on_and_is_reported(toy_economy: Economy) -> None:
    world = _sole_supplier(toy_economy)
    found = withdrawal(world, "IND", "USA", keep_last_supplier=True)
    assert found.kept == (("OIL", "IND", "USA"),)
    rest = Embargo(importer="IND", exporter="USA", sectors=("MAN", "SER"))
    back = Embargo(importer="USA", exporter="IND", sectors="all")
    hat = solve(world, [rest, back]).real_income_hat
    assert found.loss == pytest.approx(100 * (1.0 - hat[0]), rel=1e-8)


def test_an_embargo_at_an_elasticity_of_one_or_less_is_refused(toy_economy: Economy) -> None:
    stiff = toy_economy.with_elasticity(np.array([-0.24, 3.0, 3.0]), "chosen for tests")
    with pytest.raises(InelasticDemandError, match=r"OIL 0\.76.*without limit"):
        withdrawal(stiff, "IND", "USA")


def test_a_withdrawal_without_an_equilibrium_is_told_and_does_not_stop_the_others(
    toy_economy: Economy,
) -> None:
    lent = _on_credit(toy_economy)
    lost, kept = withdrawals(lent, "IND", {"world": ("all",), "RUS": ("RUS",)})
    assert "no equilibrium found" in lost.failure and "spend" in lost.failure
    assert np.isnan(lost.loss)
    assert np.isfinite(kept.loss)
    with pytest.raises(ConvergenceError, match="IND without all"):
        withdrawal(lent, "IND", "all")


def _on_credit(world: Economy) -> Economy:
    """The same world in which IND spends well beyond its income: alone it cannot."""
    final = world.final.copy()
    final[1:, :, 0] *= 3.0
    return replace(world, final=final)


def test_a_direction_that_is_none_is_refused_with_the_nearest(toy_economy: Economy) -> None:
    with pytest.raises(UnknownNameError, match="sales"):
        withdrawals(toy_economy, "IND", ["USA"], flows="sale")


def test_workers_give_the_same_answers(
    toy_economy: Economy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tula.equilibrium.batch.CHUNK", 2)
    base = calibrate(toy_economy)
    pairs = [("IND", code, (0,), (place,)) for place, code in ((1, "RUS"), (2, "USA"), (3, "ROW"))]
    alone = withdrawals_of_pairs(base, pairs)
    with ThreadPoolExecutor(2) as executor:
        shared = withdrawals_of_pairs(base, pairs, executor=executor)
    assert shared == alone
    assert [losses(item) for item in alone] == [
        pytest.approx(losses(withdrawal(toy_economy, "IND", item.partner))) for item in alone
    ]


#: A year in which India's buyers hardly find other suppliers and its money wage does not fall.
SHORT_RUN = Technology(
    buyers=(BuyerElasticity("IND", "goods", 0.5),),
    wage_floors=(WageFloor("IND"),),
)


def test_a_withdrawal_under_a_short_run_technology_is_the_embargo_under_it(
    toy_economy: Economy,
) -> None:
    world = calibrate(toy_economy, SHORT_RUN)
    found = withdrawal(world, "IND", "USA")
    embargo = Embargo(importer="IND", exporter="USA", sectors="all", both_ways=True)
    cut = solve(world, [embargo])
    assert losses(found) == pytest.approx(tuple(100.0 * (1.0 - cut.real_income_hat[[0, 2]])))
    assert cut.employment_hat[0] < 1.0


@pytest.mark.parametrize(
    "part",
    [
        Technology(buyers=SHORT_RUN.buyers),
        Technology(wage_floors=SHORT_RUN.wage_floors),
    ],
    ids=["buyers", "wage floor"],
)
def test_every_part_of_the_short_run_makes_a_withdrawal_dearer(
    toy_economy: Economy, part: Technology
) -> None:
    free = withdrawal(toy_economy, "IND", "USA").loss
    assert withdrawal(calibrate(toy_economy, part), "IND", "USA").loss > free


def test_a_buyer_that_cannot_replace_the_partner_is_refused_by_its_own_elasticity(
    toy_economy: Economy,
) -> None:
    rigid = Technology(buyers=(BuyerElasticity("IND", "OIL", -0.4),))
    with pytest.raises(InelasticDemandError, match=r"OIL 0\.6"):
        withdrawal(calibrate(toy_economy, rigid), "IND", "USA")
