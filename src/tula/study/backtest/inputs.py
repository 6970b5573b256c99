"""Inputs of frozen forecasts: numbers with their distribution, and how they are drawn."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, model_validator
from scipy.stats import qmc

from tula.evidence import Record
from tula.shapes import Float
from tula.uncertainty.priors import Prior

Array = np.ndarray


class Draw(Record):
    """A number and what is believed of it.

    Written as one number (exact), as ``{value, low, high}`` (triangular, mode at ``value``) or as
    ``{low, high}`` (uniform).
    """

    value: float
    low: float
    high: float
    shape: Literal["triangular", "uniform"] = "triangular"

    @model_validator(mode="before")
    @classmethod
    def _written(cls, given: Any) -> Any:
        if isinstance(given, int | float) and not isinstance(given, bool):
            return {"value": given, "low": given, "high": given}
        if isinstance(given, dict) and set(given) == {"low", "high"}:
            low, high = given["low"], given["high"]
            if all(isinstance(end, int | float) for end in (low, high)):
                return {"value": (low + high) / 2.0, **given, "shape": "uniform"}
        if not isinstance(given, dict) or set(given) != {"value", "low", "high"}:
            raise ValueError("must be a number, {value, low, high} or {low, high}")
        return given

    @model_validator(mode="after")
    def _ordered(self) -> Draw:
        if not self.low <= self.value <= self.high:
            raise ValueError(
                f"expected low <= value <= high; got {self.low:g}, {self.value:g}, {self.high:g}"
            )
        return self

    def within(self, low: float, high: float, what: str) -> str:
        """Return what is wrong where the range leaves ``low`` to ``high``; empty where it stays."""
        if low <= self.low and self.high <= high:
            return ""
        return f"{what} is {self.low:g} to {self.high:g}; expected {low:g} to {high:g}"

    def at(self, uniform: Float[Array, " D"]) -> Float[Array, " D"]:
        """Return the quantiles at numbers between 0 and 1."""
        prior = Prior(
            name="input", value=self.value, low=self.low, high=self.high, shape=self.shape
        )
        return prior.at(uniform)


def draws_of(inputs: object, at: str = "") -> dict[str, Draw]:
    """Return every drawn number of a record by its path, such as ``set.market.elasticity``."""
    if isinstance(inputs, Draw):
        return {at: inputs}
    members: Mapping[Any, object] = {}
    if isinstance(inputs, BaseModel):
        members = {name: getattr(inputs, name) for name in type(inputs).model_fields}
    elif isinstance(inputs, Mapping):
        members = inputs
    elif isinstance(inputs, tuple):
        members = dict(enumerate(inputs))
    found: dict[str, Draw] = {}
    for name, member in members.items():
        found |= draws_of(member, f"{at}.{name}" if at else str(name))
    return found


def sample(
    quantities: Mapping[str, Draw | Prior], count: int, seed: int, name: str
) -> dict[str, Float[Array, " D"]]:
    """Draw every quantity independently, ``count`` times, by a Latin hypercube.

    The numbers depend on ``seed`` and on ``name``, which is whose inputs these are, and on nothing
    else: taking one forecast out of a file leaves the others as they were.
    """
    uniforms = uniform(max(1, len(quantities)), count, seed, name)
    return {key: one.at(uniforms[:, place]) for place, (key, one) in enumerate(quantities.items())}


def uniform(width: int, count: int, seed: int, name: str) -> Float[Array, "D W"]:
    """Return a Latin hypercube of ``count`` points in ``width`` dimensions, between 0 and 1."""
    generator = np.random.default_rng([seed, zlib.crc32(name.encode())])
    points: Array = qmc.LatinHypercube(width, rng=generator).random(count)
    return points
