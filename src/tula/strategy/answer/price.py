"""The price: what the best course that gives in is worth less the one that keeps the balance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from tula.shapes import Float
from tula.strategy.answer.inputs import AnswerInputs, Course
from tula.strategy.answer.result import CourseTold, PriceTold, spread

Array = np.ndarray
#: Share of draws that must agree on a sign, and draws in which its ends are solved.
AGREE, END_DRAWS = 0.8, 16


def giving(inputs: AnswerInputs) -> tuple[Course, ...]:
    """Return the courses that give in: those but the first that meet something of a demand."""
    return tuple(
        one for one in inputs.options[1:] if any(share.high > 0.0 for share in one.meets.values())
    )


def courses(
    inputs: AnswerInputs, worth: dict[str, Float[Array, " D"]]
) -> tuple[CourseTold, ...]:
    """Tell what every course is worth, bn USD over the months by draw."""
    keep = worth[inputs.keep.id]
    return tuple(
        CourseTold(
            id=one.id,
            title=one.title,
            worth=spread(worth[one.id]),
            gain=spread(worth[one.id] - keep),
        )
        for one in inputs.options
    )


def best(inputs: AnswerInputs, worth: dict[str, Float[Array, " D"]]) -> Course | None:
    """Return the best course that gives in, chosen once, on the mean over draws."""
    candidates = giving(inputs)
    return max(candidates, key=lambda one: worth[one.id].mean()) if candidates else None


def price(
    course: Course,
    prices: Float[Array, " D"],
    ends: Callable[[], dict[str, Float[Array, " E"]]],
    worlds: dict[str, float],
) -> PriceTold:
    """Tell the price, bn USD over the months by draw.

    ``ends`` solves prices at both ends of sigma with supply tied and free; it is asked only where
    the draws themselves agree on a sign.
    """
    above = float((prices > 0.0).mean())
    agreement: dict[str, float] = {}
    if not _split(above):
        agreement = {name: float((one > 0.0).mean()) for name, one in ends().items()}
    return PriceTold(
        course=course.id,
        price=spread(prices),
        above=above,
        sign=_sign([above, *agreement.values()]),
        agreement=agreement,
        by_world=worlds,
    )


def _split(above: float) -> bool:
    return 1.0 - AGREE < above < AGREE


def _sign(shares: Sequence[float]) -> Literal[-1, 0, 1]:
    if min(shares) >= AGREE:
        return 1
    return -1 if max(shares) <= 1.0 - AGREE else 0
