"""Addresses of what a file states: dotted names, items of lists by what they are called."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any

from pydantic import BaseModel

from tula.numbers.record import Path_

#: Keys by which an item of a list is named, the first it has: in files, and in results.
NAMING = ("id", "region", "name", "kind", "rival", "scenario", "belief", "month", "what")


def named(member: Any, place: int) -> str:
    """How an item of a list is called: by its name, a rail by its ends, or by its place."""
    if isinstance(member, dict):
        if isinstance(member.get("start"), str) and isinstance(member.get("end"), str):
            return f"{member['start']} -> {member['end']}"
        if len(member) == 1 and isinstance(inner := next(iter(member.values())), dict):
            member = inner
    stated = (
        member
        if isinstance(member, dict)
        else vars(member)
        if isinstance(member, BaseModel)
        else {}
    )
    names = (stated[key] for key in NAMING if isinstance(stated.get(key), str | int))
    return str(next(names, place))


def members(value: Any) -> Iterator[tuple[str, str | int, Any]]:
    """Name, key and content of everything directly below a value.

    An item of a list that is one key with a mapping, such as a tie, is that mapping.
    """
    if isinstance(value, dict):
        for key, member in value.items():
            yield str(key), key, member
    elif isinstance(value, list):
        for place, member in enumerate(value):
            yield named(member, place), place, member


def inside(member: Any) -> str | None:
    """The kind of an item that is one key with a mapping; None for any other."""
    if isinstance(member, dict) and len(member) == 1:
        ((kind, body),) = member.items()
        return kind if isinstance(body, dict) else None
    return None


def below(value: Any, step: str | int) -> Any:
    """What stands under a key or at a place; None where there is nothing."""
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None


def address(content: Any, path: Path_) -> str:
    """Return the address of a path: its keys, with items of lists by their names."""
    steps, value, skipped = [], content, False
    for step in path:
        if skipped:
            skipped = False
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            steps.append(named(value[step], step))
            skipped = inside(value[step]) is not None
        else:
            steps.append(str(step))
        value = below(value, step)
    return ".".join(steps)


def resolve(content: Any, text: str, start: Path_ = ()) -> Path_ | None:
    """Return the path that an address leads to from ``start``; None where there is none."""
    return _resolve(reduce(below, start, content), text, start)


def _resolve(value: Any, text: str, path: Path_) -> Path_ | None:
    if not text:
        return path
    for name, key, member in members(value):
        if text != name and not text.startswith(f"{name}."):
            continue
        rest, inner, here = text[len(name) + 1 :], member, (*path, key)
        kind = inside(member) if isinstance(key, int) else None
        if kind is not None:
            inner, here = member[kind], (*here, kind)
        found = _resolve(inner, rest, here)
        if found is not None:
            return found
    return None


def addresses(content: Any, depth: int) -> list[str]:
    """Every address down to a depth, for hints."""
    found = []
    for name, key, member in members(content):
        found.append(name)
        kind = inside(member) if isinstance(key, int) else None
        if depth > 1:
            inner = member[kind] if kind is not None else member
            found += [f"{name}.{rest}" for rest in addresses(inner, depth - 1)]
    return found
