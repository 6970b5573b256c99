"""What a charge on trade with a rival costs, and what it does to exposure, on a small world."""

from __future__ import annotations

from dataclasses import replace

import pytest

import toy_balance
from tula.errors import UnknownNameError
from tula.policy import Embargo, ExportTax, Tariff
from tula.strategy.balance.found import Frontier, FrontierPoint
from tula.strategy.balance.frontier import charges, frontier, frontiers, undominated
from tula.strategy.balance.inputs import Power
from tula.strategy.balance.model import Game, Node

WEDGES = (0.2, 0.8)


@pytest.fixture(scope="module")
def against_rus() -> Frontier:
    return frontier(toy_balance.game(), "RUS", WEDGES)


def test_a_charge_lowers_what_a_seller_can_take_away(against_rus: Frontier) -> None:
    losses = [point.loss for point in against_rus.points]
    assert [point.wedge for point in against_rus.points] == [0.0, *WEDGES]
    assert losses[0] > losses[1] > losses[2] > 0.0


def test_a_large_charge_costs_more_than_a_small_one(against_rus: Frontier) -> None:
    costs = [point.cost for point in against_rus.points]
    assert costs[0] == 0.0
    assert costs[2] > costs[1]


def test_putty_clay_lowers_exposure_by_far_more_than_the_charge_itself(
    against_rus: Frontier,
) -> None:
    clay = [one.loss for one in against_rus.points]
    fixed = [_loss_without_new_purchases(toy_balance.game(), wedge) for wedge in (0.0, WEDGES[-1])]
    assert clay[0] == pytest.approx(fixed[0], rel=0.1)
    assert clay[0] - clay[-1] > 5.0 * abs(fixed[0] - fixed[-1])


def test_what_can_be_taxed_away_is_charged_on_exports_and_what_can_be_stopped_on_imports() -> None:
    game = toy_balance.game()
    usa, rus = game.inputs.powers
    tax, duty = charges(game, usa, 0.1), charges(game, rus, 0.1)
    assert [(type(one), set(one.sectors)) for one in tax] == [(ExportTax, {"MAN"})]
    assert [(type(one), set(one.sectors)) for one in duty] == [(Tariff, {"OIL", "MAN"})]


def test_no_charge_is_no_instrument() -> None:
    game = toy_balance.game()
    assert charges(game, game.inputs.powers[0], 0.0) == ()


def test_a_power_already_in_force_is_taken_out_before_it_is_measured() -> None:
    game = toy_balance.game()
    used = Power(rival="USA", title="the duty that stands", scenarios=("duty",))
    inputs = game.inputs.model_copy(update={"powers": (used,)})
    (found,) = frontiers(replace(game, inputs=inputs), (0.0,))
    assert found.points[0].loss > 1e-4


def test_every_rival_with_a_power_has_a_frontier() -> None:
    found = frontiers(toy_balance.game(), (0.0,))
    assert [one.rival for one in found] == ["USA", "RUS"]


def test_a_rival_without_a_power_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="ROW"):
        frontier(toy_balance.game(), "ROW")


def test_points_that_another_beats_are_left_out() -> None:
    charged = ((0.0, 0.0, 0.05), (0.1, 1.0, 0.06), (0.2, 3.0, 0.04), (0.4, 2.0, 0.03))
    start, worse, dear, good, best = (
        FrontierPoint(wedge=wedge, cost=cost, loss=loss)
        for wedge, cost, loss in (*charged, (0.8, -1.0, 0.045))
    )
    assert undominated([start, worse, dear, good, best]) == (start, best, good)


def _loss_without_new_purchases(game: Game, wedge: float) -> float:
    """What Russia takes away, share of GDP, where buyers keep the weights of the base year."""
    power = game.inputs.powers[1]
    instruments = {**game.engine.instruments, "charge": charges(game, power, wedge)}
    engine = replace(game.engine, instruments=instruments)
    moves = game.moves(Node(game.inputs.courses[0], scenarios=("charge",)))
    stop = Embargo(name="sales stop", importer="IND", exporter="RUS", sectors=power.stops_sales_of)
    before, after = (
        engine.read(game.lost, moves, stopped).income["IND"] for stopped in ((), (stop,))
    )
    return (before - after) / game.gdp
