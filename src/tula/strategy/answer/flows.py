"""What arrives of each critical tie, month by month, along paths of policy; and expected incomes.

Outcomes are draws of beliefs times paths: no further solve is needed for a path.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import numpy as np

from tula.shapes import Float, Int
from tula.strategy.answer.beliefs import Beliefs
from tula.strategy.answer.calendar import ON, Calendar, calendar, dated, read_by
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.inputs import AnswerInputs, Course
from tula.strategy.answer.policies import Situation, situations

Array = np.ndarray
T = TypeVar("T")
#: Paths of policy in every draw, and chains and paths kept for the next look.
PATHS, MOST_CHAINS = 400, 8


class Way(NamedTuple):
    """A course, with moves; ``acted`` is False for what others do about it, itself not taken.

    ``dated``: a cause known to happen in a month, or in none (0).
    """

    course: Course
    moves: tuple[str, ...] = ()
    acted: bool = True
    dated: tuple[str, int] | None = None


class Chain(NamedTuple):
    """The chain of a way, and the number of every joint state's situation."""

    calendar: Calendar
    number: Int[Array, " J"]


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
    """The solved world by month: ``read`` (D, M, S, R), and the number of every situation."""

    inputs: AnswerInputs
    read: Float[Array, "D M S R"]
    number: Mapping[Situation, int]
    chains: Chains = field(default_factory=Chains)

    @property
    def ties(self) -> int:
        """How many of the readings are ties; money follows, the pivot's income first."""
        return len(self.inputs.critical)

    def chain(self, way: Way, beliefs: Beliefs, world: bool = False) -> Chain:
        """Return the chain of a way, of what moves the ``world`` alone if asked.

        Raises ``AnswerError`` where beliefs allow a situation that was not solved.
        """
        key = (*self._key(way, beliefs), world)
        return self.chains.made(key, lambda: self._chain(way, beliefs, world))

    def _key(self, way: Way, beliefs: Beliefs) -> tuple[Hashable, ...]:
        read = [n for n, name in enumerate(beliefs.names) if name in read_by(self.inputs)]
        return way.course.id, *way[1:], beliefs.drawn[:, read].tobytes()

    def _chain(self, way: Way, beliefs: Beliefs, world: bool) -> Chain:
        chain = calendar(self.inputs, way.course, beliefs, world)
        if way.dated:
            chain = dated(chain, self.inputs, beliefs, *way.dated)
        found, index = situations(self.inputs, way.course, chain, way.moves, way.acted)
        unknown = [one for one in found if one not in self.number]
        if unknown:
            raise AnswerError([f"{unknown[0]} was not solved: it cannot arise under the priors"])
        return Chain(chain, np.array([self.number[one] for one in found])[index])

    def income(self, way: Way, beliefs: Beliefs) -> Float[Array, "D C"]:
        """Return expected incomes of the pivot and the rivals, then the part of the pivot's that
        runs through wages, bn USD over the months."""
        chain, number = self.chain(way, beliefs, world=True)
        income = self.read[..., self.ties : self.inputs.core]
        by_month = np.einsum("dmj,dmjc->dc", chain.chances, income[:, :, number])
        return np.asarray(by_month / 12.0)

    def follow(self, way: Way, beliefs: Beliefs, seed: int, paths: int = PATHS) -> Paths:
        """Return paths under a way; the same seed takes the same turns wherever it can."""
        chain, number = self.chain(way, beliefs)
        draws = len(beliefs.drawn)

        def drawn() -> Int[Array, "D P M"]:
            uniform = np.random.default_rng(seed).random((draws, paths, chain.uniforms))
            return chain.paths(uniform).astype(np.int16)

        joint = self.chains.made((*self._key(way, beliefs), seed, paths), drawn)
        place = np.arange(draws)[:, None, None], np.arange(self.inputs.months)[None, None, :]
        flow = self.read[..., : self.ties][(*place, number[joint])]
        carried = _carried(self.inputs, chain, beliefs)
        return Paths(chain, joint, flow * carried[place[0], joint])


class Paths(NamedTuple):
    """Paths of policy: the chain, joint states (D, P, M), flows (D, P, M, T) as ratios."""

    chain: Calendar
    joint: Int[Array, "D P M"]
    flow: Float[Array, "D P M T"]

    @property
    def kept(self) -> Float[Array, "D P T"]:
        """Return the flow over all months, over its reference: the base year's, month by month."""
        return np.asarray(self.flow.mean(axis=2))


def _carried(inputs: AnswerInputs, chain: Calendar, beliefs: Beliefs) -> Float[Array, "D J T"]:
    """Return the share of every tie that what stands leaves, by joint state."""
    left = np.ones((len(beliefs.drawn), len(chain.states), len(inputs.critical)))
    names = [one.id for one in inputs.critical]
    for switch in inputs.switches:
        stands = chain.states[:, chain.axes.index(switch.id)] == ON
        for tie, share in switch.carried.items():
            left[:, stands, names.index(tie)] *= beliefs.read(share)[:, None]
    return left
