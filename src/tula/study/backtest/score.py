"""Forecasts set beside what came of them: proper scores, ours and those of the benchmarks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tula.study.backtest.conditions import CHECKS, Verdict
from tula.study.backtest.forecast import Forecast, Forecasts
from tula.study.backtest.later import Later
from tula.study.backtest.schema import Benchmarks, ConditionBlock, Told
from tula.uncertainty.priors import Prior
from tula.uncertainty.scores import brier, crps_ensemble, crps_prior, skill

#: Scores nearer to each other than this, relative to the larger, are a draw.
EVEN = 1e-9
OURS, PERSISTENCE, PUBLISHED, DRAW = "ours", "persistence", "published", "draw"


@dataclass(frozen=True)
class Rival:
    """A benchmark, its score, and our skill against it; ``later``: made after our freeze."""

    told: Told
    score: float
    skill: float
    later: bool

    def beaten_by(self, score: float) -> bool:
        """Whether a score is better (lower) than this one's."""
        return score < self.score and not even(score, self.score)


@dataclass(frozen=True)
class Scored:
    """A forecast with its outcome and scores: CRPS in the quantity's unit, or Brier for an event.

    Where nothing has come of it yet, ``outcome`` and ``score`` are None.
    """

    forecast: Forecast
    outcome: float | None
    score: float | None
    persistence: Rival | None
    published: tuple[Rival, ...]
    inside: bool | None

    @property
    def best_published(self) -> Rival | None:
        """The published forecast that came nearest, chosen with hindsight."""
        return min(self.published, key=lambda rival: rival.score, default=None)

    def beats(self, rival: Rival | None) -> bool:
        """Whether our score is better than a rival's; never where one of the two is absent."""
        return rival is not None and self.score is not None and rival.beaten_by(self.score)

    @property
    def error(self) -> float | None:
        """Distance of the forecast's middle from the outcome, spread left out."""
        return None if self.outcome is None else abs(self.forecast.central - self.outcome)

    def middle_beats(self, rival: Rival | None) -> bool:
        """Whether our middle alone is nearer to the outcome than the rival's middle."""
        if rival is None or self.outcome is None or self.error is None:
            return False
        theirs = abs(sum(rival.told.ends) / 2.0 - self.outcome)
        return self.error < theirs and not even(self.error, theirs)

    @property
    def winner(self) -> str:
        """Who came nearest: ours, persistence, published, or a draw of ours with the best."""
        if self.score is None:
            return ""
        scores = {OURS: self.score}
        if self.persistence is not None:
            scores[PERSISTENCE] = self.persistence.score
        if self.best_published is not None:
            scores[PUBLISHED] = self.best_published.score
        best = min(scores.values())
        ahead = [name for name, score in scores.items() if even(score, best)]
        if len(ahead) > 1:
            return DRAW if OURS in ahead else " and ".join(ahead)
        return ahead[0]


@dataclass(frozen=True)
class Judged:
    """A condition with its verdict; None where an outcome it turns on is not known."""

    block: ConditionBlock
    verdict: Verdict | None


@dataclass(frozen=True)
class Scorecard:
    """Every forecast scored, every condition judged."""

    hash: str
    scored: tuple[Scored, ...]
    judged: tuple[Judged, ...]


def even(one: float, other: float) -> bool:
    """Whether two scores are the same but for rounding."""
    return abs(one - other) <= EVEN * max(abs(one), abs(other))


def score(found: Forecasts, later: Later) -> Scorecard:
    """Score forecasts that are made already against outcomes and benchmarks."""
    scored = tuple(_scored(forecast, later) for forecast in found.forecasts.values())
    known = {name: outcome.value for name, outcome in later.outcomes.items()}
    judged = []
    for part, numbers in found.conditions.values():
        check = CHECKS[part.block.check]
        ready = all(name in known for name in check.outcomes(part.inputs))
        verdict = check.judge(part.inputs, numbers, known) if ready else None
        judged.append(Judged(part.block, verdict))
    return Scorecard(found.hash, scored, tuple(judged))


def _scored(forecast: Forecast, later: Later) -> Scored:
    name = forecast.block.id
    if name not in later.outcomes:
        return Scored(forecast, None, None, None, (), None)
    outcome = later.outcomes[name].value
    ours = _ours(forecast, outcome)
    benchmarks = later.benchmarks.get(name, Benchmarks())
    told = [*([benchmarks.persistence] if benchmarks.persistence else []), *benchmarks.published]
    rivals = [_rival(one, ours, outcome, forecast.event, later.made_later) for one in told]
    first = rivals.pop(0) if benchmarks.persistence else None
    low, high = forecast.interval
    inside = None if forecast.event else low <= outcome <= high
    return Scored(forecast, outcome, ours, first, tuple(rivals), inside)


def _ours(forecast: Forecast, outcome: float) -> float:
    if forecast.event:
        return float(brier(np.asarray(forecast.central), np.asarray(outcome == 1.0)))
    return float(crps_ensemble(forecast.draws, np.asarray(outcome)))


def _rival(
    told: Told, ours: float, outcome: float, event: bool, made_later: Iterable[str]
) -> Rival:
    low, high = told.ends
    middle = (low + high) / 2.0
    if event:
        found = float(brier(np.asarray(middle), np.asarray(outcome == 1.0)))
    else:
        prior = Prior(name="told", value=middle, low=low, high=high, shape="uniform")
        found = crps_prior(prior, outcome)
    later = any(name in made_later for name in told.evidence)
    return Rival(told, found, skill(max(0.0, ours), max(0.0, found)), later)
