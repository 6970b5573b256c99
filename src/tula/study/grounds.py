"""What the numbers that go into a scenario or a tie rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tula.study.manifest import (
    EvidenceRecord,
    InstrumentRecord,
    Manifest,
    NumberRecord,
    ScenarioRecord,
    TieRecord,
)


@dataclass(frozen=True)
class Ground:
    """A number that goes in, with the facts it rests on."""

    number: NumberRecord
    facts: tuple[EvidenceRecord, ...] = ()


def grounds_at(manifest: Manifest, holder: ScenarioRecord | TieRecord) -> tuple[Ground, ...]:
    """Return what every number that goes into a part of the results rests on."""
    if isinstance(holder, TieRecord):
        return _grounds(manifest, holder.numbers)
    return _grounds(
        manifest,
        (
            _of(item, one)
            for item in holder.instruments
            for one in item.assumed or (NumberRecord(key="", title=item.text),)
        ),
    )


def _of(item: InstrumentRecord, one: NumberRecord) -> NumberRecord:
    """A number of an instrument, called by what the instrument does; with all facts behind it."""
    title = f"{item.text}, {one.field}" if one.value else item.text
    return one.model_copy(update={"title": title, "evidence": item.evidence})


def grounds_of(manifest: Manifest, beliefs: Iterable[str]) -> tuple[Ground, ...]:
    """Return what beliefs rest on, by their ids and in their order."""
    known = {one.key: one for one in manifest.beliefs}
    asked = (f"beliefs.{name}" for name in beliefs)
    return _grounds(manifest, (known[key] for key in asked if key in known))


def _grounds(manifest: Manifest, numbers: Iterable[NumberRecord]) -> tuple[Ground, ...]:
    known = {fact.id: fact for fact in manifest.evidence}
    return tuple(
        Ground(one, tuple(known[name] for name in one.evidence if name in known)) for one in numbers
    )
