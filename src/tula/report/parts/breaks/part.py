"""What would break the balance: turns, two inputs at once, losses, and time."""

from __future__ import annotations

from functools import cached_property

from tula.numbers import write
from tula.report.drawing import Drawing, twice
from tula.report.part import BalancePart
from tula.report.parts.breaks.surface import Point, own, surface_chart
from tula.report.parts.breaks.survival import standing, survival_chart
from tula.report.table import Row, Table
from tula.say.words import capital
from tula.study.balance import words
from tula.study.balance.terms import conditioned, shares
from tula.study.balance.turns import beyond, place, span, spelled


class Breaks(BalancePart):
    """Where price or state turn, and how long balance lasts."""

    link = "Breaks"

    @property
    def shown(self) -> bool:
        """Whether there is anything to tell."""
        return super().shown and bool(
            self.record.break_evens
            or self.record.surface
            or self.record.losses
            or self.record.survival
        )

    @property
    def searched(self) -> Table:
        """Every input in which a turn was looked for, with its range."""
        return Table(
            tuple(
                Row(
                    capital(spelled(self.record, one.title, self.view.named)),
                    (
                        place(one),
                        write.quantity(one.central, one.unit),
                        span(one),
                        capital(spelled(self.record, beyond(self.record, one), self.view.named)),
                    ),
                )
                for one in self.record.break_evens
            )
        )

    @cached_property
    def surface(self) -> Drawing | None:
        """Price over two inputs."""
        surface = self.record.surface
        if surface is None:
            return None
        label, own = f"Price of autonomy by {surface.x_title} and {surface.y_title}.", self.own
        return twice(lambda width: surface_chart(surface, width, own), label)

    @property
    def own(self) -> Point | None:
        """Where on the surface the study stands."""
        return own(self.record)

    @property
    def saves(self) -> bool:
        """Whether the price is below zero somewhere on the surface."""
        surface = self.record.surface
        return surface is not None and any(one <= 0.0 for row in surface.price for one in row)

    @property
    def costs(self) -> bool:
        """Whether the price is above zero somewhere on the surface."""
        surface = self.record.surface
        return surface is not None and any(one > 0.0 for row in surface.price for one in row)

    @property
    def losses(self) -> Table:
        """What each rival could take away, with its range; None if none has a power."""
        return Table(
            tuple(
                Row(
                    self.view.region_names[one.rival],
                    (capital(one.power), shares(one.law), shares(one.full)),
                )
                for one in self.record.losses
            )
        )

    @cached_property
    def survival(self) -> Drawing | None:
        """How long balance lasts, by rule; None if by none it ever stood."""
        if not standing(self.record):
            return None
        return twice(lambda width: survival_chart(self.record, width), self.survival_words)

    @property
    def survival_words(self) -> str:
        """How long balance lasts, by every rule."""
        return words.survival(self.record)

    @property
    def lasting(self) -> str:
        """The rule whose range is drawn, as a condition."""
        drawn = standing(self.record)
        return conditioned(self.record, drawn[0].rule) if drawn else ""
