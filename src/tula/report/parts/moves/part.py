"""What the pivot can do: for every budget the moves that lower the chance of failing most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from string import ascii_uppercase
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
from tula.say.words import capital
from tula.strategy.answer.result import MoveTold

BOUND = " (a bound)"


class Moves(AnswerPart):
    """Cost against the chance of failing."""

    link = "Moves"

    @property
    def shown(self) -> bool:
        """Whether any set of moves lowers the chance of failing."""
        return super().shown and any(one.moves for one in self.found.frontier)

    @property
    def taken(self) -> Mapping[str, Sequence[BaseModel]]:
        """The frontier."""
        return {"moves": self.found.frontier}

    @property
    def table(self) -> Table:
        """What every set costs and leaves."""
        return Table(tuple(Row(self.named(one), _cells(one)) for one in self.found.frontier))

    @cached_property
    def titles(self) -> dict[str, str]:
        """Every move of a set with its title, in the order of their letters."""
        sets = self.found.frontier
        return {
            move: title for one in sets for move, title in zip(one.moves, one.titles, strict=True)
        }

    @cached_property
    def letters(self) -> dict[str, str]:
        """Every move of a set with the letter that stands for it."""
        return dict(zip(self.titles, ascii_uppercase, strict=False))

    @property
    def key(self) -> str:
        """What the letters stand for."""
        return "; ".join(f"{self.letters[move]}: {title}" for move, title in self.titles.items())

    def named(self, one: MoveTold) -> str:
        """A set by the letters of its moves."""
        named = " + ".join(sorted(self.letters[move] for move in one.moves)) or "As it stands"
        return named + (BOUND if one.bound else "")

    @property
    def columns(self) -> list[str]:
        """What the columns are called."""
        named = [self.found.decides, *filter(None, [self.found.next])]
        return ["Moves", "Cost, bn USD", "Balance fails",
                *(capital(self.condition(name)) for name in named)]  # fmt: skip

    @cached_property
    def chart(self) -> Drawing:
        """Cost against the chance of failing."""
        sets = self.found.frontier
        data = pd.DataFrame(
            {"x": one.cost, "y": 100.0 * one.fails, "text": self.named(one),
             "letters": "".join(sorted(self.letters[move] for move in one.moves)) or "as it stands",
             "shape": "diamond" if one.bound else "circle"}
            for one in sets
        )  # fmt: skip
        told = "; ".join(f"{self.named(one)}: {', '.join(_cells(one)[:2])}" for one in sets)
        return twice(
            lambda width: _spec(data, width),
            f"Cost in bn USD and chance that balance fails: {told}. {self.key}.",
            figures.HALF,
        )


def _cells(one: MoveTold) -> tuple[str, ...]:
    chances = [one.fails, one.decides, *([] if one.next is None else [one.next])]
    return write.level(one.cost, 2), *map(write.chance, chances)


def _spec(data: pd.DataFrame, width: int) -> dict[str, Any]:
    span = max(data.x.max() - data.x.min(), 0.01)
    x = axis("Cost, bn USD", "x:Q", [data.x.min() - 0.08 * span, data.x.max() + 0.28 * span])
    y = axis("Chance of failing, %", "y:Q", [0.0, 1.15 * data.y.max()])
    base = alt.Chart(data).encode(x=x, y=y)
    ink = "var(--actor0)"
    dots = base.mark_point(color=ink, filled=True, size=90, opacity=1).encode(
        shape=alt.Shape("shape:N", scale=None), description=alt.Description("text:N")
    )
    words = base.mark_text(color="var(--ink)", dx=8, dy=-9, fontSize=13, align="left").encode(
        text="letters:N"
    )
    return framed([dots, words], width, HEIGHT[width > figures.NARROW])
