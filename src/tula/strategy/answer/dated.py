"""The odds of balance where it is known when a cause happens, or that it does not."""

from __future__ import annotations

from collections.abc import Callable

from tula.strategy.answer.beliefs import Beliefs
from tula.strategy.answer.flows import Months, Way
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.label import balanced
from tula.strategy.answer.margins import Powers, conditions
from tula.strategy.answer.result import DatedTold


def dated_told(
    inputs: AnswerInputs, months: Months, powers: Powers, beliefs: Beliefs, seed: int
) -> tuple[DatedTold, ...]:
    """Tell the odds by month in which each cause happens that has not on the day."""
    return tuple(
        DatedTold(
            id=cause.id,
            title=cause.title,
            odds=tuple(odds(cause.id, month) for month in range(2, inputs.months + 1)),
            never=odds(cause.id, 0),
        )
        for cause in inputs.causes
        if cause.now.high == 0.0
        for odds in [_known(inputs, months, powers, beliefs, seed)]
    )


def _known(
    inputs: AnswerInputs, months: Months, powers: Powers, beliefs: Beliefs, seed: int
) -> Callable[[str, int], float]:
    def odds(cause: str, month: int) -> float:
        keep = Way(inputs.keep, dated=(cause, month))
        kept = others = months.follow(keep, beliefs, seed)
        if inputs.keep.scenarios:
            others = months.follow(keep._replace(acted=False), beliefs, seed)
        return float(balanced(conditions(inputs, kept, others, powers, beliefs)).mean())

    return odds
