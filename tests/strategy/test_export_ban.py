"""Which exports to withhold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pytest

from tula.equilibrium import calibrate
from tula.strategy.export_ban import (
    ExportBanError,
    ExportProduct,
    choose_export_bans,
    export_ban_loss,
    export_products,
)
from tula.strategy.membership import CoalitionError
from tula.world.economy import Economy


def _products(count: int, seed: int) -> list[ExportProduct]:
    draw = np.random.default_rng(seed)
    return [
        ExportProduct(
            name=f"p{j}",
            spending_weight=float(draw.uniform(0.001, 0.05)),
            senders_share=float(draw.uniform(0.05, 0.95)),
            substitution_elasticity=float(draw.uniform(1.5, 8.0)),
            exported_musd=float(draw.lognormal(6.0, 1.0)),
            rent=float(draw.uniform(0.05, 0.5)),
        )
        for j in range(count)
    ]


@pytest.mark.parametrize("sigma", [1.5, 4.0, 7.0])
def test_the_loss_is_what_a_ces_price_index_without_the_senders_varieties_says(
    sigma: float,
) -> None:
    """Prices given: the index over what is left, to the power of the sector's weight."""
    share = np.array([0.2, 0.5, 0.3])
    price = share ** (1.0 / (1.0 - sigma))
    full = (price ** (1.0 - sigma)).sum() ** (1.0 / (1.0 - sigma))
    left = (price[1:] ** (1.0 - sigma)).sum() ** (1.0 / (1.0 - sigma))
    expected = 0.07 * np.log(left / full)
    assert export_ban_loss(0.07, 0.2, sigma) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("share, loss", [(0.36, 0.089), (0.8, 0.32), (0.95, 0.60)])
def test_losses_at_elasticity_six_are_those_of_the_literature_on_power(
    share: float, loss: float
) -> None:
    """Clayton, Maggiori and Schreger's point: power rises out of proportion with the share."""
    assert export_ban_loss(1.0, share, 6.0) == pytest.approx(loss, abs=5e-3)


def test_the_loss_is_convex_in_the_senders_share() -> None:
    share = np.linspace(0.0, 0.98, 50)
    loss = export_ban_loss(np.full(50, 0.05), share, np.full(50, 3.0))
    assert loss[0] == 0.0
    assert (np.diff(loss) > 0).all()
    assert (np.diff(loss, 2) > 0).all()


def test_one_supplier_almost_whole_is_worth_more_than_two_by_halves() -> None:
    concentrated = export_ban_loss(0.02, 0.9, 4.0) + export_ban_loss(0.02, 0.0, 4.0)
    assert concentrated > 2.0 * export_ban_loss(0.02, 0.45, 4.0)


