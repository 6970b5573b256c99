"""Problems in an input file: each with its place, all reported together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tula.errors import TulaError
from tula.text import message

#: Problems listed one by one; the rest are counted.
LISTED = 20


class Place(NamedTuple):
    """A spot in a file; line and column count from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong (or, as a warning, odd) at one place."""

    place: Place
    message: str
    warning: bool = False

    def __str__(self) -> str:
        return message(f"{self.place}: {'warning: ' if self.warning else ''}{self.message}")


class InvalidFileError(TulaError):
    """A study or evidence file cannot be used. Every problem is listed with file, line, remedy."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        count = len([problem for problem in self.problems if not problem.warning])
        head = f"{count} problem{'' if count == 1 else 's'}"
        told, more = listed(self.problems)
        super().__init__("\n".join([head, *map(str, told), *more]))


def listed(problems: Iterable[Problem]) -> tuple[list[Problem], list[str]]:
    """The problems to be told one by one, errors before warnings, and how many more there are."""
    ranked = sorted({*problems}, key=lambda problem: (problem.warning, problem))
    more = len(ranked) - LISTED
    return sorted(ranked[:LISTED]), [f"... and {more:,} more"] if more > 0 else []


def errors_in(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that are not mere warnings, in file order."""
    return tuple(sorted({problem for problem in problems if not problem.warning}))
