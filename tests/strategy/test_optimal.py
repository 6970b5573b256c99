"""One state's best duties, against closed forms, brute force and reason."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from pure_trade import pure_economy, two_regions
from tula.equilibrium import BalancedTrade, readings, solve
from tula.policy import Embargo, Tariff
from tula.strategy.errors import PolicyChoiceError, UnfinishedSearchError
from tula.strategy.optimal import Optimum, optimal_tariffs
from tula.strategy.space import PolicySpace
from tula.world.economy import Economy

pytestmark = pytest.mark.gradients

Array = np.ndarray
Make = Callable[..., Economy]


def _three_by_two() -> Economy:
    flows = np.array(
        [
            [[500.0, 30.0, 20.0], [30.0, 900.0, 40.0], [20.0, 40.0, 300.0]],
            [[400.0, 10.0, 50.0], [10.0, 700.0, 25.0], [50.0, 25.0, 600.0]],
        ]
    )
    return pure_economy(flows, np.array([3.0, 5.0]))


@pytest.fixture(scope="module")
def linked() -> Economy:
    """Three regions, two sectors, input-output links, duties and imbalances."""
    from factories import make_economy

    return make_economy(3, 2, 5)


def _own_share_abroad(found: Optimum) -> float:
    return float(found.solution.trade_share[0, 1, 1])


@pytest.mark.parametrize("theta", [1.5, 3.0, 6.0])
@pytest.mark.parametrize("instrument", ["tariff", "export_tax"])
def test_two_regions_meet_the_closed_form(theta: float, instrument: str) -> None:
    world = pure_economy(two_regions(), theta)
    found = optimal_tariffs(world, "A", instrument=instrument)
    np.testing.assert_allclose(found.rates, 1.0 / (theta * _own_share_abroad(found)), rtol=1e-5)


def test_an_import_tariff_does_what_an_export_tax_does() -> None:
    world = _three_by_two()
    duty, tax = (
        optimal_tariffs(world, "A", instrument=name, closure=BalancedTrade())
        for name in ("tariff", "export_tax")
    )
    np.testing.assert_allclose(duty.rates, tax.rates, rtol=1e-6)
    np.testing.assert_allclose(duty.real_income, tax.real_income, atol=1e-8)


def test_both_at_once_are_one_lever_and_a_flat_direction() -> None:
    world = pure_economy(two_regions())
    alone = optimal_tariffs(world, "A")
    both = optimal_tariffs(world, "A", instrument=("tariff", "export_tax"))
    np.testing.assert_allclose(np.prod(1.0 + both.rates), 1.0 + alone.rates[0], rtol=1e-6)
    assert both.proof.curvature.flat == 1


def test_a_small_economy_keeps_power_only_over_its_own_variety() -> None:
    rates = [
        optimal_tariffs(pure_economy(two_regions(9 * size, 1e6, size), 4.0), "A").rates[0]
        for size in (1000.0, 1.0)
    ]
    assert rates[0] > rates[1]
    assert rates[1] == pytest.approx(1 / 4.0, rel=1e-4)


def test_a_small_economy_with_close_substitutes_leaves_trade_free() -> None:
    found = optimal_tariffs(pure_economy(two_regions(9.0, 1e6, 1.0), 60.0), "A")
    assert 0.0 < found.rates[0] < 0.02


def test_no_rate_on_a_grid_does_better(linked: Economy) -> None:
    found = optimal_tariffs(linked, "R01", bounds=(0.0, 1.0))
    grid = np.linspace(0.0, 1.0, 21)
    values = [
        solve(
            linked, [Tariff(importer="R01", exporter="all", sectors="goods", set=rate)]
        ).real_income_hat[1]
        for rate in grid
    ]
    assert max(values) <= found.value
    assert abs(grid[int(np.argmax(values))] - found.rates[0]) <= 0.05
    assert found.solution.real_income_hat[1] == pytest.approx(found.value, rel=1e-10)


def test_a_finer_choice_is_worth_at_least_as_much(linked: Economy) -> None:
    values = {
        by: optimal_tariffs(linked, "R00", by=by, sectors="all").value
        for by in ("uniform", "sector", "partner", "cell")
    }
    assert values["uniform"] < min(values["sector"], values["partner"])
    assert max(values["sector"], values["partner"]) < values["cell"]


def test_more_political_weight_raises_the_tariff_on_that_sector_alone() -> None:
    world = _three_by_two()
    plain, pressed = (
        optimal_tariffs(world, "A", by="sector", weights=weights) for weights in (None, {"G0": 1.3})
    )
    assert pressed.rates[0] > plain.rates[0] + 0.05
    assert pressed.rates[1] < plain.rates[1]
    assert pressed.gain < plain.gain


def test_weights_of_one_change_nothing() -> None:
    world = _three_by_two()
    plain = optimal_tariffs(world, "A")
    same = optimal_tariffs(world, "A", weights={"goods": 1.0})
    np.testing.assert_array_equal(plain.rates, same.rates)


def test_a_general_objective_is_pushed_to_its_bound_and_the_bound_is_named() -> None:
    found = optimal_tariffs(
        _three_by_two(), "A", by="sector", objective=readings.output("A", "G0"), bounds=(0.0, 0.4)
    )
    assert found.rates.tolist() == pytest.approx([0.4, 0.4])
    assert [(held.lever, held.side) for held in found.proof.binding] == [
        ("tariff on G0", "upper"),
        ("tariff on G1", "upper"),
    ]


def test_bounds_are_kept_and_named() -> None:
    found = optimal_tariffs(_three_by_two(), "A", bounds=(0.0, 0.1))
    assert found.rates.tolist() == [0.1]
    (held,) = found.proof.binding
    assert held.side == "upper"
    assert held.worth > 0


def test_relabelling_regions_relabels_the_result() -> None:
    world = _three_by_two()
    order = np.array([2, 0, 1])
    moved = pure_economy(
        world.trade[:, order][:, :, order], world.trade_elasticity, regions=("C", "A", "B")
    )
    one, two = (optimal_tariffs(each, "A", by="partner") for each in (world, moved))
    np.testing.assert_allclose(
        one.levers.sel(lever=["tariff from B", "tariff from C"]),
        two.levers.sel(lever=["tariff from B", "tariff from C"]),
        atol=1e-6,
    )


def test_the_rest_of_the_base_policy_stays_in_force(linked: Economy) -> None:
    policy = [Tariff(importer="R01", exporter="R00", sectors="goods", set=0.5)]
    found = optimal_tariffs(linked, "R00", partners="R01", policy=policy)
    tariff = found.solution.shock.tariff
    assert tariff[0, 1, 0] == 0.5
    assert tariff[0, 0, 1] == found.rates[0]
    assert tariff[0, 0, 2] == linked.tariff[0, 0, 2]
    assert found.base.shock.tariff[0, 1, 0] == 0.5


def test_retaliation_by_the_rest_is_answered_by_another_rate(linked: Economy) -> None:
    quiet = optimal_tariffs(linked, "R00")
    policy = [Tariff(importer="all", exporter="R00", sectors="goods", set=1.0)]
    hit = optimal_tariffs(linked, "R00", policy=policy)
    assert abs(quiet.rates[0] - hit.rates[0]) > 1e-3


def test_every_result_carries_its_proof(linked: Economy) -> None:
    found = optimal_tariffs(linked, "R00", other_starts=2)
    proof = found.proof
    assert proof.slope_norm <= proof.tolerance
    assert proof.curvature.bends_down
    assert proof.curvature.method == "all levers"
    assert [start.name for start in proof.starts] == ["lower bounds", "draw 1"]
    assert max(start.apart for start in proof.starts) < 1e-5
    assert proof.certificate.holds
    assert found.effort.forward_solves > found.effort.adjoint_solves > 0


def test_everything_wrong_with_the_question_is_told_at_once() -> None:
    with pytest.raises(PolicyChoiceError) as told:
        optimal_tariffs(
            _three_by_two(),
            "AA",
            by="sectr",
            instrument="tarif",
            sectors=["G0", "G9"],
            partners="Bb",
            bounds=(0.5, 0.1),
            weights={"G8": 2.0, "G1": -1.0},
        )
    text = str(told.value)
    for part in (
        "unknown region 'AA'; did you mean 'A'",
        "did you mean 'sector'",
        "did you mean 'tariff'",
        "unknown sector 'G9'",
        "unknown region 'Bb'",
        "the lowest rate 50.0% is not below the highest 10.0%",
        "unknown sector 'G8'",
        "G1 has weight -1.0",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("bounds", "says"),
    [
        ((-1.0, 1.0), "not above -100%"),
        ((0.0, float("inf")), "not both finite"),
    ],
)
def test_impossible_bounds_are_refused(bounds: tuple[float, float], says: str) -> None:
    with pytest.raises(PolicyChoiceError, match=says):
        optimal_tariffs(_three_by_two(), "A", bounds=bounds)


def test_clashing_weights_are_refused() -> None:
    with pytest.raises(PolicyChoiceError, match=r"G0 has weight 1.2 and, by goods, 2.0"):
        optimal_tariffs(_three_by_two(), "A", weights={"G0": 1.2, "goods": 2.0})


def test_an_objective_and_weights_together_are_refused() -> None:
    with pytest.raises(PolicyChoiceError, match="give one of them"):
        optimal_tariffs(
            _three_by_two(), "A", weights={"G0": 2.0}, objective=readings.real_income("A")
        )


def test_levers_all_under_embargo_are_refused() -> None:
    policy = [Embargo(importer="A", exporter="all", sectors="goods")]
    with pytest.raises(PolicyChoiceError, match="A: no lever is left"):
        optimal_tariffs(_three_by_two(), "A", policy=policy)


def test_a_cell_under_embargo_is_no_lever(linked: Economy) -> None:
    policy = [Embargo(importer="R00", exporter="R01", sectors="goods")]
    found = optimal_tariffs(linked, "R00", by="partner", policy=policy)
    assert found.names == ("tariff from R02",)


def test_a_start_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(PolicyChoiceError, match="one for each of the 2 levers"):
        optimal_tariffs(_three_by_two(), "A", by="sector", start=[0.1, 0.2, 0.3])


def test_a_search_cut_short_is_refused() -> None:
    with pytest.raises(UnfinishedSearchError):
        optimal_tariffs(_three_by_two(), "A", by="cell", evaluations=2)


def test_a_policy_space_says_the_same_as_the_arguments() -> None:
    world = _three_by_two()
    space = PolicySpace("B", by="sector", except_partners="C", bounds=(0.0, 0.5))
    one = optimal_tariffs(world, space)
    two = optimal_tariffs(world, "B", by="sector", except_partners="C", bounds=(0.0, 0.5))
    np.testing.assert_array_equal(one.rates, two.rates)
    assert one.space == two.space


def test_inputs_move_the_best_tariff_off_the_closed_form(make_economy: Make) -> None:
    world = make_economy(2, 1, 4)
    found = optimal_tariffs(world, "R00", sectors="all", closure=BalancedTrade())
    formula = 1.0 / (world.trade_elasticity[0] * _own_share_abroad(found))
    assert abs(found.rates[0] / formula - 1.0) > 1e-3


def test_many_levers_are_proven_over_a_krylov_space(make_economy: Make) -> None:
    world = make_economy(9, 5, 8)
    found = optimal_tariffs(
        world, "R00", by="cell", instrument="export_tax", sectors="all", other_starts=0
    )
    assert len(found.names) == 40
    assert found.proof.curvature.method == "Lanczos, 15 of 40 directions"
    assert found.proof.slope_norm <= found.proof.tolerance
    assert found.effort.adjoint_solves < 120
