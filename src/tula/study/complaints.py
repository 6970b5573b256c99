"""What models of blocks complain of, told at its place in the study file."""

from __future__ import annotations

from typing import Any

from pydantic_core import ErrorDetails

from tula.evidence import Document, Problem
from tula.numbers.quantity import Quantity
from tula.numbers.record import quantities
from tula.study.tie_numbers import GroundedNumber, Number
from tula.study.vocabulary import Path_


def told(document: Document, here: Path_, details: ErrorDetails) -> list[Problem]:
    """The problems in one complaint of a model; none where the reader has told it already."""
    path = (*here, *details["loc"])
    if any(refused[: len(path)] == path for refused in document.refused):
        return []
    name, message = path[-1], details["msg"].removeprefix("Value error, ")
    if message == "Field required":
        place, message = document.key_place(path[:-1]), f"key {name!r} is missing"
    elif message.startswith(("unknown key", "Extra inputs")):
        near = message.removeprefix("unknown key") if message.startswith("unknown") else ""
        place, message = document.key_place(path), f"unknown key {name!r}{near}"
    else:
        place = document.place(path)
        if len(path) > len(here):
            message = f"{name!r}: {message}"
    return [Problem(place, line.strip()) for line in message.splitlines()]


def lines(document: Document, here: Path_, message: str, numbers: list[Number]) -> list[Problem]:
    """A complaint of several lines, each at the number it begins with, or at the tie."""
    problems = []
    for line in message.splitlines():
        named = line.split(":")[0].strip()
        found = [one for one in numbers if f".{one.key}".endswith(f".{named}")]
        place = document.place(found[0].path if found else here)
        problems.append(Problem(place, line.strip()))
    return problems


def exact(
    document: Document, models: dict[str, Any], grounded: tuple[GroundedNumber, ...], path: Path_
) -> list[Problem]:
    """Problems with numbers that are assumed and could have a range, but have none.

    An exact 0 says that there is nothing of the kind, and needs none.
    """
    ranging: dict[Path_, Quantity] = {}
    for key, model in models.items():
        here = (*path, key) if key else path
        for name, quantity in quantities(model).items():
            steps = (int(step) if step.isdigit() else step for step in name.split("."))
            ranging[(*here, *steps)] = quantity
    return [
        Problem(
            document.place(one.number.path),
            f"{one.number.key} is assumed: give its range, as {{value, low, high}}",
        )
        for one in grounded
        if not (one.evidence or one.number.ranged) and one.number.path in ranging
        if ranging[one.number.path].value != 0.0
    ]


def unless_unknown(bare: list[Problem], found: list[Problem]) -> list[Problem]:
    """Problems of numbers, but of those under a key that no model has: that is told already."""
    known = {problem.place.line for problem in found if problem.message.startswith("unknown key")}
    return [problem for problem in bare if problem.place.line not in known]
