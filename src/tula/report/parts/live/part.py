"""The question of the study moved by hand: figures of the run, and what the page's engine needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib import resources
from typing import Any

from markupsafe import Markup
from pydantic import BaseModel

from tula.live import engine, page_script
from tula.numbers import write
from tula.report.part import AnswerPart, embedded
from tula.report.table import Row, Table
from tula.say.words import BOUND, capital
from tula.strategy.answer.found import Found
from tula.study.load import built_in_studies

#: What a study that does not come with Tula is called in commands.
FILE = "study.yaml"
#: Files of the part's script, in order.
SCRIPT = ("state", "texts", "controls", "odds", "figures", "start")


class Stands(Found):
    """A tie or an income where nothing is moved."""

    id: str
    """Tie, or region."""
    title: str
    """What readers see it called."""
    stands: float
    """Ratio to its reference, or bn USD a year over the base year."""


class Live(AnswerPart):
    """Controls over the world of the answer."""

    link = "Move it"
    bound = BOUND

    @property
    def shown(self) -> bool:
        """Whether the run left the question for the page."""
        return super().shown and self.view.results.live is not None

    @property
    def content(self) -> Mapping[str, Any]:
        """What the run left."""
        found = self.view.results.live
        assert found is not None, "asked of a run that left nothing for its page"
        return found

    @property
    def full(self) -> str:
        """Why the page cannot solve it; empty where it can."""
        return str(self.content.get("full", ""))

    @property
    def taken(self) -> Mapping[str, Sequence[BaseModel]]:
        """Figures of the run."""
        return {} if self.full else {"stands": (*self.ties, *self.incomes)}

    @cached_property
    def ties(self) -> tuple[Stands, ...]:
        """What arrives of every tie."""
        kept, titles = (
            self.content["figures"]["kept"],
            {one.id: one.title for one in self.found.ties},
        )
        return tuple(
            Stands(id=name, title=capital(titles[name]), stands=value)
            for name, value in kept.items()
        )

    @cached_property
    def incomes(self) -> tuple[Stands, ...]:
        """Real income of pivot and rivals."""
        income = self.content["figures"]["income"]
        return tuple(
            Stands(id=code, title=self.view.region_names[code], stands=value)
            for code, value in income.items()
        )

    @property
    def tie_table(self) -> Table:
        """Ties in percent."""
        return Table(tuple(Row(one.title, (percent(one.stands),)) for one in self.ties))

    @property
    def income_table(self) -> Table:
        """Incomes in bn USD."""
        rows = (Row(one.title, (write.fixed(one.stands, 1, signed=True),)) for one in self.incomes)
        return Table(tuple(rows))

    @property
    def engine(self) -> Markup:
        """What solves the world, for the worker."""
        return Markup(engine())

    @property
    def script(self) -> Markup:
        """Controls and figures."""
        if self.full:
            return Markup()
        folder = resources.files(__package__) / "script"
        parts = ((folder / f"{part}.js").read_text("utf-8") for part in SCRIPT)
        return Markup(page_script("\n".join(parts)))

    @property
    def question(self) -> Markup:
        """What the run left, with what its names are called."""
        view, found = self.view, self.found
        plane = found.plane
        return embedded(
            {
                **self.content,
                "study": view.manifest.id if view.manifest.id in built_in_studies() else FILE,
                "settings": list(view.manifest.settings),
                "home": view.named(view.pivot),
                "rivals": self.rivals,
                "regions": list(view.region_names.values()),
                "sectors": list(view.sector_names.values()),
                "titles": {one.id: self.belief(one.id) for one in found.beliefs},
                "reasons": {one.field: one.reason for one in view.manifest.beliefs},
                "dated": {one.id: one.odds for one in found.dated},
                "odds": {"all": found.odds, "error": found.error, "label": found.label},
                "plane": None if plane is None else plane.model_dump(mode="json"),
            }
        )


def percent(share: float) -> str:
    """A share as the page's script writes it: in whole percent."""
    return f"{write.fixed(100.0 * share, 0)}%"
