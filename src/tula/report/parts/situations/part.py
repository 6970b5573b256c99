"""The balance in one situation at a time."""

from __future__ import annotations

from dataclasses import dataclass

from tula.numbers import write
from tula.report.part import BalancePart
from tula.report.table import Row, Table
from tula.report.view import View
from tula.say.words import capital, joined
from tula.study.balance.records import BalanceRecord, SituationRecord, VerdictRecord
from tula.study.balance.terms import bounded, conditioned, described, ties


class Situations(BalancePart):
    """Every situation with its states, its money and what it leaves of the ties."""

    link = "Situations"

    @property
    def shown(self) -> bool:
        """Whether there is anything to tell."""
        return super().shown and bool(self.record.situations)

    @property
    def situations(self) -> Table | None:
        """Every situation in numbers."""
        if not self.record.situations:
            return None
        return situations(self.view, self.record)

    @property
    def kept(self) -> Table | None:
        """What every situation leaves of the ties."""
        return kept(self.record) if self.record.situations else None

    @property
    def judged(self) -> list[tuple[SituationRecord, tuple[Judgement, ...]]]:
        """Every situation with its states."""
        return judged(self.view, self.record)

    @property
    def readings(self) -> list[tuple[str, str]]:
        """What every rule asks, and how it differs from the first."""
        return [
            (capital(described(rule)), capital(conditioned(self.record, rule.name)))
            for rule in self.record.rules
        ]

    @property
    def bounded(self) -> str:
        """What gains from buying less are."""
        return bounded(self.record)


@dataclass(frozen=True)
class Judgement:
    """State of a situation by one rule, and who or what brought it about."""

    rule: str
    state: str
    by: str


def situations(view: View, record: BalanceRecord) -> Table:
    """Every situation at central inputs: income, price and what either rival can take."""
    losses = record.situations[0].losses
    return Table(
        "The same situations in money",
        (
            "Situation",
            "Income, bn USD a year",
            "Price, bn USD a year",
            *(f"{view.region_names[one.rival]} can take, % of GDP" for one in losses),
        ),
        tuple(
            Row(
                f"{one.id} {one.title}",
                (
                    write.change(one.income),
                    write.change(one.price),
                    *(write.number(100 * loss.law) for loss in one.losses),
                ),
            )
            for one in record.situations
        ),
        f"The next year, as if each lasted all of it{_world(record)}; central inputs."
        f"{_in_force(record)} Income: against a year without pressure. Price: of autonomy, what "
        "the best way of giving in would bring instead, free of the threats whose demand it meets. "
        "What a rival can take: by what it can do in law. Nothing here is weighed by its chance: "
        "the price at the head of this page is.",
    )


def _world(record: BalanceRecord) -> str:
    return f", in a world in which {record.world}" if record.world else ""


def _in_force(record: BalanceRecord) -> str:
    """What stands in which situations, as a sentence; empty if nothing does in any."""
    titles = dict.fromkeys(title for one in record.situations for title in one.in_force)
    told = [f"'{title}' in {_where(record, title)}" for title in titles]
    return f" In force: {'; '.join(told)}." if told else ""


def _where(record: BalanceRecord, title: str) -> str:
    """Situations in which something stands, or those in which it does not, if they are fewer."""
    inside = [one.id for one in record.situations if title in one.in_force]
    outside = [one.id for one in record.situations if title not in one.in_force]
    if not outside:
        return "all"
    return f"all but {joined(outside)}" if len(outside) < len(inside) else joined(inside)


def kept(record: BalanceRecord) -> Table:
    """What every situation leaves of each critical tie, at central inputs."""
    return Table(
        "What is left of the ties, % of their reference flow",
        ("Situation", *(tie.title for tie in record.situations[0].ties)),
        tuple(
            Row(f"{one.id} {one.title}", tuple(f"{100 * tie.kept:.0f}" for tie in one.ties))
            for one in record.situations
        ),
    )


def judged(
    view: View, record: BalanceRecord
) -> list[tuple[SituationRecord, tuple[Judgement, ...]]]:
    """Every situation with its state by each rule."""
    names = ties(record) | view.region_names
    return [
        (one, tuple(_judgement(told, names) for told in one.verdicts)) for one in record.situations
    ]


def _judgement(told: VerdictRecord, names: dict[str, str]) -> Judgement:
    return Judgement(told.rule, told.state, joined([names.get(by, by) for by in told.by]))
