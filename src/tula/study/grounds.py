"""What the numbers that go into a scenario or a tie rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tula.study.manifest import (
    AssumptionRecord,
    EvidenceRecord,
    Manifest,
    ScenarioRecord,
    TieRecord,
)


@dataclass(frozen=True)
class Ground:
    """A number that goes in: ``value`` with its range as written, facts, or why it is assumed."""

    name: str
    value: str
    facts: tuple[EvidenceRecord, ...] = ()
    reason: str = ""


def grounds_at(manifest: Manifest, holder: ScenarioRecord | TieRecord) -> tuple[Ground, ...]:
    """Return what every number that goes into a part of the results rests on."""
    known = {fact.id: fact for fact in manifest.evidence}
    return tuple(
        Ground(name, value, tuple(known[one] for one in facts if one in known), reason)
        for name, value, facts, reason in _stated(holder)
    )


def _between(ends: tuple[str, ...]) -> str:
    return f"({' to '.join(ends)})" if ends else ""


def _stated(
    holder: ScenarioRecord | TieRecord,
) -> list[tuple[str, str, tuple[str, ...], str]]:
    """Name, value, facts and reason of every number."""
    if isinstance(holder, ScenarioRecord):
        return [
            (
                one.text,
                " ".join((told.value, _between(told.range))).strip(),
                one.evidence,
                told.reason,
            )
            for one in holder.instruments
            for told in one.assumptions or (AssumptionRecord(text=one.text, reason=""),)
        ]
    return [(one.key, one.value, one.evidence, one.reason) for one in holder.numbers]


def grounds_of(manifest: Manifest, beliefs: Iterable[str]) -> tuple[Ground, ...]:
    """Return what beliefs rest on, by their ids."""
    known = {fact.id: fact for fact in manifest.evidence}
    return tuple(
        Ground(
            one.title or one.id,
            one.value,
            tuple(known[fact] for fact in one.evidence if fact in known),
            one.reason,
        )
        for one in manifest.beliefs
        if one.id in set(beliefs)
    )
