"""What every number of a study rests on, written in the number's own place.

A number may be written alone (``5.3``, ``"25 pp"``), with its range and ground
(``{value: 5.3, low: 5.2, high: 5.4, evidence: [O02]}``), or as a belief that the study states
elsewhere (``{belief: need}``). ``evidence`` (ids of facts) and ``reason`` (why it is assumed) may
stand beside a number, or in a mapping above it, for everything within that has none of its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tula.errors import did_you_mean, first_only
from tula.file.document import Document
from tula.file.problems import Problem
from tula.numbers.record import Path_
from tula.policy.units import NUMBER

#: Keys of a number written with what it rests on, and those of them that state it.
STATED = ("value", "low", "high")
GROUNDS = ("evidence", "reason")
LEAF = frozenset((*STATED, *GROUNDS))
#: Numbers below this key are read without their ranges.
BARE = "instruments"
#: Reason of a number that a run sets in place of the study's.
SET = "set for this run"
#: Units of numbers that are fractions: none, per cent, points.
RELATIVE = ("", "%", "pp")
_QUANTITY = re.compile(rf"\s*({NUMBER})\s*([A-Za-z%]\S*)?\s*", re.ASCII)
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def quantity(value: object) -> float | None:
    """A number as study files write it (0.25, ``"25%"``, ``"25 pp"``), or None."""
    found = _measure(value)
    return found[0] if found and found[1] in RELATIVE else None


def _measure(value: object) -> tuple[float, str] | None:
    """A number and its unit, per cent and points as fractions; None for what is neither."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value), ""
    match = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    unit = match[2] or ""
    return float(match[1]) / (100.0 if unit in RELATIVE[1:] else 1.0), unit


def _alike(*units: str) -> bool:
    """Whether numbers are in one unit; a fraction may stand beside per cent."""
    told = set(units)
    return len(told - {""} if told.issubset(RELATIVE) else told) <= 1


@dataclass(frozen=True)
class Ground:
    """Facts behind a number, or the reason why it is assumed, or both; the belief it is."""

    evidence: tuple[str, ...] = ()
    reason: str = ""
    belief: str = ""

    def __bool__(self) -> bool:
        return bool(self.evidence or self.reason)


#: A ground that cannot be read: what it lies beneath is not told to rest on nothing besides.
UNREAD = Ground(("",))


@dataclass(frozen=True)
class Number:
    """A number of a study where it stands: its path, its value and ends as written.

    ``low`` and ``high`` are None where it is stated without a range.
    """

    path: Path_
    value: Any
    low: Any = None
    high: Any = None

    @property
    def ranged(self) -> bool:
        """Whether it comes with a range."""
        return self.low is not None and self.low != self.high

    @property
    def text(self) -> str:
        """The number in words: 0.5 (0.25 to 1)."""
        value, low, high = (f"{v:g}" if isinstance(v, float | int) else str(v)
                            for v in (self.value, self.low, self.high))  # fmt: skip
        return f"{value} ({low} to {high})" if self.ranged else value


@dataclass(frozen=True)
class Grounds:
    """Grounds by the path of the number, or of the mapping, that they stand in."""

    stated: Mapping[Path_, Ground] = field(default_factory=dict)
    numbers: Mapping[Path_, Number] = field(default_factory=dict)

    def at(self, path: Path_) -> Ground:
        """What the number at a path rests on: its own ground, or that of the nearest above it."""
        own = self.stated.get(path, Ground())
        return replace(self.stated.get(self.place(path), own), belief=own.belief)

    def place(self, path: Path_) -> Path_:
        """Where that ground is stated; empty where there is none."""
        above = (path[:length] for length in range(len(path), 0, -1))
        return next(filter(self.stated.get, above), ())

    @property
    def idle(self) -> list[Path_]:
        """Where a ground is stated that no number rests on: each has its own, or there is none."""
        used = {self.place(path) for path in self.numbers}
        return [path for path, one in self.stated.items() if path not in used and not one.belief]

    def within(self, path: Path_) -> list[Number]:
        """Every number at a path or beneath it, in the order of the file."""
        return [one for at, one in self.numbers.items() if at[: len(path)] == path]

    def facts(self, path: Path_) -> tuple[str, ...]:
        """Ids of the facts cited at a path, beneath it or just above it, each once."""
        cited = [one.evidence for at, one in self.stated.items() if at[: len(path)] == path]
        found = [*cited, self.at(path).evidence]
        return tuple(dict.fromkeys(name for names in found for name in names))


