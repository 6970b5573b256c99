"""How solved numbers answer beliefs: what the answer would be at others, without a solve.

Every solved number is fitted over the draws to the beliefs that can move it (linear and squared
in standard deviations of their priors); at other beliefs a draw's own number moves along the fit.
Chances and lengths of time need no fit: the calendar is exact at any of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tula.shapes import Bool, Float, Int
from tula.strategy.answer.beliefs import Beliefs
from tula.strategy.answer.flows import Months, Paths, Way
from tula.strategy.answer.inputs import AnswerInputs, Course
from tula.strategy.answer.label import balanced
from tula.strategy.answer.margins import Condition, Powers, conditions
from tula.strategy.answer.moving import Moving, left_out

Array = np.ndarray
#: Deviates beyond which the fit is not followed, and paths behind each look.
FARTHEST, LOOKS = 2.5, 100
#: Spread over draws above which a number varies: a part of its mean, and what no solve misses by.
VARIES, MISSED = 1e-3, 1e-4


@dataclass(frozen=True)
class Look:
    """What the answer is at some beliefs, worked out as it is read."""

    response: Response
    beliefs: Beliefs
    moves: tuple[str, ...]
    paths: int
    dated: tuple[str, int] | None

    @cached_property
    def at(self) -> tuple[Months, Powers]:
        """The world by month, and the leverage."""
        return self.response.at(self.beliefs)

    @cached_property
    def followed(self) -> tuple[Paths, Paths]:
        """Paths under the course that keeps the balance, and under what others do about it."""
        (months, _), keep = self.at, self.response.inputs.keep
        way, taken = Way(keep, self.moves, dated=self.dated), (self.response.seed, self.paths)
        kept = months.follow(way, self.beliefs, *taken)
        if not keep.scenarios:
            return kept, kept
        return kept, months.follow(way._replace(acted=False), self.beliefs, *taken)

    @cached_property
    def conditions(self) -> list[Condition]:
        """Conditions of balance."""
        return conditions(self.response.inputs, *self.followed, self.at[1], self.beliefs)

    @cached_property
    def held(self) -> Bool[Array, "D P"]:
        """In which draws and paths balance holds."""
        return balanced(self.conditions)

    @property
    def odds(self) -> float:
        """Chance that balance holds."""
        return float(self.held.mean())

    @cached_property
    def price(self) -> Float[Array, " D"] | None:
        """The price; None where no course gives in."""
        if self.response.best is None:
            return None
        given_in = self.income(self.response.best)
        return np.asarray(given_in - self.income(self.response.inputs.keep))

    def income(self, course: Course) -> Float[Array, " D"]:
        """Return the pivot's expected income under a course, bn USD over the months.

        Under the course that keeps the balance, with the moves.
        """
        keeps = course.id == self.response.inputs.keep.id
        way = Way(course, self.moves if keeps else ())
        return np.asarray(self.at[0].income(way, self.beliefs)[:, 0])


@dataclass(frozen=True)
class Response:
    """The solved draws: the world by month, leverage, and the beliefs behind them.

    ``moving`` are beliefs that move the world, each number its own: a belief about what does not
    stand in a situation moves nothing there. ``best`` is the course that gives in best.
    """

    months: Months
    beliefs: Beliefs
    powers: Powers
    moving: Moving
    best: Course | None
    seed: int

    @property
    def inputs(self) -> AnswerInputs:
        """What is asked."""
        return self.months.inputs

    def look(
        self,
        beliefs: Beliefs,
        moves: tuple[str, ...] = (),
        paths: int = LOOKS,
        dated: tuple[str, int] | None = None,
    ) -> Look:
        """Return the answer at other beliefs of the same draws, with moves that are scenarios.

        ``dated`` as a ``Way`` has it.
        """
        return Look(self, beliefs, moves, paths, dated)

    def at(self, beliefs: Beliefs) -> tuple[Months, Powers]:
        """Return the world by month and the leverage at other beliefs of the same draws."""
        change = self._terms(beliefs) - self._terms(self.beliefs)
        moved = change.any(axis=0)
        if not moved.any():
            return self.months, self.powers
        step, read = change[:, moved] @ self._fitted[moved], self.months.read
        size, ties = read[0].size, slice(self.months.ties)
        read = read + step[:, :size].reshape(read.shape)
        read[..., ties] = np.maximum(read[..., ties], 0.0)
        needed = np.clip(self.powers.needed + step[:, size:], 0.0, 1.0)
        return replace(self.months, read=read), replace(self.powers, needed=needed)

    def _terms(self, beliefs: Beliefs) -> Float[Array, "D F"]:
        """Deviates of the beliefs that move the world, then their squares."""
        columns = [beliefs.names.index(name) for name in self.moving.names]
        score = np.clip(beliefs.score[:, columns], -FARTHEST, FARTHEST)
        return np.hstack([score, score**2])

    @cached_property
    def _solved(self) -> Float[Array, "D Z"]:
        read = self.months.read
        return np.hstack([read.reshape(len(read), -1), self.powers.needed])

    @cached_property
    def _blocks(self) -> list[tuple[Int[Array, " F"], Int[Array, " Z"]]]:
        """Terms that can move some of the solved numbers, and which numbers these are.

        Squares are left out where the draws are too few for them.
        """
        _, ages, situations, each = self.months.read.shape
        size = ages * situations * each
        place = np.arange(size).reshape(ages, situations, each)
        numbers: dict[frozenset[str], list[Array]] = {}
        for n, names in enumerate(self.moving.situations):
            numbers.setdefault(names, []).append(place[:, n].ravel())
        power = size + np.arange(self.powers.needed.shape[1])
        numbers.setdefault(self.moving.powers, []).append(power)
        return [(self._columns(names), np.concatenate(z)) for names, z in numbers.items()]

    def _columns(self, names: frozenset[str]) -> Int[Array, " F"]:
        known = self.moving.names
        linear = [n for n, name in enumerate(known) if name in names]
        few = len(self.beliefs.drawn) < 2 * (1 + 2 * len(linear))
        squares = [] if few else [len(known) + n for n in linear]
        return np.array([*linear, *squares], dtype=np.int64)

    @cached_property
    def _fitted(self) -> Float[Array, "F Z"]:
        terms = self._terms(self.beliefs)
        fitted = np.zeros((terms.shape[1], self._solved.shape[1]))
        for columns, numbers in self._blocks:
            constant = np.hstack([np.ones((len(terms), 1)), terms[:, columns]])
            found = np.linalg.lstsq(constant, self._solved[:, numbers], rcond=None)[0]
            fitted[np.ix_(columns, numbers)] = found[1:]
        return fitted

    @property
    def _read_off(self) -> Bool[Array, " Z"]:
        """Which solved numbers odds and price are read off: of incomes the first, the pivot's."""
        courses = {self.inputs.keep.id, *([self.best.id] if self.best else [])}
        situations = np.zeros(self.months.read.shape[2], dtype=bool)
        for one, n in self.months.number.items():
            situations[n] |= one.course in courses
        each = np.zeros(self.months.read.shape[1:], dtype=bool)
        each[:, situations, : self.months.ties + 1] = True
        return np.concatenate([each.ravel(), np.ones(self.powers.needed.shape[1], dtype=bool)])

    @cached_property
    def explained(self) -> float:
        """Least share of variance that the fit explains among the numbers that are read and vary.

        Read are those of the course that keeps and of the one that gives in best. Each draw is
        foretold by the others; less than zero where their mean would do better.
        """
        terms, worst, read = self._terms(self.beliefs), 0.0, self._read_off
        for columns, numbers in self._blocks:
            constant = np.hstack([np.ones((len(terms), 1)), terms[:, columns]])
            solved = self._solved[:, numbers]
            spread = solved - solved.mean(axis=0)
            vary = spread.std(axis=0) > VARIES * np.abs(solved).mean(axis=0) + MISSED
            vary &= read[numbers]
            left = left_out(constant, spread[:, vary])
            part = (left**2).mean(axis=0) / (spread[:, vary] ** 2).mean(axis=0)
            worst = max(worst, float(part.max(initial=0.0)))
        return 1.0 - worst
