"""Friend-enemy matrices: the closed form and the engine agree with finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from tula.equilibrium import (
    BalancedTrade,
    BuyerElasticity,
    Technology,
    calibrate,
    purge_imbalances,
    solve,
)
from tula.equilibrium.calibration import Calibration
from tula.metrics.exposure import ClosedFormError, closed_form_exposure, exposure, friend_enemy
from tula.policy.shock import no_shock
from tula.world.economy import Economy, Provenance
from tula.world.labels import Labels

pytestmark = pytest.mark.gradients

Array = np.ndarray
STEP = 1e-3


def one_sector(regions: int, seed: int, theta: float) -> Economy:
    """Balanced trade of unequal nations in one good, made of labour only, untaxed."""
    draw = np.random.default_rng(seed).lognormal(3.0, 1.0, (regions, regions))
    sales = draw + draw.T + np.diag(np.random.default_rng(seed + 1).uniform(50, 500, regions))
    return Economy(
        labels=Labels(tuple(f"R{place}" for place in range(regions)), ("ONE",)),
        intermediate=np.zeros((regions, 1, regions, 1)),
        final=sales[:, None, :],
        tariff=np.zeros((1, regions, regions)),
        export_tax=np.zeros((1, regions, regions)),
        trade_elasticity=np.array([theta]),
        elasticity_source="chosen for tests",
        provenance=Provenance("one sector", "2000"),
    )


def slopes(base: Calibration, mover: int, sector: int) -> tuple[Array, Array]:
    """Central differences of log factor income and log real income in log productivity."""
    ends = []
    for size in (STEP, -STEP):
        shock = no_shock(base.labels, base.tariff, base.export_tax)
        productivity = shock.productivity_hat.copy()
        productivity[mover, sector] = np.exp(size)
        ends.append(solve(base, shock.replace(productivity_hat=productivity)))
    up, down = ends
    return (
        np.log(up.value_added / down.value_added) / (2 * STEP),
        np.log(up.real_income_hat / down.real_income_hat) / (2 * STEP),
    )


@pytest.mark.parametrize(("regions", "seed", "theta"), [(4, 1, 4.0), (4, 2, 1.5), (4, 3, 9.0)])
def test_the_closed_form_is_what_finite_differences_of_the_engine_find(
    regions: int, seed: int, theta: float
) -> None:
    base = calibrate(one_sector(regions, seed, theta))
    found = closed_form_exposure(base)
    for mover in range(regions):
        income, welfare = slopes(base, mover, 0)
        np.testing.assert_allclose(found["income"][:, mover], income, atol=2e-6)
        np.testing.assert_allclose(found["welfare"][:, mover], welfare, atol=2e-6)


def test_the_engines_exposure_is_the_closed_form_on_a_world_simple_enough() -> None:
    world = one_sector(4, 5, 3.0)
    exact, closed = exposure(world).sum("sector"), closed_form_exposure(world)
    np.testing.assert_allclose(exact["income"], closed["income"], atol=1e-8)
    np.testing.assert_allclose(exact["welfare"], closed["welfare"], atol=1e-8)


def test_growth_everywhere_leaves_shares_in_world_income_and_lifts_welfare_one_for_one() -> None:
    found = closed_form_exposure(one_sector(6, 7, 4.0)).sum("partner")
    np.testing.assert_allclose(found["income"], 0.0, atol=1e-12)
    np.testing.assert_allclose(found["welfare"], 1.0, atol=1e-12)


def test_exposure_holds_with_inputs_duties_and_imbalances(toy_economy: Economy) -> None:
    base = calibrate(toy_economy)
    found = exposure(base)
    for mover, sector in ((0, 0), (2, 1)):
        income, welfare = slopes(base, mover, sector)
        np.testing.assert_allclose(found["income"][:, mover, sector], income, atol=2e-6)
        np.testing.assert_allclose(found["welfare"][:, mover, sector], welfare, atol=2e-6)


def test_exposure_can_be_asked_for_some_regions_and_closures(toy_economy: Economy) -> None:
    whole = exposure(toy_economy, closure=BalancedTrade())
    part = exposure(toy_economy, regions=["USA", "IND"], closure=BalancedTrade())
    assert list(part.region.values) == ["IND", "USA"]
    np.testing.assert_allclose(part["welfare"], whole["welfare"].sel(region=["IND", "USA"]))
    fixed = exposure(toy_economy, regions=["IND"])
    assert not np.allclose(fixed["welfare"], part["welfare"].sel(region=["IND"]))


def test_exposure_at_a_solution_is_that_of_the_new_world() -> None:
    world = one_sector(4, 9, 4.0)
    quiet = no_shock(world.labels, world.tariff, world.export_tax)
    cost = np.ones((1, 4, 4))
    cost[0, 0, 1] = 1.3
    moved = solve(world, quiet.replace(trade_cost_hat=cost))
    expected = friend_enemy(moved.trade_share[0], moved.value_added, 4.0)
    np.testing.assert_allclose(
        exposure(moved)["welfare"].sum("sector"), expected.welfare, atol=1e-7
    )


def test_a_world_that_the_closed_form_leaves_out_is_refused_with_every_reason(
    toy_economy: Economy,
) -> None:
    with pytest.raises(ClosedFormError, match="3 sectors, inputs, duties or export taxes, trade"):
        closed_form_exposure(toy_economy)
    balanced = purge_imbalances(calibrate(toy_economy))
    with pytest.raises(ClosedFormError, match=r"taxes: use tula\.metrics\.exposure\.exposure\(\)"):
        closed_form_exposure(balanced)


def test_every_choice_of_technology_that_the_closed_form_leaves_out_is_named() -> None:
    other = Technology(
        home_and_imports=2.0, transformation=4.0, buyers=(BuyerElasticity("R0", "ONE", 1.0),)
    )
    told = r"technology\.home_and_imports, technology\.transformation, technology\.buyers"
    with pytest.raises(ClosedFormError, match=told):
        closed_form_exposure(calibrate(one_sector(3, 1, 4.0), other))


def test_income_that_is_not_what_a_nation_sells_is_refused() -> None:
    share = np.array([[0.9, 0.1], [0.2, 0.8]])
    with pytest.raises(ClosedFormError, match="needs balanced trade"):
        friend_enemy(share, np.array([1.0, 1.0]), 4.0)


def test_exposure_says_unit_base_sign_method_and_origin(toy_economy: Economy) -> None:
    found = exposure(toy_economy, regions=["IND"])
    for name, base in (("income", "numeraire"), ("welfare", "real final spending")):
        attrs = found[name].attrs
        assert attrs["units"] == "% per 1% of productivity"
        assert base in attrs["base"]
        assert attrs["method"] == "engine"
        assert all(attrs[key] for key in ("sign", "long_name", "world", "elasticities"))
