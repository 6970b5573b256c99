"""The path: what may stand and what arrives, month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from pydantic import BaseModel

from tula.numbers import write
from tula.report import monthly, spreads
from tula.report.drawing import Drawing
from tula.report.monthly import Levels, Line, Strips
from tula.report.part import AnswerPart
from tula.report.table import Row, Table
from tula.say.words import capital
from tula.strategy.answer.result import Answer, TieTold
from tula.study.backtest.score import Arrival, Scored


class Path(AnswerPart):
    """Every tie and every threat by month."""

    link = "Path"

    @property
    def taken(self) -> Mapping[str, Sequence[BaseModel]]:
        """Every month."""
        return {"path": self.found.path}

    @cached_property
    def ties(self) -> list[Drawing]:
        """What arrives of every tie, in two columns."""
        found, since = self.found, self.view.manifest.since
        half = (len(found.ties) + 1) // 2
        months, said = monthly.months(found), spoken(found, since)
        return [
            monthly.drawing([flow(found, tie, since) for tie in ties], months, said)
            for ties in (found.ties[:half], found.ties[half:])
            if ties
        ]

    @property
    def table(self) -> Table:
        """The chances of every month."""
        found = self.found
        names = monthly.months(found)
        return Table(
            tuple(
                Row(
                    f"{one.month}, from {found.announced.day} {names[one.month - 1]}",
                    tuple(
                        write.chance(share)
                        for share in (one.ties_met, one.never_below, one.balanced,
                                      *(one.chances[name] for name in found.switches))
                    ),
                )
                for one in found.path
            )
        )  # fmt: skip


def kept(found: Answer) -> Levels:
    """Chance that every tie is kept: in the month, and in all of them so far."""
    return Levels(
        "Chance that every tie is kept: that month (line), every month so far (dashed)",
        (
            Line([one.ties_met for one in found.path], "ink"),
            Line([one.never_below for one in found.path], "soft", dashed=True),
        ),
    )


def flow(found: Answer, tie: TieTold, since: Sequence[Scored]) -> Levels:
    """What arrives of a tie against the line, and what came of it."""
    of = "carried" if tie.by == "share carried" else f"of {tie.reference.split(',')[0]}"
    line = monthly.band([one.flows[tie.id] for one in found.path])
    came = tuple((one.month, one.share) for one in arrivals(since, tie))
    return Levels(f"{capital(tie.title)}, % {of}", (line,), found.kept, came)


def arrivals(since: Sequence[Scored], tie: TieTold) -> list[Arrival]:
    """What came of a tie, by month."""
    came = (one.arrival for one in since if one.arrival and one.arrival.tie == tie.id)
    return sorted(came, key=lambda one: one.month)


def threats(found: Answer) -> list[Strips]:
    """Chance of every threat, event and cause; none where there are none."""
    rows = {
        capital(title): [one.chances[name] for one in found.path]
        for name, title in found.switches.items()
    }
    return [Strips("Chance that it stands, %", rows)] if rows else []


def spoken(found: Answer, since: Sequence[Scored]) -> str:
    """The first and the last month in words, for those who cannot see them."""
    first, last = found.path[0], found.path[-1]
    told = [
        f"{tie.title} {spreads.share(first.flows[tie.id])}, "
        f"then {spreads.share(last.flows[tie.id])}"
        + "".join(
            f", came {write.number(100.0 * one.share, (0.0,))}%" for one in arrivals(since, tie)
        )
        for tie in found.ties
    ]
    told += [
        f"{title} {write.chance(first.chances[name])}, then {write.chance(last.chances[name])}"
        for name, title in found.switches.items()
    ]
    return (
        f"First and last of {found.months} months. Every tie kept {write.chance(first.ties_met)}, "
        f"then {write.chance(last.ties_met)}; {'; '.join(told)}."
    )
