"""How likely each state of the balance is."""

from __future__ import annotations

from functools import cached_property

from tula.numbers import write
from tula.report.drawing import Drawing, twice
from tula.report.part import BalancePart
from tula.report.parts.odds import chart
from tula.report.table import Row, Table
from tula.say.words import capital
from tula.study.balance.records import Odds
from tula.study.balance.terms import conditioned


class OddsOfStates(BalancePart):
    """Odds of the states, by every rule."""

    link = "Odds"

    @property
    def shown(self) -> bool:
        """Whether there is anything to tell."""
        return super().shown and bool(self.record.odds)

    @cached_property
    def odds(self) -> Drawing | None:
        """Odds of the states by rule."""
        if not self.record.odds:
            return None
        return twice(
            lambda width: chart.odds_chart(self.record, width),
            chart.spoken(self.record),
        )

    @property
    def numbers(self) -> Table:
        """Probability of each state with its Monte Carlo standard error; None without odds."""
        return Table(
            tuple(
                Row(
                    f"{capital(conditioned(self.record, found.rule))}, {name}",
                    tuple(_with_error(o) for o in told),
                )
                for found in self.record.odds
                for name, told in (("course kept", found.kept), ("course worth most", found.best))
            )
        )

    @property
    def failed(self) -> bool:
        """Whether draws failed, so that shares have bounds."""
        return any(_bounds(o) for one in self.record.odds for o in (*one.kept, *one.best))


def _with_error(one: Odds) -> str:
    """A share with its error; the interval where the error of none or all is no measure.

    Bounds stand behind it where draws failed.
    """
    if one.error == 0.0:
        told = f"{write.fixed(100 * one.low, 0)} to {write.fixed(100 * one.high, 0)}"
    else:
        told = f"{write.fixed(100 * one.share, 0)} ± {write.fixed(100 * one.error, 1)}"
    return told + _bounds(one)


def _bounds(one: Odds) -> str:
    """Bounds on a share, in brackets; empty where no draw failed."""
    if one.least == one.most:
        return ""
    return f" ({write.fixed(100 * one.least, 1)} to {write.fixed(100 * one.most, 1)})"
