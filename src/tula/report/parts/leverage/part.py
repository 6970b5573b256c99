"""Leverage of both rivals: what a break-off takes, and the belief in it that giving in needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from pydantic import BaseModel

from tula.numbers import write
from tula.report import figures, spreads
from tula.report.drawing import Drawing
from tula.report.figures import Group
from tula.report.part import AnswerPart
from tula.report.table import Row, Table
from tula.say.words import capital
from tula.strategy.answer.result import PowerTold
from tula.strategy.hands import ALL

#: Billion USD below which nothing is lost: a million.
NOTHING = 1e-3


class Leverage(AnswerPart):
    """Both rivals side by side."""

    link = "Leverage"

    @property
    def taken(self) -> Mapping[str, Sequence[BaseModel]]:
        """Leverage of both."""
        return {"leverage": self.found.powers, "hands": self.found.hands}

    @property
    def table(self) -> Table:
        """A column for each rival."""
        rows = {
            f"Takes from {self.home}, bn USD a year": [spreads.money(o.loss) for o in self.powers],
            "Costs itself, bn USD a year": [spreads.money(one.cost) for one in self.powers],
            "Dropping the other pays from a belief of": [
                spreads.needed(one.needed) for one in self.powers
            ],
            "Meeting its demand pays from a belief of": [_demand(one) for one in self.powers],
            "Believed": [spreads.share(one.believed) for one in self.powers],
        }
        return Table(tuple(Row(name, tuple(cells)) for name, cells in rows.items()))

    @property
    def powers(self) -> tuple[PowerTold, ...]:
        """What is told of each rival."""
        return self.found.powers

    @property
    def hands(self) -> Table:
        """What each rival takes and pays by what it stops and how far."""
        by = {(one.hand, one.stop, one.rival): one for one in self.found.hands}
        rows = dict.fromkeys((one.hand, one.stop) for one in self.found.hands)
        each = [one.rival for one in self.powers]
        told = {row: [by[*row, rival] for rival in each] for row in rows}
        return Table(
            tuple(
                Row(
                    f"{self._stopped(hand)}: {stop}",
                    tuple(_lost(n) for one in ones for n in (one.loss, one.cost)),
                )
                for (hand, stop), ones in told.items()
            )
        )

    @property
    def columns(self) -> list[str]:
        """What the columns of hands are called."""
        return [
            capital(column) for name in self.rivals for column in (f"{name} takes", f"{name} pays")
        ]

    def _stopped(self, hand: str) -> str:
        """Buys goods, sells a sector by its name, or all trade."""
        return self.view.spelled("all trade" if hand == ALL else hand)

    @cached_property
    def chart(self) -> Drawing:
        """Belief needed against belief held."""
        groups = [
            Group(f"A break-off by {name}", self._rows(one))
            for name, one in zip(self.rivals, self.powers, strict=True)
        ]
        told = "; ".join(f"{g.heading}: {', '.join(r.text for r in g.rows)}" for g in groups)
        return self.view.drawings.twice(
            lambda width: figures.chart(groups, "Chance, %", width=width), told, figures.HALF
        )

    def _rows(self, one: PowerTold) -> tuple[figures.Row, ...]:
        colour = self.view.colour(one.rival)
        told = {"Needed": one.needed, "Needed for its demand": one.needed_for_demand}
        rows = [
            spreads.row(
                name, given, factor=100.0, told=spreads.needed(given).split(" ")[0], colour=colour,
                shape="diamond",
            )
            for name, given in told.items()
            if given
        ]  # fmt: skip
        held = spreads.row("Believed", one.believed, factor=100.0, told=spreads.short(one.believed))
        return (*rows, held)


def _lost(bn: float) -> str:
    return write.level(bn if abs(bn) >= NOTHING else 0.0, 2)


def _demand(one: PowerTold) -> str:
    return "no demand" if one.needed_for_demand is None else spreads.needed(one.needed_for_demand)
