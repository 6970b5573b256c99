"""Designs of draws: a scrambled Sobol sequence arranged for variance-based sensitivity indices.

Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola (2010, Computer Physics Communications
181, 259-270): two independent matrices A and B, and for every group g of columns a matrix AB_g that
is A with the columns of g taken from B. The pair (A, B) is one Sobol sequence of twice as many
dimensions as there are columns, scrambled by random matrices and a digital shift (Matousek 1998,
Journal of Complexity 14, 527-556).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tula.errors import TulaError
from tula.numbers.sobol import BITS, sobol
from tula.shapes import Bool, Float, Int
from tula.uncertainty.priors import Prior

Array = np.ndarray

#: Fewer rows than this are no sample.
FEWEST_DRAWS = 8
#: Stands in ``group`` and ``twin`` for "none".
NONE = -1


class DrawsError(TulaError):
    """The number of draws is no power of two of at least 8. Use the one the message names."""


class FactorsError(TulaError):
    """Factors cannot be told apart or hold nothing. Every problem is listed."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n  ".join(["the factors cannot be drawn:", *self.problems]))


class NotNestedError(TulaError):
    """A design extends another only with the same factors and seed and at least its draws."""


@dataclass(frozen=True)
class Factor:
    """A group of priors that is drawn, and to which variance is ascribed, as one."""

    name: str
    priors: tuple[Prior, ...]


@dataclass(frozen=True)
class Design:
    """R = (2 + G) n draws of K priors in G groups: blocks A, B, AB_1 ... AB_G of n rows each.

    * ``uniforms`` (R, K): numbers strictly between 0 and 1; columns in the order of ``columns``;
    * ``group`` (R,): which group's columns an AB row takes from B; -1 in A and B;
    * ``twin`` (R,): the row of A from which an AB row differs in that group's columns only; -1 in
      A and B. Row ``twin + n`` is the row of B the columns come from.
    """

    factors: tuple[Factor, ...]
    draws: int
    seed: int
    uniforms: Float[Array, "R K"]
    group: Int[Array, " R"]
    twin: Int[Array, " R"]

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the groups, in the order of their blocks."""
        return tuple(factor.name for factor in self.factors)

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The prior of every column."""
        return tuple(prior for factor in self.factors for prior in factor.priors)

    @property
    def columns(self) -> tuple[str, ...]:
        """Name of the prior of every column."""
        return tuple(prior.name for prior in self.priors)

    @property
    def independent(self) -> Bool[Array, " R"]:
        """The 2n rows of A and B: a plain sample, from which shares and means are taken."""
        rows: Array = self.group == NONE
        return rows

    @cached_property
    def values(self) -> Float[Array, "R K"]:
        """The draws in the priors' units."""
        columns = [prior.at(self.uniforms[:, k]) for k, prior in enumerate(self.priors)]
        return np.stack(columns, axis=1)

    def rows_of(self, smaller: Design) -> Int[Array, " R_smaller"]:
        """Return where each row of a smaller design stands in this one, to reuse its results.

        Raises :class:`NotNestedError` unless both have the same factors and seed.
        """
        alike = (self.factors, self.seed) == (smaller.factors, smaller.seed)
        if not alike or smaller.draws > self.draws:
            raise NotNestedError(
                f"a design of {self.draws} draws, seed {self.seed}, does not extend one of "
                f"{smaller.draws} draws, seed {smaller.seed}"
                + ("" if self.factors == smaller.factors else ", with other factors")
            )
        blocks = np.arange(2 + len(self.factors))[:, None] * self.draws
        rows: Array = (blocks + np.arange(smaller.draws)).ravel()
        return rows


def saltelli(factors: Sequence[Factor], draws: int, seed: int) -> Design:
    """Return the design with ``draws`` rows in A; the same seed gives the same numbers.

    More draws extend a design: the first n rows of every block are those of the design with n.
    Raises :class:`DrawsError` and :class:`FactorsError`.
    """
    require_draws(draws)
    _check_factors(factors)
    owner = np.repeat(np.arange(len(factors)), [len(factor.priors) for factor in factors])
    first, second = _pair(draws, len(owner), seed)
    mixed = [np.where(owner == place, second, first) for place in range(len(factors))]
    return Design(
        factors=tuple(factors),
        draws=draws,
        seed=seed,
        uniforms=np.concatenate([first, second, *mixed]),
        group=np.repeat([NONE, NONE, *range(len(factors))], draws),
        twin=np.concatenate(
            [np.full(2 * draws, NONE), np.tile(np.arange(draws), len(factors))],
        ),
    )


def _pair(draws: int, width: int, seed: int) -> tuple[Array, Array]:
    """Return A and B (draws, width) in the middle of the sequence's cells: never 0 or 1."""
    points = sobol(2 * width, draws, seed) + 0.5**BITS / 2.0
    return points[:, :width], points[:, width:]


def require_draws(draws: int) -> None:
    """Raise :class:`DrawsError` unless ``draws`` is a power of two of at least 8."""
    if draws >= FEWEST_DRAWS and draws & (draws - 1) == 0:
        return
    below = max(FEWEST_DRAWS, 1 << (max(draws, 1).bit_length() - 1))
    nearest = min(below, 2 * below, key=lambda power: abs(power - draws))
    raise DrawsError(
        f"draws must be a power of two of at least {FEWEST_DRAWS}, as Sobol sequences want; "
        f"got {draws}; the nearest is {nearest}"
    )


def _check_factors(factors: Sequence[Factor]) -> None:
    columns = [prior.name for factor in factors for prior in factor.priors]
    problems = [f"factor {factor.name!r} holds no prior" for factor in factors if not factor.priors]
    problems += _repeated("factor", [factor.name for factor in factors])
    problems += _repeated("prior", columns)
    if not factors:
        problems.append("there are none: give at least one factor")
    if problems:
        raise FactorsError(problems)


def _repeated(kind: str, names: Sequence[str]) -> list[str]:
    counts = Counter(names)
    return [
        f"{kind} {name!r} is named {count} times" for name, count in counts.items() if count > 1
    ]
