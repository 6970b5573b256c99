"""Inputs read with what they rest on; facts later than the day they are used on are refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from tula.evidence import Document, Evidence, Fact, Problem, Record, validate
from tula.study.backtest.numbers import GroundedNumber, Number, ground, numbers_in
from tula.study.citations import is_later
from tula.study.vocabulary import Path_, text_items, unknown

_OF_A_TIE = "the tie has no number"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_inputs(
    document: Document, path: Path_, model: type[Record]
) -> tuple[Record | None, tuple[GroundedNumber, ...], list[Problem]]:
    """Return the ``inputs`` at a path, what each number and day rests on, and every problem."""
    here = (*path, "inputs")
    if document.at(here) is None:
        return None, (), [Problem(document.place(path), "key 'inputs' is missing")]
    inputs, problems = validate(model, document, here)
    content = document.at(here)
    numbers = list(numbers_in(content, here)) + list(_days_in(content, here))
    grounded, bare = ground(document, path, numbers)
    if inputs is None:
        return None, grounded, [*problems, *(one for one in bare if _OF_A_TIE not in one.message)]
    return inputs, grounded, [*map(_of_inputs, bare), *_exact(document, grounded)]


def _of_inputs(problem: Problem) -> Problem:
    """A problem told of a tie's numbers, told of inputs."""
    return Problem(problem.place, problem.message.replace(_OF_A_TIE, "the inputs have no number"))


def _days_in(value: Any, path: Path_, key: str = "") -> Iterator[Number]:
    """Every day of the calendar, which needs grounds as a number does."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        yield Number(key, path, value, True)
    members: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for step, member in members:
        yield from _days_in(member, (*path, step), f"{key}.{step}" if key else str(step))


def _exact(document: Document, grounded: Iterable[GroundedNumber]) -> list[Problem]:
    """Problems with numbers that are assumed and have no range; an exact 0 needs none."""
    return [
        Problem(
            document.place(one.number.path),
            f"{one.number.key} is assumed: give its range, {{value, low, high}} or {{low, high}}",
        )
        for one in grounded
        if not (one.evidence or one.number.ranged or one.number.value == 0)
        if not _end_of_range(document, one.number.path)
    ]


def _end_of_range(document: Document, path: Path_) -> bool:
    beside = document.at(path[:-1])
    return isinstance(beside, dict) and set(beside) == {"low", "high"}


def check_facts(
    document: Document, path: Path_, evidence: Evidence, day: date, what: str
) -> list[Problem]:
    """Problems with facts cited at a path, alone or by key: unknown, or later than the day."""
    given = document.at(path)
    paths = [(*path, key) for key in given] if isinstance(given, dict) else [path]
    problems = [found for at in paths for found in unknown(document, at, "fact", evidence.facts)]
    for at in paths:
        for item, name in text_items(document, at):
            late = _late(evidence.facts.get(name), day)
            if late:
                message = f"fact {name!r} {late}: {what} are frozen on that day"
                problems.append(Problem(document.place(item), message))
    return problems


def late_facts(names: Iterable[str], evidence: Evidence, day: date) -> list[str]:
    """Say of every named fact that is later than a day that it is."""
    said = {name: _late(evidence.facts.get(name), day) for name in names}
    return [f"fact {name!r} {late}" for name, late in said.items() if late]


def _late(fact: Fact | None, day: date) -> str:
    """How a fact stands after a day; empty where it does not."""
    if fact is None:
        return ""
    if is_later(fact, day):
        return f"{fact.dated}, after {day}"
    if len(fact.known) < 10 and day.isoformat().startswith(fact.known):
        return f"{fact.dated}, which may be after {day}; give its day"
    return ""
