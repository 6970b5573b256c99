"""What a number of a file is, in words: what its field means, and of what it is a part."""

from __future__ import annotations

from typing import Any

from tula.file.address import address, below, inside, named
from tula.file.translate import field_at
from tula.numbers.record import Path_

#: Longest meaning that is told whole; of a longer one the first clause is.
LONGEST = 90
#: Units that tell readers no more than the number, or that another line tells.
UNITLESS = frozenset({"share", "ratio", "count", "the criterion's unit", "unit of the number"})


def in_words(model: Any, content: Any, path: Path_) -> str:
    """Return what a number at a path is, such as ``Payments, mir: what it can carry``.

    First the titles and names of all that holds it, then the meaning and the unit that its field
    has in the type; of a key that has none, its plain name. What has a title of its own goes by it.
    """
    holders: dict[str, None] = {}
    value = content
    for step in path:
        value = below(value, step)
        name = value.get("title") if isinstance(value, dict) else None
        if isinstance(step, int) and not name and inside(value) is None:
            name = named(value, step)
        if isinstance(name, str) and not name.isdigit():
            holders[name] = None
    told = "" if path[0] == "beliefs" and holders else meaning_at(model, path) or _plain(path)
    return ": ".join(filter(None, (", ".join(holders), told)))


def _plain(path: Path_) -> str:
    return " ".join(str(step).replace("_", " ") for step in path[-2:] if isinstance(step, str))


def meaning_at(model: Any, path: Path_) -> str:
    """Return the first words of a field's description, without a capital, and its unit in brackets
    where it has one; empty without a description."""
    field = field_at(model, path)
    text, unit = " ".join(str(field.get("description", "")).split()), field.get("unit")
    clause = text.split(". ")[0].split("; ")[0].split(", such as ")[0].rstrip(".")
    if len(clause) > LONGEST:
        clause = clause.split(", ")[0].split(": ")[0]
    told = clause[:1].lower() + clause[1:] if clause[1:2].islower() else clause
    return f"{told} ({unit})" if told and unit and unit not in UNITLESS else told


def addressed(model: Any, content: Any, path: Path_) -> str:
    """Return what a number at a path is, in words, with its address beside."""
    return f"{in_words(model, content, path)} ({address(content, path)})"
