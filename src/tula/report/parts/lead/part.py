"""The head of the page: question and answer."""

from __future__ import annotations

from functools import cached_property

from markupsafe import Markup

from tula.report.drawing import Drawing
from tula.report.part import BalancePart
from tula.report.parts.answer.part import paragraphs
from tula.report.parts.lead import scales
from tula.study.balance.terms import yielding


class Lead(BalancePart):
    """The answer in two sentences with the pair of scales; without a balance, all of it."""

    @property
    def shown(self) -> bool:
        """Every page has a head."""
        return True

    @cached_property
    def scales(self) -> Drawing | None:
        """The pair of scales; None if no course gives in to a rival."""
        weighing = scales.weigh(self.view, self.record)
        if weighing is None:
            return None
        label = scales.spoken(weighing)
        wide, narrow = (
            Markup(scales.picture(weighing, layout, label))
            for layout in (scales.WIDE, scales.NARROW)
        )
        return Drawing(wide, narrow)

    @property
    def ways(self) -> tuple[str, str] | None:
        """Titles of the course kept and of the best way of giving in; None without the latter."""
        giving = yielding(self.record)
        return (self.record.courses[0].title, giving.title) if giving else None

    @property
    def paragraphs(self) -> list[str]:
        """Paragraphs of an answer without a balance."""
        return paragraphs(self.view)
