"""What the pivot can do: for every budget the moves that lower the chance of failing most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import altair as alt
import pandas as pd
from pydantic import BaseModel

from tula.numbers import write
from tula.report import figures
from tula.report.drawing import Drawing, twice
from tula.report.part import AnswerPart
from tula.report.plane import HEIGHT, axis, framed
from tula.report.table import Row, Table
from tula.say.words import capital, joined
from tula.strategy.answer.result import MoveTold

BOUND = " (a bound)"


class Moves(AnswerPart):
    """Cost against the chance of failing."""

    link = "Moves"

    @property
    def shown(self) -> bool:
        """Whether any set of moves lowers the chance of failing."""
        return super().shown and len(self.found.frontier) > 1

    @property
    def taken(self) -> Mapping[str, Sequence[BaseModel]]:
        """The frontier."""
        return {"moves": self.found.frontier}

    @property
    def table(self) -> Table:
        """Every set of the frontier, the cheapest first."""
        return Table(tuple(Row(_named(one), self._cells(one)) for one in self.found.frontier))

    def _cells(self, one: MoveTold) -> tuple[str, ...]:
        first = self.found.frontier[0]
        chances = [(one.fails, first.fails), (one.decides, first.decides)]
        if one.next is not None and first.next is not None:
            chances.append((one.next, first.next))
        return (
            write.level(one.cost, 2),
            *(write.fixed(100.0 * (a - b), 1, signed=True) for a, b in chances),
        )

    @property
    def columns(self) -> list[str]:
        """What the columns are called."""
        named = [self.found.decides, *filter(None, [self.found.next])]
        return ["Moves", "Cost, bn USD", "Chance of failing, points",
                *(capital(self.condition(name)) for name in named)]  # fmt: skip

    @cached_property
    def chart(self) -> Drawing:
        """Cost against the change in the chance of failing."""
        first = self.found.frontier[0].fails
        data = pd.DataFrame(
            {"x": one.cost, "y": 100.0 * (one.fails - first), "no": str(n + 1),
             "shape": "diamond" if one.bound else "circle", "text": _named(one)}
            for n, one in enumerate(self.found.frontier)
        )  # fmt: skip
        told = "; ".join(
            f"{row.text}: {write.level(row.x, 2)} bn USD, {write.level(row.y, 2)} points"
            for row in data.itertuples()
        )
        return twice(lambda width: _spec(data, width), f"{told}.", figures.HALF)


def _named(one: MoveTold) -> str:
    named = capital(joined(one.titles)) or "The course as it stands"
    return named + (BOUND if one.bound else "")


def _spec(data: pd.DataFrame, width: int) -> dict[str, Any]:
    span, depth = max(data.x.max() - data.x.min(), 0.01), min(data.y.min(), -0.1)
    x = axis("Cost, bn USD", "x:Q", [data.x.min() - 0.08 * span, data.x.max() + 0.12 * span])
    y = axis("Chance of failing, points", "y:Q", [1.15 * depth, -0.1 * depth])
    base = alt.Chart(data).encode(x=x, y=y)
    ink = "var(--actor0)"
    steps = base.mark_line(color=ink, interpolate="step-after", opacity=0.5)
    dots = base.mark_point(color=ink, filled=True, size=90, opacity=1).encode(
        shape=alt.Shape("shape:N", scale=None), description=alt.Description("text:N")
    )
    words = base.mark_text(color="var(--ink)", dx=10, dy=-10, fontSize=13).encode(text="no:N")
    return framed([steps, dots, words], width, HEIGHT[width > figures.NARROW])
