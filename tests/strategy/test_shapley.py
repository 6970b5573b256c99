"""The Shapley value against closed forms and its axioms."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tula.strategy.shapley import ShapleyError, shapley

NAMES = ("a", "b", "c", "d")


def _gloves(members: frozenset[str]) -> float:
    """One left glove, two right ones; a pair is worth one."""
    return float(min("left" in members, len(members & {"right", "other"})))


def _airport(members: frozenset[str]) -> float:
    """The runway must carry the largest plane that uses it."""
    cost = {"small": 3.0, "middle": 7.0, "large": 10.0}
    return max((cost[name] for name in members), default=0.0)


def _drawn(worth: list[float]) -> dict[frozenset[str], float]:
    places = range(2 ** len(NAMES))
    members = (frozenset(n for k, n in enumerate(NAMES) if place >> k & 1) for place in places)
    return dict(zip(members, worth, strict=True))


WORTH = st.lists(st.floats(-10.0, 10.0), min_size=16, max_size=16).map(_drawn)


def test_the_scarce_glove_takes_two_thirds() -> None:
    found = shapley(("left", "right", "other"), _gloves)
    assert found == pytest.approx({"left": 2 / 3, "right": 1 / 6, "other": 1 / 6})


def test_planes_share_the_runway_by_who_needs_each_stretch() -> None:
    found = shapley(("large", "small", "middle"), _airport)
    assert found == pytest.approx({"small": 1.0, "middle": 3.0, "large": 6.0})


@settings(max_examples=20)
@given(WORTH)
def test_values_sum_to_what_all_gain_over_none(worth: dict[frozenset[str], float]) -> None:
    total = sum(shapley(NAMES, worth.__getitem__).values())
    assert total == pytest.approx(worth[frozenset(NAMES)] - worth[frozenset()], abs=1e-9)


@settings(max_examples=20)
@given(WORTH, WORTH)
def test_the_value_of_two_games_together_is_the_sum_of_their_values(
    one: dict[frozenset[str], float], other: dict[frozenset[str], float]
) -> None:
    both = shapley(NAMES, lambda members: one[members] + other[members])
    apart = (shapley(NAMES, game.__getitem__) for game in (one, other))
    first, second = apart
    assert both == pytest.approx({n: first[n] + second[n] for n in NAMES}, abs=1e-9)


@settings(max_examples=20)
@given(WORTH)
def test_who_changes_nothing_counts_nothing(worth: dict[frozenset[str], float]) -> None:
    found = shapley((*NAMES, "idle"), lambda members: worth[members - {"idle"}])
    assert found["idle"] == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=20)
@given(st.lists(st.floats(-10.0, 10.0), min_size=5, max_size=5))
def test_equals_are_treated_alike(by_size: list[float]) -> None:
    found = shapley(NAMES, lambda members: by_size[len(members)])
    assert max(found.values()) == pytest.approx(min(found.values()), abs=1e-9)


def test_every_coalition_is_asked_once() -> None:
    asked: list[frozenset[str]] = []
    shapley(NAMES, lambda members: float(asked.append(members) is None))
    assert len(asked) == len(set(asked)) == 16


def test_more_than_ten_players_are_refused() -> None:
    with pytest.raises(ShapleyError, match="11 players"):
        shapley([str(place) for place in range(11)], lambda _: inf)


def test_a_player_who_stands_twice_is_refused() -> None:
    with pytest.raises(ShapleyError, match="more than once: a"):
        shapley(("a", "b", "a"), lambda _: 0.0)
