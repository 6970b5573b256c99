"""One set of equations over two array libraries: numpy, and jax where it was asked for.

The equations take the library from their arguments. What the two spell differently stands here.
jax is never imported by this room's equations: whoever hands them a jax array has imported it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any, TypeVar, dataclass_transform

import numpy as np

from tula.shapes import Float, Int

#: An array of either library; shapes and kinds of number are checked all the same.
Array = Any
#: A number, plain or as an array without axes.
Scalar = float | Float[Array, ""]
Count = int | Int[Array, ""]

T = TypeVar("T")

#: What counts as numpy's.
_NUMPY = (np.ndarray, float, np.generic)
#: Classes of arrays that compiled functions may take and return, see ``record``.
RECORDS: list[type] = []


def static() -> Any:
    """Declare a field of a record that is no array: compiled functions are made anew for each."""
    return field(metadata={"static": True})


@dataclass_transform(frozen_default=True, field_specifiers=(static,))
def record(cls: type[T]) -> type[T]:
    """Make a frozen dataclass of arrays that functions of either library may take and return."""
    made: type[T] = dataclass(frozen=True, eq=False)(cls)
    RECORDS.append(made)
    return made


def namespace(array: Array) -> Any:
    """Return the library an array belongs to; numbers count as numpy's."""
    if isinstance(array, _NUMPY):
        return np
    return sys.modules["jax.numpy"]


def add_at(target: Array, places: Any, values: Array) -> Array:
    """Return the target with values added at places, repeated ones too; numpy's in place."""
    if isinstance(target, np.ndarray):
        np.add.at(target, places, values)
        return target
    return target.at[places].add(values)


def scale_at(target: Array, places: Any, factors: Array) -> Array:
    """Return the target multiplied at places, at repeated ones too; numpy's in place."""
    if isinstance(target, np.ndarray):
        np.multiply.at(target, places, factors)
        return target
    return target.at[places].multiply(factors)


def raise_at(target: Array, places: Any, values: Array) -> Array:
    """Return the target lifted to at least the values at places; numpy's in place."""
    if isinstance(target, np.ndarray):
        np.maximum.at(target, places, values)
        return target
    return target.at[places].max(values)


def over(part: Array, whole: Array, none: float = 0.0) -> Array:
    """Return part / whole; ``none`` where the whole is not above zero."""
    if isinstance(part, np.ndarray):
        shape = np.broadcast_shapes(part.shape, whole.shape)
        return np.divide(part, whole, out=np.full(shape, none), where=whole > 0.0)
    where, some = namespace(part).where, whole > 0.0
    return where(some, part / where(some, whole, 1.0), none)
