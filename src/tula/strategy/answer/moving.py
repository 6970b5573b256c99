"""Which beliefs can move which solved number: what stands in a situation, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tula.numbers.quantity import Quantity
from tula.numbers.record import quantities
from tula.shapes import Float
from tula.strategy.answer.beliefs import Beliefs
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.policies import Situation, done
from tula.strategy.answer.scenarios import Scenario

Array = np.ndarray
Names = frozenset[str]


@dataclass(frozen=True)
class Moving:
    """Ids of beliefs that move the world: ``names`` all of them, in order; ``situations`` by
    situation, in theirs; ``powers`` those that move what a break-off takes."""

    names: tuple[str, ...]
    situations: tuple[Names, ...]
    powers: Names


def moving(
    inputs: AnswerInputs,
    scenarios: Mapping[str, Scenario],
    beliefs: Beliefs,
    situations: Iterable[Situation],
) -> Moving:
    """Return the beliefs with a range that move each situation, and the leverage."""

    def ranged(numbers: Iterable[Quantity]) -> Names:
        return frozenset(one.belief for one in numbers if one.belief in beliefs.priors)

    everywhere = [*quantities(inputs.elasticity).values(), *quantities(inputs.commodities).values()]
    power = [
        inputs.replace,
        *quantities(inputs.commodities).values(),
        *(one.keeps_word for one in inputs.break_offs.values()),
    ]
    each = tuple(ranged([*everywhere, *_standing(inputs, scenarios, one)]) for one in situations)
    powers = ranged(power)
    known = powers.union(*each)
    return Moving(tuple(name for name in beliefs.names if name in known), each, powers)


def _standing(
    inputs: AnswerInputs, scenarios: Mapping[str, Scenario], situation: Situation
) -> Iterator[Quantity]:
    """Yield the numbers of what is done and stands in a situation."""
    named = [*done(inputs, situation)]
    for switch in inputs.switches:
        if switch.id in situation.on:
            named += switch.scenarios
            yield switch.size
            if switch.rent_lost is not None:
                yield switch.rent_lost
    for name in named:
        yield from (leaf.number for leaf in scenarios[name].leaves)
    yield from (one.left for one in inputs.causes if one.id in situation.fired)


def left_out(terms: Float[Array, "D F"], values: Float[Array, "D Z"]) -> Float[Array, "D Z"]:
    """Return the errors of a least-squares fit that foretells each draw by the others.

    Where there are as many terms as draws the fit with the smallest coefficients is meant.
    """
    if np.linalg.matrix_rank(terms) < len(terms):
        inverse = np.linalg.pinv(terms)
        own = np.einsum("df,fd->d", terms, inverse)
        return np.asarray((values - terms @ (inverse @ values)) / (1.0 - own)[:, None])
    gram = np.linalg.inv(terms @ terms.T)
    return np.asarray(gram @ values / np.diag(gram)[:, None])
