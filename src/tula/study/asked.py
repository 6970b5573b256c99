"""The question of a study about its balance, put to its world."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor

from tula.errors import TulaError
from tula.file.grounds import Number, quantity
from tula.numbers.quantity import Quantity
from tula.strategy.answer.answer import answer
from tula.strategy.answer.result import Answer
from tula.strategy.answer.scenarios import Leaf, Scenario
from tula.study.load import Study


class NoQuestionError(TulaError):
    """A study asks nothing about its balance. Give it an ``answer`` block."""


def answered(study: Study, draws: int, executor: Executor | None = None) -> Answer:
    """Return the answer to what a study asks, over that many draws of its beliefs.

    Raises ``NoQuestionError``, and the errors of ``tula.strategy.answer.answer``.
    """
    if study.file.answer is None:
        raise NoQuestionError(f"study {study.file.id!r} has no answer block")
    return answer(
        study.file.answer,
        study.economy,
        {name: _scenario(study, name) for name in study.instruments},
        draws=draws,
        seed=study.file.seed,
        duties=study.table,
        executor=executor,
    )


def _scenario(study: Study, name: str) -> Scenario:
    """A scenario with everything it combines, and which of its numbers are beliefs."""
    stated = study.instruments[name]
    leaves = (leaf for place, one in enumerate(stated) for leaf in _leaves(study, place, one.path))
    return Scenario(tuple(one.instrument for one in stated), tuple(leaves))


def _leaves(study: Study, place: int, path: tuple[str | int, ...]) -> Iterator[Leaf]:
    for number in study.grounds.within(path):
        belief = study.grounds.at(number.path).belief
        if belief and number.ranged:
            yield Leaf(place, str(number.path[-1]), _quantity(number, belief))


def _quantity(number: Number, belief: str) -> Quantity:
    value, low, high = map(quantity, (number.value, number.low, number.high))
    return Quantity.model_validate(
        {"value": value, "low": low, "high": high, "belief": belief}, strict=True
    )
