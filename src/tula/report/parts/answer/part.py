"""What each scenario is worth: the answer in sentences, and the main chart."""

from __future__ import annotations

from functools import cached_property

from markupsafe import Markup

from tula.report.drawing import Drawing
from tula.report.part import Part
from tula.report.parts.answer import panels
from tula.report.view import View
from tula.say.words import BOUND
from tula.study.weighing import CERTAIN


class Answer(Part):
    """What each scenario is worth to pivot and rivals."""

    link = "Worth"
    certain = CERTAIN
    bound = BOUND

    @property
    def paragraphs(self) -> list[str]:
        """Paragraphs of the answer."""
        return paragraphs(self.view)

    @property
    def actors(self) -> list[str]:
        """Names of pivot and rivals, as in a sentence."""
        return [self.view.named(code) for code in self.view.actors]

    @cached_property
    def income(self) -> Drawing:
        """Real income of pivot and rivals in every scenario."""
        label = f"What each scenario is worth to {', '.join(self.actors)}; numbers in the tables."
        drawn = self.view.drawings.drawn
        narrow = (drawn(spec, label) for spec in panels.narrow(self.view))
        return Drawing(drawn(panels.wide(self.view), label), Markup("").join(narrow))


def paragraphs(view: View) -> list[str]:
    """Paragraphs of what scenarios are worth."""
    parts = (part.strip() for part in view.manifest.answer.split("\n\n"))
    return [part for part in parts if part]
