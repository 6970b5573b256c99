"""What is believed of a number before its draw: a named distribution with a central value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator
from scipy.special import betaincinv, ndtri

from tula.errors import TulaError
from tula.numbers.quantity import Quantity
from tula.shapes import Float

Array = np.ndarray

Shape = Literal["triangular", "uniform", "beta", "spread"]

#: Distance from the median of a standard normal to its 90th percentile.
TENTH = float(ndtri(0.9))


class UnitIntervalError(TulaError):
    """A quantile was asked for at a number outside 0 to 1, or at NaN. Give uniform draws."""


class Prior(BaseModel):
    """A number by name with its central value and its distribution, in the unit its user states.

    ``shape`` says how ``value``, ``low`` and ``high`` are read:

    * ``triangular``: mode and ends, as :class:`tula.numbers.quantity.Quantity` reads them;
    * ``uniform``: ends; ``value`` is only the central case;
    * ``beta``: a beta distribution with parameters ``alpha`` and ``beta``, stretched from ``low``
      to ``high``; ``value`` is only the central case;
    * ``spread``: median, 10th and 90th percentile of two halves of normal distributions, each with
      the width of its own side, joined at the median (the density jumps there if the sides
      differ). For a number known only as an estimate with an interval. A side of no width holds
      its half of the probability at ``value``.

    Draws beyond ``floor`` and ``ceiling`` are moved to them, where their probability is heaped.
    If ``low`` equals ``high`` the number is exact, whatever the shape.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    value: float
    low: float
    high: float
    shape: Shape = "triangular"
    alpha: float | None = None
    beta: float | None = None
    floor: float | None = None
    ceiling: float | None = None

    @classmethod
    def of(cls, name: str, quantity: Quantity) -> Prior:
        """Return the triangular prior that a quantity stands for."""
        return cls(name=name, value=quantity.value, low=quantity.low, high=quantity.high)

    @model_validator(mode="after")
    def _sound(self) -> Prior:
        problems = [*self._range_problems(), *self._beta_problems(), *self._clip_problems()]
        if problems:
            raise ValueError(f"{self.name}: " + "; ".join(problems))
        return self

    def _range_problems(self) -> list[str]:
        if np.isfinite([self.low, self.high]).all() and self.low <= self.value <= self.high:
            return []
        return [f"expected low <= value <= high; got {self.low}, {self.value}, {self.high}"]

    def _beta_problems(self) -> list[str]:
        given = (self.alpha, self.beta)
        if self.shape != "beta":
            stray = any(parameter is not None for parameter in given)
            return [f"alpha and beta belong to shape 'beta', not {self.shape!r}"] if stray else []
        if all(parameter is not None and 0.0 < parameter < np.inf for parameter in given):
            return []
        return [f"shape 'beta' needs alpha and beta above zero; got {self.alpha}, {self.beta}"]

    def _clip_problems(self) -> list[str]:
        floor, ceiling = self._bounds()
        if floor <= self.value <= ceiling:
            return []
        return [
            f"expected floor <= value <= ceiling; got {self.floor}, {self.value}, {self.ceiling}"
        ]

    def _bounds(self) -> tuple[float, float]:
        floor = -np.inf if self.floor is None else self.floor
        return floor, np.inf if self.ceiling is None else self.ceiling

    def at(self, uniform: Float[Array, " D"]) -> Float[Array, " D"]:
        """Return the quantiles at numbers between 0 and 1, in the prior's unit.

        A ``spread`` without floor or ceiling is infinite at 0 and 1 themselves. Raises
        :class:`UnitIntervalError`.
        """
        if not ((uniform >= 0.0) & (uniform <= 1.0)).all():
            raise UnitIntervalError(f"{self.name}: quantiles lie between 0 and 1; got {uniform}")
        if self.low == self.high:
            return np.full(uniform.shape, self.value)
        quantiles: Array = np.clip(_QUANTILES[self.shape](self, uniform), *self._bounds())
        return quantiles


def _triangular(prior: Prior, uniform: Array) -> Array:
    return Quantity(value=prior.value, low=prior.low, high=prior.high).at(uniform)


def _uniform(prior: Prior, uniform: Array) -> Array:
    return prior.low + (prior.high - prior.low) * uniform


def _beta(prior: Prior, uniform: Array) -> Array:
    share: Array = betaincinv(prior.alpha, prior.beta, uniform)
    return _uniform(prior, share)


def _spread(prior: Prior, uniform: Array) -> Array:
    deviate: Array = ndtri(uniform) / TENTH
    below = _scaled(prior.value - prior.low, np.minimum(deviate, 0.0))
    above = _scaled(prior.high - prior.value, np.maximum(deviate, 0.0))
    quantiles: Array = prior.value + below + above
    return quantiles


def _scaled(width: float, deviate: Array) -> Array:
    """Return width times deviate, zero where the width is zero even if the deviate is infinite."""
    return np.zeros_like(deviate) if width == 0.0 else width * deviate


_QUANTILES: dict[Shape, Callable[[Prior, Array], Array]] = {
    "triangular": _triangular,
    "uniform": _uniform,
    "beta": _beta,
    "spread": _spread,
}
