"""States composed of others are exact where effects add up, and what they are off is measured."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from tula.strategy.answer.composed import CHECKED, FEW, TOUCH, Case, Plan, filled, plan
from tula.strategy.answer.policies import Situation

NAMES, COURSES, ALIKE, TIES = ("duty", "shunned", "rare"), ("keep", "stop"), (0, 0, 2), 2


def every() -> list[Case]:
    """Return two courses with every set of three threats, before a ruling and after it.

    The duty and the ruling move duties alone; the likeliest has a duty and what shuns.
    """
    sets = [frozenset(one) for n in range(4) for one in combinations(NAMES, n)]
    fired = frozenset[str](), frozenset({"court"})
    return [
        Case(
            Situation(course, on, one),
            0.5 if on == {"duty", "shunned"} and not one else 0.01,
            (course, on - {"duty"}),
        )
        for course in COURSES
        for one in fired
        for on in sets
    ]


def drawn(draws: int, bend: float = 0.0, touch: float = 0.1 * TOUCH) -> np.ndarray:
    """Return readings in which effects of a draw add up, but for joint ones that all draws share.

    ``bend`` lets the joint effects, of some ``touch``, differ from draw to draw.
    """
    rng, found = np.random.default_rng(0), [one.situation for one in every()]
    joint = touch * rng.uniform(-1.0, 1.0, size=(1, 3, len(found), 3)) * (
        1.0 + bend * rng.normal(size=(draws, 1, 1, 1))
    )  # fmt: skip
    joint[:, 1] = joint[:, 0]
    own = {name: rng.normal(size=(draws, 3)) for name in (*NAMES, *COURSES, "court", "age")}
    for draw in range(draws):
        for n, one in enumerate(found):
            parts = [*one.on, one.course] + (["court"] if one.fired else [])
            joint[draw, :, n] += sum(own[name][draw] for name in parts)
        joint[draw, 2] += own["age"][draw]
    joint[..., :TIES] = np.exp(joint[..., :TIES])
    return joint


def planned(read: np.ndarray) -> Plan:
    """Return what is solved by what was read at the medians."""
    return plan(every(), ALIKE, read[0], TIES)


def holes(one: Plan, read: np.ndarray) -> np.ndarray:
    """Return readings without those that draws do not solve."""
    left = np.full(read.shape, np.nan)
    for row in range(len(read)):
        for age, n in one.of(row):
            same = [k for k, first in enumerate(ALIKE) if first == age]
            left[row, same, n] = read[row, same, n]
    return left


def test_every_state_is_solved_or_composed_of_those_before_it() -> None:
    found = planned(drawn(1))
    known = set(found.solved)
    for state, parts in found.composed.items():
        assert set(parts) <= known and state not in known
        known.add(state)
    assert known == {(age, n) for age in (0, 2) for n in range(len(every()))}
    assert len(found.solved) < len(known) / 2
    assert every()[found.solved[0][1]].chance == 0.5


def test_where_effects_add_up_what_is_composed_is_exact() -> None:
    read = drawn(5)
    found = planned(read)
    made, off = filled(found, holes(found, read), TIES)
    np.testing.assert_allclose(made, read, rtol=1e-9)
    assert off.max() < 1e-9


def test_what_is_off_is_measured_at_the_states_that_a_draw_solves_in_turn() -> None:
    found = planned(drawn(1, bend=1.0))
    draws = 1 + len(found.composed) // CHECKED + 1
    read = drawn(draws, bend=1.0)
    found = planned(read)
    made, off = filled(found, holes(found, read), TIES)
    seen = [set(found.of(row)) - set(found.solved) for row in range(1, draws)]
    assert set().union(*seen) == set(found.composed) and {len(one) for one in seen} == {CHECKED}
    assert off[0].max() < 1e-9 and off[1:].max() > 1e-3
    solved = np.isfinite(holes(found, read))
    np.testing.assert_array_equal(made[solved], read[solved])


def test_what_touches_at_the_medians_is_solved() -> None:
    """The duty hits the course that stops otherwise: that pair is looked at in every draw."""
    read, cases = drawn(1), every()
    hit = [n for n, (one, *_) in enumerate(cases) if one.course == "stop" and "duty" in one.on]
    apart = read.copy()
    apart[:, :, hit] *= 1.5
    less, more = planned(read), planned(apart)
    assert len(more.solved) > len(less.solved)
    assert {n for _, n in more.solved} & set(hit)


def test_two_things_that_stop_trade_are_never_added_up() -> None:
    cases, found = every(), planned(drawn(1, touch=0.0))
    for state, parts in found.composed.items():
        here, one, two, base = (cases[n].beside for _, n in (state, *parts))
        assert (here, two) == (one, base) or (here, one) == (two, base)
    assert len({cases[n].beside for _, n in found.solved}) == len({one.beside for one in cases})


def test_few_states_are_all_solved() -> None:
    some = every()[: FEW // 2]
    read = drawn(3, bend=0.5)[:, :, : len(some)]
    found = plan(some, ALIKE, read[0], TIES)
    assert len(found.solved) == 2 * len(some) and not found.composed
    made, off = filled(found, read, TIES)
    np.testing.assert_array_equal(made, read)
    assert not off.any()
