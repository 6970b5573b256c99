"""How sure the balance is: draws, proof, what moves the price, and what is assumed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from tula.numbers import write
from tula.report.drawing import Drawing, twice
from tula.report.part import BalancePart, Citing
from tula.report.parts.sureness import chart
from tula.report.table import Row, Table
from tula.say.words import capital


class Sureness(BalancePart):
    """Draws, failures, sensitivity and inputs."""

    link = "How sure"

    @property
    def cited(self) -> Iterator[Citing]:
        """The inputs with the facts they rest on."""
        yield self.anchor, "balance", {fact for one in self.record.inputs for fact in one.evidence}

    @cached_property
    def influence(self) -> Drawing | None:
        """What moves the price."""
        if len(self.idle) == len(self.record.influence):
            return None
        label = "Share of the price's variance by group of inputs; figures stand beside the bars."
        return twice(chart.influence_chart(self.record), label)

    @property
    def idle(self) -> list[str]:
        """Groups of inputs that hardly move the price."""
        return [one.title for one in chart.idle(self.record)]

    @property
    def variants(self) -> Table:
        """The same game in other worlds; None if it was played in one only."""
        titles = {one.id: one.title for one in self.record.courses}
        return Table(
            tuple(
                Row(
                    capital(one.title),
                    (
                        write.change(one.price),
                        write.change(100 * one.price_of_gdp),
                        titles.get(one.best, one.best),
                        one.state,
                    ),
                )
                for one in self.record.variants
            )
        )
