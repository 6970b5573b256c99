"""The balance in one situation at a time."""

from __future__ import annotations

from dataclasses import dataclass

from tula.numbers import write
from tula.report.part import BalancePart
from tula.report.table import Row, Table
from tula.say.words import joined
from tula.study.balance.records import BalanceRecord, SituationRecord, VerdictRecord
from tula.study.balance.terms import ties


class Situations(BalancePart):
    """Every situation with its states, its money and what it leaves of the ties."""

    link = "Situations"

    @property
    def shown(self) -> bool:
        """Whether there is anything to tell."""
        return super().shown and bool(self.record.situations)

    @property
    def situations(self) -> Table:
        """Every situation at central inputs: income, price and what either rival can take."""
        return Table(
            tuple(
                Row(
                    f"{one.id} {one.title}",
                    (
                        write.change(one.income),
                        write.change(one.price),
                        *(write.number(100 * loss.law) for loss in one.losses),
                    ),
                )
                for one in self.record.situations
            )
        )

    @property
    def in_force(self) -> list[str]:
        """What stands in which situations."""
        record = self.record
        titles = dict.fromkeys(title for one in record.situations for title in one.in_force)
        return [f"'{title}' in {_where(record, title)}" for title in titles]

    @property
    def kept(self) -> Table:
        """What every situation leaves of each critical tie, at central inputs."""
        return Table(
            tuple(
                Row(
                    f"{one.id} {one.title}",
                    tuple(write.fixed(100 * tie.kept, 0) for tie in one.ties),
                )
                for one in self.record.situations
            )
        )

    @property
    def judged(self) -> list[tuple[SituationRecord, tuple[Judgement, ...]]]:
        """Every situation with its state by each rule."""
        names = ties(self.record) | self.view.region_names
        return [
            (one, tuple(_judgement(told, names) for told in one.verdicts))
            for one in self.record.situations
        ]


@dataclass(frozen=True)
class Judgement:
    """State of a situation by one rule, and who or what brought it about."""

    rule: str
    state: str
    by: str


def _where(record: BalanceRecord, title: str) -> str:
    """Situations in which something stands, or those in which it does not, if they are fewer."""
    inside = [one.id for one in record.situations if title in one.in_force]
    outside = [one.id for one in record.situations if title not in one.in_force]
    if not outside:
        return "all"
    return f"all but {joined(outside)}" if len(outside) < len(inside) else joined(inside)


def _judgement(told: VerdictRecord, names: dict[str, str]) -> Judgement:
    return Judgement(told.rule, told.state, joined([names.get(by, by) for by in told.by]))
