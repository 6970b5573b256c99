"""What would turn the answer: beliefs one at a time, two together, and the smallest joint move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from pydantic import BaseModel

from tula.numbers import write
from tula.report import figures, monthly, spreads
from tula.report.drawing import Drawing
from tula.report.figures import Group
from tula.report.figures import Row as Mark
from tula.report.part import AnswerPart
from tula.report.table import Row, Table
from tula.say.words import capital
from tula.strategy.answer.label import BROKEN, HOLDS, LIKELY, UNLIKELY
from tula.strategy.answer.result import JointTold, PlaneTold, TurnTold
from tula.study.manifest import NumberRecord
from tula.study.verdict import turned

#: Beliefs that are drawn at most, steps of a joint move told, and odds moved from which they are.
MOST, STEPS, LEAST = 8, 3, 0.01
#: Months from one told odds of what happens to the next.
EVERY = 2
#: Move of the odds from which a cause is told with its months.
NOTABLE = 0.05
EDGES = (BROKEN, UNLIKELY, LIKELY, HOLDS)


class Cell(NamedTuple):
    """A cell of the plane: odds in percent, and the label as a class; edges where it turns."""

    odds: str
    look: str


class Turning(AnswerPart):
    """Beliefs that matter, and the lines where the label turns."""

    link = "Turning"
    turned = staticmethod(turned)

    @property
    def taken(self) -> Mapping[str, Sequence[BaseModel]]:
        """All beliefs one at a time, the plane, and the joint moves."""
        found, plane = self.found, self.found.plane
        told = {"turning": found.turning, "joint": found.joint, "dated": found.dated}
        return {**told, "plane": (plane,)} if plane else told

    @property
    def matter(self) -> list[TurnTold]:
        """Beliefs that move the odds, those that move them most first."""
        moved = [one for one in self.found.turning if max(one.odds) - min(one.odds) >= LEAST]
        return moved[:MOST]

    @property
    def rests(self) -> tuple[TurnTold, NumberRecord] | None:
        """The belief that moves the odds most and its ground; None where it is stated in place."""
        records = {one.field: one for one in self.view.manifest.beliefs}
        found = ((one, records[one.belief]) for one in self.matter[:1] if one.belief in records)
        return next(found, None)

    @property
    def dated(self) -> Table:
        """Odds by the month in which each cause that matters happens, the last that it does not."""
        return Table(
            tuple(
                Row(
                    capital(one.title),
                    (*(_hundred(odds) for odds in one.odds[::EVERY]), _hundred(one.never)),
                )
                for one in self.found.dated
                if max(*one.odds, one.never) - min(*one.odds, one.never) >= NOTABLE
            )
        )

    @property
    def happens(self) -> list[str]:
        """The months of that table, and that it does not happen."""
        return [*monthly.months(self.found)[1::EVERY], "Never"]

    @property
    def odds(self) -> str:
        """Odds as believed, in 100."""
        return _hundred(self.found.odds)

    @cached_property
    def chart(self) -> Drawing:
        """Odds at both ends of every belief that matters."""
        group = [Group("", tuple(self._row(one) for one in self.matter))]
        told = "; ".join(row.text for row in group[0].rows)
        odds = [100.0 * odd for one in self.matter for odd in one.odds]
        lines = [100.0 * one for one in EDGES if 100.0 * one <= max(odds, default=0.0)]
        return self.view.drawings.twice(
            lambda width: figures.chart(
                group, "Odds of balance, %", width=width, draw=spreads.against(*lines)
            ),
            f"Odds of balance in percent as one belief moves: {told}.",
            figures.HALF,
        )

    def _row(self, one: TurnTold) -> Mark:
        low, middle, high = (100.0 * odd for odd in one.odds)
        name = capital(self.belief(one.belief))
        ends = [write.level(at, 2) for at in one.at]
        text = f"{name}: from {low:.0f} at {ends[0]} to {high:.0f} at {ends[2]}"
        return Mark(name, name, "actor0", "circle", middle, min(one.odds) * 100.0,
                    max(one.odds) * 100.0, text)  # fmt: skip

    @property
    def table(self) -> Table:
        """Turning points of the beliefs that matter or turn something."""
        found = [
            one
            for one in self.found.turning
            if one in self.matter or one.turns_at is not None or one.price_turns_at is not None
        ]
        return Table(
            tuple(
                Row(
                    capital(self.belief(one.belief)),
                    (
                        write.level(one.at[1], 2),
                        f"{write.level(one.at[0], 2)} to {write.level(one.at[2], 2)}",
                        f"{_hundred(one.odds[0])} to {_hundred(one.odds[2])}",
                        _at(one.turns_at),
                        _at(one.price_turns_at),
                    ),
                )
                for one in found
            )
        )

    @property
    def joint(self) -> list[str]:
        """The smallest joint moves in words."""
        return [self._joint(one) for one in self.found.joint]

    def _joint(self, one: JointTold) -> str:
        what = "the label" if one.what == "label" else "the sign of the median price"
        if one.distance is None:
            return f"No joint move within three standard deviations turns {what}."
        steps = sorted(one.steps.items(), key=lambda step: -abs(step[1]))[:STEPS]
        told = ", ".join(
            f"{self.belief(name)} {write.fixed(step, 2, signed=True)}" for name, step in steps
        )
        size = write.level(one.distance, 2)
        return (
            f"The smallest joint move that turns {what}, to {one.to}: {size} standard deviations "
            f"of the beliefs, most of it in {told}."
        )

    @property
    def plane(self) -> PlaneTold:
        """The plane of two beliefs."""
        assert self.found.plane is not None, "asked of an answer without a plane"
        return self.found.plane

    @property
    def cells(self) -> Iterator[tuple[str, list[Cell]]]:
        """Value of the first belief, and its cells along the second, the highest value first."""
        words, count = self.plane.words, len(self.plane.values[0])
        for n in reversed(range(count)):
            cells = []
            for m, word in enumerate(words[n]):
                edges = "l" * (m > 0 and words[n][m - 1] != word)
                edges += "t" * (n + 1 < count and words[n + 1][m] != word)
                look = " ".join([word.replace(" ", "-"), *(f"edge-{edge}" for edge in edges)])
                cells.append(Cell(_hundred(self.plane.odds[n][m]), look))
            yield write.level(self.plane.values[0][n], 2), cells


def _at(value: float | None) -> str:
    return "nowhere" if value is None else write.level(value, 2)


def _hundred(odds: float) -> str:
    return f"{100.0 * odds:.0f}"
