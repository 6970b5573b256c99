"""Who pays: sectors and jobs of the pivot, households of the world, case by case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from pydantic import BaseModel

from tula.numbers import write
from tula.report import figures
from tula.report.drawing import Drawing
from tula.report.figures import Group
from tula.report.part import AnswerPart
from tula.report.table import Row, Table
from tula.say.words import BOUND, capital
from tula.strategy.answer.payers import HouseholdTold, JobsTold, SectorTold, WhoTold

#: Sectors drawn in a case, and regions told beside pivot and rivals: those that move most.
SECTORS, REGIONS = 6, 6


class SectorRow(SectorTold):
    """A sector in a case."""

    case: str
    """The case."""


class JobsRow(JobsTold):
    """Jobs that a source counts, in a case."""

    case: str
    """The case."""


class HouseholdRow(HouseholdTold):
    """Households of a region in a case."""

    case: str
    """The case."""


class Who(AnswerPart):
    """Every case: a threat that stands, and giving in."""

    link = "Who pays"
    bound = BOUND

    @property
    def shown(self) -> bool:
        """Whether anything is set beside anything."""
        return super().shown and bool(self.found.who)

    @property
    def taken(self) -> Mapping[str, Sequence[BaseModel]]:
        """Every sector, count of jobs and region in every case."""
        cases = self.found.who
        found: dict[str, Sequence[BaseModel]] = {
            "who-sectors": [_in(SectorRow, case, one) for case in cases for one in case.sectors],
            "who-households": [
                _in(HouseholdRow, case, one) for case in cases for one in case.households
            ],
        }
        jobs = [_in(JobsRow, case, one) for case in cases for one in case.jobs]
        return {**found, "who-jobs": jobs} if jobs else found

    @property
    def cases(self) -> list[str]:
        """What the columns of the tables are called."""
        return [capital(one.title) for one in self.found.who]

    @property
    def beside(self) -> str:
        """What each case is set beside."""
        return "; ".join(f"“{one.title}” beside “{one.beside}”" for one in self.found.who)

    @property
    def first(self) -> WhoTold:
        """The case that is told in the sentence."""
        return self.found.who[0]

    @property
    def home_households(self) -> HouseholdTold:
        """What households of the pivot pay in it."""
        return _at(self.first, self.found.pivot)

    @property
    def most(self) -> SectorTold:
        """The sector that pays most in it."""
        return min(self.first.sectors, key=lambda one: one.change)

    @property
    def hardest(self) -> SectorTold:
        """The sector that pays most for its size."""
        return min(self.first.sectors, key=lambda one: one.percent or 0.0)

    @property
    def table(self) -> Table:
        """Households of the pivot, the rivals and the regions that move most, in every case."""
        named = (self.found.pivot, *self.found.rivals)
        others = sorted(
            (one for one in self.first.households if one.id not in named),
            key=lambda one: -max(abs(_at(case, one.id).change) for case in self.found.who),
        )
        told = [*named, *(one.id for one in others[:REGIONS])]
        return Table(
            tuple(
                Row(
                    capital(_at(self.first, region).title),
                    tuple(_cell(_at(case, region)) for case in self.found.who),
                    strong=region == self.found.pivot,
                )
                for region in told
            )
        )

    @property
    def jobs(self) -> Table:
        """Jobs that sources count, in every case; the others are not known."""
        return Table(
            tuple(
                Row(
                    capital(one.title),
                    (write.level(one.jobs), *(_cell(case.jobs[n]) for case in self.found.who)),
                )
                for n, one in enumerate(self.first.jobs)
            )
        )

    @cached_property
    def chart(self) -> Drawing:
        """Value added of the sectors that move most, in every case."""
        groups = [Group(capital(one.title), tuple(_marks(one))) for one in self.found.who]
        told = "; ".join(f"{g.heading}: {', '.join(r.text for r in g.rows)}" for g in groups)
        label = f"Change in value added by sector, bn USD a year: {told}."
        return self.view.drawings.twice(
            lambda width: figures.chart(groups, "bn USD a year", width=width), label, figures.HALF
        )


def _in(kind: type[BaseModel], case: WhoTold, one: BaseModel) -> BaseModel:
    return kind.model_validate({**one.model_dump(), "case": case.id})


def _at(case: WhoTold, region: str) -> HouseholdTold:
    return next(one for one in case.households if one.id == region)


def _cell(one: HouseholdTold | JobsTold) -> str:
    return f"{write.fine(one.change, signed=True)}\n{write.change_percent(one.percent)}"


def _marks(case: WhoTold) -> Iterable[figures.Row]:
    """The sectors that move most, those that pay first."""
    moved = sorted(case.sectors, key=lambda one: -abs(one.change))[:SECTORS]
    for one in sorted(moved, key=lambda one: one.change):
        share = "" if one.percent is None else f" ({write.change_percent(one.percent)})"
        label = f"{one.title}: {write.fine(one.change, signed=True)}{share}"
        yield figures.Row(
            label, label, "actor0", "square", one.change, one.change, one.change, label
        )
