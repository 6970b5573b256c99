"""The numbers of a block, by key, and what each of them rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tula.errors import did_you_mean, first_only
from tula.evidence import Document, Problem
from tula.study.vocabulary import Path_

#: Keys by which an item of a list is named in the keys of its numbers, the first it has.
NAMING = ("region", "name", "kind", "id", "rival")
#: The two ways to write a number with its range.
_RANGED = ({"value", "low", "high"}, {"alpha", "beta"})


@dataclass(frozen=True)
class Number:
    """A number of a tie.

    ``key`` names it in the block, such as ``market.buyers.IND.need``; ``path`` leads to it in the
    file; ``value`` is as written; ``ranged`` says whether it comes with a range.
    """

    key: str
    path: Path_
    value: Any
    ranged: bool

    @property
    def text(self) -> str:
        """The number in words: 0.5 (0.25 to 1)."""
        if not isinstance(self.value, dict):
            return f"{self.value:g}"
        if "alpha" in self.value:
            return f"Beta({self.value['alpha']:g}, {self.value['beta']:g})"
        value, low, high = (self.value[end] for end in ("value", "low", "high"))
        return f"{value:g} ({low:g} to {high:g})"


@dataclass(frozen=True)
class GroundedNumber:
    """A number with the facts behind it, or the reason it is assumed, or both."""

    number: Number
    evidence: tuple[str, ...]
    reason: str


def numbers_in(value: Any, path: Path_, key: str = "") -> Iterator[Number]:
    """Yield every number of a value, ranges counted as one number each."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield Number(key, path, value, False)
    elif isinstance(value, dict):
        if set(value) in _RANGED:
            yield Number(key, path, value, value.get("low") != value.get("high") or "beta" in value)
            return
        for name, member in value.items():
            yield from numbers_in(member, (*path, name), _joined(key, name))
    elif isinstance(value, list):
        for place, member in enumerate(value):
            yield from numbers_in(member, (*path, place), _joined(key, _named(member, place)))


def _joined(key: str, step: str) -> str:
    return f"{key}.{step}" if key else step


def _named(member: Any, place: int) -> str:
    """How an item of a list is called: by its name, as a rail by its ends, or by its place."""
    if isinstance(member, dict):
        if isinstance(member.get("start"), str) and isinstance(member.get("end"), str):
            return f"{member['start']} -> {member['end']}"
        names = [member[key] for key in NAMING if isinstance(member.get(key), str)]
        if names:
            return str(names[0])
    return str(place)


def ground(
    document: Document, path: Path_, numbers: list[Number], owner: str = "tie"
) -> tuple[tuple[GroundedNumber, ...], list[Problem]]:
    """Join numbers with the block's ``evidence`` and ``assumptions``.

    A key covers its number, or every number beneath it; the longest key that covers a number
    decides, and the same key may stand in both. ``owner`` is what messages call the block.
    """
    facts, problems = _read(document, (*path, "evidence"), numbers, owner)
    reasons, found = _read(document, (*path, "assumptions"), numbers, owner)
    grounded = []
    problems += found
    for number in numbers:
        best = _longest(number, [*facts, *reasons])
        if best is None:
            problems.append(Problem(document.place(number.path), _bare(number)))
            continue
        cited, reason = facts.get(best, ()), reasons.get(best, "")
        grounded.append(GroundedNumber(number, tuple(cited), str(reason)))
    return tuple(grounded), problems


def _bare(number: Number) -> str:
    return (
        f"{number.key} rests on nothing: name it under evidence (fact ids) or under assumptions "
        "(the reason), or a key above it"
    )


def _longest(number: Number, keys: Iterable[str]) -> str | None:
    covering = [key for key in keys if _covers(key, number)]
    return max(covering, key=len, default=None)


def _covers(key: str, number: Number) -> bool:
    return number.key == key or number.key.startswith(f"{key}.")


def _read(
    document: Document, path: Path_, numbers: list[Number], owner: str
) -> tuple[Mapping[str, Any], list[Problem]]:
    """The entries of ``evidence`` or ``assumptions``, and problems with them."""
    given = document.at(path)
    if given is None:
        return {}, []
    if not isinstance(given, dict):
        message = f"{path[-1]} of a {owner} must be a mapping from the key of a number"
        return {}, [Problem(document.place(path), message)]
    problems, sound = [], {}
    near = first_only(lambda key: did_you_mean(key, _keys(numbers)))
    for key, entry in given.items():
        if not any(_covers(key, number) for number in numbers):
            message = f"{path[-1]}: the {owner} has no number {key!r}{near(key)}"
            problems.append(Problem(document.key_place((*path, key)), message))
        if not _sound(entry, str(path[-1])):
            wanted = "a list of fact ids such as [F01]" if path[-1] == "evidence" else "a reason"
            problems.append(Problem(document.place((*path, key)), f"{key!r}: must be {wanted}"))
        else:
            sound[key] = entry
    return sound, problems


def _sound(entry: Any, section: str) -> bool:
    if section == "assumptions":
        return isinstance(entry, str) and bool(entry.strip())
    return isinstance(entry, list) and bool(entry) and all(isinstance(one, str) for one in entry)


def _keys(numbers: list[Number]) -> list[str]:
    """Keys of the numbers and of everything above them."""
    found: dict[str, None] = {}
    for number in numbers:
        steps = number.key.split(".")
        found.update(dict.fromkeys(".".join(steps[:end]) for end in range(len(steps), 0, -1)))
    return list(found)
