"""The base of everything that an answer tells."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from tula.described import Described


class Found(Described, BaseModel):
    """A part of what was found, ready to be written as JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Spread(Found):
    """A number over draws, and paths where it has any: median and middle four fifths."""

    median: float
    """Half of all lie below."""
    low: float
    """A tenth lies below."""
    high: float
    """A tenth lies above."""


def spread(values: object) -> Spread:
    """Return the median, the 10th and the 90th percentile."""
    import numpy as np

    low, median, high = np.percentile(np.asarray(values, dtype=float), [10.0, 50.0, 90.0])
    return Spread(median=float(median), low=float(low), high=float(high))
