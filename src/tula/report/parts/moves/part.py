"""Who could do what next, and whether its part pays each rival."""

from __future__ import annotations

from functools import cached_property

from tula.numbers import write
from tula.report import figures
from tula.report.drawing import Drawing, twice
from tula.report.figures import SHAPES, Group, Row
from tula.report.part import BalancePart
from tula.report.rows import UNIT, Spec, bars
from tula.report.table import Row as Line
from tula.report.table import Table
from tula.report.view import View
from tula.say.words import capital
from tula.study.balance.records import BalanceRecord
from tula.study.balance.terms import money
from tula.study.balance.turns import spelled


class Moves(BalancePart):
    """Next moves of the players, their slack, and what each instrument adds."""

    link = "Next"

    @property
    def shown(self) -> bool:
        """Whether there is anything to tell."""
        return super().shown and bool(
            self.record.next_moves or self.record.slack or self.record.shapley
        )

    @cached_property
    def moves(self) -> Drawing | None:
        """What players could do next."""
        if not self.record.next_moves:
            return None
        label = "What next moves take and cost; figures stand beside the bars."
        return twice(moves_chart(self.view, self.record), label)

    @property
    def moves_words(self) -> str:
        """The move that takes most from the pivot."""
        most = max(self.record.next_moves, key=lambda one: one.pivot_loss)
        if most.pivot_loss <= 0.0:
            return f"No move the study lists takes anything from {self.home}."
        player, cost = self.view.named(most.player), most.own_cost
        own = f", and {player} {'loses' if cost >= 0.0 else 'gains'} {money(abs(cost))}"
        first = (
            f"Of the moves the study lists, one takes most from {self.home}"
            if len(self.record.next_moves) > 1
            else "The study lists one move"
        )
        return (
            f"{first}: {player} {most.title}. {capital(self.home)} then loses "
            f"{money(most.pivot_loss)} a year{own if most.player != self.record.pivot else ''}."
        )

    @property
    def slack(self) -> Table:
        """What each rival has from its own part in the game; None if nothing was measured."""
        return Table(
            tuple(
                Line(
                    self.view.region_names[one.rival],
                    (
                        capital(spelled(self.record, one.title, self.view.named)),
                        write.ranged(one.value, write.number, f" {one.unit}"),
                        capital(spelled(self.record, one.meaning, self.view.named)),
                    ),
                )
                for one in self.record.slack
            )
        )

    @cached_property
    def shapley(self) -> Drawing | None:
        """What each instrument contributes."""
        if not self.record.shapley:
            return None
        label = "Contribution of each instrument; figures stand beside the bars."
        return twice(shapley_chart(self.view, self.record), label)


def shapley_chart(view: View, record: BalanceRecord) -> Spec:
    """What each instrument contributes, largest first, signs aside."""
    known = {one.id: one.title for one in view.manifest.scenarios}
    ordered = sorted(record.shapley, key=lambda one: -abs(one.value))
    rows = tuple(_bar(capital(known.get(one.id, one.title)), one.value, "other") for one in ordered)
    total = sum(one.value for one in ordered)
    groups = [Group("Contributions add up to all together", rows)]
    groups.append(Group("", (_bar("All together", total, "ink"),)))
    return lambda width: figures.chart(groups, UNIT, width=width, draw=bars)


def moves_chart(view: View, record: BalanceRecord) -> Spec:
    """What each next move takes from the pivot beside what it costs whoever makes it."""
    ordered = sorted(record.next_moves, key=lambda one: -one.pivot_loss)
    home = view.region_names[record.pivot]
    groups = [
        Group(
            capital(f"{view.named(one.player)} {one.title} ({one.state})"),
            (
                _loss(home, one.pivot_loss, view.colour(record.pivot)),
                _loss(f"{view.region_names[one.player]}, who moves,", one.own_cost,
                     "other" if one.player == record.pivot else view.colour(one.player)),
            ),
        )
        for one in ordered
    ]  # fmt: skip
    return lambda width: figures.chart(groups, f"loss, {UNIT}", width=width, draw=bars)


def _bar(name: str, value: float, colour: str) -> Row:
    label = f"{name} {write.change(value)}"
    return Row(label, label, colour, SHAPES[0], value, value, value, f"{label} {UNIT}")


def _loss(name: str, value: float, colour: str) -> Row:
    verb = "gains" if value < 0 else "loses"
    label = f"{name} {verb} {write.number(abs(value))}"
    return Row(label, label, colour, SHAPES[0], value, value, value, f"{label} {UNIT}")
