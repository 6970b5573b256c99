"""What the scenario of a course is worth by itself, beside a world without threats."""

from __future__ import annotations

import numpy as np

from tula.shapes import Float
from tula.strategy.answer.beliefs import Beliefs
from tula.strategy.answer.found import spread
from tula.strategy.answer.inputs import Course
from tula.strategy.answer.policies import Situation
from tula.strategy.answer.proofs import AloneTold, WorthAt
from tula.strategy.answer.response import Response
from tula.strategy.answer.turning import END, values_at
from tula.strategy.answer.who import NOTHING

Array = np.ndarray
#: Deviates of a belief at which the worth is told.
SCORES = np.linspace(-END, END, 7)


def alone(response: Response, course: Course) -> AloneTold | None:
    """Tell what a course's one scenario is worth without any threat, and at values of beliefs.

    Every draw as it was solved; at other beliefs it moves along the fit. None for a course of
    several scenarios or none, and where the draws were not solved without a threat.
    """
    inputs, number = response.inputs, response.months.number
    done = Situation(course.id, NOTHING, NOTHING)
    calm = Situation(inputs.keep.id, NOTHING, NOTHING, acted=not inputs.keep.scenarios)
    asked = course != inputs.keep and len(course.scenarios) == 1
    if not (asked and done in number and calm in number):
        return None
    pair = number[done], number[calm]
    moving = response.moving
    either = [name for name in moving.names if any(name in moving.situations[n] for n in pair)]
    return AloneTold(
        scenario=course.scenarios[0],
        worth=spread(_worth(response, response.beliefs, pair)),
        beliefs=tuple(_along(response, one, pair) for one in either),
    )


def _along(response: Response, belief: str, pair: tuple[int, int]) -> WorthAt:
    at = values_at(response, belief, SCORES)
    held = (response.beliefs.held(belief, value) for value in at)
    worth = tuple(float(np.median(_worth(response, one, pair))) for one in held)
    return WorthAt(belief=belief, at=tuple(at), worth=worth)


def _worth(response: Response, beliefs: Beliefs, pair: tuple[int, int]) -> Float[Array, " D"]:
    """Return the pivot's income in the first situation less that in the second, bn USD a year."""
    months, _ = response.at(beliefs)
    income = months.by_month(np.array(pair), slice(months.ties, months.ties + 1)).mean(axis=1)
    return np.asarray(income[:, 0, 0] - income[:, 1, 0])
