"""What balance means in the study, as announced before any number was seen."""

from __future__ import annotations

from collections.abc import Iterator

from tula.numbers import write
from tula.report.part import BalancePart, Citing
from tula.report.table import Row, Table
from tula.study.balance.records import BalanceRecord
from tula.study.balance.terms import ties
from tula.study.records import CLOSURE_WORDS


class Definition(BalancePart):
    """The rules, the critical ties and the demands."""

    link = "Definition"

    @property
    def cited(self) -> Iterator[Citing]:
        """The demands with the facts behind them."""
        yield self.anchor, "demands", {fact for one in self.record.demands for fact in one.evidence}

    @property
    def gdp(self) -> str:
        """GDP of the pivot."""
        return write.money(1000.0 * self.record.gdp)

    @property
    def imbalances(self) -> str:
        """What the world of the game does with trade imbalances."""
        return CLOSURE_WORDS[self.record.closure]

    @property
    def rules(self) -> Table:
        """Thresholds of every rule."""
        return rules(self.record)

    @property
    def critical(self) -> list[str]:
        """Titles of the critical ties."""
        titles = ties(self.record)
        return [titles.get(tie, tie) for tie in self.record.access]


def rules(record: BalanceRecord) -> Table:
    """The readings of the definition, with their thresholds."""
    measures = {"law": "what it can do in law", "full": "the end of all its trade"}
    return Table(
        "The same definition with other thresholds",
        ("Name", "Each tie keeps at least", "A rival can take, of GDP, at most", "Measured by"),
        tuple(
            Row(
                rule.name,
                (
                    write.limit(rule.access),
                    write.limit(rule.loss),
                    measures.get(rule.measure, rule.measure),
                ),
                strong=place == 0,
            )
            for place, rule in enumerate(record.rules)
        ),
    )
