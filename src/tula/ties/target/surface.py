"""A smooth response of the engine, interpolated, with the error of the interpolation held out.

A probability to two digits takes tens of thousands of draws. Where the response to a few numbers is
smooth it is solved at Chebyshev points and interpolated by polynomials; further points, drawn at
random and used for nothing else, are solved as well and state the error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.polynomial.chebyshev import chebpts1, chebvander

from tula.errors import TulaError
from tula.shapes import Float

Array = np.ndarray

#: Points along each axis, and points held out.
POINTS, HELD_OUT = 4, 8


class SurfaceError(TulaError):
    """The response is too curved to interpolate over ranges this wide. Narrow them."""


@dataclass(frozen=True, eq=False)
class Surface:
    """Values of O outputs on a grid of Chebyshev points in three inputs; ``error`` by output.

    ``error`` (O,) is the largest deviation at the held-out points.
    """

    low: Float[Array, "3"]
    high: Float[Array, "3"]
    inverse: tuple[Float[Array, "a a"], Float[Array, "b b"], Float[Array, "c c"]]
    values: Float[Array, "a b c O"]
    error: Float[Array, " O"]

    def __call__(self, inputs: Float[Array, "D 3"]) -> Float[Array, "D O"]:
        """Return the outputs at D points inside the ranges."""
        width = np.where(self.high > self.low, self.high - self.low, 1.0)
        unit = 2.0 * (inputs - self.low) / width - 1.0
        one, two, three = (
            chebvander(unit[:, axis], len(inverse) - 1) @ inverse
            for axis, inverse in enumerate(self.inverse)
        )
        weights = np.einsum("da,db,dc->dabc", one, two, three).reshape(len(inputs), -1)
        return np.asarray(weights @ self.values.reshape(weights.shape[1], -1))


def fit_surface(
    model: Callable[[float, float, float], Sequence[float]],
    ranges: Sequence[tuple[float, float]],
    *,
    tolerance: float,
    seed: int = 0,
) -> Surface:
    """Solve a model of three inputs on a grid and return its interpolation.

    A range of no width takes one point. Raises ``SurfaceError`` if a held-out point is off by more
    than ``tolerance`` in any output.
    """
    low, high = np.array(ranges, dtype=np.float64).T
    units = [chebpts1(POINTS) if two > one else np.zeros(1) for one, two in ranges]
    axes = [
        one + (unit + 1.0) / 2.0 * (two - one)
        for unit, (one, two) in zip(units, ranges, strict=True)
    ]
    solved = np.array([model(*map(float, point)) for point in product(*axes)])
    values = solved.reshape(*(len(axis) for axis in axes), -1)
    first, second, third = (np.linalg.inv(chebvander(unit, len(unit) - 1)) for unit in units)
    surface = Surface(low, high, (first, second, third), values, np.zeros(values.shape[-1]))
    points = low + np.random.default_rng(seed).random((HELD_OUT, 3)) * (high - low)
    exact = np.array([model(*map(float, point)) for point in points])
    error = np.abs(surface(points) - exact).max(axis=0)
    if not (error <= tolerance).all():
        raise SurfaceError(
            f"off by {error.max():.1e} at held-out points, more than {tolerance:.0e}"
        )
    return Surface(low, high, surface.inverse, values, error)
