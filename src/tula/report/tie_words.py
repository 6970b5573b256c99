"""What an account of a tie says in sentences: true whatever the signs of its numbers are."""

from __future__ import annotations

import re
from enum import Enum

from tula.numbers import write
from tula.numbers.estimate import Estimate
from tula.report.view import View
from tula.study.wording import capital, possessive
from tula.ties.account import TieAccount

#: Billion USD below which a worth is as good as none: solves of the world are not exact to more.
NOTHING = 1e-5
YEARLY = f" {write.BILLION} a year"
_PARTY = re.compile(r"(?:\b[Tt]he )?\b(pivot|partner)\b('s)?")


class Sign(Enum):
    """What central value and interval together say about the sign of a number."""

    NONE = "nothing"
    GAIN = "gain"
    LOSS = "loss"
    OPEN = "the sign is not established"


def sign(told: Estimate) -> Sign:
    """Return the sign that no part of an estimate contradicts; ends at zero contradict none."""
    gains, losses = max(told.numbers) >= NOTHING, min(told.numbers) <= -NOTHING
    if gains and losses:
        return Sign.OPEN
    return Sign.GAIN if gains else Sign.LOSS if losses else Sign.NONE


def worth(view: View, account: TieAccount) -> str:
    """What the tie is worth to each side, in one sentence."""
    sides = ((account.pivot, account.value_to_pivot), (account.partner, account.value_to_partner))
    clauses = [_worth(view.named(code), told) + _counting(told) for code, told in sides]
    return capital(f"{'; '.join(clauses)}.")


def _counting(told: Estimate) -> str:
    return f", counting {told.counted}" if told.counted else ""


def _worth(name: str, told: Estimate) -> str:
    found = sign(told)
    if found is Sign.NONE:
        return f"for {name} nothing is counted"
    if found is Sign.OPEN:
        return f"for {name} {found.value}: {_ranged(told, gain, YEARLY)}"
    verb = "is worth" if found is Sign.GAIN else "is a loss of"
    return f"for {name} the tie {verb} {_sized(told)}"


def hold(view: View, account: TieAccount) -> str:
    """How far the pivot depends on the tie and how long replacing it takes."""
    reads = meaning(view, account, account.dependence)
    waits = meaning(view, account, account.replacement_time)
    share = _ranged(account.dependence, _share)
    years = _ranged(account.replacement_time, write.number, " years")
    return f"{capital(reads)}: {share}. Time to replace: {years}, {waits}."


def risk(view: View, account: TieAccount) -> str:
    """What pressure of third parties on the tie costs the pivot in expectation."""
    name, told = view.named(account.pivot), account.exposure
    found = sign(told)
    if found is Sign.NONE:
        return f"Here pressure of third parties puts no money of {possessive(name)} at risk."
    if found is Sign.OPEN:
        return f"What pressure of third parties does to {name}: {found.value}."
    verb = "lose" if found is Sign.GAIN else "gain"
    said = f"Through pressure of third parties {name} stands to {verb}, in expectation, "
    more = told.central > account.value_to_pivot.central > 0.0
    beyond = f", at central values more than the tie is worth to {name}" if more else ""
    return f"{said}{_sized(told)}{beyond}."


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


def billion(value: float, *, signed: bool = False) -> str:
    """Billion USD of an account without the unit; less than the smallest worth told is 0."""
    return "0" if abs(value) < NOTHING else write.fine(value, signed=signed)


def gain(value: float) -> str:
    """The same, with a plus for what benefits."""
    return billion(value, signed=True)


def _share(value: float) -> str:
    return f"{write.number(100.0 * value)}%"


def _sized(told: Estimate) -> str:
    """Size of an estimate of one sign, its range from the smaller to the larger."""
    small, large = sorted((abs(told.low), abs(told.high)))
    return _ranged(Estimate(abs(told.central), small, large), billion, YEARLY)


def _ranged(told: Estimate, written: write.Writer, unit: str = "") -> str:
    """Central value with its range in brackets, and the unit."""
    return write.ranged(told, written, unit, beyond="; the central figure lies outside")
