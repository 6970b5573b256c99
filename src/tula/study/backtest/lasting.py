"""How long a measure lasts: a prior on its whole length, conditional on its being in force."""

from __future__ import annotations

from datetime import date

import numpy as np

from tula.errors import TulaError
from tula.shapes import Float
from tula.study.backtest.inputs import Array, Draw

#: Days in a year.
YEAR = 365.0
#: Points at which a prior's distribution function is tabulated.
POINTS = 20_001


class EndedError(TulaError):
    """By its prior a measure would have ended before the day it is known to be in force. Widen the
    prior."""


def years_between(start: date, end: date) -> float:
    """Years from one day to another; below zero backwards."""
    return (end - start).days / YEAR


def chance_ended(lasts: Draw, since: date, in_force: date, by: date) -> float:
    """Return the chance that a measure in force on one day has ended by a later one.

    ``lasts`` is the prior of its whole length in years from ``since``. Raises ``EndedError``.
    """
    known, later = (_below(lasts, years_between(since, day)) for day in (in_force, by))
    if known >= 1.0:
        raise EndedError(_ended(lasts, since, in_force))
    return max(0.0, (later - known) / (1.0 - known))


def lengths(
    lasts: Draw, since: date, in_force: date, uniform: Float[Array, " D"]
) -> Float[Array, " D"]:
    """Draw whole lengths in years, given that the measure is in force on a day.

    Raises ``EndedError``.
    """
    known = _below(lasts, years_between(since, in_force))
    if known >= 1.0:
        raise EndedError(_ended(lasts, since, in_force))
    return lasts.at(known + (1.0 - known) * uniform)


def _ended(lasts: Draw, since: date, in_force: date) -> str:
    return (
        f"in force since {since} and lasting {lasts.high:g} years at most, the measure would have "
        f"ended before {in_force}"
    )


def _below(lasts: Draw, years: float) -> float:
    """Probability of a length under so many years."""
    if lasts.low == lasts.high:
        return float(years > lasts.value)
    chances = np.linspace(0.0, 1.0, POINTS)
    return float(np.interp(years, lasts.at(chances), chances, left=0.0, right=1.0))
