"""Run-time checks of types and array shapes, once for every signature of a call.

A check takes longer than most of what it checks. A second call with the same types, shapes and
sorts of numbers would be judged as the first was, so it goes straight to the function.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Hashable
from typing import Any

import jaxtyping
from beartype import BeartypeConf, beartype

every_call = jaxtyping.jaxtyped

#: beartype, which takes an int where a float stands.
checked = beartype(conf=BeartypeConf(is_pep484_tower=True))


def once_per_signature(*, typechecker: Any) -> Callable[[Any], Any]:
    """Stand in for the decorator ``jaxtyping.jaxtyped``, which checks on every call."""
    return functools.partial(_decorated, typechecker=typechecker)


def _decorated(target: Any, typechecker: Any) -> Any:
    if isinstance(target, type):
        if dataclasses.is_dataclass(target) and "__init__" in vars(target):
            target.__init__ = _checked_once(target.__init__, typechecker)
        return target
    if isinstance(target, (classmethod, staticmethod)):
        return type(target)(_checked_once(target.__func__, typechecker))
    if isinstance(target, property):
        return property(_checked_once(target.fget, typechecker), target.fset, target.fdel)
    return _checked_once(target, typechecker)


def _checked_once(function: Callable[..., Any], typechecker: Any) -> Callable[..., Any]:
    seen: set[Hashable] = set()
    checking = functools.cache(lambda: every_call(function, typechecker=typechecker))

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        signature = (*map(_kind, args), *kwargs, *map(_kind, kwargs.values()))
        if signature in seen:
            return function(*args, **kwargs)
        result = checking()(*args, **kwargs)
        seen.add(signature)
        return result

    return wrapped


#: How to read what a check looks at off a value, by the value's type.
_readers: dict[type, Callable[[Any], Hashable]] = {}


def _kind(value: object) -> Hashable:
    """Return what a check of a value looks at: its type and, of an array, sort and shape."""
    sort = type(value)
    read = _readers.get(sort)
    if read is None:
        read = _readers[sort] = _reader(value)
    return read(value)


def _reader(value: object) -> Callable[[Any], Hashable]:
    sort = type(value)
    if hasattr(sort, "dtype"):
        return lambda array: (sort, array.shape, array.dtype)
    if isinstance(value, tuple):
        return lambda values: (sort, *map(_kind, values))
    return type
