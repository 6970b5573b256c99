"""How all regions of the world stand between the two rivals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from pydantic import BaseModel

from tula.report import figures
from tula.report.drawing import Drawing
from tula.report.figures import Group
from tula.report.part import AnswerPart
from tula.report.table import Row, Table
from tula.say.words import capital, word_kept
from tula.strategy.ranking import Hold, Ranking, Standing

#: Regions told at each end of the order, and on each side of the pivot.
ENDS, NEAR = 3, 2


class Others(AnswerPart):
    """The pivot among all others."""

    link = "Others"

    @property
    def shown(self) -> bool:
        """Whether anybody was ranked."""
        return super().shown and self.found.others is not None and bool(self.found.others.known)

    @property
    def ranking(self) -> Ranking:
        """All regions, the most evenly held first."""
        assert self.found.others is not None, "asked of an answer without a ranking"
        return self.found.others

    @property
    def taken(self) -> Mapping[str, Sequence[BaseModel]]:
        """Every region."""
        return {"others": [_Line.of(one) for one in self.ranking.regions]}

    @property
    def place(self) -> int:
        """Place of the pivot, 0 without one."""
        return self.ranking.place(self.found.pivot)

    @property
    def near(self) -> list[Standing]:
        """The regions at both ends of the order, and those about the pivot."""
        known, at = self.ranking.known, self.place - 1
        wanted = {*range(ENDS), *range(len(known) - ENDS, len(known))}
        wanted |= set(range(at - NEAR, at + NEAR + 1)) if at >= 0 else set()
        return [one for n, one in enumerate(known) if n in wanted]

    @cached_property
    def chart(self) -> Drawing:
        """The chance of a break-off that must be believed, of the regions told."""
        rows = tuple(self._row(one) for one in self.near)
        told = "; ".join(row.text for row in rows)
        return self.view.drawings.twice(
            lambda width: figures.chart([Group("", rows)], "Chance, %", width=width),
            f"Chance of a break-off beyond which a region drops the other rival: {told}.",
            figures.HALF,
        )

    def _row(self, one: Standing) -> figures.Row:
        hold = _held(one)
        low, high = (100.0 * end for end in hold.needed.range)
        value = 100.0 * (hold.needed.value or 0.0)
        label = f"{self.ranking.place(one.id)}. {capital(one.title)}: {value:.0f}"
        text = f"{label} ({low:.0f} to {high:.0f}), to {hold.title}"
        shape = "diamond" if one.id == self.found.pivot else "circle"
        return figures.Row(label, label, self.view.colour(hold.id), shape, value, low, high, text)

    @property
    def replaced(self) -> str:
        """How easily a lost partner is replaced, all commodities first."""
        return self.ranking.elasticities.removeprefix("replace ")

    @property
    def table(self) -> Table:
        """All regions."""
        return Table(
            tuple(
                Row(
                    f"{place}. {capital(one.title)}",
                    (
                        f"{_percent(_held(one).needed.value)} ({_held(one).title})",
                        *(_level(hold.loss.value) for hold in one.holds),
                        *([_percent(one.kept)] if self.ranking.as_of else []),
                    ),
                    strong=one.id == self.found.pivot,
                )
                for place, one in enumerate(self.ranking.known, 1)
            )
        )

    @property
    def columns(self) -> list[str]:
        """What the columns of the table are called."""
        losses = [f"{capital(title)} takes, %" for title in self.ranking.titles]
        kept = ["Least kept of a large flow, %"] if self.ranking.as_of else []
        return ["Region", "Yields above, %, to", *losses, *kept]

    @property
    def word(self) -> str:
        """How well the rivals keep their word."""
        return word_kept(self.ranking)

    @property
    def command(self) -> str:
        """What asks the same at a terminal."""
        day = f" --as-of {self.ranking.as_of}" if self.ranking.as_of else ""
        word = "".join(f" --keeps-word {name}={one:g}" for name, one in self.ranking.words.items())
        options = "".join(f" --replace {one}" for one in self.ranking.replace)
        closure = "" if self.ranking.closure == "fixed" else f" --closure {self.ranking.closure}"
        return f"tula rank {' '.join(self.ranking.rivals)}{day}{word}{options}{closure}"


class _Line(BaseModel):
    """A region in one line."""

    region: str
    name: str
    yields_to: str | None
    kept: float | None
    holds: dict[str, Hold]

    @classmethod
    def of(cls, one: Standing) -> _Line:
        holds = {hold.id: hold.model_copy(update={"flows": ()}) for hold in one.holds}
        return cls(
            region=one.id, name=one.title, yields_to=one.yields_to, kept=one.kept, holds=holds
        )


def _held(one: Standing) -> Hold:
    assert one.least is not None, "asked of a region without an equilibrium"
    return one.least


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100.0 * value:.0f}"


def _level(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
