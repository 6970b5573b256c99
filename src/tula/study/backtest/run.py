"""A backtest: the study's own answer, found as a run finds it, and its forecasts scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from tula.errors import TulaError
from tula.strategy.answer.found import Found
from tula.strategy.answer.result import Answer, ForecastTold
from tula.study.asked import answered
from tula.study.backtest.frozen import digest, fitted, inputs_of, latest
from tula.study.backtest.score import Scored, arrival, score
from tula.study.backtest.tell import page
from tula.study.citations import is_later
from tula.study.load import Study
from tula.world.files import write_together

JSON_FILE, PAGE_FILE = "backtest.json", "backtest.md"


class NoOutcomeError(TulaError):
    """Nothing has come of what a study foretold.

    State forecasts under ``answer.forecasts`` and what came of them under ``backtest``.
    """


class Backtest(Found):
    """What a study foretold on its day, and what has happened since."""

    title: str
    """The study."""
    day: str
    """The day on which its inputs are frozen."""
    label: str
    """Its answer."""
    odds: float
    """Chance that every condition holds."""
    draws: int
    """Draws that are counted."""
    inputs_hash: str
    """SHA-256 of all that the answer is computed from."""
    inputs: dict[str, int]
    """How many numbers are sourced, assumed, fitted and defined."""
    latest: str
    """The fact behind the answer that became known last."""
    fitted: dict[str, str]
    """Beliefs that were fitted, and to what."""
    scored: tuple[Scored, ...]
    """Forecasts of which something came, losses first."""
    open: tuple[ForecastTold, ...]
    """Forecasts of which nothing has come."""

    def save(self, directory: Path) -> Path:
        """Write ``backtest.json`` and ``backtest.md``; raises ``UnwritableFileError``."""
        raw = {JSON_FILE: self.model_dump_json(indent=1), PAGE_FILE: page(self)}
        write_together(directory, {name: text.encode() for name, text in raw.items()})
        return directory / JSON_FILE


def backtested(
    study: Study, draws: int, executor: Executor | None = None, found: Answer | None = None
) -> Backtest:
    """Return the forecasts of a study's answer, scored; errors of ``answered``.

    ``found`` is the answer, if it is known. Outcomes are read only once it is. Raises
    ``NoOutcomeError``.
    """
    require_outcomes(study)
    found = answered(study, draws, executor) if found is None else found
    last = latest(study)
    return Backtest(
        title=study.file.called,
        day=found.announced.isoformat(),
        label=found.label,
        odds=found.odds,
        draws=found.proof.draws,
        inputs_hash=digest(study),
        inputs=dict(Counter(one.kind for one in inputs_of(study))),
        latest=f"{last.id}, {last.known}" if last else "",
        fitted={one.title or name: one.reason for name, one in fitted(study).items()},
        scored=since(study, found),
        open=tuple(one for one in found.forecasts if one.id not in study.file.backtest),
    )


def require_outcomes(study: Study) -> None:
    """Raise ``NoOutcomeError`` unless something has come of what a study foretold."""
    if not study.file.backtest:
        raise NoOutcomeError(
            f"study {study.file.id!r} states nothing that came: list forecasts under "
            "answer.forecasts, and what came of them under backtest"
        )


def since(study: Study, found: Answer) -> tuple[Scored, ...]:
    """Return what has happened since the answer of a study, scored, losses first."""
    day = found.announced

    def later(facts: Sequence[str]) -> bool:
        return any(is_later(study.evidence[name], day) for name in facts)

    asked = {one.id: one for one in study.file.answer.forecasts} if study.file.answer else {}
    return tuple(
        one.model_copy(update={"arrival": arrival(asked[one.forecast.id], one.came, found)})
        for one in score(found, study.file.backtest, later)
    )
