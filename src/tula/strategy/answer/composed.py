"""States of a draw that are solved, and those composed of them.

A state is an age with a situation. Where a draw has many, those that hardly ever stand, and later
ages, are not solved anew in every draw: what they add is taken from a state that is likely, and
how the two work on each other from the first draw, at the medians, in which all are solved. That
is exact where it is the same in every draw. The first few draws are solved in all as well: what
the others are off is measured there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tula.shapes import Float
from tula.strategy.answer.policies import Situation

Array = np.ndarray
#: Age, by its number, and situation, by its number.
State = tuple[int, int]
#: States up to which all are solved in every draw, and the chance, over draws and months, from
#: which a situation counts as likely.
FEW, LIKELY = 24, 0.01
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

    Situations whose chance is not known count as likely.
    """
    ages, every = sorted(set(alike)), range(len(situations))
    states = [(age, one) for age in ages for one in every]
    if len(states) <= FEW:
        return Plan(tuple(states), {}, tuple(alike))
    number = {one: n for n, one in enumerate(situations)}
    chance = [chances.get(one, 1.0) for one in situations]
    order = sorted(every, key=lambda n: (-chance[n], n))
    likely = {n for n in every if chance[n] >= LIKELY}
    composed: dict[State, tuple[State, State, State]] = {}
    first = ages[0]
    for n in every:
        parts = None if n in likely else _parts(situations[n], number, likely, order, situations)
        if parts is not None:
            one, two, three = parts
            composed[first, n] = (first, one), (first, two), (first, three)
    needed = {state for parts in composed.values() for state in parts[1:]}
    composed = {state: parts for state, parts in composed.items() if state not in needed}
    leading: dict[Situation, int] = {}
    for n in order:
        leading.setdefault(_way(situations[n]), n)
    for age in ages[1:]:
        for n in every:
            lead = leading[_way(situations[n])]
            if n != lead:
                composed[age, n] = (first, n), (age, lead), (first, lead)
    solved = tuple(state for state in states if state not in composed)
    return Plan(solved, composed, tuple(alike))


def _way(situation: Situation) -> Situation:
    """Return a situation's course and moves alone."""
    return situation._replace(on=frozenset(), fired=frozenset(), offer=False)


def _parts(
    rare: Situation,
    number: Mapping[Situation, int],
    likely: set[int],
    order: Iterable[int],
    situations: Sequence[Situation],
) -> tuple[int, int, int] | None:
    """Return a likely situation with less on it, and two that differ by what it lacks.

    None where there is none.
    """
    found = [
        n
        for n in likely
        if situations[n]._replace(on=rare.on) == rare and situations[n].on < rare.on
    ]
    if not found:
        return None
    one = max(found, key=lambda n: (len(situations[n].on), -n))
    added = rare.on - situations[one].on
    for three in order:
        beside = situations[three]
        two = number.get(beside._replace(on=beside.on | added))
        if three in likely and not added & beside.on and two is not None:
            return one, two, three
    return None


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
