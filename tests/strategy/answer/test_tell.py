"""What is told of a belief whose range leaves no room for an answer."""

from __future__ import annotations

import pytest

from tula.strategy.answer.result import TurnTold
from tula.strategy.answer.tell import _excluded


@pytest.mark.parametrize(
    ("odds", "excludes"),
    [
        ((0.4, 0.5, 0.6), ("holds", "broken")),
        ((0.5, 0.7, 0.95), ("broken",)),
        ((0.02, 0.2, 0.5), ("holds",)),
        ((0.02, 0.5, 0.95), ()),
        ((0.50, 0.52, 0.55), ()),
    ],
)
def test_answers_that_no_value_of_a_belief_reaches_are_named_where_it_matters(
    odds: tuple[float, float, float], excludes: tuple[str, ...]
) -> None:
    turn = TurnTold(
        belief="x", at=(0.0, 0.5, 1.0), odds=odds, price=None, words=("open",), turns_at=None,
        price_turns_at=None,
    )  # fmt: skip
    assert _excluded(turn) == excludes
