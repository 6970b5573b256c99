"""Sentences on where the balance turns: what makes giving in pay, then tie by tie."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from math import isclose
from typing import NamedTuple

from tula.numbers import write
from tula.say.words import capital, joined
from tula.strategy.balance.found import BreakEven
from tula.study.balance.records import BalanceRecord
from tula.study.balance.terms import ties

Name = Callable[[str], str]
#: Name of the searches that ask what payments need once channels close, one for every rule.
OUTLETS = "outlets"


class Turns(NamedTuple):
    """What turns in one thing: a heading, a sentence for every turn, then what turns nowhere."""

    heading: str
    found: tuple[str, ...]
    never: tuple[str, ...]


def turns(record: BalanceRecord, name: Name) -> list[Turns]:
    """Everything searched: the price of autonomy, then every critical tie, then payments."""
    titles = ties(record)
    asked = dict.fromkeys(about(one) for one in record.break_evens)
    order = [one for one in ("", *titles, *asked) if one in asked]
    return [_turns(record, name, one, titles) for one in dict.fromkeys(order)]


def about(one: BreakEven) -> str:
    """The critical tie that a search is about, ``outlets`` for payments; empty for the price."""
    lever, _, tie = one.name.partition(":")
    return OUTLETS if lever == OUTLETS else tie


def asked(record: BalanceRecord) -> str:
    """What the leading rule asks of every tie, as a sentence; empty where nothing was searched."""
    if not any(about(one) for one in record.break_evens):
        return ""
    return (
        f"Access is sure enough where at least {write.limit(record.rules[0].access)} of a tie is "
        f"left with a probability of {write.limit(record.confidence)}."
    )


def spelled(record: BalanceRecord, text: str, name: Name) -> str:
    """A text with the codes of regions that the record knows replaced by their names."""
    known = {record.pivot, *(one.rival for one in record.losses)}
    known |= {one.rival for one in record.slack}
    known |= {tie.rival for one in record.situations for tie in one.ties}
    codes = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    return re.sub(rf"\b(?:{codes})\b", lambda match: name(match[0]), text)


def outcome(record: BalanceRecord, one: BreakEven) -> str:
    """What holds on the other side of a turn, or on all of a range, without a full stop."""
    return one.meaning or paying(record)


def beyond(record: BalanceRecord, one: BreakEven) -> str:
    """What holds beyond a turn, or all over the range where nothing turns."""
    if one.found is None and not one.meaning:
        kept = record.price.central <= 0.0
        return f"{'keeping the course' if kept else 'giving in'} pays"
    return outcome(record, one)


def paying(record: BalanceRecord) -> str:
    """What the price of autonomy would make pay if it turned."""
    return f"{'keeping the course' if record.price.central > 0.0 else 'giving in'} would pay"


def _turns(record: BalanceRecord, name: Name, tie: str, titles: dict[str, str]) -> Turns:
    every = [one for one in record.break_evens if about(one) == tie]
    found = [_sentence(record, one, name) for one in every if one.found is not None]
    idle = [one for one in every if one.found is None]
    never = _idle(record, idle, name) if tie else _unpaid(record, idle, name, bool(found))
    other = "Payments once channels close" if tie else capital(f"when {paying(record)}")
    return Turns(capital(titles.get(tie, other)), tuple(found), tuple(never))


def _sentence(record: BalanceRecord, one: BreakEven, name: Name) -> str:
    """Where something turns, as one sentence."""
    assert one.found is not None
    above = bool(one.meaning) or one.found > one.central
    over, to = ("exceeds", "and up to") if above else ("falls below", "and down to")
    told = f"{outcome(record, one)} once {one.title} {over} {_from_to(one, to)}"
    why = f"; {one.why}" if one.why else ""
    return capital(spelled(record, f"{told} ({_beside(record, one)}){why}.", name))


def _beside(record: BalanceRecord, one: BreakEven) -> str:
    """Where the study stands beside a turn, and why where a chance is all that access allows."""
    assert one.found is not None
    if write.quantity(one.found, one.unit) != write.quantity(one.central, one.unit):
        return f"{_bare(one.central, one.unit)} in the study"
    asked, chances = record.confidence, one.unit in write.SHARES and about(one)
    if chances and isclose(one.central, 1.0 - asked):
        return f"where the study stands, 100% less the {write.limit(asked)} asked of access"
    return "where the study stands"


def place(one: BreakEven) -> str:
    """Where something turns, and where it turns back."""
    return "nowhere" if one.found is None else _from_to(one, "and back at")


def _from_to(one: BreakEven, to: str) -> str:
    """Where something turns and, after ``to``, where it turns back; the unit told once."""
    assert one.found is not None
    if one.until is None:
        return write.quantity(one.found, one.unit)
    return f"{_bare(one.found, one.unit)} {to} {write.quantity(one.until, one.unit)}"


def _bare(value: float, unit: str) -> str:
    """A value whose unit is told beside it."""
    return write.quantity(value, unit if unit in write.SHARES else "")


def _idle(record: BalanceRecord, idle: list[BreakEven], name: Name) -> Iterator[str]:
    """What holds whatever an input is, a sentence for each outcome."""
    for meaning in dict.fromkeys(one.meaning for one in idle):
        told = joined([_ranged(one) for one in idle if one.meaning == meaning])
        yield capital(spelled(record, f"{meaning} whatever {told}.", name))


def _unpaid(
    record: BalanceRecord, idle: list[BreakEven], name: Name, others: bool
) -> Iterator[str]:
    """One sentence on everything that never makes giving in pay."""
    if idle:
        head = "None of these does" if others else f"{capital(paying(record))} by none of these"
        listed = joined([_ranged(one) for one in idle])
        yield spelled(record, f"{head} within the range searched: {listed}.", name)


def _ranged(one: BreakEven) -> str:
    """An input with the range searched."""
    return f"{one.title} ({span(one)})"


def span(one: BreakEven) -> str:
    """The range searched, the unit told once: 0 to 100 points."""
    return f"{_bare(one.low, one.unit)} to {write.quantity(one.high, one.unit)}"
