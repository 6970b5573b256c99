"""Whether parts pay their players: closed forms, a small oil market, and next moves."""

from __future__ import annotations

from dataclasses import replace

import pytest

import toy_balance
from tula.errors import UnknownNameError
from tula.strategy.balance.model import Game
from tula.strategy.balance.oil_side import OilSide
from tula.strategy.balance.slack import (
    ChanceError,
    Netback,
    complying,
    least_gain,
    netback,
    next_moves,
    slacks,
)
from tula.strategy.balance.states import State
from tula.ties.oil.equilibrium import clear
from tula.ties.oil.tie import OilTie


def test_a_threat_must_gain_its_cost_over_its_chance() -> None:
    assert least_gain(2.0, persistence=1.0, honoured=0.0, chance=0.25) == 8.0


def test_a_threat_that_ends_on_compliance_costs_less_the_better_it_works() -> None:
    assert least_gain(2.0, persistence=0.5, honoured=1.0, chance=0.5) == 1.0


def test_a_duty_that_pays_its_author_needs_no_gain() -> None:
    assert least_gain(-1.0, persistence=1.0, honoured=0.5, chance=0.0) == 0.0


def test_no_gain_is_enough_for_a_costly_threat_that_never_works() -> None:
    assert least_gain(1.0, persistence=1.0, honoured=0.5, chance=0.0) is None


def test_a_chance_above_one_is_refused() -> None:
    with pytest.raises(ChanceError, match=r"got 1\.2"):
        least_gain(1.0, persistence=1.0, honoured=0.5, chance=1.2)


def test_a_seller_that_gives_all_its_slack_is_paid_what_others_would_pay() -> None:
    oil = _oil(toy_balance.game())
    held, gone, found = oil.cleared(None, False), oil.cleared(0.0, False), netback(oil)
    assert found is not None
    given = 0.365 * held.volume("IND") * found.kept
    assert held.partner_revenue - given == pytest.approx(gone.partner_revenue)


def test_the_slack_is_the_nearer_of_the_two_ends() -> None:
    assert Netback(kept=5.0, floor=9.0).slack == Netback(kept=9.0, floor=5.0).slack == 5.0


def test_a_seller_has_more_to_give_where_barrels_find_no_other_buyer() -> None:
    tie = _oil(toy_balance.game()).tie
    stuck = {"market": tie.market.model_copy(update={"redirectable": _exactly(tie, 0.5)})}
    free, held = netback(OilSide(tie)), netback(OilSide(tie.model_copy(update=stuck)))
    assert free is not None and held is not None
    assert held.kept > free.kept


def test_the_floor_is_the_price_above_that_of_no_sales() -> None:
    oil = _oil(toy_balance.game())
    found = netback(oil)
    assert found is not None
    assert found.floor == pytest.approx(clear(oil.tie.market).fob_price - 30.0)


def test_only_courses_without_the_demanded_tie_comply() -> None:
    game = toy_balance.game()
    assert complying(game, game.inputs.threats[0]) == ("stop",)


def test_slack_is_told_for_the_threat_and_for_the_seller_calm_and_pressed() -> None:
    found = slacks(toy_balance.game(), {"penalty": 0.5})
    assert [one.rival for one in found if one.unit == "USD a barrel"] == ["RUS", "RUS"]
    cost = next(one for one in found if one.rival == "USA")
    assert cost.value == pytest.approx(toy_balance.game().threat_cost("penalty"))
    assert ("not credible" in cost.meaning) == (cost.value > 0.0)


def test_a_threat_without_a_chance_is_refused_by_name() -> None:
    with pytest.raises(UnknownNameError, match="penalty"):
        slacks(toy_balance.game(), {})


def test_a_further_duty_hurts_the_pivot_and_is_priced_for_its_author() -> None:
    game = toy_balance.game()
    (found,) = next_moves(game)
    before, after = (
        game.engine.read(game.lost, game.moves(game.node(_with(game, names)))).income
        for names in ((), ("double",))
    )
    assert found.pivot_loss == pytest.approx(before["IND"] - after["IND"])
    assert found.pivot_loss > 0.0
    assert found.own_cost == pytest.approx(before["USA"] - after["USA"])


def test_an_end_to_the_demanded_sales_leaves_the_state_its_flows_make() -> None:
    game = toy_balance.game()
    stop = {"id": "end", "title": "no more crude", "player": "RUS", "scenarios": ("no crude",)}
    (found,) = next_moves(_playing(game, stop, loss=0.9))
    assert found.state == State.HOLLOW.value


def test_a_move_that_leaves_the_demanded_sales_alone_aligns_nobody() -> None:
    game = toy_balance.game()
    more = {"id": "more", "title": "more duty", "player": "USA", "scenarios": ("double",)}
    (found,) = next_moves(_playing(game, more, loss=0.9))
    assert found.state != State.ALIGNED.value


def test_a_player_whose_income_is_not_kept_is_refused() -> None:
    move = {"id": "x", "title": "x", "player": "ROW", "scenarios": ("double",)}
    with pytest.raises(UnknownNameError, match="ROW"):
        next_moves(_playing(toy_balance.game(), move))


def _oil(game: Game) -> OilSide:
    assert game.draw.oil is not None
    return game.draw.oil


def _exactly(tie: OilTie, value: float) -> object:
    return tie.market.redirectable.model_copy(update={"value": value, "low": value, "high": value})


def _with(game: Game, names: tuple[str, ...]) -> object:
    return game.inputs.situations[0].model_copy(update={"scenarios": names})


def _playing(game: Game, move: dict[str, object], loss: float = 0.02) -> Game:
    """The game with another next move, under a rule that lets rivals take away ``loss``."""
    one = game.inputs.next_moves[0].model_copy(update=move)
    rule = game.inputs.rules[0].model_copy(update={"loss": loss})
    changed = {"next_moves": (one,), "rules": (rule,)}
    return replace(game, inputs=game.inputs.model_copy(update=changed))
