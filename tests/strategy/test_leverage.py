"""Leverage compares two break-offs: what must be believed before a pivot drops a rival."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import xarray as xr

from pure_trade import pure_economy
from strategy.twins import reordered, with_twin
from tula.equilibrium import ConvergenceError, calibrate, solve
from tula.equilibrium.day import duties_shock
from tula.equilibrium.solve import compile_policy, rebase
from tula.errors import UnknownNameError
from tula.market.commodity import since
from tula.metrics.power import InelasticDemandError
from tula.policy import Embargo, ExportCap, Tariff
from tula.policy.duties import DutiesOfDay
from tula.strategy.errors import LeverageError
from tula.strategy.leverage import chance_needed, leverage, margin
from tula.strategy.replace import Replace
from tula.strategy.withdrawal import LastSupplierError, withdrawal
from tula.world.economy import Economy
from tula.world.store import load_world

RIVALS = ("USA", "RUS")
FIGURES = ("loss", "cost", "needed")


@pytest.fixture(scope="module")
def found(toy_economy: Economy) -> xr.Dataset:
    return leverage(toy_economy, "IND", RIVALS)


def test_the_chance_is_what_giving_up_costs_over_what_the_break_off_would() -> None:
    assert chance_needed(1.0, 4.0) == pytest.approx(0.25)
    assert chance_needed(1.0, 4.0, keeps_word=0.5) == pytest.approx(0.5)
    assert chance_needed(5.0, 4.0) == 1.0
    assert chance_needed(1.0, 0.0) == 1.0
    assert chance_needed(0.0, 4.0) == chance_needed(-1.0, 4.0) == 0.0
    assert np.isnan(chance_needed(np.nan, 4.0))


def test_margin_is_one_without_pressure_and_zero_where_giving_in_pays() -> None:
    assert margin(0.0, 0.0) == margin(0.0, 0.4) == 1.0
    assert margin(0.4, 0.4) == 0.0
    assert margin(0.8, 0.4) == pytest.approx(-1.0)
    assert margin(0.1, 0.0) == -np.inf


def test_losses_are_those_of_a_withdrawal_at_each_end_of_the_belief(
    toy_economy: Economy, found: xr.Dataset
) -> None:
    for end, sigma in (("value", 2.0), ("low", 1.5), ("high", 4.0)):
        world = toy_economy.with_elasticity(np.full(3, sigma - 1.0), "chosen")
        for rival in RIVALS:
            alone = withdrawal(world, "IND", rival)
            here = found.sel(rival=rival, end=end)
            assert float(here.loss) == pytest.approx(alone.loss, rel=1e-8)
            assert float(here.cost_money) == pytest.approx(alone.partner_loss_money, rel=1e-8)
    money = found["loss_money"].values
    np.testing.assert_allclose(found["needed"], np.minimum(1.0, money[::-1] / money), rtol=1e-12)


def test_a_draw_needs_its_value_alone(toy_economy: Economy, found: xr.Dataset) -> None:
    drawn = leverage(toy_economy, "IND", RIVALS, replace=Replace(1.5, 1.5, 1.5), ends=("value",))
    assert drawn.end.values.tolist() == ["value"]
    np.testing.assert_allclose(drawn["loss"].sel(end="value"), found["loss"].sel(end="low"))
    with pytest.raises(UnknownNameError, match="did you mean 'high'"):
        leverage(toy_economy, "IND", RIVALS, ends=("hig",))


def test_two_identical_rivals_have_identical_leverage(toy_economy: Economy) -> None:
    twins = leverage(with_twin(toy_economy, "USA"), "IND", ("USA", "TWIN"))
    for name in FIGURES:
        first, second = twins[name].values
        np.testing.assert_allclose(first, second, rtol=1e-9)
    np.testing.assert_allclose(twins["needed"], 1.0, rtol=1e-9)


def test_which_rival_is_named_first_does_not_matter(
    toy_economy: Economy, found: xr.Dataset
) -> None:
    other = leverage(toy_economy, "IND", RIVALS[::-1]).sel(rival=list(RIVALS))
    for name in FIGURES:
        np.testing.assert_allclose(other[name], found[name], rtol=1e-9)


def test_money_names_and_order_do_not_matter(toy_economy: Economy, found: xr.Dataset) -> None:
    scaled = replace(
        toy_economy,
        intermediate=1e3 * toy_economy.intermediate,
        final=1e3 * toy_economy.final,
    )
    names = {"IND": "P", "USA": "A", "RUS": "B"}
    for world, who in (
        (scaled, {}),
        (reordered(toy_economy, [3, 1, 0, 2], names), names),
    ):
        pivot, *rivals = (who.get(code, code) for code in ("IND", *RIVALS))
        other = leverage(world, pivot, (rivals[0], rivals[1]))
        for name in FIGURES:
            np.testing.assert_allclose(other[name], found[name], rtol=1e-8)


def test_a_rival_that_may_not_keep_its_word_must_be_believed_more(
    toy_economy: Economy, found: xr.Dataset
) -> None:
    wary = leverage(toy_economy, "IND", RIVALS, keeps_word={"USA": 0.5})
    plain = (found["loss_money"].sel(rival="RUS") / found["loss_money"].sel(rival="USA")).values
    np.testing.assert_allclose(wary["needed"].sel(rival="USA"), np.minimum(1.0, 2.0 * plain))
    np.testing.assert_allclose(wary["needed"].sel(rival="RUS"), found["needed"].sel(rival="RUS"))


def test_the_demand_made_is_told_beside_giving_up_the_rival(toy_economy: Economy) -> None:
    demand = [Embargo(importer="IND", exporter="RUS", sectors="OIL")]
    asked = leverage(toy_economy, "IND", RIVALS, demands={"USA": demand})
    world = toy_economy.with_elasticity(np.full(3, 1.0), "chosen")
    fall = 1.0 - solve(world, demand).real_income_hat[0]
    money = fall * calibrate(world).final_spending[0]
    here = asked.sel(rival="USA", end="value")
    assert float(here.demanded) == pytest.approx(money, rel=1e-8)
    assert float(here.needed_for_demand) == pytest.approx(
        min(1.0, money / float(here.loss_money)), rel=1e-8
    )
    assert float(here.needed_for_demand) < float(here.needed)
    assert np.isnan(asked["demanded"].sel(rival="RUS")).all()


def test_beliefs_give_margins_and_no_belief_leaves_one(toy_economy: Economy) -> None:
    held = leverage(toy_economy, "IND", RIVALS, believed={"USA": 0.2})
    assert (held["margin"].sel(rival="RUS") == 1.0).all()
    usa = held.sel(rival="USA")
    np.testing.assert_allclose(usa["margin"], 1.0 - 0.2 / usa["needed"])


def test_names_are_read_as_people_write_them() -> None:
    world = load_world()
    found = leverage(world, "Türkiye", ("United States", "Russia"), keeps_word={"USA": 1.0})
    assert found.attrs["pivot"] == "TUR"
    assert found.rival.values.tolist() == ["USA", "RUS"]


def test_break_offs_under_the_duties_of_a_day_are_the_difference_of_two_solves() -> None:
    world, day = load_world(), DutiesOfDay(date(2025, 11, 17))
    found = leverage(world, "IND", ("USA", "RUS"), duties=day).sel(rival="USA", end="value")
    base = calibrate(world.with_elasticity(np.full(len(world.sectors), 1.0), "chosen"))
    before = duties_shock(base, day)
    embargo = np.zeros_like(before.embargo)
    ind, usa = (world.labels.region_index(code) for code in ("IND", "USA"))
    embargo[:, ind, usa] = embargo[:, usa, ind] = True
    with_it, without = (
        solve(base, shock).real_income_hat[ind]
        for shock in (before, before.replace(embargo=embargo))
    )
    assert float(found.loss) == pytest.approx(100.0 * (1.0 - without / with_it), rel=1e-6)


def test_a_commodity_has_a_belief_of_its_own(toy_economy: Economy, found: xr.Dataset) -> None:
    easy = leverage(toy_economy, "IND", RIVALS, replace=Replace(own={"OIL": (6.0, 3.0, 12.0)}))
    assert (easy["loss"] < found["loss"]).all()
    assert "OIL 6 (3 to 12)" in easy.attrs["elasticities"]


def test_at_one_and_below_there_is_no_answer(toy_economy: Economy) -> None:
    belief = Replace(low=1.0, own={"OIL": (2.0, 0.9, 3.0)})
    with pytest.raises(InelasticDemandError, match=r"goes down to 1, replace of OIL .* 0\.9"):
        leverage(toy_economy, "IND", RIVALS, replace=belief)


def test_everything_wrong_with_a_belief_is_told_at_once(toy_economy: Economy) -> None:
    with pytest.raises(LeverageError) as error:
        leverage(toy_economy, "IND", RIVALS, replace=Replace(value=5.0, own={"OLI": (2, 1.5, 3)}))
    assert "did you mean 'OIL'" in str(error.value)
    assert "low <= value <= high" in str(error.value)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"rivals": ("USA", "USA")}, "expected two rivals"),
        ({"rivals": ("USA", "first_two")}, "first_two is the pivot, or holds part of it"),
        ({"keeps_word": {"ROW": 0.5}}, "keeps_word names 'ROW'"),
        ({"keeps_word": {"USA": 0.0}}, "expected a chance above 0 to 1"),
        ({"believed": {"USA": 1.2}}, "expected a chance from 0 to 1"),
        ({"demands": {"IND": []}}, "demands names 'IND'"),
    ],
)
def test_questions_that_cannot_be_asked_say_why(
    toy_economy: Economy, asked: dict[str, object], told: str
) -> None:
    with pytest.raises(LeverageError, match=told.replace("(", r"\(")):
        leverage(toy_economy, "IND", **{"rivals": RIVALS, **asked})  # type: ignore[arg-type]


def test_an_unknown_rival_is_refused_with_the_nearest(toy_economy: Economy) -> None:
    with pytest.raises(UnknownNameError, match="RUS"):
        leverage(toy_economy, "IND", ("USA", "RUSS"))


def lone_partner() -> Economy:
    """P sells more than it buys, and trades with A alone; B trades with A."""
    flows = np.array([[[90.0, 10.0, 0.0], [14.0, 200.0, 20.0], [0.0, 20.0, 150.0]]])
    return pure_economy(flows, 1.0, regions=("P", "A", "B"), sectors=("ONE",))


def test_a_break_off_without_an_equilibrium_is_named() -> None:
    with pytest.raises(ConvergenceError, match="A breaks off with P"):
        leverage(lone_partner(), "P", ("A", "B"))


def test_a_last_supplier_is_named() -> None:
    flows = np.array([[[0.0, 10.0, 0.0], [0.0, 90.0, 5.0], [0.0, 5.0, 95.0]]])
    made = np.array([[[50.0, 0.0, 0.0], [10.0, 1.0, 0.0], [0.0, 0.0, 1.0]]])
    world = pure_economy(np.concatenate([flows, made]), 1.0, regions=("P", "A", "B"))
    with pytest.raises(LastSupplierError, match="P has no supplier of G0 but A"):
        leverage(world, "P", ("A", "B"))


def test_what_stands_holds_with_a_break_off_and_without(toy_economy: Economy) -> None:
    """Where the way to whom else the pivot buys of is full it loses more; a wide one is nothing."""

    def lost(*standing: ExportCap) -> float:
        found = leverage(
            toy_economy, "IND", RIVALS, replace=Replace(3.0, 3.0, 3.0), ends=("value",),
            standing=standing,
        )  # fmt: skip
        return float(found["loss_money"].sel(rival="USA", end="value"))

    def port(capacity: float | str) -> ExportCap:
        return ExportCap(
            importer="IND", exporter="ROW", sectors="MAN", at=capacity, rent_to="nobody"
        )

    assert lost(port(1.01)) > lost() + 1.0  # million USD, of a small flow
    assert lost(port("900%")) == pytest.approx(lost(), rel=1e-6)


def test_ceilings_count_from_what_is_sold_once_duties_of_the_day_stand(
    toy_economy: Economy,
) -> None:
    """A question to the world of a day is the difference of two solves from the base year."""
    base = calibrate(toy_economy)
    cap = ExportCap(
        importer="all", exporter="IND", except_importers=["USA"], sectors="MAN", at=1.05,
        rent_to="exporter",
    )  # fmt: skip
    duty = Tariff(importer="USA", exporter="IND", sectors="MAN", add=0.1)
    stop = Embargo(importer="USA", exporter="IND", sectors="MAN")
    before, rebased = rebase(base, compile_policy(base, [duty]))
    after = solve(base, [duty, cap, stop])
    asked = solve(rebased, [*since([cap], before), stop])
    ratio = after.real_income_hat / before.real_income_hat
    np.testing.assert_allclose(asked.real_income_hat, ratio, rtol=1e-8)
    assert asked.limits[0].binds
