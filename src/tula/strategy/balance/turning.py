"""Where a function of one number turns from plus to minus, steps included."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from tula.errors import TulaError

#: Points at which a range is scanned before a bracket is narrowed.
POINTS = 9
#: How closely a turning point is found, share of the range searched.
TOLERANCE = 1e-6


class SearchRangeError(TulaError):
    """A range cannot be searched: it is empty, or does not hold the central value.

    Ranges searched by their logarithm start above zero.
    """


class Turn(NamedTuple):
    """Where a function changes its sign, and the next place beyond where it does; None if none."""

    at: float
    until: float | None


def turning_point(
    function: Callable[[float], float],
    low: float,
    high: float,
    *,
    near: float,
    by_log: bool = False,
    upward: bool | None = None,
) -> Turn | None:
    """Return the point nearest ``near`` at which the function changes its sign; None if none does.

    Beyond it is farther from ``near``; above it if ``upward`` is True, below it if False.
    Scanned at nine points and at ``near``, evenly or by their logarithm; a change between two of
    them is narrowed by Brent's method. A function that steps over zero gives the place of the step;
    two changes between neighbouring points are not seen. Zero counts as minus. Raises
    ``SearchRangeError`` and whatever the function raises.
    """
    _refuse(low, high, near, by_log)
    known = cache(function)
    space = np.geomspace if by_log else np.linspace
    points = sorted({*(float(point) for point in space(low, high, POINTS)), near})
    signs = [known(point) > 0.0 for point in points]
    turns = [pair for pair, (left, right) in zip(pairwise(points), pairwise(signs), strict=True)
             if left != right]  # fmt: skip
    if not turns:
        return None
    tolerance = TOLERANCE * (high - low)
    nearest = min(turns, key=lambda pair: max(pair[0] - near, near - pair[1]))
    at = _narrowed(known, *nearest, tolerance)
    up = at > near if upward is None else upward
    beyond = [pair for pair in turns if (pair > nearest if up else pair < nearest)]
    after = beyond[0 if up else -1] if beyond else None
    return Turn(at, None if after is None else _narrowed(known, *after, tolerance))


def _refuse(low: float, high: float, near: float, by_log: bool) -> None:
    if not low <= near <= high or low >= high:
        raise SearchRangeError(f"{near:g} is not inside {low:g} to {high:g}")
    if by_log and low <= 0.0:
        raise SearchRangeError(f"a logarithm needs a range above zero; it starts at {low:g}")


def _narrowed(
    function: Callable[[float], float], start: float, end: float, tolerance: float
) -> float:
    """Root between two points at which the function is plus, and minus or zero."""
    for point in (start, end):
        if function(point) == 0.0:
            return point
    return float(brentq(function, start, end, xtol=tolerance, rtol=1e-9))
