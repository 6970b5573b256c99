"""What must not matter to a balance: names, order on the axes, money, what was solved before."""

from __future__ import annotations

import pytest

import rivalry
from rivalry import Codes
from tula.strategy.balance.model import Game

OTHER = Codes("Z", "B", "A", "M", oil="c", goods="b", services="a")
#: As shares of GDP and of flows.
TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def played() -> Game:
    return rivalry.game()


@pytest.fixture(scope="module")
def plain(played: Game) -> dict[str, float]:
    return rivalry.numbers(played)


def _moved(plain: dict[str, float], other: Game) -> float:
    return rivalry.largest_gap(plain, rivalry.numbers(other))


def test_the_small_balance_has_every_kind_of_state(played: Game) -> None:
    found = {state for rules in rivalry.states(played).values() for state in rules.values()}
    assert found >= {"captured", "aligned", "hollow", "free"}
    assert max(abs(value) for value in rivalry.numbers(played).values()) > 0.01


def test_new_names_for_rivals_and_sectors_move_nothing(
    played: Game, plain: dict[str, float]
) -> None:
    renamed = rivalry.game(OTHER)
    assert _moved(plain, renamed) <= TOLERANCE
    assert rivalry.states(renamed) == rivalry.states(played)


def test_rivals_that_swap_their_names_swap_their_verdicts(played: Game) -> None:
    swapped = rivalry.game(Codes(west="RUS", east="USA"))
    other = {"USA": "RUS", "RUS": "USA"}
    for one, twin in zip(played.inputs.situations, swapped.inputs.situations, strict=True):
        found = {
            rule: tuple(other.get(name, name) for name in verdict.by)
            for rule, verdict in swapped.situation(twin).verdicts.items()
        }
        assert found == {
            rule: verdict.by for rule, verdict in played.situation(one).verdicts.items()
        }


def test_the_order_of_regions_and_sectors_moves_nothing(plain: dict[str, float]) -> None:
    economy = rivalry.reordered(rivalry.world(), (2, 0, 3, 1), (2, 0, 1))
    assert economy.regions[0] != rivalry.world().regions[0]
    assert economy.sectors[0] != rivalry.world().sectors[0]
    assert _moved(plain, rivalry.game(economy=economy)) <= TOLERANCE


def test_another_money_changes_no_share_and_no_state(played: Game, plain: dict[str, float]) -> None:
    rate = 83.0
    economy = rivalry.scaled(rivalry.world(), rate)
    rupees = rivalry.game(economy=economy, money=rate)
    assert rupees.gdp == pytest.approx(rate * played.gdp)
    assert _moved(plain, rupees) <= TOLERANCE
    assert rivalry.states(rupees) == rivalry.states(played)


def test_no_node_is_solved_twice_and_forgotten_ones_give_the_same_numbers_to_the_last_digit(
    plain: dict[str, float],
) -> None:
    fresh = rivalry.game()
    assert rivalry.numbers(fresh) == plain
    solved = fresh.engine.solves
    assert rivalry.numbers(fresh) == plain
    assert fresh.engine.solves == solved > 0
    fresh.engine.forget()
    assert rivalry.numbers(fresh) == plain
    assert fresh.engine.solves == 2 * solved
