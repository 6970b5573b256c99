"""Ties of a study: what it says of each, and what every number of it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tula.equilibrium import Calibration
from tula.errors import TulaError
from tula.evidence import Document, Problem
from tula.file.grounds import Grounds, Number
from tula.numbers.record import Path_
from tula.ties.kinds import KINDS


@dataclass(frozen=True)
class Tie:
    """A tie that passed every check: ``model`` is all the study says of it, its head included.

    ``path`` leads to it in the study file, its kind included.
    """

    kind: str
    model: Any
    path: Path_
    numbers: tuple[Number, ...]


def ties_of(written: Iterable[tuple[int, Any]], grounds: Grounds) -> list[Tie]:
    """Join ties, by their place in the file, with their numbers."""
    found = []
    for place, one in written:
        path: Path_ = ("ties", place, one.kind)
        found.append(Tie(one.kind, one.tie, path, tuple(grounds.within(path))))
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
