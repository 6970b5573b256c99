"""Which bid is best for which weights: stochastic multicriteria acceptability analysis.

Lahdelma, Hokkanen and Salminen (1998, EJOR 106); SMAA-2: Lahdelma and Salminen (2001, Operations
Research 49). Weights are unknown: uniform over the simplex; scores are drawn from their ranges.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tula.errors import TulaError, UnknownNameError
from tula.shapes import Float
from tula.ties.nuclear.tender import Tender

Array = np.ndarray

#: Draws of weights and scores: the largest standard error of an acceptability is then 0.0016.
WEIGHT_DRAWS = 100_000
#: Values closer than this are tied; tied alternatives share the ranks they occupy.
TIE = 1e-12
#: Comparisons held in memory at once.
BLOCK = 4_000_000


class WeightError(TulaError):
    """A weight is not between 0 and 1, or is fixed where only one criterion exists."""


@dataclass(frozen=True)
class Acceptability:
    """Result of an analysis over B alternatives and C criteria.

    * ``ranks`` (B, B): share of draws in which a row's alternative takes a column's rank, best
      first; rows and columns sum to one; ``error``: Monte Carlo standard errors;
    * ``central_weights`` (B, C): mean weights under which an alternative is first, NaN if never;
    * ``confidence`` (B,): chance that it is first, given its central weights, NaN if never first;
    * ``beats`` (B, B): share of draws in which the row is worth more than the column, ties half;
    * ``draws``: number of draws.
    """

    alternatives: tuple[str, ...]
    criteria: tuple[str, ...]
    ranks: Float[Array, "B B"]
    error: Float[Array, "B B"]
    central_weights: Float[Array, "B C"]
    confidence: Float[Array, " B"]
    beats: Float[Array, "B B"]
    draws: int

    @property
    def first(self) -> dict[str, float]:
        """Share of draws in which each alternative is first."""
        return dict(zip(self.alternatives, self.ranks[:, 0].tolist(), strict=True))


def uniform_weights(
    criteria: int, draws: int, generator: np.random.Generator
) -> Float[Array, "D C"]:
    """Return weights uniform over the simplex (Dirichlet of ones)."""
    exponential = generator.standard_exponential((draws, criteria))
    weights: Array = exponential / exponential.sum(axis=1, keepdims=True)
    return weights


def fix_weight(weights: Float[Array, "D C"], place: int, weight: float) -> Float[Array, "D C"]:
    """Return weights with one set and the others, in their proportions, sharing the rest.

    If the weights given are uniform over the simplex, the others are uniform over what is left.
    """
    if weights.shape[1] < 2 or not 0.0 <= weight <= 1.0:
        raise WeightError(f"cannot fix weight {weight} among {weights.shape[1]} criteria")
    others = np.delete(weights, place, axis=1)
    rest = others / others.sum(axis=1, keepdims=True) * (1.0 - weight)
    fixed: Array = np.insert(rest, place, weight, axis=1)
    return fixed


def draw_values(
    tender: Tender, draws: int, generator: np.random.Generator
) -> Float[Array, "D B C"]:
    """Return partial values, 0 to 1, drawn from the ranges of the scores, independently."""
    values = np.empty((draws, len(tender.bids), len(tender.criteria)))
    for row, bid in enumerate(tender.bids):
        for column, criterion in enumerate(tender.criteria):
            drawn = bid.scores[criterion.name].at(generator.random(draws))
            values[:, row, column] = (drawn - criterion.worst) / (criterion.best - criterion.worst)
    return values


def smaa(
    values: Float[Array, "D B C"],
    weights: Float[Array, "D C"],
    alternatives: Sequence[str],
    criteria: Sequence[str],
) -> Acceptability:
    """Return acceptabilities of alternatives with drawn partial values under drawn weights."""
    worth = np.einsum("dbc,dc->db", values, weights)
    ranks, beats, first = _ranks(worth)
    with np.errstate(invalid="ignore", divide="ignore"):
        central = first.T @ weights / first.sum(axis=0)[:, None]
    draws = len(weights)
    return Acceptability(
        alternatives=tuple(alternatives),
        criteria=tuple(criteria),
        ranks=ranks,
        error=np.sqrt(ranks * (1.0 - ranks) / draws),
        central_weights=central,
        confidence=_confidence(values, central),
        beats=beats,
        draws=draws,
    )


def _ranks(
    worth: Float[Array, "D B"],
) -> tuple[Float[Array, "B B"], Float[Array, "B B"], Float[Array, "D B"]]:
    """Return shares of ranks, of wins against each other, and first places by draw."""
    draws, size = worth.shape
    ranks, beats, first = np.zeros((size, size)), np.zeros((size, size)), []
    for better, tied in _compared(worth):
        above, level = better.sum(axis=0), tied.sum(axis=0)
        beats += (better + 0.5 * tied).sum(axis=2)
        for rank in range(size):
            ranks[:, rank] += _mass(above, level, rank).sum(axis=1)
        first.append(_mass(above, level, 0).T)
    return ranks / draws, beats / draws, np.concatenate(first)


def _compared(worth: Float[Array, "D B"]) -> Iterator[tuple[Array, Array]]:
    """Yield, draws last, block by block, whether the first axis is better than, and tied with, the
    second."""
    size = worth.shape[1]
    step = max(1, BLOCK // size**2)
    for start in range(0, len(worth), step):
        block = np.ascontiguousarray(worth[start : start + step].T)
        gap = block[:, None] - block
        yield gap > TIE, np.abs(gap) <= TIE


def _mass(above: Array, level: Array, rank: int) -> Float[Array, "B D"]:
    """Part of a rank an alternative holds: those level (itself among them) share their ranks."""
    held: Array = ((above <= rank) & (rank < above + level)) / level
    return held


def _confidence(values: Float[Array, "D B C"], central: Float[Array, "B C"]) -> Float[Array, " B"]:
    found = np.full(len(central), np.nan)
    for row, weights in enumerate(central):
        if np.isfinite(weights).all():
            found[row] = _first_share(values @ weights)[row]
    return found


def _first_share(worth: Float[Array, "D B"]) -> Float[Array, " B"]:
    """Return the share of draws each alternative wins, ties shared."""
    worth = np.ascontiguousarray(worth.T)
    top = worth >= worth.max(axis=0) - TIE
    share: Array = (top / top.sum(axis=0)).mean(axis=1)
    return share


def rank_bids(tender: Tender, *, draws: int = WEIGHT_DRAWS, seed: int = 0) -> Acceptability:
    """Return the acceptability of every bid for every rank, weights unknown."""
    generator = np.random.default_rng(seed)
    weights = uniform_weights(len(tender.criteria), draws, generator)
    values = draw_values(tender, draws, generator)
    return smaa(values, weights, [bid.name for bid in tender.bids], tender.names)


@dataclass(frozen=True)
class WeightCurve:
    """First-rank acceptability against the weight on one criterion, the others unknown.

    ``first`` and ``error`` (G, B): by weight on the grid and by alternative.
    """

    criterion: str
    weights: Float[Array, " G"]
    alternatives: tuple[str, ...]
    first: Float[Array, "G B"]
    error: Float[Array, "G B"]


def weight_curve(
    tender: Tender,
    criterion: str,
    grid: Float[Array, " G"],
    *,
    draws: int = WEIGHT_DRAWS,
    seed: int = 0,
) -> WeightCurve:
    """Return who is first as the weight on one criterion runs over a grid.

    The same draws serve every point of the grid. Raises ``UnknownNameError`` and ``WeightError``.
    """
    if criterion not in tender.names:
        raise UnknownNameError("criterion", criterion, tender.names)
    generator = np.random.default_rng(seed)
    weights = uniform_weights(len(tender.criteria), draws, generator)
    values, place = draw_values(tender, draws, generator), tender.names.index(criterion)
    rows = [
        _first_share(np.einsum("dbc,dc->db", values, fix_weight(weights, place, float(weight))))
        for weight in grid
    ]
    first = np.array(rows)
    error = np.sqrt(first * (1.0 - first) / draws)
    return WeightCurve(criterion, grid, tuple(bid.name for bid in tender.bids), first, error)
