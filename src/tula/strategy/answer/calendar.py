"""Twelve months of policy: a Markov chain over what stands, and what has happened.

Month 1 stands as on the day. Between two months, in this order: an offer or a threat is honoured
(at the end of month 1 alone), causes happen or end, threats and events end and come back. What a
cause ends is off while it stands; what it brings comes in the month in which it happens, what
returns in that in which it is over. A chance p a year is 1 - (1 - p)^(1/12) a month; what lasts L
months ends with 1/L a month. The distribution over joint states is exact; outcomes follow paths
drawn from the same steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from tula.shapes import Float, Int
from tula.strategy.answer.beliefs import Beliefs
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.inputs import AnswerInputs, Cause, Course, Switch, Threat

Array = np.ndarray
#: States of a threat: it does not stand, it stands, it has ended because its demand was met.
OFF, ON, HONOURED = 0, 1, 2
#: Joint states beyond which nothing is exact in a reasonable time.
MOST_STATES = 10_000
#: Name of the axis of the course's offer, and of that of a cause's state a month before: no id can
#: have either.
OFFER, BEFORE = "the offer", "{} before"


class Step(NamedTuple):
    """Chances of one axis from its state to the next one's, given states of other axes.

    ``table`` (D, *given, k, k). ``month``: the only month at whose end it is taken, 0 as the first
    begins; None: at the end of every month.
    """

    axis: int
    given: tuple[int, ...]
    table: Float[Array, "D ..."]
    month: int | None = None


@dataclass(frozen=True)
class Calendar:
    """Axes of a joint state with their sizes, chances (D, k) in month 1, and steps."""

    draws: int
    axes: tuple[str, ...]
    sizes: tuple[int, ...]
    first: tuple[Float[Array, "D ..."], ...]
    steps: tuple[Step, ...]
    months: int

    @cached_property
    def chances(self) -> Float[Array, "D M J"]:
        """Exact chance of every joint state in every month; J runs over axes in order."""
        joint = np.ones((self.draws, 1))
        for one in self.first:
            joint = (joint[:, :, None] * one[:, None, :]).reshape(len(one), -1)
        joint = joint.reshape(-1, *self.sizes)
        tables, found = [self._table(step) for step in self.steps], list[Array]()
        for month in range(self.months):
            for place, step in self._due(month):
                before = [joint.take(old, 1 + step.axis) for old in range(self.sizes[step.axis])]
                after = [sum(map(np.multiply, before, chances)) for chances in tables[place]]
                joint = np.stack(after, axis=1 + step.axis)
            found.append(joint)
        return np.stack(found, axis=1).reshape(len(joint), self.months, -1)

    def _due(self, month: int) -> list[tuple[int, Step]]:
        every = (None, month) if month else (month,)
        return [(n, step) for n, step in enumerate(self.steps) if step.month in every]

    def _table(self, step: Step) -> list[list[Array]]:
        """Return chances of a step by new and old state of its axis, shaped as all other states."""
        given = sorted(range(len(step.given)), key=step.given.__getitem__)
        table = step.table.transpose(-1, -2, 0, *(1 + n for n in given))
        seen = [size if n in step.given else 1 for n, size in enumerate(self.sizes)]
        shape = self.draws, *seen[: step.axis], *seen[1 + step.axis :]
        return [[np.ascontiguousarray(old).reshape(shape) for old in new] for new in table]

    @cached_property
    def states(self) -> Int[Array, "J A"]:
        """State of every axis in every joint state."""
        if not self.sizes:
            return np.zeros((1, 0), dtype=int)
        return np.indices(self.sizes).reshape(len(self.sizes), -1).T

    def on(self, name: str) -> Float[Array, "D M"]:
        """Chance that an axis stands (a switch), or has happened (a cause, an offer)."""
        return np.asarray(self.chances[:, :, self.states[:, self.axes.index(name)] == ON].sum(2))

    @property
    def uniforms(self) -> int:
        """Uniform numbers that a path takes."""
        steps = sum(len(self._due(month)) for month in range(self.months))
        return len(self.sizes) + steps

    def paths(self, uniform: Float[Array, "U D P"]) -> Int[Array, "D P M"]:
        """Return joint states by path and month; those of a month lie together."""
        turn, shape = iter(uniform), uniform.shape[1:]
        row, chance = np.empty(shape, dtype=np.intp), np.empty(shape)

        def joint(states: Sequence[Array], sizes: Sequence[int]) -> Array:
            found = np.zeros(shape, dtype=np.int16)
            for state, size in zip(states, sizes, strict=True):
                found *= size
                found += state
            return found

        def drawn(below: Array, *given: Array) -> Array:
            """By the inverse of the distribution that is given in each draw."""
            first = np.arange(0, below[0].size, below[0, 0].size)[:, None]
            np.add(first, joint(given, below.shape[2:]), out=row)
            found, at = np.zeros(shape, dtype=np.int8), next(turn)
            for one in below:
                found += one.take(row, out=chance, mode="clip") <= at
            return found

        now, found = [drawn(_below(one)) for one in self.first], list[Array]()
        tables = [_below(step.table) for step in self.steps]
        for month in range(self.months):
            for place, step in self._due(month):
                given = (now[axis] for axis in (*step.given, step.axis))
                now[step.axis] = drawn(tables[place], *given)
            found.append(joint(now, self.sizes))
        return np.moveaxis(np.stack(found), 0, 2)


def _below(chances: Float[Array, "D *given k"]) -> Float[Array, "b D *given"]:
    """Return the chance of all states up to each but the last."""
    return np.ascontiguousarray(np.moveaxis(np.cumsum(chances, axis=-1), -1, 0)[:-1])


def monthly(yearly: Float[Array, " D"]) -> Float[Array, " D"]:
    """Return the chance a month that makes a chance a year."""
    return np.asarray(1.0 - (1.0 - yearly) ** (1.0 / 12.0))


def dated(
    chain: Calendar, inputs: AnswerInputs, beliefs: Beliefs, cause: str, month: int
) -> Calendar:
    """Return the chain with a cause known to happen in a month, from 2; 0: in none of them."""
    place = chain.axes.index(cause)
    one = next(one for one in inputs.causes if one.id == cause)
    nothing, surely = np.zeros(chain.draws), np.ones(chain.draws)
    ends = 0.0 if one.months is None else 1.0 / beliefs.read(one.months)
    comes = [Step(place, (), _moves(ends, nothing))]
    comes += [Step(place, (), _moves(0.0, surely), month - 1)] if month else []
    steps = ([step] if step.axis != place else comes for step in chain.steps)
    return replace(chain, steps=tuple(step for some in steps for step in some))


def axes_of(inputs: AnswerInputs, course: Course, world: bool = False) -> dict[str, int]:
    """Return the axes of a course's joint states, with how many states each has.

    They are all threats, events and causes, the course's offer if it has one, and the states of a
    month before of causes that turn something; of threats and events those alone that move the
    world if ``world``. Raises ``AnswerError`` if there are too many joint states.
    """
    names = [one.id for one in _standing(inputs, world)] + [one.id for one in inputs.causes]
    names += [OFFER] if course.offer else []
    names += [BEFORE.format(one.id) for one in inputs.causes if one.turns]
    can_end = {threat.id for threat in inputs.threats if _promised(inputs, course, threat)}
    sizes = {name: 3 if name in can_end else 2 for name in names}
    joint = np.prod(list(sizes.values()), dtype=float)
    if joint > MOST_STATES:
        raise AnswerError(
            [
                f"{len(names)} threats, events and causes make {joint:.0f} joint states: "
                f"leave some out, there may be {MOST_STATES:,}"
            ]
        )
    return sizes


def calendar(
    inputs: AnswerInputs, course: Course, beliefs: Beliefs, world: bool = False
) -> Calendar:
    """Return the chain under a course, for every draw, on its ``axes_of``; errors of those.

    Threats and events do not act on one another: without some the rest is as it was.
    """
    switches, causes = _standing(inputs, world), inputs.causes
    sized = axes_of(inputs, course, world)
    axes, sizes = list(sized), list(sized.values())
    place = {name: n for n, name in enumerate(axes)}
    begun: list[Switch | Cause] = [*switches, *causes]
    first = [_stands(beliefs.read(one.now), sizes[place[one.id]]) for one in begun]
    first += [_stands(np.zeros(len(beliefs.drawn)), 2) for _ in axes[len(begun) :]]
    steps = _promises(inputs, course, beliefs, place)
    for one in causes:
        steps += _happening(one, beliefs, place)
    for switch in switches:
        steps += _switching(switch, sized[switch.id], inputs, beliefs, place)
    return Calendar(
        len(beliefs.drawn), tuple(axes), tuple(sizes), tuple(first), tuple(steps), inputs.months
    )


def _standing(inputs: AnswerInputs, world: bool) -> list[Switch]:
    return [one for one in inputs.switches if one.moves_world or not world]


def read_by(inputs: AnswerInputs) -> frozenset[str]:
    """Return the ids of beliefs that calendars read."""
    numbers = [n for one in inputs.switches for n in (one.now, one.months, one.back)]
    numbers += [n for one in inputs.threats for n in (one.again, one.honoured)]
    for cause in inputs.causes:
        numbers += [cause.chance, cause.now, *cause.brings.values(), *cause.returns.values()]
        numbers += [cause.months] if cause.months else []
    for course in inputs.options:
        numbers += [*course.meets.values(), *([course.offer.honoured] if course.offer else [])]
    return frozenset(one.belief for one in numbers if one.belief)


def _happening(cause: Cause, beliefs: Beliefs, place: dict[str, int]) -> list[Step]:
    """Return how a cause comes and goes; what it was before is kept where that turns something."""
    ends = 0.0 if cause.months is None else 1.0 / beliefs.read(cause.months)
    found = [Step(place[cause.id], (), _moves(ends, monthly(beliefs.read(cause.chance))))]
    if cause.turns:
        state = np.zeros((len(beliefs.drawn), 2, 2, 2))
        state[:, [OFF, ON], :, [OFF, ON]] = 1.0
        found.insert(0, Step(place[BEFORE.format(cause.id)], (place[cause.id],), state))
    return found


def _switching(
    one: Switch, size: int, inputs: AnswerInputs, beliefs: Beliefs, place: dict[str, int]
) -> list[Step]:
    """Return how a threat or event comes and goes by itself, given the causes that touch it."""
    again = monthly(beliefs.read(one.again)) if isinstance(one, Threat) and size > 2 else None
    comes = monthly(beliefs.read(one.back))
    plain = _moves(1.0 / beliefs.read(one.months), comes, again)
    touching = [c for c in inputs.causes if one.id in {*c.ends, *c.brings, *c.returns}]
    names = [name for cause in touching for name in _watched(cause)]
    table = np.zeros((len(beliefs.drawn), *(2 for _ in names), *plain.shape[1:]))
    for states in np.ndindex(table.shape[1:-2]):
        known = dict(zip(names, states, strict=True))
        table[(slice(None), *states)] = _given(one.id, plain, touching, known, beliefs)
    found = [Step(place[one.id], tuple(place[name] for name in names), table)]
    enders = [cause for cause in touching if one.id in cause.ends and cause.now.high > 0.0]
    for cause in enders:
        stays = np.broadcast_to(np.eye(plain.shape[1]), plain.shape)
        start = np.stack([stays, _off(plain)], axis=1)
        found.append(Step(place[one.id], (place[cause.id],), start, month=0))
    return found


def _watched(cause: Cause) -> tuple[str, ...]:
    """Return the axes by which a cause is seen to stand, to have come, or to be over."""
    return (BEFORE.format(cause.id), cause.id) if cause.turns else (cause.id,)


def _given(
    name: str,
    plain: Float[Array, "D k k"],
    causes: Sequence[Cause],
    known: Mapping[str, int],
    beliefs: Beliefs,
) -> Float[Array, "D k k"]:
    """Return a switch's chances given what causes stand and stood: off while one that ends it does.

    What comes at once comes beside what comes by itself, and stays if it stands.
    """
    if any(name in cause.ends and known[cause.id] == ON for cause in causes):
        return _off(plain)
    table = plain.copy()
    for cause in causes:
        turn = (known.get(BEFORE.format(cause.id), known[cause.id]), known[cause.id])
        at_once = {(OFF, ON): cause.brings, (ON, OFF): cause.returns}.get(turn, {})
        if name in at_once:
            chance = beliefs.read(at_once[name])
            for state in (OFF, ON):
                stays = table[:, state, OFF] * (1.0 - chance)
                table[:, state, ON] += table[:, state, OFF] - stays
                table[:, state, OFF] = stays
    return table


def _off(table: Float[Array, "D k k"]) -> Float[Array, "D k k"]:
    """Return chances that lead to off from everywhere."""
    found = np.zeros_like(table)
    found[:, :, OFF] = 1.0
    return found


def _promised(inputs: AnswerInputs, course: Course, threat: Threat) -> bool:
    lifted = course.offer is not None and threat.id in course.offer.lifts
    return lifted or threat.demand in course.meets


def _stands(chance: Float[Array, " D"], size: int) -> Float[Array, "D k"]:
    nothing = [np.zeros(len(chance))] * (size - 2)
    return np.stack([1.0 - chance, chance, *nothing], axis=1)


def _moves(ends: Array | float, comes: Array, again: Array | None = None) -> Float[Array, "D k k"]:
    """Return chances from off and on, and from honoured if a chance to come again is given."""
    size = 2 if again is None else 3
    table = np.zeros((len(comes), size, size))
    table[:, OFF, ON], table[:, ON, OFF] = comes, ends
    if again is not None:
        table[:, HONOURED, ON] = again
    diagonal = np.arange(size)
    table[:, diagonal, diagonal] = 1.0 - table.sum(axis=2)
    return table


def _promises(
    inputs: AnswerInputs, course: Course, beliefs: Beliefs, place: dict[str, int]
) -> list[Step]:
    """Return what is honoured at the end of the first month."""
    steps, lifts = list[Step](), course.offer.lifts if course.offer else ()
    if course.offer:
        kept = beliefs.read(course.offer.honoured)
        steps.append(Step(place[OFFER], (), _moves(0.0, kept), month=1))
    for threat in inputs.threats:
        if threat.id not in place:
            continue
        if threat.id in lifts:
            table = np.stack([_ends(np.zeros_like(kept)), _ends(np.ones_like(kept))], axis=1)
            steps.append(Step(place[threat.id], (place[OFFER],), table, month=1))
        elif threat.demand in course.meets:
            obeyed = beliefs.read(course.meets[threat.demand]) >= inputs.met
            chance = beliefs.read(threat.honoured) * obeyed
            steps.append(Step(place[threat.id], (), _ends(chance), month=1))
    return steps


def _ends(chance: Float[Array, " D"]) -> Float[Array, "D 3 3"]:
    """Return chances that a threat ends for the year, whether it stands or not."""
    table = np.zeros((len(chance), 3, 3))
    table[:, [OFF, ON, HONOURED], [OFF, ON, HONOURED]] = 1.0 - chance[:, None]
    table[:, :, HONOURED] += chance[:, None]
    return table
