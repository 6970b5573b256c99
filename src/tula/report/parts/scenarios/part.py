"""Scenario by scenario: what is done, what comes of it, and the numbers."""

from __future__ import annotations

from collections.abc import Iterator

from tula.report.part import Citing, Part
from tula.report.parts.scenarios import accounts, tables


class Scenarios(Part):
    """The scenarios with their tables."""

    link = "Scenarios"
    tables, accounts = tables, accounts

    @property
    def actors(self) -> list[str]:
        """Names of pivot and rivals."""
        return [self.view.region_names[code] for code in self.view.actors]

    @property
    def cited(self) -> Iterator[Citing]:
        """Each scenario with the facts of its instruments and its own."""
        for number, record in enumerate(self.view.moves, start=1):
            own = {name for item in record.instruments for name in item.evidence}
            yield f"s{number}", record.id, own | set(record.evidence)
