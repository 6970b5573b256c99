"""The head of the page: question and answer."""

from __future__ import annotations

from tula.report.part import AnswerPart
from tula.report.parts.answer.part import paragraphs
from tula.study.undecided import sentence
from tula.study.verdict import called, verdict


class Lead(AnswerPart):
    """The answer in a few sentences; of a study that asks nothing, what its scenarios are worth."""

    @property
    def shown(self) -> bool:
        """Every page has a head."""
        return True

    @property
    def paragraphs(self) -> list[str]:
        """Paragraphs of the answer."""
        if self.view.results.answer is None:
            return paragraphs(self.view)
        return verdict(self.found, self.view.named, called(self.view.manifest))

    @property
    def still_open(self) -> str:
        """Why no label is told, where numbers are still a template's."""
        return sentence(self.view.manifest.undecided)
