"""Coalitions: losses, marginal members, Shapley values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, pairwise, permutations

import numpy as np
import pytest

from tula.equilibrium import BalancedTrade, ConvergenceError, solve
from tula.errors import UnknownNameError
from tula.policy import Embargo, SelectionError, TradeCost
from tula.strategy.coalition import Coalition, TooManyMembersError, coalition, shapley_values
from tula.strategy.measure import JointEmbargo, JointTariff, JointTradeCost, Measure
from tula.strategy.membership import CoalitionError, solve_memberships
from tula.world.economy import Economy
from tula.world.labels import Labels

MEMBERS = ("R01", "R02", "R03")
TARGET = "R00"


@pytest.fixture(scope="module")
def world(make_economy: Callable[..., Economy]) -> Economy:
    return make_economy(5, 2, 3)


@pytest.fixture(scope="module")
def found(world: Economy) -> Coalition:
    return coalition(world, JointEmbargo("S00"), MEMBERS, TARGET, closure=BalancedTrade())


def test_losses_are_those_of_one_solve_of_the_same_embargo(
    world: Economy, found: Coalition
) -> None:
    stop = Embargo(importer=MEMBERS, exporter=TARGET, sectors="S00", both_ways=True)
    alone = solve(world, [stop], closure=BalancedTrade())
    percent = 100.0 * (1.0 - alone.real_income_hat)
    money = percent / 100.0 * alone.calibration.final_spending
    np.testing.assert_allclose(found.target_loss, [percent[0], money[0]], rtol=1e-7)
    losses = [found.sender_losses[name] for name in MEMBERS]
    np.testing.assert_allclose([loss.percent for loss in losses], percent[1:4], rtol=1e-7)
    assert found.bystander_losses["R04"].musd == pytest.approx(money[4], rel=1e-6)
    assert found.senders_loss.musd == pytest.approx(money[1:4].sum(), rel=1e-7)
    joint = 100.0 * money[1:4].sum() / alone.calibration.final_spending[1:4].sum()
    assert found.senders_loss.percent == pytest.approx(joint, rel=1e-7)


def test_every_number_comes_from_a_certified_equilibrium(found: Coalition) -> None:
    expected = {"nobody", "coalition", "everybody", "with R04"}
    assert set(found.certificates) == expected | {f"without {name}" for name in MEMBERS}
    assert all(certificate.holds for certificate in found.certificates.values())
    assert found.failures == {}


def test_effectiveness_is_the_targets_loss_over_the_senders_joint_loss(found: Coalition) -> None:
    money = found.target_loss.musd / sum(loss.musd for loss in found.sender_losses.values())
    assert found.effectiveness_money == pytest.approx(money, rel=1e-12)
    percent = found.target_loss.percent / found.senders_loss.percent
    assert found.effectiveness_percent == pytest.approx(percent, rel=1e-12)


def test_a_members_value_is_the_difference_its_absence_makes(
    world: Economy, found: Coalition
) -> None:
    rest = coalition(
        world, JointEmbargo("S00"), ("R01", "R03"), TARGET, candidates=(), closure=BalancedTrade()
    )
    value = found.leave_one_out["R02"]
    added = found.target_loss.musd - rest.target_loss.musd
    assert value.target.musd == pytest.approx(added, rel=1e-6)
    own = found.sender_losses["R02"].percent - rest.bystander_losses["R02"].percent
    assert value.member.percent == pytest.approx(own, rel=1e-6)


def test_adding_the_only_outsider_reaches_the_whole_potential(found: Coalition) -> None:
    assert found.potential_loss is not None and found.share_of_potential is not None
    reached = found.target_loss.musd + found.add_one_in["R04"].target.musd
    assert reached == pytest.approx(found.potential_loss.musd, rel=1e-9)
    assert 0.0 < found.share_of_potential < 1.0


def test_a_coalition_of_everybody_reaches_its_potential(world: Economy) -> None:
    whole = coalition(world, JointTariff(0.2), ("R01", "R02", "R03", "R04"), TARGET)
    assert whole.share_of_potential == pytest.approx(1.0, rel=1e-12)
    assert whole.add_one_in == {} and whole.bystander_losses == {}


def test_a_measure_without_instruments_changes_nothing_at_all(world: Economy) -> None:
    quiet = coalition(world, lambda members, target: (), MEMBERS, TARGET)
    assert quiet.target_loss == (0.0, 0.0)
    assert all(loss == (0.0, 0.0) for loss in quiet.sender_losses.values())
    assert quiet.effectiveness_money is None and quiet.share_of_potential is None


def test_what_is_in_force_in_any_case_is_not_counted_as_a_loss(world: Economy) -> None:
    burden = TradeCost(importer="R04", exporter=TARGET, sectors="all", factor=1.3)

    def measure(members: tuple[str, ...], target: tuple[str, ...]) -> list[Embargo | TradeCost]:
        return [burden, *JointEmbargo("S00")(members, target)]

    effect = coalition(world, measure, ("R01",), TARGET, candidates=())
    before, after = (solve(world, measure(m, (TARGET,))) for m in ((), ("R01",)))
    expected = 100.0 * (1.0 - after.real_income_hat[0] / before.real_income_hat[0])
    assert effect.target_loss.percent == pytest.approx(expected, rel=1e-7)


def test_a_group_acts_as_one_member(world: Economy) -> None:
    effect = coalition(
        world, JointTariff(0.3, "S00"), ["first_two", "R03"], "R04", closure=BalancedTrade()
    )
    assert effect.members == ("first_two", "R03")
    apart = coalition(
        world, JointTariff(0.3, "S00"), ["R00", "R01", "R03"], "R04", closure=BalancedTrade()
    )
    joint = apart.sender_losses["R00"].musd + apart.sender_losses["R01"].musd
    assert effect.sender_losses["first_two"].musd == pytest.approx(joint, rel=1e-9)
    assert effect.target_loss.musd == pytest.approx(apart.target_loss.musd, rel=1e-9)


@pytest.mark.parametrize("direction", ["imports", "both"])
@pytest.mark.parametrize("seed", [0, 2])
def test_on_toy_worlds_a_further_member_of_an_import_or_full_embargo_never_spares_the_target(
    make_economy: Callable[..., Economy], direction: str, seed: int
) -> None:
    worth = _worth(make_economy(4, 3, seed), JointEmbargo("S00", direction))
    for fewer in worth:
        for name in set(MEMBERS) - fewer:
            assert worth[fewer | {name}] >= worth[fewer] - 1e-9


def test_a_further_member_of_an_export_ban_can_spare_the_target(
    make_economy: Callable[..., Economy],
) -> None:
    """The last foreign supply gone, the target buys at home and its terms of trade improve."""
    worth = _worth(make_economy(4, 3, 2), JointEmbargo("S00", "exports"))
    assert worth[frozenset(MEMBERS)] < worth[frozenset({"R01", "R02"})] - 1e-4


def _worth(world: Economy, measure: Measure) -> dict[frozenset[str], float]:
    subsets = [frozenset(c) for size in range(4) for c in combinations(MEMBERS, size)]
    runs = solve_memberships(world, measure, (TARGET,), subsets, closure=BalancedTrade())
    return {subset: runs.loss((TARGET,), subset).percent for subset in subsets}


def test_shapley_values_are_mean_contributions_over_all_orders_of_joining(
    make_economy: Callable[..., Economy],
) -> None:
    world, measure = make_economy(4, 3, 0), JointEmbargo("S00")
    worth = _worth(world, measure)
    values = shapley_values(world, measure, MEMBERS, TARGET, closure=BalancedTrade())
    added: dict[str, list[float]] = {name: [] for name in MEMBERS}
    for order in permutations(MEMBERS):
        joined = [frozenset(order[:size]) for size in range(4)]
        for (before, after), name in zip(pairwise(joined), order, strict=True):
            added[name].append(worth[after] - worth[before])
    for name in MEMBERS:
        assert values[name].percent == pytest.approx(np.mean(added[name]), rel=1e-9)
    total = sum(value.percent for value in values.values())
    assert total == pytest.approx(worth[frozenset(MEMBERS)], rel=1e-9)


def test_relabelling_regions_relabels_the_result(world: Economy, found: Coalition) -> None:
    order = [3, 0, 4, 2, 1]
    renamed = _reordered(world, order)
    again = coalition(renamed, JointEmbargo("S00"), MEMBERS, TARGET, closure=BalancedTrade())
    assert again.target_loss.musd == pytest.approx(found.target_loss.musd, rel=1e-8)
    for name in MEMBERS:
        one, other = again.sender_losses[name].musd, found.sender_losses[name].musd
        assert one == pytest.approx(other, rel=1e-7)
        value, same = again.leave_one_out[name].target, found.leave_one_out[name].target
        assert value.musd == pytest.approx(same.musd, rel=1e-7)


def _reordered(world: Economy, order: list[int]) -> Economy:
    labels = world.labels
    return replace(
        world,
        labels=Labels(tuple(labels.regions[place] for place in order), labels.sectors),
        intermediate=world.intermediate[order][:, :, order],
        final=world.final[order][:, :, order],
        tariff=world.tariff[:, order][:, :, order],
        export_tax=world.export_tax[:, order][:, :, order],
    )


def test_a_scenario_without_equilibrium_is_named_and_left_out(world: Economy) -> None:
    effect = coalition(world, JointEmbargo(), ("R01",), TARGET)
    assert set(effect.failures) == {"everybody"}
    assert "no equilibrium found" in effect.failures["everybody"]
    assert effect.potential_loss is None and effect.share_of_potential is None


def test_a_coalition_that_leaves_a_buyer_without_supplier_is_refused_with_the_reason(
    two_suppliers: Economy,
) -> None:
    effect = coalition(two_suppliers, JointEmbargo("OIL", "exports"), ["EAS"], "HOM")
    assert effect.failures == {
        "everybody": effect.failures["everybody"],
        "with WES": effect.failures["with WES"],
    }
    assert "HOM loses its last supplier of OIL" in effect.failures["with WES"]
    with pytest.raises(ConvergenceError, match="when EAS, WES takes part: HOM loses its last"):
        coalition(two_suppliers, JointEmbargo("OIL", "exports"), ["EAS", "WES"], "HOM")


@pytest.fixture
def two_suppliers(make_economy: Callable[..., Economy]) -> Economy:
    """HOM makes no oil: EAS and WES sell it."""
    world = make_economy(3, 2, 5, regions=("HOM", "EAS", "WES"), sectors=("OIL", "SER"))
    intermediate, final = world.intermediate.copy(), world.final.copy()
    intermediate[0, 0], final[0, 0] = 0.0, 0.0
    intermediate[:, :, 0, 0] = 0.0
    return replace(world, intermediate=intermediate, final=final)


def test_all_that_is_wrong_with_the_sides_is_said_at_once(world: Economy) -> None:
    with pytest.raises(CoalitionError) as refused:
        coalition(world, JointEmbargo(), ["R00", "R1", "R02", "first_two", "R02"], "R00")
    text = str(refused.value)
    assert "member 'R00' is also target (R00)" in text
    assert "unknown region 'R1'; did you mean" in text
    assert "member 'first_two' is named twice (R00)" in text
    assert "member 'R02' is named twice (R02)" in text
    assert len(refused.value.problems) == 5


def test_an_empty_list_of_members_and_an_unknown_target_are_refused(world: Economy) -> None:
    with pytest.raises(CoalitionError, match=r"no members.*target: unknown region 'R9'"):
        coalition(world, JointEmbargo(), [], "R9")


def test_a_candidate_that_is_a_member_already_is_refused(world: Economy) -> None:
    with pytest.raises(CoalitionError, match="'R01' is named twice"):
        coalition(world, JointEmbargo(), ["R01"], "R00", candidates=["R01"])


def test_more_than_eight_members_are_refused_by_the_shapley_value(
    make_economy: Callable[..., Economy],
) -> None:
    crowd = make_economy(10, 1, 0)
    with pytest.raises(TooManyMembersError, match="9 members make 512 subsets; at most 8"):
        shapley_values(crowd, JointEmbargo(), crowd.regions[1:], "R00")


def test_an_unknown_direction_is_refused_with_the_nearest(world: Economy) -> None:
    with pytest.raises(UnknownNameError, match="'import'; did you mean 'imports'"):
        JointEmbargo("S00", "import")
    with pytest.raises(UnknownNameError, match="'two-way'"):
        JointTradeCost(1.2, direction="two-way")


def test_a_sector_that_the_world_lacks_is_refused_with_the_nearest(world: Economy) -> None:
    with pytest.raises(SelectionError, match="unknown sector 'S0'; did you mean 'S0"):
        coalition(world, JointEmbargo("S0"), ["R01"], "R00")


def test_a_trade_cost_burdens_both_ways_and_a_ban_one_way_where_asked() -> None:
    ways = JointTradeCost(1.5, "S00")(("A", "B"), ("T",))
    assert [(list(i.importer), list(i.exporter)) for i in ways] == [  # type: ignore[union-attr]
        (["A", "B"], ["T"]),
        (["T"], ["A", "B"]),
    ]
    (only,) = JointEmbargo("S00", "exports")(("A", "B"), ("T",))
    assert list(only.importer) == ["T"]  # type: ignore[union-attr]
    assert JointEmbargo()((), ("T",)) == []
