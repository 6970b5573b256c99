"""Instruments of a study: the policy room's fields, and what their numbers rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tula.evidence import Document, Problem
from tula.file.grounds import Grounds, Number
from tula.numbers.record import Path_
from tula.policy.base import InstrumentError
from tula.policy.union import Instrument


@dataclass(frozen=True)
class Grounded:
    """One instrument and the facts that its numbers rest on.

    ``path`` leads to it in the study file, its kind included; ``numbers`` are those of it that
    are assumed, with why; ``reason`` is why the whole is.
    """

    path: Path_
    instrument: Instrument
    evidence: tuple[str, ...]
    reason: str
    numbers: tuple[tuple[Number, str], ...]


def grounded(path: Path_, instruments: Sequence[Instrument], grounds: Grounds) -> list[Grounded]:
    """Join the instruments of the list at ``path`` with their grounds."""
    found = []
    for place, instrument in enumerate(instruments):
        here: Path_ = (*path, place, instrument.kind)
        numbers = tuple(
            (one, grounds.at(one.path).reason)
            for one in grounds.within(here)
            if grounds.at(one.path).reason and one.path in grounds.stated
        )
        facts = grounds.facts(here)
        found.append(Grounded(here, instrument, facts, grounds.at(here).reason, numbers))
    return found


def beyond_use(
    listed: Iterable[Grounded], document: Document, grounds: Grounds
) -> Iterator[Problem]:
    """Say which ends of numbers' ranges their instruments cannot take."""
    for one in listed:
        for number in grounds.within(one.path):
            below = number.path[len(one.path) :]
            if len(below) != 1 or not number.ranged:
                continue
            belief = grounds.stated[number.path].belief if number.path in grounds.stated else ""
            stated: Path_ = ("beliefs", belief) if belief else number.path
            for end, value in (("low", number.low), ("high", number.high)):
                try:
                    one.instrument.having(**{str(below[0]): value})
                except InstrumentError as error:
                    told = "; ".join(map(str, error.problems))
                    message = f"{end!r} cannot stand in {one.instrument.kind}: {told}"
                    yield Problem(document.place((*stated, end)), message)
