"""What has happened since: one line, and every outcome beside what was foretold."""

from __future__ import annotations

from collections.abc import Iterator

from tula.report.part import AnswerPart, Citing
from tula.report.table import Row, Table
from tula.say.words import capital
from tula.study.backtest.tell import FOOT, HEADINGS, row, summary


class Since(AnswerPart):
    """What came of the forecasts, losses first."""

    link = "Since"
    columns = HEADINGS
    note = FOOT

    @property
    def shown(self) -> bool:
        """Whether anything has come."""
        return super().shown and bool(self.view.manifest.since)

    @property
    def cited(self) -> Iterator[Citing]:
        """What tells what came."""
        every = (name for one in self.view.manifest.since for name in one.evidence)
        yield self.anchor, "What has happened since", tuple(dict.fromkeys(every))

    @property
    def line(self) -> str:
        """How many were foretold better by others, and by the answer."""
        return summary(self.view.manifest.since)

    @property
    def table(self) -> Table:
        """Every outcome."""
        lines = (row(one) for one in self.view.manifest.since)
        return Table(tuple(Row(capital(label), tuple(cells)) for label, *cells in lines))
