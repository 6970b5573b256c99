"""A price has a sign only where draws, ends of sigma, supply and short-run worlds agree on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from strategy.answer import made
from tula.equilibrium.variants import SHORT_RUN
from tula.strategy.answer import price as priced
from tula.strategy.answer.answer import answer
from tula.strategy.answer.price import best, courses, giving

NEARLY = {"id": "nearly", "title": "It hardly changes", "meets": {"no_gas": 0.01}}
ELSE = {"id": "else", "title": "Something else", "scenarios": ["gift"]}


def test_courses_that_meet_nothing_of_a_demand_do_not_give_in() -> None:
    inputs = made.block(options=[made.KEEP, made.STOP, NEARLY, ELSE])
    assert [one.id for one in giving(inputs)] == ["stop", "nearly"]
    assert giving(made.block(options=[made.KEEP, ELSE])) == ()


def test_the_best_course_is_chosen_once_on_the_mean_over_draws() -> None:
    """Chosen draw by draw it would be worth what no government could know."""
    inputs = made.block(options=[made.KEEP, made.STOP, NEARLY])
    worth = {
        "keep": np.array([0.0, 0.0, 0.0]),
        "stop": np.array([3.0, -1.0, -1.0]),
        "nearly": np.array([0.1, 0.1, 0.2]),
    }
    found = best(inputs, worth)
    assert found is not None
    assert found.id == "stop"
    told = {one.id: one.gain.median for one in courses(inputs, worth)}
    assert told == {"keep": 0.0, "stop": -1.0, "nearly": 0.1}


@pytest.mark.parametrize(
    ("shares", "money", "sign"),
    [
        ([0.9, 0.8, 1.0], [1.0, 2.0], 1),
        ([0.9, 0.7, 1.0], [1.0, 2.0], 0),
        ([0.1, 0.0, 0.2], [-1.0, None], -1),
        ([0.1, 0.0, 0.2], [-1.0, 0.5], 0),
        ([0.44], [1.0], 0),
    ],
)
def test_four_fifths_of_draws_and_all_worlds_make_a_sign(
    shares: list[float], money: list[float | None], sign: int
) -> None:
    assert priced._sign(shares, money) == sign


def test_ends_are_solved_only_where_draws_and_worlds_agree_and_worlds_always() -> None:
    def ask(*options: Any) -> Any:
        given = {**made.scenarios(), "nothing": made.scenarios()["gift"]}
        inputs = made.block(options=[made.KEEP, *options], threats=[made.THREAT])
        return answer(inputs, made.world(), given, draws=8).price

    found = ask(made.STOP)
    assert set(found.by_world) == {one.name for one in SHORT_RUN}
    assert (found.sign, found.above) == (-1, 0.0)
    assert set(found.agreement) == {
        "sigma 1.2, supply as stated",
        "sigma 1.2, supply free",
        "sigma 1.6, supply as stated",
        "sigma 1.6, supply free",
    }
    assert found.by_world["buyers-hit"] == pytest.approx(found.price.median, rel=0.01)
