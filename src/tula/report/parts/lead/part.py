"""The head of the page: question, answer, and the months ahead in one picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from pydantic import BaseModel

from tula.file.undecided import sentence
from tula.report import monthly
from tula.report.drawing import Drawing
from tula.report.part import AnswerPart
from tula.report.parts.answer.part import paragraphs
from tula.report.parts.path.part import flow, kept, spoken, threats
from tula.study.verdict import weakest


class Lead(AnswerPart):
    """The answer in a few sentences; of a study that asks nothing, what its scenarios are worth."""

    @property
    def shown(self) -> bool:
        """Every page has a head."""
        return True

    @property
    def taken(self) -> Mapping[str, Sequence[BaseModel]]:
        """The path."""
        return {"ahead": self.found.path} if super().shown else {}

    @property
    def paragraphs(self) -> list[str]:
        """Paragraphs of the answer."""
        return self.view.verdict or paragraphs(self.view)

    @property
    def still_open(self) -> str:
        """Why no label is told, where numbers are still a template's."""
        return sentence(self.view.manifest.undecided)

    @cached_property
    def picture(self) -> Drawing | None:
        """The months ahead: whether every tie is kept, what arrives of the weakest, what stands."""
        found = self.view.results.answer
        if found is None:
            return None
        since = self.view.manifest.since
        flows = (flow(found, tie, since) for tie in weakest(found))
        panels: list[monthly.Panel] = [kept(found), *flows, *threats(found)]
        return monthly.drawing(panels, monthly.months(found), spoken(found, since))
