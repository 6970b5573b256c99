"""The label counts draws and paths; how large a margin is counts for nothing."""

from __future__ import annotations

import numpy as np
import pytest

from strategy.answer import made
from tula.strategy.answer.label import ends_of_kept, label, word, words
from tula.strategy.answer.margins import Condition

RNG = np.random.default_rng(0)
FLOW = Condition("goods", "hollow", "Goods", RNG.normal(0.5, 1.0, (16, 50)))
POWER = Condition("ONE", "captured", "One", RNG.normal(1.0, 1.0, (16, 1)))
OWN = Condition("no_gas", "aligned", "No gas", RNG.normal(2.0, 1.0, (16, 1)))
ALL = [FLOW, POWER, OWN]


def scaled(one: Condition, factor: float) -> Condition:
    """Return a condition with its margins in another unit."""
    return one._replace(margin=factor * one.margin)


def test_odds_equal_a_recount_one_by_one() -> None:
    found = label(ALL)
    held = [
        all(one.margin[draw, path if one.margin.shape[1] > 1 else 0] > 0.0 for one in ALL)
        for draw in range(16)
        for path in range(50)
    ]
    assert found.odds == pytest.approx(np.mean(held), abs=1e-12)
    by_draw = np.reshape(held, (16, 50)).mean(axis=1)
    assert found.error == pytest.approx(by_draw.std(ddof=1) / 4.0)
    assert [one.id for one in found.order] == ["goods", "ONE", "no_gas"]


def test_the_unit_of_a_margin_moves_no_odds_and_no_order() -> None:
    plain = label(ALL)
    other = label([scaled(FLOW, 1e-3), scaled(POWER, 7.0), scaled(OWN, 1e6)])
    assert (other.word, other.odds, other.error) == (plain.word, plain.odds, plain.error)
    assert [one.id for one in other.order] == [one.id for one in plain.order]


@pytest.mark.parametrize(
    ("odds", "said"),
    [
        (1.0, "holds"),
        (0.9, "holds"),
        (0.89, "likely holds"),
        (2 / 3, "likely holds"),
        (0.6, "open"),
        (1 / 3, "open"),
        (0.3, "likely broken"),
        (0.1, "likely broken"),
        (0.09, "broken"),
        (0.0, "broken"),
    ],
)
def test_the_word_follows_from_the_odds(odds: float, said: str) -> None:
    assert word(odds) == said


def test_labels_within_two_standard_errors_are_told_beside_the_first() -> None:
    assert words(0.92, 0.02) == ("holds", "likely holds")
    assert words(0.92, 0.005) == ("holds",)
    assert words(0.5, 0.1) == ("open", "likely broken", "likely holds")


def test_a_reason_is_given_only_where_balance_is_broken() -> None:
    assert label(ALL).reason is None
    gone = label([FLOW, scaled(OWN, -1.0)])
    assert (gone.reason, gone.order[0].id) == ("aligned", "no_gas")


def test_a_margin_of_zero_is_not_met() -> None:
    nothing = Condition("goods", "hollow", "Goods", np.zeros((8, 3)))
    assert label([nothing]).odds == 0.0


def test_the_shares_at_which_the_label_turns_are_quantiles_of_what_is_kept() -> None:
    inputs = made.block()
    flow = RNG.uniform(0.5, 1.0, (16, 50))
    tie = Condition("goods", "hollow", "Goods", (flow - inputs.kept) / (1.0 - inputs.kept))
    holds, likely, unlikely, broken = ends_of_kept(inputs, [tie])
    assert holds is not None
    assert likely is not None
    assert unlikely is not None
    assert broken is not None
    assert holds < likely < unlikely < broken
    assert (
        np.mean(flow > likely - 1e-9) >= 2.0 / 3.0 > np.mean(flow > likely + 1e-9) - 1 / flow.size
    )
    assert np.mean(flow > unlikely) < 1.0 / 3.0
    assert np.mean(flow >= holds) >= 0.9 > np.mean(flow > holds + 1e-9) - 1 / flow.size
    assert np.mean(flow > broken) < 0.1


def test_where_another_condition_decides_no_share_makes_it_hold() -> None:
    tie = Condition("goods", "hollow", "Goods", np.ones((8, 4)))
    lost = Condition("ONE", "captured", "One", np.full((8, 1), -1.0))
    assert ends_of_kept(made.block(), [tie, lost]) == (None,) * 4
