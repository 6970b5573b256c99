"""A number that is not known exactly: a central value between two ends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from tula.shapes import Float
from tula.wanted import wanted

Array = np.ndarray
#: Values by belief.
Values = Mapping[str, float]
_PER_CENT = re.compile(r"\s*(\d+\.?\d*)\s*%\s*", re.ASCII)


class Quantity(BaseModel):
    """A central value between two ends, in the unit its field states.

    May be given as one number, which is then held to be exact. The range is read as a triangular
    distribution with its mode at ``value``, or as a uniform one. ``belief`` is the id of the belief
    that a study states it under: wherever the same belief stands, it is drawn as one number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    value: float
    low: float
    high: float
    shape: Literal["triangular", "uniform"] = "triangular"
    belief: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, given: Any) -> Any:
        if isinstance(given, int | float) and not isinstance(given, bool):
            return {"value": given, "low": given, "high": given}
        if isinstance(given, dict) and set(given) == {"low", "high"}:
            ends = given["low"], given["high"]
            if all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends):
                return {"value": sum(ends) / 2.0, **given, "shape": "uniform"}
        if not isinstance(given, dict | Quantity):
            message = wanted("float_type", given)
            raise PydanticCustomError("told", "{message}", {"message": message})
        return given

    @model_validator(mode="after")
    def _ordered(self) -> Quantity:
        if not (np.isfinite([self.low, self.high]).all() and self.low <= self.value <= self.high):
            raise ValueError(
                f"expected low <= value <= high; got {self.low}, {self.value}, {self.high}"
            )
        return self

    @property
    def ranged(self) -> bool:
        """Whether it may be anything else than its value."""
        return self.low < self.high

    @property
    def text(self) -> str:
        """The number in words: 0.5 (0.25 to 1)."""
        told = f"{self.value:g}"
        return f"{told} ({self.low:g} to {self.high:g})" if self.ranged else told

    def at(self, uniform: Float[Array, " D"]) -> Float[Array, " D"]:
        """Return the quantiles of its distribution at numbers between 0 and 1."""
        width = self.high - self.low
        if width == 0.0:
            return np.full_like(uniform, self.value)
        if self.shape == "uniform":
            even: Array = self.low + width * uniform
            return even
        peak = (self.value - self.low) / width
        rising = self.low + width * np.sqrt(uniform * peak)
        falling = self.high - width * np.sqrt((1.0 - uniform) * (1.0 - peak))
        return np.where(uniform < peak, rising, falling)


def value_of(number: Quantity, values: Values) -> float:
    """Return a number at the values of beliefs; its own value where it is none of them."""
    return values.get(number.belief, number.value) if number.belief else number.value


def exact(number: float) -> Quantity:
    """Return a number known exactly."""
    return Quantity.model_construct(value=number, low=number, high=number)


def _not_negative(quantity: Quantity) -> Quantity:
    if quantity.low < 0.0:
        raise ValueError(f"must be zero or more over its whole range; low is {quantity.low}")
    return quantity


def above_zero(quantity: Quantity) -> Quantity:
    """Return a quantity; ``ValueError`` unless all of its range is above zero."""
    if quantity.low <= 0.0:
        raise ValueError(f"must be above zero over its whole range; low is {quantity.low}")
    return quantity


def _per_cent(given: Any) -> Any:
    """A share as a fraction where it is written in per cent: of a share, that reads one way."""
    if isinstance(given, dict):
        return {key: _per_cent(one) for key, one in given.items()}
    match = _PER_CENT.fullmatch(given) if isinstance(given, str) else None
    return float(match[1]) / 100.0 if match else given


def _share(quantity: Quantity) -> Quantity:
    if quantity.low < 0.0 or quantity.high > 1.0:
        raise ValueError(
            "is a share between 0 and 1 over its whole range (5% is 0.05); "
            f"got {quantity.low} to {quantity.high}"
        )
    return quantity


def _growth(quantity: Quantity) -> Quantity:
    if quantity.low <= -1.0:
        raise ValueError(f"is a relative change above -1 (-100%); low is {quantity.low}")
    return quantity


NotNegative = Annotated[Quantity, AfterValidator(_not_negative)]
Positive = Annotated[Quantity, AfterValidator(above_zero)]
Share = Annotated[Quantity, BeforeValidator(_per_cent), AfterValidator(_share)]
Growth = Annotated[Quantity, AfterValidator(_growth)]
