"""What an account of a tie says in sentences: true whatever the signs of its numbers are.

The sentences stand in ``words.j2``; here is what they choose by and how their numbers are written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from tula.numbers import write
from tula.numbers.estimate import Estimate
from tula.report.part import environment
from tula.report.view import View
from tula.say.words import possessive
from tula.ties.account import TieAccount

#: Below which a number is as good as none, money in bn USD: the solves are not exact to more.
NOTHING = 1e-5
YEARLY = f" {write.BILLION} a year"
_PARTY = re.compile(r"(?:\b[Tt]he )?\b(pivot|partner)\b('s)?")


class Sign(Enum):
    """What central value and interval together say about the sign of a number."""

    NONE = "none"
    GAIN = "gain"
    LOSS = "loss"
    OPEN = "open"


def sign(told: Estimate) -> Sign:
    """Return the sign that no part of an estimate contradicts; ends at zero contradict none."""
    least = 1000.0 * NOTHING
    gains, losses = max(told.numbers) >= least, min(told.numbers) <= -least
    if gains and losses:
        return Sign.OPEN
    return Sign.GAIN if gains else Sign.LOSS if losses else Sign.NONE


def sentences(view: View, account: TieAccount) -> tuple[str, str, str]:
    """What the tie is worth to each side; how far the pivot depends on it and how long replacing it
    takes; what pressure of third parties on it costs the pivot in expectation."""
    words = environment().get_template("parts/ties/words.j2").module
    given = Telling(view, account)
    worth, hold, risk = (getattr(words, name)(given) for name in ("worth", "hold", "risk"))
    return worth.unescape(), hold.unescape(), risk.unescape()


@dataclass(frozen=True)
class Telling:
    """An account as its sentences ask for it."""

    view: View
    account: TieAccount

    @property
    def pivot(self) -> str:
        """Name of the pivot inside a sentence."""
        return self.view.named(self.account.pivot)

    @property
    def sides(self) -> list[tuple[str, Estimate]]:
        """Name of either side and what the tie is worth to it."""
        one = self.account
        codes = ((one.pivot, one.value_to_pivot), (one.partner, one.value_to_partner))
        return [(self.view.named(code), told) for code, told in codes]

    @property
    def beyond(self) -> bool:
        """Whether more is at risk at central values than the tie is worth."""
        return self.account.exposure.central > self.account.value_to_pivot.central > 0.0

    def sign(self, told: Estimate) -> str:
        """The sign that no part of an estimate contradicts."""
        return sign(told).value

    def meaning(self, told: Estimate) -> str:
        """The meaning of an estimate with pivot and partner called by their names."""
        return meaning(self.view, self.account, told)

    def signed(self, told: Estimate) -> str:
        """Money with its sign and range."""
        return _ranged(told, gain, YEARLY)

    def sized(self, told: Estimate) -> str:
        """Size of money of one sign, its range from the smaller to the larger."""
        small, large = sorted((abs(told.low), abs(told.high)))
        return _ranged(Estimate(abs(told.central), small, large), billion, YEARLY)

    def share(self, told: Estimate) -> str:
        """A share in percent with its range."""
        return _ranged(told, lambda value: f"{write.number(100.0 * value)}%")

    def years(self, told: Estimate) -> str:
        """A time with its range."""
        return _ranged(told, write.number, " years")


def meaning(view: View, account: TieAccount, told: Estimate) -> str:
    """The meaning of an estimate with pivot and partner called by their names."""
    return called(view, account, told.meaning)


def called(view: View, account: TieAccount, text: str) -> str:
    """A text with pivot and partner called by their names."""
    names = {"pivot": view.named(account.pivot), "partner": view.named(account.partner)}

    def name(match: re.Match[str]) -> str:
        found = names[match[1]]
        return possessive(found) if match[2] else found

    return _PARTY.sub(name, text)


def figure(value: float, *, signed: bool = False) -> str:
    """A number of an account; what is as good as none is 0."""
    return "0" if abs(value) < NOTHING else write.fine(value, signed=signed)


def billion(million: float) -> str:
    """Million USD as billions, without the unit."""
    return figure(million / 1000.0)


def gain(million: float) -> str:
    """The same, with a plus for what benefits."""
    return figure(million / 1000.0, signed=True)


def _ranged(told: Estimate, written: write.Writer, unit: str = "") -> str:
    """Central value with its range in brackets, and the unit."""
    return write.ranged(told, written, unit, beyond="; the central figure lies outside")
