"""Forecasts set beside what came of them: proper scores, ours and those of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from tula.strategy.answer.forecast import Forecast, months_read
from tula.strategy.answer.found import Found
from tula.strategy.answer.result import Answer, ForecastTold
from tula.study.backtest.outcomes import Benchmark, Outcome
from tula.uncertainty.priors import Prior
from tula.uncertainty.scores import brier, crps_ensemble, crps_prior

#: Scores nearer to each other than this, relative to the larger, are a draw.
EVEN = 1e-9
#: Days from the first to the last that one point on the path can stand for.
LONGEST = 31
Later = Callable[[Sequence[str]], bool]


class Rival(Found):
    """What others said, and its score."""

    source: str
    """Who said so."""
    low: float
    """Lower end."""
    high: float
    """Upper end, equal to the lower of a single number."""
    score: float
    """CRPS or Brier's, as ours: lower is better."""
    later: bool
    """Whether it was said after the day of the study."""
    reading: str = ""
    """How words were turned into the number."""
    evidence: tuple[str, ...]
    """Facts behind it."""


class Arrival(Found):
    """What came of a critical tie over some days, to stand beside the path."""

    tie: str
    """The tie."""
    month: float
    """Month ahead, the first 1: the mean of the days."""
    share: float
    """What arrived, ratio to the reference."""


class Scored(Found):
    """A forecast, what came of it, and scores: CRPS in ``unit``, or Brier's of an event."""

    forecast: ForecastTold
    """What was foretold."""
    came: float
    """What came; of an event 1 or 0."""
    note: str
    """What to bear in mind."""
    evidence: tuple[str, ...]
    """Facts that say so."""
    score: float
    """Ours."""
    persistence: Rival
    """What was known last."""
    published: tuple[Rival, ...]
    """What others had forecast."""
    arrival: Arrival | None = None
    """Of a tie over at most a month: the same as a ratio to its reference."""

    @property
    def event(self) -> bool:
        """Whether it is the chance of an event."""
        return self.forecast.chance is not None

    @property
    def middle(self) -> float:
        """The median of a number; the chance of an event."""
        told = self.forecast
        return told.number.median if told.number else float(told.chance or 0.0)

    @property
    def inside(self) -> bool | None:
        """Whether what came lies between the 10th and 90th percentile; None of an event."""
        told = self.forecast.number
        return told.low <= self.came <= told.high if told else None

    @property
    def best_published(self) -> Rival | None:
        """The published forecast that came nearest, chosen with hindsight."""
        return min(self.published, key=lambda one: one.score, default=None)

    def beats(self, rival: Rival | None) -> bool:
        """Whether ours is better than another's, if there is one; a draw is no better."""
        return rival is not None and less(self.score, rival.score)

    @property
    def nearest(self) -> str:
        """Whose score is the lowest: ours, persistence, published, or a draw."""
        scores = {"ours": self.score, "persistence": self.persistence.score}
        if self.best_published is not None:
            scores["published"] = self.best_published.score
        best = min(scores.values())
        ahead = [name for name, one in scores.items() if not less(best, one)]
        return ahead[0] if len(ahead) == 1 else "draw"

    @property
    def lost(self) -> bool:
        """Whether anybody came nearer."""
        rivals = (self.persistence, *self.published)
        return any(less(one.score, self.score) for one in rivals)


def less(one: float, other: float) -> bool:
    """Whether a score is lower than another by more than rounding."""
    return other - one > EVEN * max(abs(one), abs(other))


def score(
    found: Answer, outcomes: Mapping[str, Outcome], later: Later = lambda facts: False
) -> tuple[Scored, ...]:
    """Score what was foretold where something came of it, losses first.

    ``later`` says of facts whether any was known only after the day of the study.
    """
    told = {one.id: one for one in found.forecasts}
    scored = [_scored(told[name], one, later) for name, one in outcomes.items() if name in told]
    return tuple(sorted(scored, key=lambda one: not one.lost))


def arrival(one: Forecast, came: float, found: Answer) -> Arrival | None:
    """Return what came of a forecast beside the path; None if it reads no tie, or longer."""
    if one.tie is None or (one.until - one.first).days > LONGEST:
        return None
    months = 1.0 + np.arange(found.months)
    month = float(months @ months_read(one, found.announced, found.months))
    return Arrival(tie=one.tie, month=month, share=(came - one.plus.value) / one.times.value)


def _scored(told: ForecastTold, outcome: Outcome, later: Later) -> Scored:
    event, came = told.chance is not None, outcome.came.value
    ours = _brier(float(told.chance or 0.0), came) if event else _crps(told.values, came)

    def rival(one: Benchmark) -> Rival:
        low, high = one.ends
        return Rival(
            source=one.source,
            low=low,
            high=high,
            score=_brier((low + high) / 2.0, came) if event else _crps_even(low, high, came),
            later=later(one.evidence),
            reading=one.reading,
            evidence=one.evidence,
        )

    return Scored(
        forecast=told,
        came=came,
        note=outcome.came.note,
        evidence=outcome.came.evidence,
        score=ours,
        persistence=rival(outcome.persistence),
        published=tuple(map(rival, outcome.published)),
    )


def _brier(chance: float, came: float) -> float:
    return float(brier(np.array(chance), np.array(came == 1.0)))


def _crps(values: Sequence[float], came: float) -> float:
    return float(crps_ensemble(np.array(values), np.array(came)))


def _crps_even(low: float, high: float, came: float) -> float:
    prior = Prior(name="told", value=(low + high) / 2.0, low=low, high=high, shape="uniform")
    return crps_prior(prior, came)
