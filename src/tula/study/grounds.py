"""What the numbers that go into a scenario, a tie or the balance rest on."""

from __future__ import annotations

from dataclasses import dataclass

from tula.numbers import write
from tula.study.balance.records import BalanceRecord
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


def grounds_at(
    manifest: Manifest, holder: ScenarioRecord | TieRecord | BalanceRecord
) -> tuple[Ground, ...]:
    """Return what every number that goes into a part of the results rests on."""
    known = {fact.id: fact for fact in manifest.evidence}
    return tuple(
        Ground(name, value, tuple(known[one] for one in facts if one in known), reason)
        for name, value, facts, reason in _stated(holder)
    )


def _between(ends: tuple[str, ...]) -> str:
    return f"({' to '.join(ends)})" if ends else ""


def _stated(
    holder: ScenarioRecord | TieRecord | BalanceRecord,
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
    if isinstance(holder, TieRecord):
        return [(one.key, one.value, one.evidence, one.reason) for one in holder.numbers]
    return [
        (
            one.title,
            f"{write.level(one.value)} ({write.level(one.low)} to {write.level(one.high)})",
            one.evidence,
            one.reason or ("found by the account of a tie" if one.computed else ""),
        )
        for one in holder.inputs
    ]
