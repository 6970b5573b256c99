"""What arrives of each critical tie, month by month, along paths of policy; and expected incomes.

Outcomes are draws of beliefs times paths: no further solve is needed for a path.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import numpy as np

from tula.shapes import Float, Int
from tula.strategy.answer.beliefs import Beliefs
from tula.strategy.answer.calendar import ON, Calendar, calendar, dated, read_by
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.inputs import AnswerInputs, Course
from tula.strategy.answer.policies import Situation, situations
from tula.strategy.answer.states import interpolated

Array = np.ndarray
T = TypeVar("T")
#: Paths of policy in every draw, and chains and paths kept for the next look.
PATHS, MOST_CHAINS = 400, 16


class Way(NamedTuple):
    """A course, with moves; ``acted`` is False for what others do about it, itself not taken.

    ``dated``: a cause known to happen in a month, or in none (0).
    """

    course: Course
    moves: tuple[str, ...] = ()
    acted: bool = True
    dated: tuple[str, int] | None = None


@dataclass(frozen=True)
class Chain:
    """The chain of a way, numbers of the ``solved`` situations of its joint states, and the
    ``place`` of every joint state's among these, -1 of one ``unsolved``."""

    calendar: Calendar
    solved: Int[Array, " S"]
    place: Int[Array, " J"]
    unsolved: Mapping[int, Situation]

    @cached_property
    def chances(self) -> Float[Array, "D M S"]:
        """Chance of every situation by month; errors of ``require``."""
        joint = self.calendar.chances
        self.require(np.flatnonzero((joint > 0.0).any(axis=(0, 1))))
        each = (self.place[:, None] == np.arange(len(self.solved))).astype(float)
        return np.asarray(joint @ each)

    def kinds(self, names: Sequence[str]) -> tuple[Int[Array, " K"], Int[Array, " J"]]:
        """Return joint states, one of each kind, and the kind of every one.

        A kind is a situation with what stands of some threats and events.
        """
        axes = [self.calendar.axes.index(name) for name in names]
        told = np.column_stack([self.place, self.calendar.states[:, axes]])
        _, first, kind = np.unique(told, axis=0, return_index=True, return_inverse=True)
        return first, kind

    def require(self, joint: Int[Array, "*any"]) -> None:
        """Raise ``AnswerError`` where a joint state that arises was not solved."""
        for state, situation in self.unsolved.items():
            if (joint == state).any():
                told = f"{situation} was not solved: it cannot arise under the priors"
                raise AnswerError([told])


