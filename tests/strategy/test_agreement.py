"""Agreements, against free trade, the tariff war and accounting."""

from __future__ import annotations

import numpy as np
import pytest

from pure_trade import pure_economy, two_regions
from tula.equilibrium import BalancedTrade
from tula.strategy.agreement import cooperative
from tula.strategy.duty_game import Nash, nash
from tula.strategy.errors import NoCommonGainError, NotBetterError, PolicyChoiceError
from tula.strategy.space import PolicySpace
from tula.world.economy import Economy

pytestmark = pytest.mark.gradients


def _even() -> Economy:
    return pure_economy(two_regions(900.0, 900.0), 3.0)


@pytest.fixture(scope="module")
def war() -> Nash:
    return nash(_even(), "all")


@pytest.fixture(scope="module")
def lost_war() -> Nash:
    """A war in which A can hardly strike back, so that B gains from it."""
    return nash(_even(), [PolicySpace("A", bounds=(0.0, 0.02)), "B"])


def test_like_countries_agree_on_free_trade_even_where_subsidies_are_allowed() -> None:
    found = cooperative(_even(), "all", bounds=(-0.3, 1.0), start=[0.3, 0.1])
    np.testing.assert_allclose(found.rates, 0.0, atol=1e-5)
    assert found.proof.curvature.bends_down


def test_an_agreement_is_worth_as_much_as_free_trade_and_more_than_war(war: Nash) -> None:
    found = cooperative(_even(), "all", threat=war)
    assert found.value >= found.compared["free trade"] - 1e-9
    assert found.compared["threat"] == -np.inf
    assert (found.solution.real_income_hat > war.solution.real_income_hat).all()


def test_who_gains_from_war_must_be_paid_for_peace(lost_war: Nash) -> None:
    assert float(lost_war.real_income.sel(region="B")) > 0
    found = cooperative(_even(), "all", threat=lost_war, transfers=0.2)
    assert (found.solution.real_income_hat > lost_war.solution.real_income_hat).all()
    assert found.transfer.sum() == pytest.approx(0.0, abs=1e-9)
    assert found.transfer[1] > 0
    gains = found.solution.real_income_hat - lost_war.solution.real_income_hat
    assert gains[0] == pytest.approx(gains[1], rel=0.1)


def test_a_threat_that_no_agreement_betters_for_all_is_said(lost_war: Nash) -> None:
    with pytest.raises(NoCommonGainError, match="B would not"):
        cooperative(_even(), "all", threat=lost_war, bounds=(0.0, 0.01))


def test_weights_say_whom_payments_favour() -> None:
    for favoured, sign in ((2.0, 1), (0.5, -1)):
        weights = {"A": favoured, "B": 1.0}
        found = cooperative(_even(), "all", weights=weights, transfers=0.6)
        assert np.sign(found.transfer[0]) == sign


def test_income_weights_want_no_payments() -> None:
    world = pure_economy(two_regions(900.0, 2000.0), 3.0)
    found = cooperative(world, "all", transfers=0.5)
    np.testing.assert_allclose(found.transfer, 0.0, atol=1.0)


def test_a_lesser_point_than_free_trade_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from tula.strategy import agreement as module

    monkeypatch.setattr(module, "ROUNDING", -1.0)
    with pytest.raises(NotBetterError, match="free trade"):
        cooperative(_even(), "all")


def test_a_game_on_another_footing_is_no_threat(war: Nash) -> None:
    with pytest.raises(PolicyChoiceError, match="played under the fixed closure, not balanced"):
        cooperative(_even(), "all", threat=war, closure=BalancedTrade())


def test_everything_wrong_with_the_terms_is_told_at_once() -> None:
    with pytest.raises(PolicyChoiceError) as told:
        cooperative(
            _even(),
            [PolicySpace("A", weights={"G0": 2.0})],
            weights={"AA": 1.0, "B": -1.0},
            transfers=-0.1,
        )
    text = str(told.value)
    for part in ("leave out weights", "unknown region 'AA'", "B has weight -1.0", "-0.1 is not"):
        assert part in text


def test_an_unknown_rule_of_weights_gets_the_nearest() -> None:
    with pytest.raises(PolicyChoiceError, match="did you mean 'income'"):
        cooperative(_even(), "all", weights="incom")


@pytest.mark.long
def test_a_few_can_agree_at_the_expense_of_the_rest() -> None:
    flows = np.array([[[500.0, 60.0, 60.0], [60.0, 600.0, 50.0], [60.0, 50.0, 700.0]]])
    world = pure_economy(flows, 3.0)
    war = nash(world, ["A", "B"])
    found = cooperative(world, ["A", "B"], threat=war)
    better = found.solution.real_income_hat - war.solution.real_income_hat
    assert (better[:2] > 0).all()
    assert (found.rates > 0.05).all()
    assert float(found.real_income.sel(region="C")) < 0
