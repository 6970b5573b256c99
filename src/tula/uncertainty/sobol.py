"""How much of a result's variance each group of inputs explains: Sobol indices with their errors.

First-order index of a group: the share of the variance that would go if the group were known.
Total index: the share that would remain if all but the group were known. First order after
Saltelli et al. (2010, Computer Physics Communications 181, 259-270, table 2 b), total after Jansen
(1999, Computer Physics Communications 117, 35-43), for independent inputs.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from tula.errors import TulaError
from tula.shapes import Float
from tula.uncertainty.draws import Design

Array = np.ndarray

#: Resamples of base rows behind an error.
RESAMPLES = 1000
#: Percentiles of a 95% interval.
INTERVAL = (2.5, 97.5)
#: Below this, relative to the size of the numbers, a difference or a variance is rounding.
ROUNDING = 1e-12


class OutputsError(TulaError):
    """Outputs do not fit the design, or too few are left. Give one number for every row."""


@dataclass(frozen=True)
class Indices:
    """First-order and total indices of G groups, as shares of the variance.

    * ``first``, ``total`` (G,): estimates, not forced into 0 to 1; by definition 0 for an output
      that does not vary; NaN where the output varies, but not between the rows of A and B, so that
      there is no variance to divide by (a rare event: take more draws);
    * ``first_error``, ``total_error`` (G,): bootstrap standard errors over base rows;
    * ``first_interval``, ``total_interval`` (G, 2): 95% percentile intervals of the same resamples;
    * ``variance``: of the output over the rows of A and B, in its unit squared;
    * ``kept``, ``dropped``: base rows used, and left out because one of their 2 + G runs failed.
    """

    groups: tuple[str, ...]
    first: Float[Array, " G"]
    total: Float[Array, " G"]
    first_error: Float[Array, " G"]
    total_error: Float[Array, " G"]
    first_interval: Float[Array, "G 2"]
    total_interval: Float[Array, "G 2"]
    variance: float
    kept: int
    dropped: int


def indices(
    design: Design, outputs: Float[Array, " R"], *, resamples: int = RESAMPLES, seed: int = 0
) -> Indices:
    """Return the indices of an output given for every row of the design.

    A row whose run failed is NaN or infinite and takes its whole base row (A_i, B_i, all AB_i) with
    it. The bootstrap resamples base rows as if they were independent; draws of a Sobol sequence
    are more even than that, so the errors are on the safe side. Raises :class:`OutputsError`.
    """
    blocks, dropped = _complete(design, outputs)
    kept = blocks.shape[1]
    moments = _Moments.of(_centred(blocks))
    whole = moments.indices(np.ones((1, kept)))[0]
    generator = np.random.default_rng(seed)
    counts = generator.multinomial(kept, np.full(kept, 1.0 / kept), size=resamples)
    resampled = moments.indices(counts.astype(float))
    error, interval = _dispersion(resampled)
    return Indices(
        groups=design.groups,
        first=whole[0],
        total=whole[1],
        first_error=error[0],
        total_error=error[1],
        first_interval=interval[0],
        total_interval=interval[1],
        variance=float(blocks[:2].var()),
        kept=kept,
        dropped=dropped,
    )


def _dispersion(resampled: Array) -> tuple[Array, Array]:
    """Return standard errors (2, G) and intervals (2, G, 2) over the resamples with an index."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        error = np.nanstd(resampled, axis=0, ddof=1)
        interval = np.nanpercentile(resampled, INTERVAL, axis=0)
    return error, np.moveaxis(interval, 0, -1)


def _complete(design: Design, outputs: Array) -> tuple[Array, int]:
    """Return outputs (2 + G, kept) of the base rows of which every run succeeded, and the rest."""
    rows = len(design.group)
    if outputs.shape != (rows,):
        raise OutputsError(f"the design has {rows} rows; got outputs of shape {outputs.shape}")
    blocks = outputs.reshape(-1, design.draws)
    complete = np.isfinite(blocks).all(axis=0)
    kept = int(complete.sum())
    if kept < 2:
        raise OutputsError(
            f"{kept} of {design.draws} base rows are complete; at least 2 are needed"
        )
    return blocks[:, complete], design.draws - kept


def _centred(blocks: Array) -> Array:
    """Return outputs less their mean, exactly zero if they differ by no more than rounding."""
    if np.ptp(blocks) <= ROUNDING * np.abs(blocks).max():
        return np.zeros_like(blocks)
    centred: Array = blocks - blocks.mean()
    return centred


@dataclass(frozen=True)
class _Moments:
    """Terms of the estimators by base row, so that a resample is one weighted sum of them."""

    first: Array  # (n, G)
    total: Array  # (n, G)
    level: Array  # (n,)
    square: Array  # (n,)

    @classmethod
    def of(cls, blocks: Array) -> _Moments:
        a, b, mixed = blocks[0], blocks[1], blocks[2:]
        return cls(
            first=(b * (mixed - a)).T,
            total=(0.5 * (a - mixed) ** 2).T,
            level=0.5 * (a + b),
            square=0.5 * (a**2 + b**2),
        )

    def indices(self, counts: Array) -> Array:
        """Return first-order and total indices (M, 2, G) for M samples' counts of base rows."""
        weights = counts / counts.sum(axis=1, keepdims=True)
        square = weights @ self.square
        variance = square - (weights @ self.level) ** 2
        variance = np.where(variance <= ROUNDING * square, 0.0, variance)[:, None, None]
        parts = np.stack([weights @ self.first, weights @ self.total], axis=1)
        undefined = np.where(parts == 0.0, 0.0, np.nan)
        shares: Array = np.divide(parts, variance, out=undefined, where=variance > 0.0)
        return shares
