"""Forecasts told: read off the paths under the course that keeps the balance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tula.shapes import Float
from tula.strategy.answer.beliefs import Beliefs
from tula.strategy.answer.flows import Months, Paths, Way
from tula.strategy.answer.forecast import Forecast, month_of, months_read
from tula.strategy.answer.found import spread
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.result import ForecastTold, MonthTold

Array = np.ndarray
#: Equally likely values that stand for the distribution of a number.
VALUES = 50


def foretold(
    inputs: AnswerInputs,
    months: Months,
    kept: Paths,
    beliefs: Beliefs,
    path: Sequence[MonthTold],
) -> tuple[ForecastTold, ...]:
    """Tell every forecast; ``kept`` are the paths, and ``path`` the months told of them."""
    return tuple(
        _event(one, inputs, kept, path)
        if one.event
        else _number(one, inputs, months, kept, beliefs)
        for one in inputs.forecasts
    )


def _event(
    one: Forecast, inputs: AnswerInputs, kept: Paths, path: Sequence[MonthTold]
) -> ForecastTold:
    month = path[month_of(inputs.announced, one.until)]
    if one.kept is not None:
        chance = float((_tie(one.kept, one, inputs, kept) >= inputs.kept).mean())
    else:
        chance = month.balanced if one.stands is None else month.chances[one.stands]
    return ForecastTold(id=one.id, title=one.title, unit=one.unit, chance=chance)


def _number(
    one: Forecast, inputs: AnswerInputs, months: Months, kept: Paths, beliefs: Beliefs
) -> ForecastTold:
    if one.tie is not None:
        read = _tie(one.tie, one, inputs, kept)
    else:
        read = _watched(one, inputs, months, kept, beliefs)
    number = beliefs.read(one.plus)[:, None] + beliefs.read(one.times)[:, None] * read
    return ForecastTold(
        id=one.id, title=one.title, unit=one.unit, number=spread(number), values=even(number)
    )


def even(number: Float[Array, "*N"]) -> tuple[float, ...]:
    """Return equally likely values of a number, the middles of as many equal parts."""
    middles = (np.arange(VALUES) + 0.5) / VALUES
    return tuple(np.quantile(number, middles).tolist())


def _watched(
    one: Forecast, inputs: AnswerInputs, months: Months, kept: Paths, beliefs: Beliefs
) -> Float[Array, "D P"]:
    """Return what a forecast reads of the world in every draw and path, over its days."""
    column = inputs.core + inputs.watching.index(one)
    chain = months.chain(Way(inputs.keep), beliefs)
    read = months.by_month(chain.solved, slice(column, column + 1))[..., 0]
    share = months_read(one, inputs.announced, inputs.months)
    found = np.zeros(kept.joint.shape[:2])
    draws = np.arange(len(found))[:, None]
    for month in np.flatnonzero(share):
        found += share[month] * read[draws, month, chain.place[kept.joint[:, :, month]]]
    return found


def _tie(name: str, one: Forecast, inputs: AnswerInputs, kept: Paths) -> Float[Array, "D P"]:
    """Return what arrives of a tie in every draw and path, over the days of a forecast."""
    place = [tie.id for tie in inputs.critical].index(name)
    return np.asarray(kept.flow[..., place] @ months_read(one, inputs.announced, inputs.months))
