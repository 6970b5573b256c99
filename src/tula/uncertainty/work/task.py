"""What is evaluated, and what one row of a design gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from tula.errors import TulaError

Array = np.ndarray

#: Numbers are rounded to this many significant digits. A solve is certified to a residual of 1e-10
#: (``tula.equilibrium``), so further digits carry nothing; and last bits may differ between
#: machines, which would make two equal answers look different.
SIGNIFICANT_DIGITS = 10

#: From one row of a design, numbers between 0 and 1 [k], to named numbers (NaN where undefined).
Function = Callable[[Array], Mapping[str, float]]


@runtime_checkable
class Task(Protocol):
    """How to build the function, and what identifies it. Sent to workers with ``pickle``.

    The function must depend on its row alone, never on rows it has seen before: blocks are handed
    out in any order. A ``TulaError`` it raises belongs to the row; everything else ends the run.
    """

    @property
    def key(self) -> str:
        """Hash of everything that decides the numbers: the study, its data, code and settings."""

    def build(self) -> Function:
        """Return the function; called once per process, as dear as it may be."""


@dataclass(frozen=True)
class Result:
    """What one row gave: values, rounded to ``SIGNIFICANT_DIGITS``, or the reason why none."""

    values: Mapping[str, float] | None = None
    failure: str | None = None

    def __post_init__(self) -> None:
        if (self.values is None) == (self.failure is None):
            raise ValueError("a result has values or a failure, and not both")


def rounded(value: float) -> float:
    """Return ``value`` to ``SIGNIFICANT_DIGITS``; minus zero becomes zero, NaN stays."""
    return float(f"{value:.{SIGNIFICANT_DIGITS - 1}e}") + 0.0


def result_of(function: Function, row: Array) -> Result:
    """Evaluate one row [k]; a ``TulaError`` is the row's result, not redrawn and not raised."""
    try:
        values = function(row)
    except TulaError as error:
        return Result(failure=f"{type(error).__name__}: {error}")
    return Result(values={name: rounded(float(value)) for name, value in values.items()})
