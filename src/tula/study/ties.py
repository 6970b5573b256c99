"""Ties of a study: what it says of each, and what every number of it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tula.equilibrium import Calibration
from tula.errors import TulaError
from tula.evidence import Document, Problem
from tula.file.address import address
from tula.file.grounds import Ground, Grounds, Number
from tula.numbers.record import Path_
from tula.ties.kinds import KINDS


@dataclass(frozen=True)
class TieNumber:
    """A number of a tie by its address in the tie, and what it rests on."""

    key: str
    number: Number
    ground: Ground


@dataclass(frozen=True)
class Tie:
    """A tie that passed every check: ``model`` is all the study says of it, its head included.

    ``path`` leads to it in the study file, its kind included.
    """

    kind: str
    model: Any
    path: Path_
    numbers: tuple[TieNumber, ...]


def ties_of(document: Document, written: Iterable[tuple[int, Any]], grounds: Grounds) -> list[Tie]:
    """Join ties, by their place in the file, with the grounds of their numbers."""
    found = []
    for place, one in written:
        path: Path_ = ("ties", place, one.kind)
        body = document.at(path)
        numbers = tuple(
            TieNumber(address(body, number.path[len(path) :]), number, grounds.at(number.path))
            for number in grounds.within(path)
        )
        found.append(Tie(one.kind, one.tie, path, numbers))
    return found


def check_beside(
    document: Document, ties: Iterable[Tie], calibration: Calibration
) -> list[Problem]:
    """What shows of ties only beside the world."""
    problems = []
    for tie in ties:
        try:
            KINDS[tie.kind].check(tie.model, calibration)
        except TulaError as error:
            message = " ".join(str(error).split())
            problems.append(Problem(document.key_place(tie.path), message))
    return problems