@dataclass
class _Lifter:
    document: Document
    beliefs: Mapping[str, Any]
    stated: dict[Path_, Ground] = field(default_factory=dict)
    numbers: dict[Path_, Number] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    refused: set[Path_] = field(default_factory=set)

    def block(self, value: Any, path: Path_, bare: bool) -> Any:
        """A value without grounds and with beliefs in their places; ``bare``: without ranges."""
        if isinstance(value, dict):
            if "belief" in value:
                return self.believed(value, path, bare)
            if is_leaf(value):
                return self.leaf(value, path, bare)
            self.grounded(value, path)
            return {
                key: self.block(member, (*path, key), bare or key == BARE)
                for key, member in value.items()
                if key not in GROUNDS
            }
        if isinstance(value, list):
            return [self.block(one, (*path, place), bare) for place, one in enumerate(value)]
        if type(value) in (int, float) or (bare and quantity(value) is not None):
            self.numbers[path] = Number(path, value)
        return self.text(value, path) if isinstance(value, str) else value

    def text(self, value: str, path: Path_) -> str:
        """A text with the numbers of beliefs in place of their ids in braces."""
        if not self.beliefs or "{" not in value:
            return value

        def number(found: re.Match[str]) -> str:
            name = found[1]
            if name is None:
                return found[0][0]
            if name not in self.beliefs:
                self.report(path, f"unknown belief {name!r} in braces{self.near(name)}")
                return found[0]
            self.used.add(name)
            return plain_number(_value(self.beliefs[name]))

        return _BRACES.sub(number, value)

    def near(self, name: str) -> str:
        return did_you_mean(name, self.beliefs) if self.beliefs else "; the study has no beliefs"

    def believed(self, value: dict[str, Any], path: Path_, bare: bool) -> Any:
        name, stray = value["belief"], [key for key in value if key != "belief"]
        for key in stray:
            message = f"{key!r} stands beside a belief, which states it already; drop one"
            self.report((*path, key), message, key=True)
        if not isinstance(name, str) or name not in self.beliefs:
            self.report((*path, "belief"), f"unknown belief {name!r}{self.near(str(name))}")
            self.refused.add(path)
            self.stated[path] = UNREAD
            return None
        self.used.add(name)
        stated = self.beliefs[name]
        stated = stated if isinstance(stated, dict) else {"value": stated}
        told = len(self.problems)
        found = self.leaf({k: v for k, v in stated.items() if k in LEAF}, path, bare)
        del self.problems[told:]  # they are told where the belief is stated
        self.stated[path] = replace(self.stated.get(path, Ground()), belief=name)
        return {**found, "belief": name} if isinstance(found, dict) else found

    def leaf(self, value: dict[str, Any], path: Path_, bare: bool) -> Any:
        self.grounded(value, path)
        hint = first_only(lambda key: did_you_mean(key, LEAF))
        for key in value:
            if key not in LEAF:
                self.report((*path, key), f"unknown key {key!r}{hint(key)}", key=True)
        stated = {key: value[key] for key in STATED if key in value}
        number = Number(path, stated.get("value"), stated.get("low"), stated.get("high"))
        self.numbers[path] = number
        if bare and "value" not in stated:
            self.report(path, "key 'value' is missing: only a drawn number may be a range alone")
        refused = any((*path, key) in self.document.refused for key in STATED)
        if not refused and (fault := unordered(number)):
            self.report(path, fault)
            self.refused.add(path)
            self.numbers[path] = Number(path, number.value)
            return number.low if number.value is None else number.value
        if bare or set(stated) == {"value"}:
            return stated.get("value", number.low)
        return stated

    def grounded(self, value: dict[str, Any], path: Path_) -> None:
        """Keep the ground that a mapping states."""
        cited, reason = value.get("evidence"), value.get("reason")
        listed = [cited] if isinstance(cited, str) else cited
        if cited is not None and not (
            isinstance(listed, list) and listed and all(isinstance(one, str) for one in listed)
        ):
            self.unread(path, "evidence", "evidence must be a list of fact ids such as [F01]")
            return
        if reason is not None and not (isinstance(reason, str) and reason.strip()):
            self.unread(path, "reason", "'reason': must be text that is not empty")
            return
        if listed or reason:
            self.stated[path] = Ground(tuple(listed or ()), reason or "")

    def unread(self, path: Path_, key: str, message: str) -> None:
        self.report((*path, key), message)
        self.refused.add((*path, key))
        self.stated[path] = UNREAD

    def report(self, path: Path_, message: str, key: bool = False) -> None:
        place = self.document.key_place(path) if key else self.document.place(path)
        self.problems.append(Problem(place, message))


