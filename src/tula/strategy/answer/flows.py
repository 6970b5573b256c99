"""What arrives of each critical tie, month by month, along paths of policy; and expected incomes.

Outcomes are draws of beliefs times paths: no further solve is needed for a path.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tula.shapes import Float, Int
from tula.strategy.answer.beliefs import Beliefs
from tula.strategy.answer.calendar import ON, Calendar, calendar
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.inputs import AnswerInputs, Course
from tula.strategy.answer.policies import Situation, situations

Array = np.ndarray
#: Paths of policy in every draw.
PATHS = 400


class Way(NamedTuple):
    """A course, with moves; ``acted`` is False for what others do about it, itself not taken."""

    course: Course
    moves: tuple[str, ...] = ()
    acted: bool = True


@dataclass(frozen=True)
class Months:
    """The solved world by month: ``read`` (D, M, S, R), and the number of every situation."""

    inputs: AnswerInputs
    read: Float[Array, "D M S R"]
    number: Mapping[Situation, int]

    @property
    def ties(self) -> int:
        """How many of the readings are ties; incomes follow, the pivot's first."""
        return len(self.inputs.critical)

    def calendar(self, way: Way, beliefs: Beliefs) -> tuple[Calendar, Int[Array, " J"]]:
        """Return the chain of a way, and the number of every joint state's situation.

        Raises ``AnswerError`` where beliefs allow a situation that was not solved.
        """
        chain = calendar(self.inputs, way.course, beliefs)
        found, index = situations(self.inputs, way.course, chain, way.moves, way.acted)
        unknown = [one for one in found if one not in self.number]
        if unknown:
            raise AnswerError([f"{unknown[0]} was not solved: it cannot arise under the priors"])
        return chain, np.array([self.number[one] for one in found])[index]

    def income(self, way: Way, beliefs: Beliefs) -> Float[Array, "D C"]:
        """Return expected incomes of the pivot and the rivals, bn USD over the months."""
        chain, number = self.calendar(way, beliefs)
        income = self.read[..., self.ties : self.inputs.core]
        by_month = np.einsum("dmj,dmjc->dc", chain.chances, income[:, :, number])
        return np.asarray(by_month / 12.0)

    def follow(self, way: Way, beliefs: Beliefs, seed: int, paths: int = PATHS) -> Paths:
        """Return paths under a way; the same seed takes the same turns wherever it can."""
        chain, number = self.calendar(way, beliefs)
        draws = len(beliefs.drawn)
        uniform = np.random.default_rng(seed).random((draws, paths, chain.uniforms))
        joint = chain.paths(uniform)
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
