"""States of a draw that are solved, and those composed of them.

A state is an age with a situation, rents kept or lost. All are solved in the first draw, at the
medians. Where there are many, another draw solves some, likeliest first, and takes each other one
to be one that is like it but for one thing, and what this thing does to a third. What the thing and
the rest do to each other is taken from the medians: that is exact where it is the same in every
draw. It is done where they hardly touch there, and where one of the two moves duties alone: trade
that is stopped or capped has corners, which lie elsewhere in every draw. Every draw solves a few of
the rest as well, in turn: what these are off is measured there.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import NamedTuple

import numpy as np

from tula.shapes import Float
from tula.strategy.answer.policies import Situation

Array = np.ndarray
#: Age, by its number, and situation, by its number.
State = tuple[int, int]
#: What tells a state from others: its age, course and the like, and what stands or has happened.
Things = tuple[Hashable, ...]
#: States up to which all are solved in every draw, and those that every draw solves to see what
#: composing is off.
FEW, CHECKED = 24, 2
#: What two things may do to each other at the medians and be taken to do in every draw: part of a
#: flow, or of the range of another reading.
TOUCH = 0.02
#: Ratio of a flow that stands for none in logs, and least range of another reading.
NOTHING, STILL = 1e-12, 1e-6


@dataclass(frozen=True)
class Plan:
    """States that are solved, and for each other one the three that it is composed of, in order.

    It is the first, plus what tells the second from the third. ``alike``: the age that stands for
    each.
    """

    solved: tuple[State, ...]
    composed: Mapping[State, tuple[State, State, State]]
    alike: tuple[int, ...]

    def of(self, row: int) -> tuple[State, ...]:
        """Return the states that a draw solves, by its number; the first, at the medians, all."""
        if row == 0 or not self.composed:
            return (*self.solved, *self.composed)
        ahead = islice(cycle(self.composed), CHECKED * (row - 1) % len(self.composed), None)
        return (*self.solved, *islice(ahead, CHECKED))


class Case(NamedTuple):
    """A situation, how likely it is, and what tells its policy from others but for duties."""

    situation: Situation
    chance: float
    beside: Hashable


def plan(
    cases: Sequence[Case], alike: Sequence[int], medians: Float[Array, "A S R"], ties: int
) -> Plan:
    """Say which states are solved, from what was read in all of them at the medians.

    ``alike`` gives for every age the first with its elasticities.
    """
    states = [(age, n) for age in sorted(set(alike)) for n in range(len(cases))]
    states.sort(key=lambda state: -cases[state[1]].chance)
    if len(states) <= FEW:
        return Plan(tuple(states), {}, tuple(alike))
    read = _logs(medians, ties)
    spread = np.ptp(np.stack([read[state] for state in states]), axis=0)
    size = np.where(np.arange(len(spread)) < ties, 1.0, np.maximum(spread, STILL))
    things, known = _things([one.situation for one in cases], states), dict[Things, State]()
    solved, composed = list[State](), dict[State, tuple[State, State, State]]()
    for state in states:
        touching = [
            (float(np.abs(_joint(read, state, parts) / size).max()), parts)
            for parts in _squares(known, things[state], [things[one] for one in solved])
            if _bends(cases, state, parts)
        ]
        known[things[state]] = state
        touch, parts = min(touching, default=(np.inf, None))
        if parts is not None and touch <= TOUCH:
            composed[state] = parts
        else:
            solved.append(state)
    return Plan(tuple(solved), composed, tuple(alike))


def _things(situations: Sequence[Situation], states: Sequence[State]) -> dict[State, Things]:
    """Return what tells every state from others, thing by thing, each in its place."""
    sets = [{"on": one.on, "fired": one.fired, "lost": one.lost} for one in situations]
    happened = sorted({(kind, name) for one in sets for kind in one for name in one[kind]})
    told = [
        (
            one.course,
            one.offer,
            one.moves,
            one.acted,
            *(name in some[kind] for kind, name in happened),
        )
        for one, some in zip(situations, sets, strict=True)
    ]
    return {(age, n): (age, *told[n]) for age, n in states}


def _squares(
    known: Mapping[Things, State], here: Things, solved: Sequence[Things]
) -> Iterator[tuple[State, State, State]]:
    """Yield what a state could be composed of, of those known: itself with one thing as in a
    solved state, that one with the thing as in the state, and that one.
    """
    for there in solved:
        apart = [n for n in range(len(here)) if here[n] != there[n]]
        for n in apart if len(apart) > 1 else ():
            one = known.get((*here[:n], there[n], *here[n + 1 :]))
            two = known.get((*there[:n], here[n], *there[n + 1 :]))
            if one is not None and two is not None:
                yield one, two, known[there]


def _bends(cases: Sequence[Case], state: State, parts: tuple[State, State, State]) -> bool:
    """Tell whether a thing moves duties alone, or all others do."""
    here, one, two, base = (cases[n].beside for _, n in (state, *parts))
    return (here, two) == (one, base) or (here, one) == (two, base)


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
        made[(slice(None), *state)] = made[one] + made[two] - made[three]
        made[(slice(None), *state)] += _joint(logs[0], state, parts)
    made = made[:, list(plan.alike)]
    made[..., :ties] = np.exp(made[..., :ties])
    solved = np.zeros(read.shape[:3], dtype=bool)
    for row in range(len(read)):
        for age, n in plan.of(row):
            solved[row, np.array(plan.alike) == age, n] = True
    off = np.where(solved[..., None], np.abs(made - known), 0.0).max(axis=(1, 2))
    return np.where(solved[..., None], known, made), np.nan_to_num(off)


def _joint(
    read: Float[Array, "A S R"], state: State, parts: tuple[State, State, State]
) -> Float[Array, " R"]:
    """Return what two things do to each other at the medians."""
    return np.asarray(read[state] - read[parts[0]] - read[parts[1]] + read[parts[2]])


def _logs(read: Float[Array, "*D A S R"], ties: int) -> Float[Array, "*D A S R"]:
    found = read.copy()
    found[..., :ties] = np.log(np.maximum(found[..., :ties], NOTHING))
    return found
