"""Answers to duties: what one region levies on those that raised theirs on its goods."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from tula.policy.flows import TradeInstrument, one_of
from tula.policy.units import Points, Portion, Sectors, refusal

#: Ways to answer, as instruments call them.
ANSWERS = ("in_kind", "add", "duty")


class Retaliation(TradeInstrument):
    """Duties of ``importer`` on goods of every ``exporter`` that raised its own on the importer's.

    What is answered is how far the exporter's duties on the importer's goods are raised by the
    other instruments it stands beside; where none is, nothing is levied. Give exactly one of
    ``in_kind``, ``add`` and ``duty``. The points come on top of what else is due. Answers
    are not answered again. All trade is at the border, in the base year.
    """

    kind: Literal["retaliation"] = "retaliation"
    sectors: Sectors = ("all",)
    """Unsaid, those that were hit."""
    in_kind: Portion | None = None
    """That part of the same points on the same sectors; 100%: as much."""
    add: Points | None = None
    """Percentage points, such as 25 pp, on a list of sectors."""
    duty: Portion | None = None
    """A rate so chosen that the added duty on base trade is that part of the duty answered."""
    trade: Portion | None = None
    """With add: on so much of the list that its base trade is that part of the trade hit."""

    @model_validator(mode="after")
    def _one_answer(self) -> Retaliation:
        if self.operator != "add" and self.trade is not None:
            raise refusal(f"trade says nothing beside {self.operator}: it goes with add")
        if self.add is not None and self.add <= 0.0:
            raise refusal("add must be above zero: an answer raises duties")
        return self

    @property
    def operator(self) -> str:
        """Which answer is given, one of ``ANSWERS``."""
        return one_of(**{name: getattr(self, name) for name in ANSWERS})

    @property
    def reads_base(self) -> bool:
        """Whether base trade decides how large the answer is."""
        return self.duty is not None or self.trade is not None

    @property
    def where_hit(self) -> bool:
        """Whether it answers in the sectors that were hit, none being named."""
        return self.in_kind is not None or self.sectors == ("all",)
