"""States of a draw that are solved, and those composed of them.

A state is an age with a situation. Where a draw has many, it solves of every course the likeliest
situation, those that differ from it by one threat or event, and those with none. What a threat or
an event adds to any other is what it adds there; what it adds to a rare one of another course is
what it adds to the kept one. How the two work on each other, and age on them, is taken from the
first draw, at the medians, in which all are solved. That is exact where it is the same in every
draw. Every other draw solves a few of the rest as well, in turn: what these are off is measured
there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

import numpy as np

from tula.shapes import Float
from tula.strategy.answer.policies import Situation

Array = np.ndarray
#: Age, by its number, and situation, by its number.
State = tuple[int, int]
#: States up to which all are solved in every draw.
FEW = 24
#: States that every draw solves to see what composing is off, and the chance of a situation up to
#: which it is composed through the kept course.
CHECKED, RARE = 2, 0.05
#: Ratio of a flow that stands for none in logs.
NOTHING = 1e-12


@dataclass(frozen=True)
class Plan:
    """States that are solved, and for each other one the three that it is composed of, in order.

    It is the first, plus what tells the second from the third. ``alike``: the age that stands for
    each.
    """

    solved: tuple[State, ...]
    composed: Mapping[State, tuple[State, State, State]]
    alike: tuple[int, ...]

    def of(self, row: int) -> frozenset[State]:
        """Return the states that a draw solves, by its number; the first, at the medians, all."""
        if row == 0 or not self.composed:
            return frozenset((*self.solved, *self.composed))
        ahead = islice(cycle(self.composed), CHECKED * (row - 1) % len(self.composed), None)
        return frozenset((*self.solved, *islice(ahead, CHECKED)))


def plan(
    situations: Sequence[Situation], chances: Mapping[Situation, float], alike: Sequence[int]
) -> Plan:
    """Say which states are solved; ``alike`` gives for every age the first with its elasticities.

    ``chances`` are those over draws and months; what has none is as likely as can be.
    """
    ages = sorted(set(alike))
    states = [(age, n) for age in ages for n in range(len(situations))]
    if len(states) <= FEW:
        return Plan(tuple(states), {}, tuple(alike))
    chance = {one: chances.get(one, 1.0) for one in situations}
    number = {one: n for n, one in enumerate(situations)}
    leading: dict[Situation, Situation] = {}
    for one in sorted(situations, key=lambda one: (-chance[one], number[one])):
        leading.setdefault(_way(one), one)
    first, composed = ages[0], dict[State, tuple[State, State, State]]()
    kept = _way(situations[0])
    for one in situations:
        likeliest = leading[_way(one)]
        if parts := _parts(one, likeliest, chance) or _through(kept, one, likeliest, chance):
            less, two, three = ((first, number[part]) for part in parts)
            composed[first, number[one]] = less, two, three
    for age in ages[1:]:
        for n, one in enumerate(situations):
            lead = number[leading[_way(one)]]
            if n != lead:
                composed[age, n] = (first, n), (age, lead), (first, lead)
    solved = tuple(state for state in states if state not in composed)
    return Plan(solved, _ordered(composed), tuple(alike))


def _ordered(
    composed: Mapping[State, tuple[State, State, State]],
) -> dict[State, tuple[State, State, State]]:
    """Return what is composed, each after those that it is composed of."""
    found = dict[State, tuple[State, State, State]]()
    while len(found) < len(composed):
        found |= {
            state: parts
            for state, parts in composed.items()
            if state not in found and all(one in found or one not in composed for one in parts)
        }
    return found


def _way(situation: Situation) -> Situation:
    """Return a situation's course and moves alone."""
    return situation._replace(on=frozenset(), fired=frozenset(), offer=False)


def _parts(
    one: Situation, leading: Situation, chance: Mapping[Situation, float]
) -> tuple[Situation, Situation, Situation] | None:
    """Return a situation with one thing less, and the leading one with that and without.

    None where there are none, or where it is itself the leading one but for one thing: it is then
    solved.
    """
    if one._replace(on=leading.on) == leading and len(one.on ^ leading.on) <= 1:
        return None
    found = []
    for name in sorted(one.on):
        less = one._replace(on=one.on - {name})
        two, three = (
            leading._replace(on=leading.on | {name}),
            leading._replace(on=leading.on - {name}),
        )
        if {less, two, three} <= chance.keys():
            found.append((less, two, three))
    return max(found, key=lambda parts: chance[parts[0]]) if found else None


def _through(
    kept: Situation, one: Situation, leading: Situation, chance: Mapping[Situation, float]
) -> tuple[Situation, Situation, Situation] | None:
    """Return the leading situation, and a rare one and the leading one under the kept course.

    None where it is not rare, is the leading one, or where the kept course has not both.
    """
    if chance[one] > RARE or one in (kept, leading) or _way(one) == kept:
        return None
    two, three = (
        each._replace(course=kept.course, moves=(), acted=True) for each in (one, leading)
    )
    found = one.offer == leading.offer and {two, three} <= chance.keys()
    return (leading, two, three) if found else None


def filled(
    plan: Plan, read: Float[Array, "D A S R"], ties: int
) -> tuple[Float[Array, "D A S R"], Float[Array, "D R"]]:
    """Return readings with what was composed, and by how much that is off at most in every draw.

    The first draw comes with all states, the others as ``plan.of`` says; what is solved stays.
    Ratios of ties are composed in logs.
    """
    known = read[:, list(plan.alike)]
    logs, made = _logs(known, ties), _logs(known, ties)
    for state, parts in plan.composed.items():
        one, two, three = ((slice(None), *part) for part in parts)
        first = logs[0]
        joint = first[state] - first[parts[0]] - first[parts[1]] + first[parts[2]]
        made[(slice(None), *state)] = made[one] + made[two] - made[three] + joint
    made = made[:, list(plan.alike)]
    made[..., :ties] = np.exp(made[..., :ties])
    solved = np.zeros(read.shape[:3], dtype=bool)
    for row in range(len(read)):
        for age, n in plan.of(row):
            solved[row, np.array(plan.alike) == age, n] = True
    off = np.where(solved[..., None], np.abs(made - known), 0.0).max(axis=(1, 2))
    return np.where(solved[..., None], known, made), np.nan_to_num(off)


def _logs(read: Float[Array, "D A S R"], ties: int) -> Float[Array, "D A S R"]:
    found = read.copy()
    found[..., :ties] = np.log(np.maximum(found[..., :ties], NOTHING))
    return found