def unordered(number: Number) -> str:
    """Say unless a range runs from low to high, with the value inside, all in one unit."""
    given = [number.low, number.value, number.high]
    if given.count(None) == 2 or (number.value is None and given.count(None) == 1):
        return ""
    if None in (number.low, number.high):
        return f"key {'low' if number.low is None else 'high'!r} is missing: a range has two ends"
    low, value, high = map(_measure, given)
    if value is None and number.value is not None:
        return ""
    value = value or low
    if low is None or value is None or high is None:
        return f"{number.text} is a number: so must its range be"
    if not _alike(low[1], value[1], high[1]):
        return f"{number.text}: a number and its range have one unit"
    if low[0] > high[0]:
        return "the range runs from high to low; swap its ends"
    if low[0] <= value[0] <= high[0]:
        return ""
    return f"the value {number.value} lies outside its own range, {number.low} to {number.high}"


def plain_number(value: object) -> str:
    """A number as words have it: without its unit."""
    match = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    number = float(match[1]) if match else value
    return f"{number:g}" if isinstance(number, int | float) else str(number)


def _value(stated: Any) -> Any:
    return stated.get("value") if isinstance(stated, dict) else stated


def is_leaf(value: dict[str, Any]) -> bool:
    """Whether a mapping states a number, and is not a part with fields."""
    return "value" in value or {"low", "high"}.issubset(value)


def lift(
    document: Document, zones: Collection[str], beliefs: Mapping[str, Any]
) -> tuple[Document, Grounds, list[Problem]]:
    """Return a document without grounds, and the grounds; beliefs are put in their places.

    Numbers have grounds below the keys ``zones``. Below ``instruments`` they are read as the bare
    value; elsewhere with their range. ``{id}`` in a text becomes the number of that belief. What is
    wrong with a believed number is told where the belief states it.
    """
    lifter = _Lifter(document, beliefs)
    for name, stated in beliefs.items():
        if isinstance(stated, dict):
            lifter.leaf({k: v for k, v in stated.items() if k in LEAF}, ("beliefs", name), False)
    content = _walk(lifter, document.content, (), zones)
    believed = {
        path: document.place(("beliefs", ground.belief, "value"))
        for path, ground in lifter.stated.items()
        if ground.belief
    }
    return (
        replace(
            document,
            content=content,
            values=document.values | believed,
            refused=document.refused | lifter.refused,
        ),
        Grounds(lifter.stated, lifter.numbers),
        [*lifter.problems, *_unused(lifter)],
    )


def _walk(lifter: _Lifter, value: Any, path: Path_, zones: Collection[str]) -> Any:
    """A value outside of zones, where texts are filled in and nothing has grounds."""
    if isinstance(value, str):
        return lifter.text(value, path)
    if isinstance(value, list):
        return [_walk(lifter, one, (*path, place), zones) for place, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    found = {}
    for key, member in value.items():
        here = (*path, key)
        if here == ("beliefs",):
            found[key] = member
        elif key in zones:
            found[key] = lifter.block(member, here, key == BARE)
        else:
            found[key] = _walk(lifter, member, here, zones)
    return found


def _unused(lifter: _Lifter) -> Iterator[Problem]:
    for name in lifter.beliefs:
        if name not in lifter.used:
            place = lifter.document.key_place(("beliefs", name))
            yield Problem(place, f"belief {name!r} is used nowhere", warning=True)
