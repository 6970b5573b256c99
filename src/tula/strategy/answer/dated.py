"""The odds of balance where it is known when a cause happens, or that it does not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor

import numpy as np

from tula.strategy.answer.flows import PATHS
from tula.strategy.answer.response import Response
from tula.strategy.answer.result import DatedTold
from tula.strategy.answer.shared import begun


def dated_told(
    response: Response, executor: Executor | None = None
) -> Callable[[], tuple[DatedTold, ...]]:
    """Begin to look at the odds by month in which each cause happens; return how to wait for them.

    Of causes that stand on the day there are none.
    """
    inputs = response.inputs
    causes = [one for one in inputs.causes if one.now.high == 0.0]
    when = (*range(2, inputs.months + 1), 0)
    asked = [(one.id, month) for one in causes for month in when]
    under_way = begun(_odds, response, asked, executor)

    def found() -> tuple[DatedTold, ...]:
        each = np.array(under_way()).reshape(len(causes), len(when)).tolist()
        return tuple(
            DatedTold(id=one.id, title=one.title, odds=tuple(odds), never=never)
            for one, (*odds, never) in zip(causes, each, strict=True)
        )

    return found


def _odds(response: Response, dated: tuple[str, int]) -> float:
    """Return the odds where a cause happens in a month, never in month 0."""
    return response.look(response.beliefs, paths=PATHS, dated=dated).odds
