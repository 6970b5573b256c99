"""States of a draw that are solved, and those composed of them.

A state is an age with a situation. Where a draw has many, it solves of every course the likeliest
situation, those that differ from it by one threat or event, and those with none. What a threat or
an event adds to any other is what it adds there; how the two work on each other, and age on them,
is taken from the first draw, at the medians, in which all are solved. That is exact where it is
the same in every draw. The first few draws are solved in all as well: what the others are off is
measured there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tula.shapes import Float
from tula.strategy.answer.policies import Situation

Array = np.ndarray
#: Age, by its number, and situation, by its number.
State = tuple[int, int]
#: States up to which all are solved in every draw.
FEW = 24
#: Draws solved in all beside the medians.
CHECKED = 2
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
    for one in sorted(situations, key=lambda one: (len(one.on), number[one])):
        if parts := _parts(one, leading[_way(one)], chance):
            less, two, three = ((first, number[part]) for part in parts)
            composed[first, number[one]] = less, two, three
    for age in ages[1:]:
        for n, one in enumerate(situations):
            lead = number[leading[_way(one)]]
            if n != lead:
                composed[age, n] = (first, n), (age, lead), (first, lead)
    solved = tuple(state for state in states if state not in composed)
    return Plan(solved, composed, tuple(alike))


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


def filled(
    plan: Plan, read: Float[Array, "D A S R"], ties: int, whole: int
) -> tuple[Float[Array, "D A S R"], Float[Array, "D R"]]:
    """Return readings with what was composed, and by how much that is off at most in every draw.

    The first ``whole`` draws come with all states, and nothing is known of the others' error.
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
    off = np.zeros((len(read), read.shape[-1]))
    off[:whole] = np.abs(made[:whole] - known[:whole]).max(axis=(1, 2))
    made[:whole] = known[:whole]
    return made, np.nan_to_num(off)


def _logs(read: Float[Array, "D A S R"], ties: int) -> Float[Array, "D A S R"]:
    found = read.copy()
    found[..., :ties] = np.log(np.maximum(found[..., :ties], NOTHING))
    return found
