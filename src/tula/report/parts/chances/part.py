"""Conditions of balance with their chance of failing, and what is kept of every tie."""

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
from tula.strategy.answer.result import ConditionTold
from tula.study.verdict import NEVER


class Chances(AnswerPart):
    """One line a condition, the likeliest to fail first."""

    link = "Chances"

    @property
    def taken(self) -> Mapping[str, Sequence[BaseModel]]:
        """Conditions, and flows kept."""
        return {"chances": self.found.conditions, "flows": self.found.ties}

    @property
    def conditions(self) -> Table:
        """Chance of failing and how each condition stands."""
        return Table(
            tuple(
                Row(
                    capital(self.condition(one.id)),
                    (write.chance(one.fails), self.stands(one)),
                    strong=one.id == self.found.decides,
                )
                for one in self.found.conditions
            )
        )

    def stands(self, one: ConditionTold) -> str:
        """How a condition stands, in its own unit."""
        found = self.found
        if one.kind == "hollow":
            tie = next(tie for tie in found.ties if tie.id == one.id)
            return f"{spreads.share(tie.kept)} kept"
        if one.kind == "captured":
            power = next(power for power in found.powers if power.rival == one.id)
            other = next(rival for rival in found.rivals if rival != one.id)
            held = f"believed with {spreads.share(power.believed)}"
            dropped = f"giving up {self.view.named(other)}"
            if power.needed.median >= NEVER:
                return f"{held}; no belief makes {dropped} pay"
            return f"{held}; {dropped} pays from {spreads.share(power.needed)}"
        demand = next(demand for demand in found.demands if demand.id == one.id)
        line = found.met if demand.anybody is None else 1.0 - found.kept
        others = f", {spreads.share(demand.anybody)} by anybody" if demand.anybody else ""
        met = spreads.share(demand.own)
        return f"{met} met by the government{others}; obeying begins at {write.limit(line)}"

    @property
    def turns(self) -> list[str]:
        """With which line every other label would be told."""
        found = self.found
        told = {
            "holds with a line up to": found.holds_from,
            "likely holds up to": found.likely_from,
            "likely broken from": found.unlikely_from,
            "broken from": found.broken_from,
        }
        return [f"{word} {write.chance(line)}" for word, line in told.items() if line is not None]

    @property
    def seconds(self) -> list[str]:
        """Situations with a second equilibrium, with what is read in both."""
        names = {tie.id: tie.title for tie in self.found.ties}

        def told(name: str, first: float, other: float) -> str:
            if name in names:
                return f"{names[name]} {write.limit(first)} or {write.limit(other)}"
            ends = (write.fixed(one, 1, signed=True) for one in (first, other))
            return f"real income of {self.home} {' or '.join(ends)} bn USD a year"

        return [
            f"{one.situation}, sigma {one.first_year:g}: "
            + "; ".join(told(name, first, one.other[name]) for name, first in one.first.items())
            for one in self.found.proof.seconds
        ]

    @property
    def references(self) -> list[str]:
        """What traded flows are ratios to."""
        traded = (tie.reference for tie in self.found.ties if tie.by in ("value", "volume"))
        return list(dict.fromkeys(traded))

    @cached_property
    def chart(self) -> Drawing:
        """What is kept of every tie against the line."""
        rows = tuple(
            spreads.row(capital(tie.title), tie.kept, factor=100.0, told=spreads.short(tie.kept))
            for tie in self.found.ties
        )
        group, line = [Group("", rows)], spreads.against(100.0 * self.found.kept)
        told = "; ".join(row.text for row in rows)
        label = f"Kept of each tie, line at {write.limit(self.found.kept)}: {told}."
        return self.view.drawings.twice(
            lambda width: figures.chart(group, "% of reference", width=width, draw=line),
            label,
            figures.HALF,
        )
