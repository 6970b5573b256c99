"""The sanction senders would choose, against closed forms, other searches and its own solves."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from math import inf

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from tula.equilibrium import BalancedTrade, solve
from tula.policy import Tariff
from tula.strategy.errors import PolicyChoiceError
from tula.strategy.membership import CoalitionError
from tula.strategy.optimal import optimal_tariffs
from tula.strategy.sanction import SanctionError, sanction_tariff
from tula.strategy.sanction_search import (
    Sanction,
    SanctionTools,
    largest_harm,
    optimal_sanction,
)
from tula.world.economy import Economy, Provenance
from tula.world.labels import Labels

pytestmark = pytest.mark.gradients

WIDE = SanctionTools(bounds=(0.0, 5.0))


@pytest.fixture(scope="module")
def two_countries() -> Economy:
    """Two unequal countries, one good, no inputs, no duties, balanced trade."""
    sales = np.array([[70.0, 10.0], [10.0, 200.0]])
    return Economy(
        labels=Labels(("HOM", "FOR"), ("ONE",)),
        intermediate=np.zeros((2, 1, 2, 1)),
        final=sales[:, None, :],
        tariff=np.zeros((1, 2, 2)),
        export_tax=np.zeros((1, 2, 2)),
        trade_elasticity=np.array([4.0]),
        elasticity_source="chosen for tests",
        provenance=Provenance("two-countries", "2000"),
    )


@pytest.mark.parametrize("rho", [0.0, 0.5, 1.5])
def test_between_two_countries_the_tariff_follows_the_closed_form_at_equilibrium_elasticity(
    two_countries: Economy, rho: float
) -> None:
    """Export supply to the sender has elasticity theta times the target's home share; a dollar

    is worth one over the price index to each side, so rho counts times the ratio of the two.
    """
    tools = SanctionTools(sectors="all", bounds=(0.0, 5.0))
    found = optimal_sanction(two_countries, "HOM", "FOR", rho, tools)
    elasticity = 4.0 * found.solution.trade_share[0, 1, 1]
    price = found.solution.final_price_hat
    expected = sanction_tariff(rho * price[0] / price[1], elasticity)
    assert found.rates[0] == pytest.approx(float(expected), rel=1e-5)


@pytest.fixture(scope="module")
def world(make_economy: Callable[..., Economy]) -> Economy:
    return make_economy(4, 2, 3)


@pytest.fixture(scope="module")
def joint(world: Economy) -> Sanction:
    return optimal_sanction(world, ["R01", "R02"], "R00", 1.0, WIDE, closure=BalancedTrade())


def test_without_a_wish_to_harm_the_sanction_is_the_optimal_tariff(world: Economy) -> None:
    found = optimal_sanction(world, "R01", "R00", 0.0, WIDE, closure=BalancedTrade())
    selfish = optimal_tariffs(
        world, "R01", partners="R00", bounds=(0.0, 5.0), closure=BalancedTrade()
    )
    assert found.rates[0] == pytest.approx(selfish.rates[0], rel=1e-5)
    assert found.senders_loss.percent == pytest.approx(-selfish.gain, rel=1e-6)
    assert found.senders_loss.percent < 0.0


def test_the_tariff_of_one_sender_is_what_a_search_without_slopes_finds(world: Economy) -> None:
    found = optimal_sanction(world, "R01", "R00", 1.0, WIDE, closure=BalancedTrade())

    def objective(rate: float) -> float:
        duty = Tariff(importer="R01", exporter="R00", sectors="goods", set=float(rate))
        solution = solve(world, [duty], closure=BalancedTrade())
        worth = solution.real_income_hat * solution.calibration.final_spending
        return float((worth[0] - worth[1]) / solution.calibration.final_spending[1])

    brute = minimize_scalar(objective, bounds=(0.0, 2.0), method="bounded", options={"xatol": 1e-7})
    assert found.rates[0] == pytest.approx(brute.x, rel=1e-4)


def test_the_proof_of_a_joint_sanction_holds_and_names_each_senders_lever(joint: Sanction) -> None:
    assert joint.names == ("R01: tariff", "R02: tariff")
    assert joint.proof.slope_norm <= joint.proof.tolerance
    assert joint.proof.curvature.largest < 0.0
    assert joint.proof.certificate.holds
    assert all(start.apart < 1e-4 for start in joint.proof.starts)


def test_losses_of_a_joint_sanction_are_those_of_its_rates_solved_as_instruments(
    world: Economy, joint: Sanction
) -> None:
    duties = [
        Tariff(importer=name, exporter="R00", sectors="goods", set=float(rate))
        for name, rate in zip(("R01", "R02"), joint.rates, strict=True)
    ]
    again = solve(world, duties, closure=BalancedTrade())
    lost = (1.0 - again.real_income_hat) * again.calibration.final_spending
    assert joint.target_loss.musd == pytest.approx(lost[0], rel=1e-6)
    assert joint.senders_loss.musd == pytest.approx(lost[1] + lost[2], rel=1e-5)
    assert joint.sender_losses["R02"].musd == pytest.approx(lost[2], rel=1e-5)
    assert joint.bystander_losses["R03"].musd == pytest.approx(lost[3], rel=1e-5)


def test_more_willingness_means_higher_rates_more_harm_and_more_cost(world: Economy) -> None:
    found = [
        optimal_sanction(world, ["R01", "R02"], "R00", rho, WIDE, closure=BalancedTrade())
        for rho in (0.0, 0.5, 1.0, 2.0, inf)
    ]
    for less, more in itertools.pairwise(found):
        assert (more.rates > less.rates).all()
        assert more.target_loss.musd > less.target_loss.musd
        assert more.senders_loss.musd > less.senders_loss.musd


def test_willingness_is_the_price_of_the_last_dollar_of_harm(world: Economy) -> None:
    rho, step = 1.0, 0.02
    low, high = (
        optimal_sanction(world, ["R01", "R02"], "R00", value, WIDE, closure=BalancedTrade())
        for value in (rho - step, rho + step)
    )
    cost = high.senders_loss.musd - low.senders_loss.musd
    harm = high.target_loss.musd - low.target_loss.musd
    assert cost / harm == pytest.approx(rho, rel=1e-3)


def test_harm_at_any_price_presses_every_lever_to_its_bound(world: Economy) -> None:
    found = optimal_sanction(world, ["R01"], "R00", inf, WIDE, closure=BalancedTrade())
    assert found.rates[0] == 5.0 and found.willingness == inf
    (binding,) = found.proof.binding
    assert (binding.lever, binding.side) == ("R01: tariff", "upper")


def test_a_budget_is_spent_to_the_cent_and_no_other_rates_within_it_do_more_harm(
    world: Economy,
) -> None:
    budget = 0.05
    found = largest_harm(world, ["R01", "R02"], "R00", budget, WIDE, closure=BalancedTrade())
    assert found.senders_loss.percent == pytest.approx(budget, abs=1e-5)
    assert 0.0 < found.willingness < inf
    draw = np.random.default_rng(0)
    within = 0
    for rates in found.rates * draw.uniform(0.6, 1.4, (12, 2)):
        duties = [
            Tariff(importer=name, exporter="R00", sectors="goods", set=float(rate))
            for name, rate in zip(("R01", "R02"), rates, strict=True)
        ]
        other = solve(world, duties, closure=BalancedTrade())
        lost = (1.0 - other.real_income_hat) * other.calibration.final_spending
        spending = other.calibration.final_spending[1:3].sum()
        if 100.0 * lost[1:3].sum() / spending <= budget:
            within += 1
            assert lost[0] < found.target_loss.musd
    assert within > 0


def test_a_budget_that_nothing_exhausts_buys_the_largest_harm_there_is(world: Economy) -> None:
    found = largest_harm(world, "R01", "R00", 50.0, WIDE, closure=BalancedTrade())
    assert found.willingness == inf and found.rates[0] == 5.0
    assert found.senders_loss.percent < 50.0


def test_questions_without_sense_are_refused(world: Economy) -> None:
    with pytest.raises(SanctionError, match="willingness -1"):
        optimal_sanction(world, "R01", "R00", -1.0)
    with pytest.raises(SanctionError, match="budget nan%"):
        largest_harm(world, "R01", "R00", float("nan"))
    with pytest.raises(CoalitionError, match="'R00' is also target"):
        optimal_sanction(world, ["R00", "R01"], "R00", 1.0)
    with pytest.raises(PolicyChoiceError, match="unknown sector 'goodz'; did you mean 'goods'"):
        optimal_sanction(world, "R01", "R00", 1.0, SanctionTools(sectors="goodz"))
    with pytest.raises(SanctionError, match="lower the lower bound"):
        largest_harm(world, "R01", "R00", 0.0, SanctionTools(bounds=(2.0, 3.0)))
