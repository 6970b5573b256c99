"""Every region between two rivals, by what must be believed before it drops one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import xarray as xr

import tula as tl
from pure_trade import pure_economy
from strategy.twins import reordered
from tula.equilibrium import SHORT_RUN, calibrate, solve
from tula.equilibrium.day import duties_shock
from tula.equilibrium.errors import unwarned
from tula.equilibrium.variants import buyers_hit
from tula.errors import UnknownNameError
from tula.metrics.power import InelasticDemandError
from tula.policy.duties import DutiesOfDay
from tula.strategy.errors import LeverageError
from tula.strategy.leverage import leverage
from tula.strategy.rank import rank
from tula.strategy.replace import Replace
from tula.world.economy import Economy
from tula.world.labels import Labels
from tula.world.store import load_world

DAY = date(2025, 11, 17)
FIGURES = ("loss", "cost", "loss_money", "cost_money", "needed")


@pytest.fixture(scope="module")
def embedded() -> xr.Dataset:
    return rank(load_world(), "USA", "CHN", duties=DAY)


def test_every_region_but_the_rivals_stands_in_it_as_its_own_leverage(
    toy_economy: Economy,
) -> None:
    found = tl.rank(toy_economy, "USA", "RUS")
    assert sorted(found.region.values.tolist()) == ["IND", "ROW"]
    for pivot in ("IND", "ROW"):
        alone = leverage(toy_economy, pivot, ("USA", "RUS"))
        for name in FIGURES:
            np.testing.assert_allclose(found[name].sel(region=pivot), alone[name], rtol=1e-8)


def test_members_of_a_rival_are_no_pivots(toy_economy: Economy) -> None:
    found = rank(toy_economy, "first_two", "USA")
    assert found.region.values.tolist() == ["ROW"]


def test_the_most_even_come_first(embedded: xr.Dataset) -> None:
    least = embedded["needed"].sel(end="value").min("rival").values
    assert len(least) == len(load_world().regions) - 2
    assert (np.diff(least) <= 0.0).all()
    assert (least > 0.0).all() and (least <= 1.0).all()
    np.testing.assert_allclose(embedded["needed"].sel(end="value").max("rival"), 1.0)


def test_neighbours_are_held_by_their_neighbour(embedded: xr.Dataset) -> None:
    needed = embedded["needed"]
    for region, rival in (("CAN", "USA"), ("MEX", "USA"), ("VNM", "CHN"), ("IDN", "CHN")):
        assert (needed.sel(region=region, rival=rival) < 0.6).all(), region
    assert (needed.sel(region="FRA").min("rival") > 0.6).all()


def test_the_chance_moves_far_less_with_the_belief_than_the_loss(embedded: xr.Dataset) -> None:
    def spread(name: str) -> float:
        values = embedded[name].min("rival") if name == "needed" else embedded[name].max("rival")
        return float((values.sel(end="low") / values.sel(end="high")).median())

    assert spread("loss") > 3.0
    assert 0.7 < spread("needed") < 1.4


def test_names_stand_beside_codes(embedded: xr.Dataset) -> None:
    assert str(embedded.sel(region="TUR").name.item()) == "Türkiye"


def test_what_duties_leave_of_the_flows_is_that_of_the_short_run_world(
    embedded: xr.Dataset,
) -> None:
    world, day = load_world(), DutiesOfDay(DAY)
    plain = calibrate(world)
    shock = duties_shock(plain, day)
    base = SHORT_RUN[0].world(world, buyers_hit(plain, shock))
    with unwarned():
        found = solve(base, shock)
    goods = [world.labels.sector_index(code) for code in world.labels.resolve_sectors("goods")]
    usa, ind = (world.labels.region_index(code) for code in ("USA", "IND"))
    kept = found.border_trade[goods, usa, ind].sum() / base.border_trade[goods, usa, ind].sum()
    here = embedded.sel(region="IND", rival="USA", flow="goods sold")
    assert float(here.kept) == pytest.approx(kept, rel=1e-8)
    weight = base.border_trade[goods, usa, ind].sum() / base.final_spending[ind]
    assert float(here.weight) == pytest.approx(100.0 * weight, rel=1e-8)
    assert 0.5 < kept < 1.0


def test_without_a_day_no_flow_is_told(toy_economy: Economy) -> None:
    assert "kept" not in rank(toy_economy, "USA", "RUS")


def test_money_names_and_order_do_not_matter(toy_economy: Economy) -> None:
    plain = rank(toy_economy, "USA", "RUS")
    names = {"IND": "P", "ROW": "Q", "USA": "A", "RUS": "B"}
    scaled = replace(
        toy_economy, intermediate=7.0 * toy_economy.intermediate, final=7.0 * toy_economy.final
    )
    other = rank(reordered(scaled, [2, 3, 1, 0], names), "A", "B")
    again = other.sel(region=[names[code] for code in plain.region.values.tolist()])
    for name in ("loss", "cost", "needed"):
        np.testing.assert_allclose(again[name], plain[name], rtol=1e-8)
    np.testing.assert_allclose(again["loss_money"], 7.0 * plain["loss_money"], rtol=1e-8)


def test_a_world_that_tells_no_goods_is_ranked_too(toy_economy: Economy) -> None:
    labels = toy_economy.labels
    bare = replace(toy_economy, labels=Labels(labels.regions, labels.sectors))
    np.testing.assert_allclose(
        rank(bare, "USA", "RUS")["needed"], rank(toy_economy, "USA", "RUS")["needed"], rtol=1e-9
    )


@pytest.mark.slow
def test_a_break_off_without_an_equilibrium_is_named_and_the_others_stand() -> None:
    flows = np.array([[[90, 10, 0, 1], [14, 200, 20, 9], [0, 20, 150, 9], [0, 9, 9, 80]]], float)
    flows[0, 0, 3] = flows[0, 3, 0] = 0.0
    world = pure_economy(flows, 1.0, regions=("P", "A", "B", "Q"), sectors=("ONE",))
    found = rank(world, "A", "B")
    assert "A breaks off with P" in found.attrs["failures"]
    assert np.isnan(found["needed"].sel(region="P", rival="A")).all()
    assert not np.isnan(found["needed"].sel(region="Q")).any()
    assert found.region.values.tolist() == ["Q", "P"]


def test_a_last_supplier_trades_on_and_is_named() -> None:
    goods = np.array([[[0.0, 10.0, 0.0], [0.0, 90.0, 5.0], [0.0, 5.0, 95.0]]])
    made = np.array([[[50.0, 5.0, 5.0], [15.0, 40.0, 1.0], [5.0, 1.0, 40.0]]])
    world = pure_economy(np.concatenate([goods, made]), 1.0, regions=("P", "A", "B"))
    found = rank(world, "A", "B")
    assert found.attrs["kept_suppliers"] == "P goes on buying G0 from A"
    assert not np.isnan(found["loss"]).any()


def test_questions_that_cannot_be_asked_say_why(toy_economy: Economy) -> None:
    with pytest.raises(LeverageError, match="members in common"):
        rank(toy_economy, "first_two", "IND")
    with pytest.raises(LeverageError, match="no region beside"):
        rank(with_two(), "A", "B")
    with pytest.raises(UnknownNameError, match="did you mean 'RUS'"):
        rank(toy_economy, "USA", "RUSS")
    with pytest.raises(InelasticDemandError, match=r"goes down to 0\.9"):
        rank(toy_economy, "USA", "RUS", replace=Replace(low=0.9))


def with_two() -> Economy:
    return pure_economy(np.array([[[90.0, 10.0], [10.0, 90.0]]]), 1.0)
