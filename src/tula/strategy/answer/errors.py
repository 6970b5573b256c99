"""Why there is no answer."""

from __future__ import annotations

from collections.abc import Iterable

from tula.errors import TulaError


class AnswerError(TulaError):
    """The question cannot be asked as it stands, or too many draws have no equilibrium.

    Every problem is listed with what to do.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n  ".join(["there is no answer:", *self.problems]))
