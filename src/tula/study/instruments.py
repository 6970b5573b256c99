"""Instruments of a study: the policy room's fields, and what their numbers rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
