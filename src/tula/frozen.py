"""Arrays nobody can write to, and results kept no longer than what they were computed from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields
from functools import cached_property, wraps
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

P = ParamSpec("P")
K = TypeVar("K")
R = TypeVar("R")

#: Results kept for one owner, the longest unused let go first.
MOST_KEPT = 8


def frozen(values: np.ndarray) -> np.ndarray:
    """Return an array that nobody can write to: itself, or a copy where others still could."""
    owner = values
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    if values.flags.writeable or owner.flags.writeable:
        values = values.copy(order="K")
        values.setflags(write=False)
    return values


def sealed(values: np.ndarray) -> np.ndarray:
    """Return an array just made, which nobody else holds, closed to writing without a copy."""
    owner: Any = values
    while isinstance(owner, np.ndarray):
        owner.setflags(write=False)
        owner = owner.base
    return values


class Frozen:
    """A base for dataclasses of arrays that cannot be written, copied and pickled ones neither."""

    def __post_init__(self) -> None:
        self.__setstate__(self.__dict__)

    def __getstate__(self) -> dict[str, Any]:
        """Return the fields alone: what was computed from them is computed again."""
        return {one.name: getattr(self, one.name) for one in fields(self)}  # type: ignore[arg-type]

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        for name, value in dict(state).items():
            held = frozen(value) if isinstance(value, np.ndarray) else value
            object.__setattr__(self, name, held)


class frozen_property(cached_property[np.ndarray]):  # noqa: N801  (used like its base)
    """A property computed once, an array nobody can write to."""

    def __init__(self, compute: Callable[[Any], np.ndarray]) -> None:
        super().__init__(compute)
        self.func = wraps(compute)(lambda owner: sealed(np.asarray(compute(owner))))


def kept_with(compute: Callable[Concatenate[K, P], R]) -> Callable[Concatenate[K, P], R]:
    """Remember what a function computed as long as its first argument lives.

    The last ``MOST_KEPT`` results for each first argument are kept, by the others, which must be
    hashable. What is computed must not hold on to the first argument.
    """
    memory: WeakKeyDictionary[Any, OrderedDict[Hashable, R]] = WeakKeyDictionary()
    lock, unsaid = Lock(), compute.__kwdefaults__ or {}

    @wraps(compute)
    def remembered(owner: K, /, *args: P.args, **others: P.kwargs) -> R:
        key = (args, tuple(sorted({**unsaid, **others}.items())))
        with lock:
            kept = memory.setdefault(owner, OrderedDict())
            if key in kept:
                kept.move_to_end(key)
                return kept[key]
        found = compute(owner, *args, **others)
        with lock:
            result = kept.setdefault(key, found)
            if len(kept) > MOST_KEPT:
                kept.popitem(last=False)
        return result

    return remembered
