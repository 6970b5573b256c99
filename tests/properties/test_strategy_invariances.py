"""What must not matter to coalitions, burdens and bans: units, labels, order, who is split."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from factories import make_economy
from tula.equilibrium import BalancedTrade
from tula.strategy.burden import equal_burden, payments_between
from tula.strategy.coalition import Coalition, coalition, shapley_values
from tula.strategy.export_ban import ExportProduct, choose_export_bans, export_ban_loss
from tula.strategy.measure import JointEmbargo, JointTariff, JointTradeCost, Measure
from tula.strategy.sanction import sanction_tariff_with_bystanders
from tula.strategy.sanction_search import SanctionTools, optimal_sanction
from tula.world.economy import Economy
from tula.world.labels import Labels

TARGET, MEMBERS = "R00", ("R01", "R02")
CLOSURE = BalancedTrade()

seeds = st.integers(0, 40)
orders = st.permutations(range(4))
measures: st.SearchStrategy[Measure] = st.sampled_from(
    [
        JointTariff(0.3, "S00"),
        JointTariff(0.8),
        JointTradeCost(1.05),
        JointTradeCost(1.8, "S00", "exports"),
        JointEmbargo("S00", "imports"),
        JointEmbargo("S00"),
    ]
)
solved = settings(max_examples=6, deadline=None)
plain = settings(max_examples=60, deadline=None)


def _effect(world: Economy, measure: Measure, members: tuple[str, ...] = MEMBERS) -> Coalition:
    return coalition(world, measure, members, TARGET, closure=CLOSURE)


def _scaled(world: Economy, factor: float) -> Economy:
    return replace(world, intermediate=factor * world.intermediate, final=factor * world.final)


def _reordered(world: Economy, order: list[int]) -> Economy:
    """The same world with its regions on the axes in another order."""
    return replace(
        world,
        labels=Labels(tuple(world.regions[place] for place in order), world.sectors),
        intermediate=world.intermediate[order][:, :, order],
        final=world.final[order][:, :, order],
        tariff=world.tariff[:, order][:, :, order],
        export_tax=world.export_tax[:, order][:, :, order],
    )


def _split(world: Economy, place: int) -> Economy:
    """The same world with one region cut in two identical halves, the second named last."""
    rows = [*range(len(world.regions)), place]
    half = np.ones(len(rows))
    half[[place, -1]] = 0.5
    labels = Labels((*world.regions, "TWIN"), world.sectors)
    return replace(
        world,
        labels=labels,
        intermediate=world.intermediate[rows][:, :, rows]
        * half[:, None, None, None]
        * half[:, None],
        final=world.final[rows][:, :, rows] * half[:, None, None] * half,
        tariff=world.tariff[:, rows][:, :, rows],
        export_tax=world.export_tax[:, rows][:, :, rows],
    )


@solved
@given(seeds, measures, st.floats(0.01, 1000.0))
def test_the_unit_of_money_changes_money_and_nothing_else(
    seed: int, measure: Measure, factor: float
) -> None:
    world = make_economy(4, 2, seed)
    one, other = _effect(world, measure), _effect(_scaled(world, factor), measure)
    assert other.target_loss.percent == pytest.approx(one.target_loss.percent, rel=1e-6, abs=1e-8)
    money = factor * one.target_loss.musd
    assert other.target_loss.musd == pytest.approx(money, rel=1e-6, abs=1e-6 * factor)
    assert other.add_one_in["R03"].target.percent == pytest.approx(
        one.add_one_in["R03"].target.percent, rel=1e-6, abs=1e-8
    )


@solved
@given(seeds, measures, orders)
def test_the_order_of_regions_on_the_axes_does_not_matter(
    seed: int, measure: Measure, order: list[int]
) -> None:
    world = make_economy(4, 2, seed)
    one, other = _effect(world, measure), _effect(_reordered(world, order), measure)
    for name in MEMBERS:
        assert other.sender_losses[name].percent == pytest.approx(
            one.sender_losses[name].percent, rel=1e-6, abs=1e-8
        )
    assert other.bystander_losses["R03"].percent == pytest.approx(
        one.bystander_losses["R03"].percent, rel=1e-6, abs=1e-8
    )


@solved
@given(seeds, measures)
def test_the_order_in_which_members_are_named_does_not_matter(seed: int, measure: Measure) -> None:
    world = make_economy(4, 2, seed)
    one, other = _effect(world, measure), _effect(world, measure, MEMBERS[::-1])
    assert other.target_loss == one.target_loss
    assert other.leave_one_out == one.leave_one_out


@solved
@given(seeds, measures)
def test_cutting_a_member_in_two_changes_nothing_if_both_halves_take_part(
    seed: int, measure: Measure
) -> None:
    world = make_economy(4, 2, seed)
    one = _effect(world, measure)
    other = _effect(_split(world, 2), measure, (*MEMBERS, "TWIN"))
    assert other.target_loss.percent == pytest.approx(one.target_loss.percent, rel=1e-6, abs=1e-8)
    assert other.sender_losses["TWIN"].percent == pytest.approx(
        one.sender_losses["R02"].percent, rel=1e-6, abs=1e-8
    )
    assert other.senders_loss.musd == pytest.approx(one.senders_loss.musd, rel=1e-6, abs=1e-5)


@solved
@given(seeds, measures)
def test_members_alike_have_like_shapley_values_that_sum_to_the_whole(
    seed: int, measure: Measure
) -> None:
    world = _split(make_economy(4, 2, seed), 2)
    members = ("R01", "R02", "TWIN")
    values = shapley_values(world, measure, members, TARGET, closure=CLOSURE)
    assert values["R02"].percent == pytest.approx(values["TWIN"].percent, rel=1e-5, abs=1e-7)
    whole = _effect(world, measure, members).target_loss
    assert sum(value.musd for value in values.values()) == pytest.approx(whole.musd, rel=1e-6)


@solved
@given(seeds)
def test_a_member_that_does_not_trade_with_the_target_adds_nothing(seed: int) -> None:
    world = make_economy(4, 2, seed)
    intermediate, final = world.intermediate.copy(), world.final.copy()
    for one, other in ((0, 2), (2, 0)):
        intermediate[one, 0, other], final[one, 0, other] = 0.0, 0.0
    apart = replace(world, intermediate=intermediate, final=final)
    effect = _effect(apart, JointEmbargo("S00", "both"))
    assert effect.leave_one_out["R02"].target.percent == pytest.approx(0.0, abs=1e-7)
    assert effect.leave_one_out["R01"].target.percent > 1e-4


@pytest.mark.slow
@solved
@given(seeds, measures, st.floats(0.01, 1000.0))
def test_equal_burdens_scale_with_money_and_ignore_the_order_of_senders(
    seed: int, measure: Measure, factor: float
) -> None:
    world = make_economy(4, 2, seed)
    instruments = measure(MEMBERS, (TARGET,))
    one = equal_burden(world, instruments, MEMBERS, closure=CLOSURE)
    other = equal_burden(_scaled(world, factor), instruments, MEMBERS[::-1], closure=CLOSURE)
    assert other.common_loss == pytest.approx(one.common_loss, rel=1e-6, abs=1e-7)
    size = factor * float(world.value_added.sum())
    for name in MEMBERS:
        paid = factor * one.received[name]
        assert other.received[name] == pytest.approx(paid, rel=1e-6, abs=1e-9 * size)


@pytest.mark.slow
@settings(max_examples=4, deadline=None)
@given(seeds, st.floats(0.0, 2.0), st.floats(0.01, 1000.0), orders)
def test_the_sanction_senders_choose_ignores_units_and_the_order_of_regions(
    seed: int, willingness: float, factor: float, order: list[int]
) -> None:
    world = make_economy(4, 2, seed)
    tools = SanctionTools(sectors="S00", bounds=(0.0, 4.0))
    one, other = (
        optimal_sanction(found, MEMBERS, TARGET, willingness, tools, closure=CLOSURE)
        for found in (world, _scaled(_reordered(world, order), factor))
    )
    rates = dict(zip(other.names, other.rates, strict=True))
    for name, rate in zip(one.names, one.rates, strict=True):
        assert rates[name] == pytest.approx(float(rate), rel=1e-4)
    money = factor * one.target_loss.musd
    assert other.target_loss.musd == pytest.approx(money, rel=1e-4)


@plain
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8))
def test_payments_give_everyone_what_it_is_to_receive(amounts: list[float]) -> None:
    received = np.append(amounts, -np.sum(amounts))
    codes = tuple(f"R{place}" for place in range(len(received)))
    net = dict.fromkeys(codes, 0.0)
    for payment in payments_between(codes, received):
        net[payment.payer] -= payment.amount_musd
        net[payment.receiver] += payment.amount_musd
    size = max(1.0, float(np.abs(received).sum()))
    np.testing.assert_allclose(list(net.values()), received, atol=1e-11 * size * len(codes))


products = st.builds(
    ExportProduct,
    name=st.text("abcdefgh", min_size=1, max_size=4),
    spending_weight=st.floats(1e-4, 0.1),
    senders_share=st.floats(0.0, 0.99),
    substitution_elasticity=st.floats(1.1, 12.0),
    exported_musd=st.floats(1.0, 1e4),
    rent=st.floats(0.01, 1.0),
)
catalogues = st.lists(products, min_size=1, max_size=9, unique_by=lambda product: product.name)


@plain
@given(catalogues, st.floats(1.0, 1e4), st.floats(0.1, 10.0))
def test_bans_do_not_depend_on_the_unit_of_cost(
    given_products: list[ExportProduct], budget: float, factor: float
) -> None:
    dearer = [
        replace(product, exported_musd=factor * product.exported_musd) for product in given_products
    ]
    one = choose_export_bans(given_products, budget)
    other = choose_export_bans(dearer, factor * budget)
    assert other.best.target_loss == pytest.approx(one.best.target_loss, rel=1e-6, abs=1e-9)
    ratios = [factor * product.harm_per_cost for product in other.ranked]
    assert ratios == pytest.approx([product.harm_per_cost for product in one.ranked], rel=1e-9)


@plain
@given(catalogues, st.floats(1.0, 1e4))
def test_no_choice_beats_its_guarantee_and_the_ratio_rule_never_beats_the_choice(
    given_products: list[ExportProduct], budget: float
) -> None:
    plan = choose_export_bans(given_products, budget)
    assert plan.greedy.target_loss <= plan.best.target_loss * (1.0 + 1e-6) + 1e-9
    assert plan.best.target_loss <= plan.guarantee * (1.0 + 1e-6) + 1e-9
    assert plan.best.cost_musd <= budget * (1.0 + 1e-6)


@plain
@given(st.floats(0.0, 0.98), st.floats(0.0, 0.98), st.floats(1.05, 12.0))
def test_withholding_half_of_two_products_never_beats_the_mean_of_all_or_none(
    one: float, other: float, sigma: float
) -> None:
    middle = export_ban_loss(1.0, 0.5 * (one + other), sigma)
    ends = export_ban_loss(1.0, one, sigma) + export_ban_loss(1.0, other, sigma)
    assert middle <= 0.5 * ends * (1.0 + 1e-12) + 1e-15


positive = st.floats(0.05, 20.0)


@plain
@given(st.floats(0.0, 5.0), positive, positive, positive, positive, st.floats(0.01, 100.0))
def test_the_closed_form_ignores_units_and_rises_with_willingness(
    rho: float, bought: float, other: float, supply: float, demand: float, factor: float
) -> None:
    rate = sanction_tariff_with_bystanders(rho, bought, other, supply, demand)
    same = sanction_tariff_with_bystanders(rho, factor * bought, factor * other, supply, demand)
    assert same == pytest.approx(rate, rel=1e-12)
    rates = [
        float(sanction_tariff_with_bystanders(rho + more, bought, other, supply, demand))
        for more in (0.0, 0.5, 1.0)
    ]
    assert all(low < high for low, high in pairwise(rates))
