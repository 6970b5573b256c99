"""What every course is worth, and what the balance costs beside the best one that gives in."""

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
from tula.say.words import capital, joined
from tula.strategy.answer.found import Spread
from tula.strategy.answer.inputs import SHORT_RUNS
from tula.strategy.answer.price import AGREE
from tula.strategy.answer.result import CourseTold, PriceTold, TurnTold
from tula.study.manifest import NumberRecord

WORLDS = {name: one.title for name, one in SHORT_RUNS.items()} | {
    "rents-lost": "nobody keeps the rent of what a course limits",
    "rents-to-buyers": "buyers keep the rent of what a course limits",
}


class Price(AnswerPart):
    """Courses beside the one that keeps the balance."""

    link = "Price"
    agree = AGREE

    @property
    def shown(self) -> bool:
        """Whether there is a course that gives in."""
        return super().shown and self.found.price is not None

    @property
    def taken(self) -> Mapping[str, Sequence[BaseModel]]:
        """Courses, and the price by world."""
        return {"courses": self.found.courses, "price": (self.price,)}

    @property
    def price(self) -> PriceTold:
        """The price."""
        assert self.found.price is not None, "asked of an answer without a price"
        return self.found.price

    @property
    def course(self) -> str:
        """The best course that gives in."""
        return next(one.title for one in self.found.courses if one.id == self.price.course)

    @property
    def table(self) -> Table:
        """Worth and gain of every course."""
        return Table(
            tuple(
                Row(
                    capital(one.title),
                    (spreads.money(one.worth), *_beside(one, place)),
                    strong=one.id == self.price.course,
                )
                for place, one in enumerate(self.found.courses)
            )
        )

    @property
    def rests(self) -> tuple[TurnTold, NumberRecord] | None:
        """The belief that moves the price most and its ground; None where it is stated in place or
        the fit foretells nothing."""
        if not self.foretells:
            return None
        records = {one.field: one for one in self.view.manifest.beliefs}
        moved = [one for one in self.found.turning if one.price and _span(one.price)]
        most = max(moved, key=lambda one: _span(one.price or ()), default=None)
        ground = records.get(most.belief) if most else None
        return (most, ground) if most and ground else None

    @property
    def other(self) -> str:
        """Where the price has the other sign than its median: the worlds; maybe none."""
        median = self.price.price.median
        return joined(
            [
                f"{write.level(value, 2)} bn USD where {title}"
                for name, title in WORLDS.items()
                if (value := self.price.by_world.get(name)) is not None and value * median < 0.0
            ]
        )

    @property
    def common(self) -> str:
        """The price's part through wages over short-run worlds: 1.2 (0.3 to 4.1)."""
        worlds = [value for value in self.price.common_by_world.values() if value is not None]
        median = self.price.common.median
        ends = [self.price.common.low, self.price.common.high, *worlds]
        return spreads.money(Spread(median=median, low=min(ends), high=max(ends)))

    @property
    def agreement(self) -> Table:
        """Share of draws above zero at every end."""
        rows = self.price.agreement.items()
        return Table(tuple(Row(capital(name), (write.chance(share),)) for name, share in rows))

    @cached_property
    def chart(self) -> Drawing:
        """Gain of every course but the first, and the price by world."""
        gains = tuple(spreads.row(capital(o.title), o.gain) for o in self.found.courses[1:])
        worlds = tuple(
            spreads.row(
                capital(title),
                Spread(median=value, low=value, high=value),
                colour="other",
                shape="square",
            )
            for name, title in WORLDS.items()
            if (value := self.price.by_world.get(name)) is not None
        )
        groups = [Group("Beside the course that keeps", gains)]
        if worlds:
            groups.append(Group(f"{capital(self.course)}, by assumption", worlds))
        told = "; ".join(row.text for group in groups for row in group.rows)
        label = f"Worth beside the course that keeps the balance, bn USD: {told}."
        return self.view.drawings.twice(
            lambda width: figures.chart(groups, "bn USD", width=width), label, figures.HALF
        )


def _span(told: Sequence[float]) -> float:
    return max(told) - min(told)


def _beside(one: CourseTold, place: int) -> tuple[str, str]:
    """Gain and the part of it through wages, of all courses but the first."""
    return (spreads.money(one.gain), spreads.money(one.common)) if place else ("keeps", "")
