"""The price of autonomy, and what each course is worth."""

from __future__ import annotations

from functools import cached_property

from tula.report import figures
from tula.report.drawing import Drawing, twice
from tula.report.figures import SHAPES, Group
from tula.report.part import BalancePart
from tula.report.rows import UNIT, Spec, ranged
from tula.report.view import View
from tula.study.balance.records import BalanceRecord
from tula.study.balance.terms import amounts


class Price(BalancePart):
    """The price with its range, beside the worth of each course."""

    link = "Price"

    @cached_property
    def price(self) -> Drawing:
        """Price of autonomy and worth of each course."""
        label = "Price of autonomy and worth of each course; the figures stand beside the marks."
        return twice(price_chart(self.view, self.record), label)

    @property
    def hypothetical(self) -> list[str]:
        """Courses that nobody has asked for, in words: they are not drawn."""
        return [
            f"{one.title}: {amounts(one.worth)} a year"
            for one in self.record.courses
            if one.hypothetical
        ]


def courses(view: View, record: BalanceRecord) -> list[Group]:
    """The price of autonomy, and what each course is worth, with their ranges."""
    price = ranged("Price of autonomy", record.price, "actor0", SHAPES[2])
    asked = [course for course in record.courses if not course.hypothetical]
    ordered = sorted(asked, key=lambda course: -course.worth.central)
    first = record.courses[0].id
    rows = [
        ranged(
            one.title,
            one.worth,
            view.colour(one.aligned_with or (view.pivot if one.id == first else "")),
            SHAPES[0],
        )
        for one in ordered
    ]
    home = view.named(record.pivot)
    return [
        Group("Below zero, keeping the course pays; above, giving in does", (price,)),
        Group(f"What each course is worth to {home}, against a year without pressure", (*rows,)),
    ]


def price_chart(view: View, record: BalanceRecord) -> Spec:
    """Price and courses on one axis in money."""
    return lambda width: figures.chart(courses(view, record), UNIT, width=width)
