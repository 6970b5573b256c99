"""Probabilities of exclusive states and means of results over draws, with their sampling errors.

The errors are of the sampling alone: a probability is as good as the priors and the model it was
drawn from. They are those of independent draws. A scrambled Sobol sequence is more even, so they
are as a rule too wide for it (Owen 1997, SIAM Journal on Numerical Analysis 34, 1884-1910).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from tula.errors import TulaError, UnknownNameError
from tula.numbers.estimate import PERCENTILES
from tula.shapes import Float

Array = np.ndarray

#: Standard normal deviate of a two-sided 95% interval.
DEVIATE = float(ndtri(0.975))


class NoDrawsError(TulaError):
    """No draw succeeded, so there is nothing to count. Look into why the draws failed."""


class StatesError(TulaError):
    """States are named twice, or there are none."""


@dataclass(frozen=True)
class StateOdds:
    """Probability of one state.

    * ``count``: draws that ended in it; ``share``: of the draws that succeeded;
    * ``error``: standard error of the share, sqrt(p (1 - p) / n), zero at 0 and 1;
    * ``low``, ``high``: 95% interval of Wilson (1927, JASA 22, 209-212), which has a width at 0
      and 1 too;
    * ``least``, ``most``: share of all draws if no, and if every, failed draw had ended in it.
    """

    state: str
    count: int
    share: float
    error: float
    low: float
    high: float
    least: float
    most: float


@dataclass(frozen=True)
class Odds:
    """Probabilities of exclusive states, in the order asked, from ``succeeded`` draws.

    Their shares sum to one. ``failed`` draws are in no state and counted apart.
    """

    states: tuple[StateOdds, ...]
    succeeded: int
    failed: int

    @property
    def shares(self) -> dict[str, float]:
        """Share by state."""
        return {odds.state: odds.share for odds in self.states}

    def of(self, state: str) -> StateOdds:
        """Return one state's odds; raises ``UnknownNameError``."""
        for odds in self.states:
            if odds.state == state:
                return odds
        raise UnknownNameError("state", state, self.shares)


@dataclass(frozen=True)
class Mean:
    """A result over ``succeeded`` draws, in its own unit.

    * ``mean`` with its standard ``error`` s / sqrt(n), NaN for a single draw;
    * ``low``, ``median``, ``high``: 10th, 50th and 90th percentile of the draws;
    * ``failed``: draws left out, NaN or infinite.
    """

    mean: float
    error: float
    low: float
    median: float
    high: float
    succeeded: int
    failed: int


def odds(labels: Sequence[str | None], states: Sequence[str]) -> Odds:
    """Return the probability of every state from the state each draw ended in; None: it failed.

    Raises ``UnknownNameError`` for a label that is no state, :class:`StatesError` and
    :class:`NoDrawsError`.
    """
    if not states or len(set(states)) < len(states):
        raise StatesError(f"expected states named once each; got {', '.join(states) or 'none'}")
    counts = Counter(labels)
    failed = counts.pop(None, 0)
    for label in counts:
        if label not in states:
            raise UnknownNameError("state", str(label), states)
    succeeded = len(labels) - failed
    if not succeeded:
        raise NoDrawsError(f"none of {len(labels)} draws succeeded")
    found = tuple(_state_odds(state, counts[state], succeeded, failed) for state in states)
    return Odds(states=found, succeeded=succeeded, failed=failed)


def _state_odds(state: str, count: int, succeeded: int, failed: int) -> StateOdds:
    share = count / succeeded
    low, high = wilson(count, succeeded)
    return StateOdds(
        state=state,
        count=count,
        share=share,
        error=float(np.sqrt(share * (1.0 - share) / succeeded)),
        low=low,
        high=high,
        least=count / (succeeded + failed),
        most=(count + failed) / (succeeded + failed),
    )


def wilson(count: int, draws: int, deviate: float = DEVIATE) -> tuple[float, float]:
    """Return Wilson's interval of a probability seen ``count`` times in ``draws``; 95% by default.

    The ends at 0 of n and n of n are exactly 0 and 1. Raises :class:`NoDrawsError`.
    """
    if not 0 <= count <= draws or not draws:
        raise NoDrawsError(f"expected a count between 0 and the draws; got {count} of {draws}")
    share, slack = count / draws, deviate**2 / draws
    centre = (share + slack / 2.0) / (1.0 + slack)
    reach = np.sqrt(share * (1.0 - share) * slack + slack**2 / 4.0) / (1.0 + slack)
    low = 0.0 if count == 0 else centre - reach
    high = 1.0 if count == draws else centre + reach
    return float(low), float(high)


def mean_of(values: Float[Array, " D"]) -> Mean:
    """Return the mean of a result over draws, its error and percentiles; NaN: the draw failed.

    Raises :class:`NoDrawsError`.
    """
    kept = values[np.isfinite(values)]
    if not len(kept):
        raise NoDrawsError(f"none of {len(values)} draws succeeded")
    deviation = kept.std(ddof=1) if len(kept) > 1 else np.nan
    low, median, high = np.percentile(kept, [PERCENTILES[0], 50.0, PERCENTILES[1]])
    return Mean(
        mean=float(kept.mean()),
        error=float(deviation / np.sqrt(len(kept))),
        low=float(low),
        median=float(median),
        high=float(high),
        succeeded=len(kept),
        failed=len(values) - len(kept),
    )
