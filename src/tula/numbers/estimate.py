"""A number that was found, with the range that the inputs' ranges leave it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from pydantic import model_serializer
from pydantic.dataclasses import dataclass

from tula.shapes import Float

Array = np.ndarray
#: Ranges run from the first to the second percentile.
PERCENTILES = (10.0, 90.0)


@dataclass(frozen=True)
class Estimate:
    """A result at central inputs with its 10th to 90th percentile over the inputs' ranges.

    Inputs have their likeliest value at the centre, and many ranges are lopsided: ``median`` may
    lie far from ``central``, and ``central`` outside the range. ``above`` is the share of draws
    above zero; both are None where not told. ``unit`` and ``meaning`` say what the number is, its
    sign and its base; ``counted`` what alone it counts, in words to be read after "counting", where
    it leaves out a side. What is empty is not written to files.
    """

    central: float
    low: float
    high: float
    unit: str = ""
    meaning: str = ""
    counted: str = ""
    median: float | None = None
    above: float | None = None

    @model_serializer
    def _given(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if value not in ("", None)}

    @property
    def numbers(self) -> tuple[float, float, float]:
        """Central value and both ends."""
        return self.central, self.low, self.high

    @property
    def exact(self) -> bool:
        """Whether there is no range."""
        return self.low == self.central == self.high

    @property
    def outside(self) -> bool:
        """Whether the central value lies outside the range."""
        return not self.low <= self.central <= self.high

    def each(self, change: Callable[[float], float], unit: str = "") -> Estimate:
        """The same with every number changed by what neither reorders them nor turns a sign."""
        middle = None if self.median is None else change(self.median)
        central, low, high = map(change, self.numbers)
        return Estimate(central, low, high, unit, median=middle, above=self.above)


def drawn(central: float, values: Float[Array, " D"], unit: str = "") -> Estimate:
    """Return an estimate from draws of a number, which must be finite."""
    low, middle, high = np.percentile(values, [PERCENTILES[0], 50.0, PERCENTILES[1]])
    above = float(np.mean(values > 0.0))
    return Estimate(central, float(low), float(high), unit, median=float(middle), above=above)
