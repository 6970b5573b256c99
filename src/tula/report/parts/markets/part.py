"""Each commodity by itself beside the world that carries the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from tula.numbers import write
from tula.report.part import AnswerPart
from tula.report.table import Row, Table
from tula.say.words import capital


class Markets(AnswerPart):
    """One line a commodity, what happens to it, and an age of the shock."""

    link = "Markets"

    @property
    def shown(self) -> bool:
        """Whether anything happens to a commodity alone."""
        return super().shown and bool(self.found.markets)

    @property
    def taken(self) -> Mapping[str, Sequence[BaseModel]]:
        """All comparisons."""
        return {"markets": self.found.markets}

    @property
    def most(self) -> float:
        """How far the two lie apart at most."""
        return max(one.apart for one in self.found.markets)

    @property
    def table(self) -> Table:
        """Money and prices of both, and how far apart they lie."""
        titles = {one.id: one.title for one in self.view.manifest.scenarios}
        names = self.view.sector_names
        rows = []
        for one in self.found.markets:
            what = capital(titles.get(one.scenario, one.scenario))
            goods = names.get(one.sector, one.sector)
            paid = (write.change(100.0 * value) for value in (one.paid, one.paid_in_world))
            money = (write.change(value) for value in (one.account, one.world))
            months = write.fixed(12.0 * one.years, 1)
            rows.append(Row(f"{goods}: {what}", (months, *money, write.chance(one.apart), *paid)))
        return Table(tuple(rows))
