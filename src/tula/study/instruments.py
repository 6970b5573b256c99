"""Instruments of a study: the policy room's fields, and what their numbers rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tula.evidence import Document, Problem
from tula.file.grounds import Grounds, Number
from tula.numbers.record import Path_
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


def grounded(
    document: Document, path: Path_, instruments: Sequence[Instrument], grounds: Grounds
) -> tuple[list[Grounded], list[Problem]]:
    """Join the instruments of the list at ``path`` with their grounds; all that rest on nothing."""
    found, problems = [], []
    for place, instrument in enumerate(instruments):
        here: Path_ = (*path, place, instrument.kind)
        own = grounds.at(here)
        numbers = tuple(
            (one, grounds.at(one.path).reason)
            for one in grounds.within(here)
            if grounds.at(one.path).reason and one.path in grounds.stated
        )
        facts = grounds.facts(here)
        if not (facts or numbers or own):
            message = (
                f"{instrument.kind} rests on nothing: add evidence: [fact ids], or give its number "
                "as {value, low, high, reason}"
            )
            problems.append(Problem(document.key_place(here), message))
        found.append(Grounded(here, instrument, facts, own.reason, numbers))
    return found, problems