@pytest.mark.parametrize("seed", range(8))
def test_the_best_choice_is_the_best_of_all_subsets(seed: int) -> None:
    products = _products(10, seed)
    budget = 0.3 * sum(product.cost_musd for product in products)
    plan = choose_export_bans(products, budget)
    subsets = chain.from_iterable(combinations(products, size) for size in range(11))
    affordable = (
        sum(product.target_loss for product in subset)
        for subset in subsets
        if sum(product.cost_musd for product in subset) <= budget
    )
    assert plan.best.target_loss == pytest.approx(max(affordable), rel=1e-9)
    assert plan.guarantee == pytest.approx(plan.best.target_loss, rel=1e-6)
    assert plan.best.cost_musd <= budget * (1.0 + 1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_the_ratio_rule_never_beats_the_best_choice_nor_the_budget(seed: int) -> None:
    products = _products(25, seed)
    budget = 0.2 * sum(product.cost_musd for product in products)
    plan = choose_export_bans(products, budget)
    assert plan.greedy.target_loss <= plan.best.target_loss + 1e-12
    assert plan.greedy.cost_musd <= budget


def test_the_ratio_rule_can_miss_the_best_choice() -> None:
    """A small bargain keeps out the large product that would fill the budget."""
    small, large = (
        ExportProduct(name, weight, 0.5, 3.0, exported, 0.1)
        for name, weight, exported in (("small", 0.002, 100.0), ("large", 0.01, 1000.0))
    )
    plan = choose_export_bans([large, small], 100.0)
    assert plan.greedy.products == ("small",)
    assert plan.best.products == ("large",)


def test_products_are_ranked_by_harm_per_cost_and_named_with_their_ranks() -> None:
    plan = choose_export_bans(_products(12, 1), 50.0)
    ratio = [product.harm_per_cost for product in plan.ranked]
    assert ratio == sorted(ratio, reverse=True)
    assert sorted(plan.ranks.values()) == list(range(1, 13))
    ranks = [plan.ranks[name] for name in plan.best.products]
    assert ranks == sorted(ranks) and len(ranks) > 0


def test_a_larger_budget_never_does_less_harm() -> None:
    products = _products(12, 4)
    harm = [choose_export_bans(products, budget).best.target_loss for budget in (5, 50, 500, 5e4)]
    assert harm == sorted(harm)
    assert harm[-1] == pytest.approx(sum(product.target_loss for product in products))


def test_the_order_in_which_products_are_given_does_not_matter() -> None:
    products = _products(12, 6)
    assert choose_export_bans(products, 80.0) == choose_export_bans(products[::-1], 80.0)


def test_nothing_affordable_is_an_empty_choice() -> None:
    plan = choose_export_bans(_products(3, 0), 1e-6)
    assert plan.best.products == () and plan.best.target_loss == 0.0


def test_all_that_is_wrong_is_said_at_once() -> None:
    good = _products(1, 0)[0]
    bad = replace(good, senders_share=1.0, substitution_elasticity=0.9, rent=0.0)
    with pytest.raises(ExportBanError) as refused:
        choose_export_bans([good, bad, replace(good, name="q", exported_musd=0.0)], -1.0)
    text = str(refused.value)
    assert "'p0' is given twice" in text
    assert "budget of -1.0" in text
    assert "p0: the senders' share must be" in text
    assert "p0: the substitution elasticity must be above 1" in text
    assert "p0: rent 0.0" in text
    assert "q: exports of 0.0" in text
    assert len(refused.value.problems) == 6


def test_no_products_at_all_is_refused() -> None:
    with pytest.raises(ExportBanError, match="no products"):
        choose_export_bans([], 10.0)


def test_products_of_a_world_carry_its_flows_shares_and_elasticities(
    make_economy: Callable[..., Economy],
) -> None:
    world = make_economy(4, 3, 1)
    base = calibrate(world)
    products = export_products(world, ["R01", "R02"], "R00", rent=0.25)
    assert [product.name for product in products] == list(world.sectors)
    first = products[0]
    assert first.senders_share == pytest.approx(base.trade_share[0, 0, 1:3].sum())
    sold = (world.intermediate[1:3, 0, 0].sum() + world.final[1:3, 0, 0].sum()) * (
        1.0 + world.export_tax[0, 0, 1]
    )
    assert first.exported_musd == pytest.approx(sold)
    assert first.cost_musd == pytest.approx(0.25 * sold)
    assert first.substitution_elasticity == pytest.approx(world.trade_elasticity[0] + 1.0)
    weight = base.expenditure[0, 0] / base.final_spending[0]
    assert first.spending_weight == pytest.approx(weight)


def test_senders_and_target_must_be_two_sides_and_the_target_one_region(
    make_economy: Callable[..., Economy],
) -> None:
    world = make_economy(4, 3, 1)
    with pytest.raises(CoalitionError, match="'R00' is also target"):
        export_products(world, ["R00", "R01"], "R00", rent=0.2)
    with pytest.raises(ExportBanError, match="'first_two' is 2 regions"):
        export_products(world, ["R02"], "first_two", rent=0.2)
