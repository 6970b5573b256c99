"""States composed of others are exact where effects add up, and what they are off is measured."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from tula.strategy.answer.composed import CHECKED, FEW, Plan, filled, plan
from tula.strategy.answer.policies import Situation

NAMES, COURSES, ALIKE, TIES = ("duty", "shunned", "rare"), ("keep", "stop"), (0, 0, 2), 2


def every() -> list[Situation]:
    """Return two courses with every set of three threats, before a ruling and after it."""
    sets = [frozenset(one) for n in range(4) for one in combinations(NAMES, n)]
    fired = frozenset[str](), frozenset({"court"})
    return [Situation(course, on, one) for course in COURSES for one in fired for on in sets]


def planned() -> tuple[list[Situation], Plan]:
    """Return the situations and their plan, where both a duty and an event are likeliest."""
    found = every()
    likeliest = [one.on == {"duty", "shunned"} and not one.fired for one in found]
    return found, plan(found, dict(zip(found, np.where(likeliest, 0.5, 0.01), strict=True)), ALIKE)


def drawn(draws: int, bend: float) -> np.ndarray:
    """Return readings in which effects of a draw add up, but for joint ones that all draws share.

    ``bend`` lets the joint effects differ from draw to draw.
    """
    rng, found = np.random.default_rng(0), every()
    joint = rng.normal(size=(1, 3, len(found), 3)) * (
        1.0 + bend * rng.normal(size=(draws, 1, 1, 1))
    )
    joint[:, 1] = joint[:, 0]
    own = {name: rng.normal(size=(draws, 3)) for name in (*NAMES, *COURSES, "court", "age")}
    for draw in range(draws):
        for n, one in enumerate(found):
            parts = [*one.on, one.course] + (["court"] if one.fired else [])
            joint[draw, :, n] += sum(own[name][draw] for name in parts)
        joint[draw, 2] += own["age"][draw]
    joint[..., :TIES] = np.exp(0.1 * joint[..., :TIES])
    return joint


def holes(one: Plan, read: np.ndarray) -> np.ndarray:
    """Return readings without those that draws do not solve."""
    left = np.full(read.shape, np.nan)
    for row in range(len(read)):
        for age, n in one.of(row):
            same = [k for k, first in enumerate(ALIKE) if first == age]
            left[row, same, n] = read[row, same, n]
    return left


def test_every_state_is_solved_or_composed_of_those_before_it() -> None:
    situations, found = planned()
    known = set(found.solved)
    for state, parts in found.composed.items():
        assert set(parts) <= known and state not in known
        known.add(state)
    assert known == {(age, n) for age in (0, 2) for n in range(len(situations))}
    assert len(found.solved) < len(known) / 2


def test_where_effects_add_up_what_is_composed_is_exact() -> None:
    _, found = planned()
    read = drawn(5, 0.0)
    made, off = filled(found, holes(found, read), TIES)
    np.testing.assert_allclose(made, read, rtol=1e-9)
    assert off.max() < 1e-9


def test_what_is_off_is_measured_at_the_states_that_a_draw_solves_in_turn() -> None:
    _, found = planned()
    draws = 1 + len(found.composed) // CHECKED + 1
    read = drawn(draws, 0.1)
    made, off = filled(found, holes(found, read), TIES)
    seen = [found.of(row) - set(found.solved) for row in range(1, draws)]
    assert set().union(*seen) == set(found.composed) and {len(one) for one in seen} == {CHECKED}
    assert off[0].max() < 1e-9 and off[1:].max() > 1e-3
    solved = np.isfinite(holes(found, read))
    np.testing.assert_array_equal(made[solved], read[solved])


def test_a_rare_situation_of_another_course_is_composed_through_the_kept_one() -> None:
    situations, found = planned()
    rare = situations.index(Situation("stop", frozenset({"duty"}), frozenset()))
    lead, two, three = found.composed[0, rare]
    assert situations[lead[1]] == situations[rare]._replace(on=frozenset({"duty", "shunned"}))
    assert [situations[n].course for _, n in (two, three)] == ["keep", "keep"]
    assert situations[two[1]].on == {"duty"} and situations[three[1]] == situations[
        lead[1]
    ]._replace(course="keep")


def test_few_states_are_all_solved() -> None:
    some = every()[: FEW // 2]
    found = plan(some, {}, ALIKE)
    assert len(found.solved) == 2 * len(some) and not found.composed
    read = drawn(3, 0.5)[:, :, : len(some)]
    made, off = filled(found, read, TIES)
    np.testing.assert_array_equal(made, read)
    assert not off.any()
