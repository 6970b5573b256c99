"""Beliefs: every uncertain number once, drawn once, its value the median of its prior."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import ndtr, ndtri

from tula.numbers.quantity import Quantity
from tula.numbers.quantity import Values as Values
from tula.numbers.quantity import value_of as value_of
from tula.numbers.sobol import BITS, sobol
from tula.shapes import Float
from tula.strategy.answer.errors import AnswerError

Array = np.ndarray
#: Fewest draws, and deviates beyond which a prior is taken to end.
FEWEST, FAR = 8, 3.5


def quantile(prior: Quantity, u: Float[Array, "*any"]) -> Float[Array, "*any"]:
    """Return quantiles of a prior whose median is its value.

    Half of the mass lies on each side, on a triangle that falls from the value to the end (uniform
    on each side for a uniform shape): a lopsided range moves the mean, never the median.
    """
    below, above = prior.value - prior.low, prior.high - prior.value
    if prior.shape == "uniform":
        return np.where(u < 0.5, prior.low + 2.0 * below * u, prior.high - 2.0 * above * (1.0 - u))
    rising = prior.low + below * np.sqrt(2.0 * u)
    falling = prior.high - above * np.sqrt(2.0 * (1.0 - u))
    return np.where(u < 0.5, rising, falling)


def score_of(prior: Quantity, value: Float[Array, "*any"]) -> Float[Array, "*any"]:
    """Return standard normal deviates of values under a prior; those beyond it are its end."""
    below, above = prior.value - prior.low, prior.high - prior.value
    left = np.clip((value - prior.low) / below, 0.0, 1.0) if below else np.ones_like(value)
    right = np.clip((prior.high - value) / above, 0.0, 1.0) if above else np.ones_like(value)
    power = 1.0 if prior.shape == "uniform" else 2.0
    u = np.where(value < prior.value, 0.5 * left**power, 1.0 - 0.5 * right**power)
    return np.asarray(np.clip(ndtri(u), -FAR, FAR))


@dataclass(frozen=True)
class Beliefs:
    """Priors by id, in the order of ids, and their draws.

    ``drawn`` (D, B): values by draw and belief, row 0 at all medians; ``score`` (D, B): the same as
    standard normal deviates. A draw of an exact number is that number.
    """

    priors: Mapping[str, Quantity]
    drawn: Float[Array, "D B"]
    score: Float[Array, "D B"]

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of beliefs with a range, the columns."""
        return tuple(self.priors)

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.priors)}

    def at(self, draw: int) -> dict[str, float]:
        """Return the values of one draw."""
        return dict(zip(self.priors, self.drawn[draw].tolist(), strict=True))

    def read(self, number: Quantity) -> Float[Array, " D"]:
        """Return a number in every draw."""
        if number.belief in self._columns:
            return self.drawn[:, self._columns[number.belief]]
        return np.full(len(self.drawn), number.value)

    def moved(self, name: str, to: float) -> Beliefs:
        """Return the beliefs with the draws of one moved in proportion, its median to ``to``.

        What lies between 0 and 1 stays there.
        """
        prior, place = self.priors[name], self._columns[name]
        column = self.drawn[:, place]
        column = column * (to / prior.value) if prior.value else column + to
        if prior.low >= 0.0 and prior.high <= 1.0:
            column = np.clip(column, 0.0, 1.0)
        return self._with(place, column, score_of(prior, column))

    def held(self, name: str, at: float) -> Beliefs:
        """Return the beliefs with one known for certain."""
        score = score_of(self.priors[name], np.array(at))
        return self._with(self._columns[name], at, float(score))

    def shifted(self, step: Float[Array, " B"]) -> Beliefs:
        """Return the beliefs with every draw moved by some standard deviations of its prior."""
        score = self.score + step
        columns = [
            quantile(prior, ndtr(score[:, place]))
            for place, prior in enumerate(self.priors.values())
        ]
        return Beliefs(self.priors, np.column_stack(columns), score)

    def _with(self, place: int, column: Array | float, score: Array | float) -> Beliefs:
        drawn, scores = self.drawn.copy(), self.score.copy()
        drawn[:, place], scores[:, place] = column, score
        return Beliefs(self.priors, drawn, scores)

    def rows(self, rows: Array) -> Beliefs:
        """Return some of the draws."""
        return Beliefs(self.priors, self.drawn[rows], self.score[rows])


def draw(numbers: Iterable[Quantity], draws: int, seed: int) -> Beliefs:
    """Draw every belief with a range by a scrambled Sobol sequence, medians before them.

    The same id is one column wherever it stands. Raises ``AnswerError`` unless ``draws`` is a power
    of two of at least 8, and where an id is stated in two ways.
    """
    if draws < FEWEST or draws & (draws - 1):
        raise AnswerError([f"draws must be a power of two of at least {FEWEST}, got {draws}"])
    priors: dict[str, Quantity] = {}
    for number in numbers:
        if number.belief and priors.setdefault(number.belief, number) != number:
            one = priors[number.belief]
            raise AnswerError(
                [f"belief {number.belief!r} is stated as {one.text} and as {number.text}"]
            )
    ranged = {name: priors[name] for name in sorted(priors) if priors[name].ranged}
    if not ranged:
        nothing = np.zeros((1 + draws, 0))
        return Beliefs({}, nothing, nothing)
    points = sobol(len(ranged), draws, seed) + 0.5 ** (BITS + 1)
    u = np.vstack([np.full(len(ranged), 0.5), points])
    columns = [quantile(prior, u[:, n]) for n, prior in enumerate(ranged.values())]
    return Beliefs(ranged, np.column_stack(columns), ndtri(u))
