"""What each hand of two rivals takes, told alike for both and from both sides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from pure_trade import pure_economy
from strategy.twins import with_twin
from tula.equilibrium import ConvergenceError, calibrate, solve
from tula.policy import ExportCap, ImportCap
from tula.strategy.errors import LeverageError
from tula.strategy.hands import ALL, STOPS, hands
from tula.strategy.leverage import leverage
from tula.strategy.replace import Replace
from tula.world.economy import Economy
from tula.world.labels import Labels

RIVALS = ("USA", "RUS")
KEPT, LOST, WHOLE = STOPS


@pytest.fixture(scope="module")
def found(toy_economy: Economy) -> xr.Dataset:
    return hands(toy_economy, "IND", RIVALS, commodity="OIL")


def test_all_hands_together_are_the_break_off(toy_economy: Economy, found: xr.Dataset) -> None:
    whole = leverage(toy_economy, "IND", RIVALS).sel(end="value")
    for name in ("loss", "cost", "loss_money", "cost_money"):
        here = found[name].sel(hand=ALL, stop=WHOLE)
        np.testing.assert_allclose(here, whole[name], rtol=1e-8)


def test_the_table_has_the_same_hands_for_both(found: xr.Dataset) -> None:
    assert found.hand.values.tolist() == [
        *("buys goods", "sells goods", "buys services", "sells services"),
        *("buys OIL", "sells OIL", "all"),
    ]
    assert found.rival.values.tolist() == list(RIVALS)


def test_two_identical_rivals_have_identical_hands(toy_economy: Economy) -> None:
    twins = hands(with_twin(toy_economy, "USA"), "IND", ("USA", "TWIN"))
    for name in ("loss", "cost"):
        first, second = twins[name].values
        np.testing.assert_allclose(first, second, rtol=1e-7, atol=1e-9)


def test_a_part_is_a_limit_on_each_flow_with_its_rent_where_it_is_said(
    toy_economy: Economy, found: xr.Dataset
) -> None:
    world = toy_economy.with_elasticity(np.full(3, 1.0), "chosen")
    base = calibrate(world)
    goods = ("OIL", "MAN")
    buys = ImportCap(importer="USA", exporter="IND", sectors=goods, at=0.5, rent_to="importer")
    sells = ExportCap(
        exporter="RUS", importer="IND", sectors=goods, at=0.5, rent_to="nobody", together=False
    )
    for move, rival, hand, stop in (
        (buys, "USA", "buys goods", KEPT),
        (sells, "RUS", "sells goods", LOST),
    ):
        fall = 100.0 * (1.0 - solve(base, [move]).real_income_hat[0])
        here = found["loss"].sel(rival=rival, hand=hand, stop=stop)
        assert float(here) == pytest.approx(fall, rel=1e-6)


def test_a_rent_lost_costs_the_rival_more_than_one_it_keeps(found: xr.Dataset) -> None:
    kept, lost = (found["cost"].sel(stop=stop) for stop in (KEPT, LOST))
    assert (lost > kept).all()


def test_a_whole_stop_takes_more_than_a_part(found: xr.Dataset) -> None:
    assert (found["loss"].sel(stop=WHOLE) > found["loss"].sel(stop=LOST)).all()


def test_a_part_may_be_asked_at_each_end_of_the_belief(toy_economy: Economy) -> None:
    low = hands(toy_economy, "IND", RIVALS, end="low")["loss"].sel(hand=ALL)
    same = hands(toy_economy, "IND", RIVALS, replace=Replace(1.5, 1.5, 1.5))["loss"].sel(hand=ALL)
    np.testing.assert_allclose(low, same, rtol=1e-9)


def test_a_flow_that_is_not_there_costs_nothing() -> None:
    flows = np.full((2, 3, 3), 10.0)
    flows[:, range(3), range(3)] = 100.0
    flows[1, 0, 1] = 0.0
    world = pure_economy(flows, 1.0, regions=("P", "A", "B"), sectors=("ONE", "TWO"))
    found = hands(world, "P", ("A", "B"), goods="TWO")
    assert np.abs(found["loss"].sel(rival="A", hand="sells goods")).max() < 1e-9
    assert (found["loss"].sel(rival="B", hand="sells goods", stop=WHOLE) > 0.0).all()


def test_a_world_without_a_group_of_goods_is_told_how_to_name_them(toy_economy: Economy) -> None:
    labels = toy_economy.labels
    bare = replace(toy_economy, labels=Labels(labels.regions, labels.sectors))
    with pytest.raises(LeverageError, match=r"Say which sectors are goods: goods=\["):
        hands(bare, "IND", RIVALS)
    named = hands(bare, "IND", RIVALS, goods=["OIL", "MAN"])
    grouped = hands(toy_economy, "IND", RIVALS)
    np.testing.assert_allclose(named["loss"], grouped["loss"], rtol=1e-9)


@pytest.mark.long
def test_a_stop_without_an_equilibrium_is_named() -> None:
    flows = np.array([[[90.0, 10.0, 0.0], [14.0, 200.0, 20.0], [0.0, 20.0, 150.0]]])
    world = pure_economy(flows, 1.0, regions=("P", "A", "B"), sectors=("ONE",))
    with pytest.raises(ConvergenceError, match="A all, whole"):
        hands(world, "P", ("A", "B"))


@pytest.mark.parametrize("part", [0.0, 1.0, -0.2])
def test_a_part_is_a_share(toy_economy: Economy, part: float) -> None:
    with pytest.raises(LeverageError, match="above 0 and below 1"):
        hands(toy_economy, "IND", RIVALS, part=part)
