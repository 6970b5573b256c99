"""A number that is not known exactly, and what its range does to a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, model_validator
from scipy.stats import qmc

from tula.numbers.estimate import PERCENTILES
from tula.numbers.estimate import Estimate as Estimate
from tula.shapes import Float

Array = np.ndarray

#: Draws behind an interval: a power of two, as Sobol sequences want.
DRAWS = 512


class Quantity(BaseModel):
    """A central value between two ends, in the unit its field states.

    May be given as one number, which is then held to be exact. The range is read as a triangular
    distribution with its mode at ``value``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    value: float
    low: float
    high: float

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, given: Any) -> Any:
        if isinstance(given, int | float) and not isinstance(given, bool):
            return {"value": given, "low": given, "high": given}
        return given

    @model_validator(mode="after")
    def _ordered(self) -> Quantity:
        if not (np.isfinite([self.low, self.high]).all() and self.low <= self.value <= self.high):
            raise ValueError(
                f"expected low <= value <= high; got {self.low}, {self.value}, {self.high}"
            )
        return self

    def at(self, uniform: Float[Array, " D"]) -> Float[Array, " D"]:
        """Return the triangular distribution's quantiles at numbers between 0 and 1."""
        width = self.high - self.low
        if width == 0.0:
            return np.full_like(uniform, self.value)
        peak = (self.value - self.low) / width
        rising = self.low + width * np.sqrt(uniform * peak)
        falling = self.high - width * np.sqrt((1.0 - uniform) * (1.0 - peak))
        return np.where(uniform < peak, rising, falling)


def spread(
    model: Callable[[Mapping[str, float]], Mapping[str, float]],
    quantities: Mapping[str, Quantity],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> dict[str, tuple[float, float, float]]:
    """Return (central, low, high) of every number a model returns, over its inputs' ranges.

    ``model`` maps input values by name to results by name. Inputs are drawn independently by a
    scrambled Sobol sequence; the same seed gives the same draws. A draw that fails is not
    replaced: the model's error is passed on.
    """
    names = list(quantities)
    central = model({name: quantities[name].value for name in names})
    uniform = qmc.Sobol(max(1, len(names)), seed=seed).random(draws)
    columns = [quantities[name].at(uniform[:, place]) for place, name in enumerate(names)]
    results = [model(dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]
    found = {key: np.array([result[key] for result in results]) for key in central}
    low, high = (
        {key: float(np.percentile(values, percentile)) for key, values in found.items()}
        for percentile in PERCENTILES
    )
    return {key: (float(value), low[key], high[key]) for key, value in central.items()}
