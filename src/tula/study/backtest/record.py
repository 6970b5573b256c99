"""A scorecard as plain records, for backtest.json."""

from __future__ import annotations

import platform
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from tula._version import __version__
from tula.study.backtest.conditions import Verdict
from tula.study.backtest.forecast import Forecast
from tula.study.backtest.frozen import Frozen
from tula.study.backtest.later import Later
from tula.study.backtest.score import Judged, Rival, Scorecard, Scored

BACKTEST_JSON = "backtest.json"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RivalRecord(_Record):
    """A benchmark: ``low`` to ``high`` (equal for a point), its score, our skill against it (1 -
    ours / its; None where its score is 0 and ours is not), and whether it was made after ours."""

    source: str
    low: float
    high: float
    score: float
    skill: float | None
    beaten: bool
    later: bool
    reading: str = ""
    evidence: tuple[str, ...]


class ForecastRecord(_Record):
    """One forecast: the middle (of an event, the probability), its 10th to 90th percentile, the
    outcome and the scores: CRPS in ``unit``, or Brier for an event."""

    id: str
    quantity: str
    unit: str
    kind: str
    method: str
    sentence: str
    frozen: str
    event: bool
    draws: int
    central: float
    low: float
    high: float
    outcome: float | None = None
    outcome_evidence: tuple[str, ...] = ()
    outcome_note: str = ""
    inside: bool | None = None
    score: float | None = None
    error: float | None = None
    persistence: RivalRecord | None = None
    published: tuple[RivalRecord, ...] = ()
    winner: str = ""
    notes: tuple[str, ...] = ()


class ConditionRecord(_Record):
    """A condition and its verdict: PASS, FAIL, or open where its outcomes are not known."""

    id: str
    says: str
    reason: str
    verdict: str
    edge: bool = False
    numbers: str = ""


class FactRecord(_Record):
    """A fact an input, a benchmark or an outcome rests on; ``frozen``: an input rests on it."""

    id: str
    date: str
    text: str
    source: str
    url: str
    grade: str
    frozen: bool


class BacktestRecord(_Record):
    """The account of one backtest. Holds no time stamp: the same input gives the same bytes."""

    format: int = 1
    title: str
    answer: str
    cutoff: str
    draws: int
    seed: int
    inputs_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    world: str
    versions: dict[str, str]
    notes: tuple[str, ...]
    forecasts: tuple[ForecastRecord, ...]
    conditions: tuple[ConditionRecord, ...]
    facts: tuple[FactRecord, ...]


def record_of(
    frozen: Frozen, later: Later, card: Scorecard, answer: str, notes: tuple[str, ...]
) -> BacktestRecord:
    """Return the record of a scored backtest."""
    return BacktestRecord(
        title=frozen.title,
        answer=answer,
        cutoff=frozen.cutoff.isoformat(),
        draws=frozen.draws,
        seed=frozen.seed,
        inputs_hash=card.hash,
        world=frozen.setup.economy.provenance.name,
        versions={"tula": __version__, "python": platform.python_version()},
        notes=notes,
        forecasts=tuple(_forecast(scored, later) for scored in card.scored),
        conditions=tuple(map(_condition, card.judged)),
        facts=_facts(frozen, later),
    )


def _forecast(scored: Scored, later: Later) -> ForecastRecord:
    forecast, outcome = scored.forecast, later.outcomes.get(scored.forecast.block.id)
    return ForecastRecord(
        **_made(forecast),
        outcome=scored.outcome,
        outcome_evidence=outcome.evidence if outcome else (),
        outcome_note=outcome.note if outcome else "",
        inside=scored.inside,
        score=scored.score,
        error=scored.error,
        persistence=_rival(scored, scored.persistence) if scored.persistence else None,
        published=tuple(_rival(scored, rival) for rival in scored.published),
        winner=scored.winner,
    )


def _made(forecast: Forecast) -> dict[str, Any]:
    block, (low, high) = forecast.block, forecast.interval
    return {
        **{key: getattr(block, key) for key in ("id", "quantity", "unit", "kind", "method")},
        "sentence": block.sentence,
        "notes": block.notes,
        "frozen": forecast.day,
        "event": forecast.event,
        "draws": len(forecast.draws),
        "central": forecast.central,
        "low": low,
        "high": high,
    }


def _rival(scored: Scored, rival: Rival) -> RivalRecord:
    low, high = rival.told.ends
    return RivalRecord(
        source=rival.told.source,
        low=low,
        high=high,
        score=rival.score,
        skill=rival.skill if rival.skill > float("-inf") else None,
        beaten=scored.beats(rival),
        later=rival.later,
        reading=rival.told.reading,
        evidence=rival.told.evidence,
    )


def verdict_word(verdict: Verdict | None) -> str:
    """PASS, FAIL, or open."""
    if verdict is None:
        return "open"
    return "PASS" if verdict.passed else "FAIL"


def _condition(judged: Judged) -> ConditionRecord:
    verdict = judged.verdict
    return ConditionRecord(
        id=judged.block.id,
        says=judged.block.says,
        reason=judged.block.reason,
        verdict=verdict_word(verdict),
        edge=verdict.edge if verdict else False,
        numbers=verdict.words if verdict else "",
    )


def _facts(frozen: Frozen, later: Later) -> tuple[FactRecord, ...]:
    inputs = {fact.id: fact for fact in frozen.facts}
    found = {**later.facts, **inputs}
    return tuple(
        FactRecord(
            id=fact.id,
            date=fact.date,
            text=fact.fact,
            source=fact.source,
            url=fact.url,
            grade=fact.grade,
            frozen=name in inputs,
        )
        for name, fact in sorted(found.items())
    )
