"""One backtest from file to files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tula.study.backtest.forecast import make_forecasts, with_draws
from tula.study.backtest.load import Backtest
from tula.study.backtest.record import BACKTEST_JSON, BacktestRecord, record_of
from tula.study.backtest.score import Scorecard, score
from tula.study.backtest.tell import BACKTEST_MD, answer, coverage, losses, markdown, verdicts
from tula.world.files import write_together


@dataclass(frozen=True)
class Result:
    """A scorecard and the record written of it."""

    card: Scorecard
    record: BacktestRecord

    def save(self, folder: Path) -> tuple[Path, Path]:
        """Write backtest.json and backtest.md, both or neither. Returns their paths."""
        record = self.record.model_dump_json(indent=1) + "\n"
        write_together(folder, {BACKTEST_MD: markdown(self.record), BACKTEST_JSON: record})
        return folder / BACKTEST_JSON, folder / BACKTEST_MD


def run_backtest(
    backtest: Backtest,
    *,
    draws: int | None = None,
    seed: int | None = None,
    progress: Callable[[str], None] = lambda text: None,
) -> Result:
    """Make every forecast from the frozen inputs, then score them. Raises ``TulaError``.

    ``draws`` and ``seed`` replace those of the file.
    """
    frozen = with_draws(backtest.frozen, draws, seed)
    made = make_forecasts(frozen, progress)
    card = score(made, backtest.later)
    said = (answer(card), losses(card), coverage(card), verdicts(card.judged))
    sentence = " ".join(one for one in said if one)
    return Result(card, record_of(frozen, backtest.later, card, sentence, backtest.notes))
