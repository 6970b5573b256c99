"""Games in duties, against symmetry, closed forms and brute force."""

from __future__ import annotations

import numpy as np
import pytest

from pure_trade import pure_economy, two_regions
from tula.equilibrium import readings, solve
from tula.policy import Tariff
from tula.strategy.duty_game import Nash, nash
from tula.strategy.errors import (
    PolicyChoiceError,
    ProfitableDeviationError,
    UnfinishedSearchError,
)
from tula.strategy.optimal import optimal_tariffs
from tula.strategy.space import PolicySpace
from tula.world.economy import Economy

pytestmark = pytest.mark.gradients


def _uneven() -> Economy:
    return pure_economy(two_regions(), 3.0)


@pytest.fixture(scope="module")
def war() -> Nash:
    return nash(_uneven(), "all")


def _income(world: Economy, rates: tuple[float, float]) -> np.ndarray:
    a, b = rates
    moves = [
        Tariff(importer="A", exporter="B", sectors="goods", set=a),
        Tariff(importer="B", exporter="A", sectors="goods", set=b),
    ]
    return solve(world, moves).real_income_hat


def test_like_countries_choose_alike_and_both_lose() -> None:
    found = nash(pure_economy(two_regions(900.0, 900.0)), "all")
    np.testing.assert_allclose(found.rates[0], found.rates[1], rtol=1e-6)
    np.testing.assert_allclose(found.real_income[0], found.real_income[1], atol=1e-8)
    assert (found.real_income < -0.1).all()


def test_no_own_rate_on_a_grid_does_better(war: Nash) -> None:
    world = _uneven()
    a, b = (float(rates[0]) for rates in war.rates)
    at_rest = _income(world, (a, b))
    for other in (*np.linspace(0.0, 1.0, 9), a - 0.003, a + 0.003):
        assert _income(world, (float(other), b))[0] < at_rest[0]
    for other in (*np.linspace(0.0, 1.0, 9), b - 0.003, b + 0.003):
        assert _income(world, (a, float(other)))[1] < at_rest[1]


def test_the_sufficient_statistic_is_near_the_equilibrium(war: Nash) -> None:
    share = war.solution.trade_share[0]
    np.testing.assert_allclose(war.rates[0], 1 / (3 * share[1, 1]), rtol=0.02)
    np.testing.assert_allclose(war.rates[1], 1 / (3 * share[0, 0]), rtol=0.02)


def test_the_equilibrium_does_not_depend_on_the_start(war: Nash) -> None:
    other = nash(_uneven(), "all", start=[1.2, 0.02])
    np.testing.assert_allclose(np.concatenate(other.rates), np.concatenate(war.rates), atol=1e-5)


def test_a_game_of_one_is_its_best_policy() -> None:
    alone = nash(_uneven(), ["B"])
    np.testing.assert_allclose(alone.rates[0], optimal_tariffs(_uneven(), "B").rates, atol=1e-5)


def test_every_player_proves_that_it_stays(war: Nash) -> None:
    proof = war.proof
    assert [found.player for found in proof.responses] == ["A", "B"]
    assert 0.0 <= proof.largest_gain <= proof.gain_tolerance
    assert all(found.slope_norm <= proof.tolerance for found in proof.responses)
    assert all(found.curvature.largest < 0 for found in proof.responses)
    assert all(found.apart < 1e-4 for found in proof.responses)
    assert proof.certificate.holds


def test_players_may_hold_different_levers() -> None:
    world = pure_economy(
        np.array([[[800.0, 60.0], [80.0, 900.0]], [[500.0, 80.0], [60.0, 600.0]]]), np.array([3, 6])
    )
    found = nash(
        world,
        [
            PolicySpace("A", by="sector", bounds=(0.0, 0.2), weights={"G0": 1.2}),
            PolicySpace("B", instrument="export_tax"),
        ],
    )
    assert found.names == (("tariff on G0", "tariff on G1"), ("export tax",))
    assert ("A", "tariff on G0", "upper") in [
        (player, held.lever, held.side) for player, held in found.proof.binding
    ]
    assert found.levers("A").sel(lever="tariff on G0") == 0.2
    assert found.levers("B")[0] > 0


def test_a_player_that_leaves_is_named() -> None:
    with pytest.raises(ProfitableDeviationError, match=r"A gains .*; B gains"):
        nash(_uneven(), "all", start=0.0, tolerance=10.0, rounds=1)


def test_a_loose_slope_does_not_pass_for_an_equilibrium() -> None:
    with pytest.raises(ProfitableDeviationError, match="not a Nash equilibrium"):
        nash(_uneven(), "all", start=0.9, tolerance=1.0, rounds=1)


def test_whoever_gains_by_leaving_goes_there_and_play_goes_on(war: Nash) -> None:
    found = nash(_uneven(), "all", start=0.9, tolerance=1.0)
    assert found.proof.proven and found.proof.rounds > 1
    np.testing.assert_allclose(np.concatenate(found.rates), np.concatenate(war.rates), atol=1e-3)


def test_a_game_cut_short_is_refused() -> None:
    with pytest.raises(UnfinishedSearchError, match="after 1 rounds"):
        nash(_uneven(), "all", rounds=1)


def test_everything_wrong_with_the_players_is_told_at_once() -> None:
    with pytest.raises(PolicyChoiceError) as told:
        nash(_uneven(), ["A", "A", "Bb", PolicySpace("C", by="each")])
    text = str(told.value)
    assert "A is listed 2 times" in text
    assert "unknown region 'Bb'; did you mean 'B'" in text
    assert "unknown region 'C'" in text
    assert "unknown choice 'each'" in text


def test_no_players_are_refused() -> None:
    with pytest.raises(PolicyChoiceError, match="players: none given"):
        nash(_uneven(), [])


def test_a_player_may_value_something_else() -> None:
    spend = PolicySpace("A", objective=readings.import_revenue("A"))
    policy = [Tariff(importer="A", exporter="B", sectors="goods", set=0.01)]
    found = nash(_uneven(), [spend, "B"], policy=policy, bounds=(0.0, 1.0))
    assert found.levers("A")[0] > nash(_uneven(), "all").levers("A")[0] + 0.1


def test_relabelling_the_players_relabels_the_equilibrium(war: Nash) -> None:
    flows = two_regions()[:, ::-1, ::-1].copy()
    turned = nash(pure_economy(flows, 3.0, regions=("B", "A")), ["A", "B"])
    for code in ("A", "B"):
        np.testing.assert_allclose(turned.levers(code), war.levers(code), atol=1e-6)
