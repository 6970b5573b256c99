"""What can be done beforehand: lowering exposures, and hedges."""

from __future__ import annotations

from functools import cached_property

from tula.report import figures
from tula.report.drawing import Drawing, twice
from tula.report.figures import SHAPES, Group
from tula.report.part import BalancePart
from tula.report.parts.holds import frontiers
from tula.report.rows import UNIT, Spec, ranged
from tula.say.words import capital
from tula.study.balance import words
from tula.study.balance.records import BalanceRecord


class Holds(BalancePart):
    """Cost of lowering exposures, and worth of slow choices."""

    link = "Hedges"

    @property
    def shown(self) -> bool:
        """Whether there is anything to tell."""
        return super().shown and bool(self.record.frontiers or self.record.hedges)

    @cached_property
    def frontiers(self) -> Drawing | None:
        """Cost of lowering exposures."""
        if not frontiers.sloped(self.record):
            return None
        return twice(
            lambda width: frontiers.frontier_chart(self.view, self.record, width),
            " ".join(words.lowering(self.record, self.view.named)),
        )

    @property
    def unmoved(self) -> list[str]:
        """Rivals whose exposure no charge lowers: they have no frontier to draw."""
        drawn = frontiers.sloped(self.record)
        return [self.view.named(one.rival) for one in self.record.frontiers if one not in drawn]

    @cached_property
    def hedges(self) -> Drawing | None:
        """What hedges are worth."""
        if not self.record.hedges:
            return None
        label = " ".join(map(words.hedge, self.record.hedges))
        return twice(hedges_chart(self.record), label)


def hedges_chart(record: BalanceRecord) -> Spec:
    """What each hedge is worth, largest first."""
    ordered = sorted(record.hedges, key=lambda one: -one.worth.central)
    rows = tuple(ranged(capital(one.title), one.worth, "actor0", SHAPES[0]) for one in ordered)
    groups = [Group("By the account of their tie", rows)]
    return lambda width: figures.chart(groups, UNIT, width=width)
