"""Who pays, as it is told."""

from __future__ import annotations

from tula.strategy.answer.found import Found


class SectorTold(Found):
    """What a sector of the pivot pays, beside the other situation."""

    id: str
    """The sector."""
    title: str
    """What readers see it called."""
    before: float
    """Value added in the other situation, bn USD a year at base prices of the final basket."""
    change: float
    """What is added to it, bn USD a year: below zero, the sector pays."""
    percent: float | None
    """The same in percent of it; None where there was none."""
    volume: float | None
    """Change in the volume of factors at work, percent; None where there were none."""


class JobsTold(Found):
    """Jobs that a source counts, moving with the volume of value added where they are."""

    id: str
    """Name of the count."""
    title: str
    """What readers see it called."""
    jobs: float
    """Jobs counted, thousand."""
    change: float
    """Jobs that come, thousand: below zero, those that go and are found elsewhere."""
    percent: float
    """The same in percent."""


class HouseholdTold(Found):
    """What all households of a region of the world pay, their government's revenue counted."""

    id: str
    """The region."""
    title: str
    """What readers see it called."""
    change: float
    """Equivalent variation, bn USD a year at base prices: below zero, they pay."""
    percent: float
    """The same in percent of their real final spending in the other situation."""


class WhoTold(Found):
    """Who pays in one situation beside another, at the medians, in the middle of the months."""

    id: str
    """The threat, or the course that gives in."""
    title: str
    """What readers see it called."""
    beside: str
    """The other situation; nothing else stands in either."""
    before: float
    """Value added of the pivot in the other, bn USD a year at base prices of the final basket."""
    change: float
    """What is added to it, bn USD a year: the sum over sectors."""
    percent: float | None
    """The same in percent of it."""
    sectors: tuple[SectorTold, ...]
    """Sectors of the pivot."""
    jobs: tuple[JobsTold, ...]
    """Jobs that sources count; sectors that none counts are not known."""
    households: tuple[HouseholdTold, ...]
    """All regions of the world."""
