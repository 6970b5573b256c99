"""A tender: criteria with scales, and bids whose every score names its evidence."""

from __future__ import annotations

from pydantic import Field

from tula.errors import TulaError, did_you_mean
from tula.numbers.quantity import Quantity
from tula.numbers.record import Record
from tula.world.named import Region


class TenderError(TulaError):
    """A tender cannot be ranked: a score is missing, unknown, off its scale or without evidence.

    Every fault is listed, with its bid and criterion. Name the fact behind a score, or declare it
    an assumption and give its range; scores are never invented.
    """


class Criterion(Record):
    """What bids are judged by, on a fixed scale from ``worst`` to ``best`` in ``unit``.

    The partial value runs in a straight line from 0 at ``worst`` to 1 at ``best``; a scale that
    falls (a cost) has ``best`` below ``worst``. A weight is the worth of that whole swing.
    """

    name: str
    unit: str
    worst: float = Field(allow_inf_nan=False)
    best: float = Field(allow_inf_nan=False)


class Score(Quantity):
    """A bid's score with its range, in the criterion's unit.

    ``fact``: identifier of the evidence; ``assumption``: the words that declare one. At least one
    is needed, and an assumption alone needs a range.
    """

    fact: str | None = None
    assumption: str | None = None


class Bid(Record):
    """One bid: ``vendor`` region code, ``unit_gw`` a unit's size, ``units`` it can build."""

    name: str
    vendor: Region
    unit_gw: float = Field(gt=0.0, allow_inf_nan=False)
    units: int = Field(ge=1)
    scores: dict[str, Score]


class Tender(Record):
    """Bids scored on criteria; refused as a whole, with every fault, if any score will not do."""

    criteria: tuple[Criterion, ...] = Field(min_length=1)
    bids: tuple[Bid, ...] = Field(min_length=2)

    def model_post_init(self, context: object) -> None:
        """Raise ``TenderError`` with every fault."""
        faults = _name_faults(self)
        if not faults:
            faults = [fault for bid in self.bids for fault in _bid_faults(self, bid)]
        if faults:
            raise TenderError("\n".join(faults))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the criteria, in order."""
        return tuple(criterion.name for criterion in self.criteria)


def _name_faults(tender: Tender) -> list[str]:
    faults = []
    for kind, names in (("criterion", tender.names), ("bid", [bid.name for bid in tender.bids])):
        twice = sorted({name for name in names if list(names).count(name) > 1})
        faults += [f"{kind} {name!r} is named twice" for name in twice]
    flat = [criterion.name for criterion in tender.criteria if criterion.worst == criterion.best]
    return faults + [f"criterion {name!r}: worst equals best" for name in flat]


def _bid_faults(tender: Tender, bid: Bid) -> list[str]:
    faults = []
    for name in bid.scores:
        if name not in tender.names:
            near = did_you_mean(name, tender.names)
            faults.append(f"{bid.name}: unknown criterion {name!r}{near}")
    for criterion in tender.criteria:
        score = bid.scores.get(criterion.name)
        faults += [f"{bid.name}.{criterion.name}: {fault}" for fault in _faults(score, criterion)]
    return faults


def _faults(score: Score | None, criterion: Criterion) -> list[str]:
    if score is None:
        return ["no score; give one with its evidence, or a range declared an assumption"]
    faults = []
    if not _told(score.fact) and not _told(score.assumption):
        faults.append("no evidence; name a fact, or declare an assumption and give its range")
    if not _told(score.fact) and _told(score.assumption) and score.low == score.high:
        faults.append("an assumption needs a range (low below high)")
    lowest, highest = sorted((criterion.worst, criterion.best))
    if score.low < lowest or score.high > highest:
        scale = f"{lowest:g} to {highest:g} {criterion.unit}"
        faults.append(f"{score.low:g} to {score.high:g} leaves the scale {scale}")
    return faults


def _told(words: str | None) -> bool:
    return words is not None and bool(words.strip())


def evidence(tender: Tender) -> list[tuple[str, str, str]]:
    """Return (bid, criterion, evidence) for every score: the fact, or "assumption: ..."."""
    return [
        (bid.name, name, _told_by(bid.scores[name])) for bid in tender.bids for name in tender.names
    ]


def _told_by(score: Score) -> str:
    parts = [score.fact or "", f"assumption: {score.assumption}" if score.assumption else ""]
    return "; ".join(part for part in parts if part)
