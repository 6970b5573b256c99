"""What the pivot can do: for every budget the moves that lower the chance of failing most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from string import ascii_uppercase

from pydantic import BaseModel

from tula.numbers import write
from tula.report import figures
from tula.report.drawing import Drawing
from tula.report.figures import COLOUR, SHAPE, TIP, Rows, Spec, layer, quantity, word
from tula.report.part import AnswerPart
from tula.report.table import Row, Table
from tula.say.words import capital
from tula.strategy.answer.result import MoveTold

BOUND = " (a bound)"
#: Pixels for axis and labels beside the drawing.
BESIDE = 60


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
        rows = [
            {"x": one.cost, "y": 100.0 * one.fails, "text": self.named(one),
             "letters": "".join(sorted(self.letters[move] for move in one.moves)),
             "colour": f"var(--{'actor0' if one.moves else 'other'})",
             "shape": "diamond" if one.bound else "circle"}
            for one in sets
        ]  # fmt: skip
        told = "; ".join(f"{self.named(one)}: {', '.join(_cells(one)[:2])}" for one in sets)
        return self.view.drawings.twice(
            lambda width: _spec(rows, width),
            f"Cost in bn USD and chance that balance fails: {told}. {self.key}.",
            figures.HALF,
        )


def _cells(one: MoveTold) -> tuple[str, ...]:
    chances = [one.fails, one.decides, *([] if one.next is None else [one.next])]
    return write.level(one.cost, 2), *map(write.chance, chances)


def _spec(rows: Rows, width: int) -> Spec:
    """Sets of moves in a plane whose axes stand beside it, within a width."""
    costs = [row["x"] for row in rows]
    span = max(max(costs) - min(costs), 0.01)
    x = _axis("x", "Cost, bn USD", min(costs) - 0.08 * span, max(costs) + 0.28 * span)
    y = _axis("y", "Chance of failing, %", 0.0, 1.15 * max(row["y"] for row in rows))
    dots = layer(rows, "point", filled=True, size=90, opacity=1)(
        x=x, y=y, color=COLOUR, shape=SHAPE, description=TIP
    )
    words = layer(rows, "text", color="var(--ink)", dx=8, dy=-9, fontSize=13, align="left")(
        x=x, y=y, text=word("letters")
    )
    height = 300 if width > figures.NARROW else 240
    return figures.specification(
        [dots, words], figures.PAGE_COLOURS, width=width - BESIDE, height=height
    )


def _axis(field: str, title: str, start: float, end: float) -> Spec:
    look = {"title": title, "tickCount": 6, "format": "~r", "grid": True, "titleFontSize": 12}
    return quantity(field, axis=look, scale={"domain": [start, end], "nice": False, "zero": False})