class Chains(OrderedDict[Hashable, Any]):
    """Chains and paths made last, by all that they are made of; a copy elsewhere begins empty."""

    def __reduce__(self) -> tuple[type[Chains], tuple[()]]:
        return Chains, ()

    def made(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was made of a key, or make it."""
        if key not in self:
            self[key] = make()
            if len(self) > MOST_CHAINS:
                self.popitem(last=False)
        self.move_to_end(key)
        found: T = self[key]
        return found


@dataclass(frozen=True)
class Months:
    """The world solved at ``ages``: ``read`` (D, A, S, R), and the number of every situation.

    ``months``: the age of every month, between which the readings are interpolated.
    """

    inputs: AnswerInputs
    read: Float[Array, "D A S R"]
    ages: tuple[float, ...]
    months: Float[Array, " M"]
    number: Mapping[Situation, int]
    chains: Chains = field(default_factory=Chains)

    @property
    def ties(self) -> int:
        """How many of the readings are ties; money follows, the pivot's income first."""
        return len(self.inputs.critical)

    def by_month(
        self, situations: Array | slice = slice(None), readings: slice = slice(None)
    ) -> Float[Array, "D M S R"]:
        """Return some of the readings by month."""
        return interpolated(self.read[:, :, situations, readings], self.ages, self.months)

    def chain(self, way: Way, beliefs: Beliefs, world: bool = False) -> Chain:
        """Return the chain of a way, of what moves the ``world`` alone if asked."""

        def made() -> Chain:
            chain = calendar(self.inputs, way.course, beliefs, world)
            if way.dated:
                chain = dated(chain, self.inputs, beliefs, *way.dated)
            key = way.course.id, way.moves, way.acted, world
            return Chain(chain, *self.chains.made(key, lambda: self._places(way, chain)))

        return self.chains.made((*self._key(way, beliefs), world), made)

    def _key(self, way: Way, beliefs: Beliefs) -> tuple[Hashable, ...]:
        known = read_by(self.inputs)
        read = [n for n, name in enumerate(beliefs.names) if name in known]
        return way.course.id, *way[1:], beliefs.drawn[:, read].tobytes()

    def _places(self, way: Way, chain: Calendar) -> tuple[Array, Array, dict[int, Situation]]:
        """Return the solved situations of a way, the place of every joint state's, and those of
        the rest."""
        found, index = situations(self.inputs, way.course, chain, way.moves, way.acted)
        number = np.array([self.number.get(one, -1) for one in found])
        place = np.where(number < 0, -1, np.cumsum(number >= 0) - 1)
        unsolved = {int(n): found[index[n]] for n in np.flatnonzero(place[index] < 0)}
        return number[number >= 0], place[index], unsolved

    def income(self, way: Way, beliefs: Beliefs) -> Float[Array, "D C"]:
        """Return expected incomes of the pivot and the rivals, then the part of the pivot's that
        runs through wages, bn USD over the months; errors of ``Chain.require``."""
        chain = self.chain(way, beliefs, world=True)
        income = self.by_month(chain.solved, slice(self.ties, self.inputs.core))
        return np.asarray(np.einsum("dms,dmsc->dc", chain.chances, income) / 12.0)

    def follow(self, way: Way, beliefs: Beliefs, seed: int, paths: int = PATHS) -> Paths:
        """Return paths under a way; the same seed takes the same turns wherever it can.

        Errors of ``Chain.require``.
        """
        chain, draws = self.chain(way, beliefs), len(beliefs.drawn)

        def uniform() -> Float[Array, "U D P"]:
            size = draws, paths, chain.calendar.uniforms
            return np.ascontiguousarray(np.moveaxis(np.random.default_rng(seed).random(size), 2, 0))

        def drawn() -> Int[Array, "D P M"]:
            key = seed, draws, paths, chain.calendar.uniforms
            joint = chain.calendar.paths(self.chains.made(key, uniform))
            chain.require(joint)
            return joint

        joint = self.chains.made((*self._key(way, beliefs), seed, paths), drawn)
        first, kind = chain.kinds([one.id for one in self.inputs.switches if one.carried])
        read = np.moveaxis(self.by_month(chain.solved, slice(self.ties)), 1, 0)
        carried = _carried(self.inputs, chain.calendar, first, beliefs)
        arrives = read.take(chain.place[first], axis=2) * carried
        return Paths(chain.calendar, joint, kind, arrives)


@dataclass(frozen=True)
class Paths:
    """Paths of policy: the chain, joint states (D, P, M), the ``kind`` of every joint state, and
    what arrives in each by month: ``arrives`` (M, D, K, T) as ratios."""

    chain: Calendar
    joint: Int[Array, "D P M"]
    kind: Int[Array, " J"]
    arrives: Float[Array, "M D K T"]

    def _month(self, month: int, flow: Float[Array, "D P T"]) -> None:
        """Write the flows of a month, counted from 0."""
        draws, kinds, ties = self.arrives.shape[1:]
        row = kinds * np.arange(draws)[:, None] + self.kind[self.joint[:, :, month]]
        self.arrives[month].reshape(-1, ties).take(row, axis=0, out=flow, mode="clip")

    @cached_property
    def flow(self) -> Float[Array, "D P M T"]:
        """Flows of all months."""
        found = np.empty((self.joint.shape[2], *self._shape))
        for month, flow in enumerate(found):
            self._month(month, flow)
        return np.moveaxis(found, 0, 2)

    @cached_property
    def kept(self) -> Float[Array, "D P T"]:
        """The flow over all months, over its reference: the base year's, month by month."""
        found, flow = np.zeros(self._shape), np.empty(self._shape)
        for month in range(self.joint.shape[2]):
            self._month(month, flow)
            found += flow
        return np.asarray(found / self.joint.shape[2])

    @property
    def _shape(self) -> tuple[int, int, int]:
        return *self.joint.shape[:2], self.arrives.shape[3]


def _carried(
    inputs: AnswerInputs, chain: Calendar, joint: Int[Array, " K"], beliefs: Beliefs
) -> Float[Array, "D K T"]:
    """Return the share of every tie that what stands leaves, by joint state."""
    left = np.ones((len(beliefs.drawn), len(joint), len(inputs.critical)))
    names = [one.id for one in inputs.critical]
    for switch in inputs.switches:
        stands = chain.states[joint, chain.axes.index(switch.id)] == ON
        for tie, share in switch.carried.items():
            left[:, stands, names.index(tie)] *= beliefs.read(share)[:, None]
    return left
