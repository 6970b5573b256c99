"""How likely each state of the balance is."""

from __future__ import annotations

from functools import cached_property

from tula.report.drawing import Drawing, twice
from tula.report.part import BalancePart
from tula.report.parts.odds import chart
from tula.report.table import Row, Table
from tula.say.words import capital
from tula.study.balance import words
from tula.study.balance.records import BalanceRecord, Odds
from tula.study.balance.terms import MEANINGS, conditioned


class OddsOfStates(BalancePart):
    """Odds of the states, by every rule."""

    link = "Odds"

    @property
    def shown(self) -> bool:
        """Whether there is anything to tell."""
        return super().shown and bool(self.record.odds)

    @property
    def meanings(self) -> list[tuple[str, str]]:
        """Every state with what it says."""
        return [(state.value, meaning) for state, meaning in MEANINGS.items()]

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
    def odds_table(self) -> Table | None:
        """The same in numbers."""
        return odds(self.record)

    @property
    def odds_words(self) -> str:
        """The same in a paragraph."""
        return words.odds(self.record)


def odds(record: BalanceRecord) -> Table | None:
    """Probability of each state with its Monte Carlo standard error; None without odds."""
    if not record.odds:
        return None
    rows = [
        Row(
            f"{capital(conditioned(record, found.rule))}, {name}",
            tuple(_with_error(o) for o in told),
        )
        for found in record.odds
        for name, told in (("course kept", found.kept), ("course worth most", found.best))
    ]
    states = [one.state for one in record.odds[0].kept]
    return Table(
        "Odds of the five states, %",
        ("Thresholds", *states),
        tuple(rows),
        "After ±: Monte Carlo standard error, in percentage points. Where no draw has a state, or "
        f"every one, the 95% (Wilson) interval stands instead.{_failed(record)}",
    )


def _failed(record: BalanceRecord) -> str:
    """What stands in brackets where draws failed, as a sentence; empty where none did."""
    if not any(_bounds(one) for found in record.odds for one in (*found.kept, *found.best)):
        return ""
    return (
        " In brackets: what the share would be if none, and if all, of the draws without an answer "
        "had ended there."
    )


def _with_error(one: Odds) -> str:
    """A share with its error; the interval where the error of none or all is no measure.

    Bounds stand behind it where draws failed.
    """
    if one.error == 0.0:
        return f"{100 * one.low:.0f} to {100 * one.high:.0f}{_bounds(one)}"
    return f"{100 * one.share:.0f} ± {100 * one.error:.1f}{_bounds(one)}"


def _bounds(one: Odds) -> str:
    """Bounds on a share, in brackets; empty where no draw failed."""
    if one.least == one.most:
        return ""
    return f" ({100 * one.least:.1f} to {100 * one.most:.1f})"
