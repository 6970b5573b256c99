"""What balance means in the study, as announced before any number was seen."""

from __future__ import annotations

from collections.abc import Iterator

from tula.numbers import write
from tula.report.part import BalancePart, Citing
from tula.report.table import Row, Table
from tula.study.balance.terms import ties
from tula.study.records import CLOSURE_WORDS


class Definition(BalancePart):
    """The rules, the critical ties and the demands."""

    link = "Definition"
    closures = CLOSURE_WORDS

    @property
    def cited(self) -> Iterator[Citing]:
        """The demands with the facts behind them."""
        yield self.anchor, "demands", {fact for one in self.record.demands for fact in one.evidence}

    @property
    def rules(self) -> Table:
        """The readings of the definition, with their thresholds."""
        measures = {"law": "what it can do in law", "full": "the end of all its trade"}
        return Table(
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
                for place, rule in enumerate(self.record.rules)
            )
        )

    @property
    def critical(self) -> list[str]:
        """Titles of the critical ties."""
        return list(ties(self.record).values()) or list(self.record.access)
