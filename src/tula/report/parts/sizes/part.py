"""What the scenarios are worth side by side, and beside what others have published."""

from __future__ import annotations

import math
from functools import cached_property

from tula.numbers import write
from tula.numbers.estimate import Estimate
from tula.report import figures
from tula.report.drawing import Drawing
from tula.report.part import Part
from tula.report.parts.sizes import published
from tula.report.table import Row, Table
from tula.say.words import joined


class Sizes(Part):
    """All scenarios by what they are worth to the pivot, and published estimates."""

    link = "Sizes"

    @property
    def sizes(self) -> Table:
        """What each scenario is worth to the pivot, largest first, signs aside."""
        view = self.view
        order = sorted(view.moves, key=lambda one: -_size(view.ev(one.id, view.pivot)))
        return Table(
            tuple(
                Row(
                    one.title,
                    (
                        _ranged(view.span("ev", one.id, view.pivot).each(lambda x: x / 1000)),
                        _ranged(view.span("real_income", one.id, view.pivot)),
                    ),
                    view.ev(one.id, view.pivot),
                )
                for one in order
            )
        )

    @cached_property
    def published(self) -> Drawing | None:
        """Published estimates in percent beside ours; none if there are none."""
        groups = published.comparisons(self.view)
        label = "Published estimates beside the results of this study; numbers in the table."
        if not groups:
            return None
        return self.view.drawings.twice(
            lambda width: figures.chart(groups, "Change, %", width=width), label
        )

    @property
    def fitted(self) -> str:
        """What is fitted to figures of others, and what is not."""
        names = [one.title for one in self.view.manifest.beliefs if one.fitted]
        told = "No scenario is fitted to them."
        if names:
            told += f" Of the answer's beliefs fitted are: {joined(names)};"
            told += " that an estimate to which one was fitted is met proves nothing."
        return f"{told} {published.met(self.view)}".strip()

    @cached_property
    def estimates(self) -> Table:
        """Every published estimate."""
        return published.estimates(self.view)


def _ranged(span: Estimate) -> str:
    """Headline number, and its range on a second line."""
    value, low, high = map(write.change, span.numbers)
    return value if math.isnan(span.low) or low == high else f"{value}\n{low} to {high}"


def _size(value: float) -> float:
    return abs(value) if math.isfinite(value) else 0.0
