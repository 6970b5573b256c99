"""What votes say of a country between two rivals, in sentences: a covariate and no account.

Regions are told by their codes. Nothing here enters a measure of balance.
"""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from tula.numbers.quantity import NotNegative, Positive, Quantity, Share
from tula.numbers.record import Record
from tula.policy.units import Day
from tula.ties.alignment import relative_position
from tula.world.named import Region

Vote = Literal["for", "against", "abstained"]
_VOTED = {"for": "voted for it", "against": "voted against it", "abstained": "abstained"}
#: Said wherever votes are told.
WHY_NOT = (
    "Votes decide nothing here: they cost little, and countries that vote apart may trade, arm and "
    "pay together. Every measure of balance is taken of flows; votes stand beside it."
)


class Agreement(Record):
    """How often pivot and partner voted as the rival did, over some ``votes`` called ``name``."""

    name: str
    votes: Positive
    pivot_with_rival: Share
    partner_with_rival: Share


class Ballot(Record):
    """One vote: how the three cast it, and how many states did which."""

    name: str
    day: Day
    pivot_voted: Vote
    rival_voted: Vote
    partner_voted: Vote
    votes_for: NotNegative
    votes_against: NotNegative
    abstentions: NotNegative


class IdealPoints(Record):
    """Positions on one scale; those of the rivals frozen at the years said in ``frozen``."""

    frozen: str
    pivot_at: Quantity
    rival_at: Quantity
    partner_at: Quantity


class VoteRecord(Record):
    """Votes of ``pivot`` between ``rival`` and ``partner``, region codes. At least one is told."""

    pivot: Region
    rival: Region
    partner: Region
    agreements: tuple[Agreement, ...] = ()
    ballots: tuple[Ballot, ...] = ()
    ideal_points: IdealPoints | None = None

    @model_validator(mode="after")
    def _something(self) -> VoteRecord:
        if not (self.agreements or self.ballots or self.ideal_points):
            why = "nothing to tell: give agreements, ballots or ideal_points"
            raise PydanticCustomError("tie", "{why}", {"why": why})
        if len({self.pivot, self.rival, self.partner}) < 3:
            why = f"name three regions; got {self.pivot}, {self.rival}, {self.partner}"
            raise PydanticCustomError("tie", "{why}", {"why": why})
        return self


def sentences(record: VoteRecord) -> tuple[str, ...]:
    """Return what the votes say, one sentence or two each, and last why they decide nothing.

    Raises ``RivalsAgreeError`` where ideal points put both rivals at one place.
    """
    told = [_agreement(record, one) for one in record.agreements]
    told += [_ballot(record, one) for one in record.ballots]
    if record.ideal_points is not None:
        told.append(_points(record, record.ideal_points))
    return (*told, WHY_NOT)


def _agreement(record: VoteRecord, one: Agreement) -> str:
    own, other = one.pivot_with_rival.value, one.partner_with_rival.value
    counts = (
        f"Of {one.votes.value:g} {one.name} {record.pivot} agreed with {record.rival} on "
        f"{100 * own:g}%, {record.partner} on {100 * other:g}%"
    )
    if own > other:
        return f"{counts}."
    return (
        f"{counts}: by this count {record.pivot} stands no nearer to {record.rival} than "
        f"{record.partner} itself does."
    )


def _ballot(record: VoteRecord, one: Ballot) -> str:
    tally = (
        f"{one.votes_for.value:g} for, {one.votes_against.value:g} against, "
        f"{one.abstentions.value:g} abstained"
    )
    day = f"{one.day.day} {one.day:%B %Y}"
    cast = f"On {one.name} of {day} ({tally}) {record.pivot} {_VOTED[one.pivot_voted]}"
    rival, partner = _VOTED[one.rival_voted], _VOTED[one.partner_voted]
    if rival != partner:
        return f"{cast}; {record.rival} {rival} and {record.partner} {partner}."
    return (
        f"{cast}, and {record.rival} and {record.partner} both {rival}: where the rivals vote "
        "alike nothing lies between them. A rival's own move reads as the pivot's unless the "
        "rivals are held where they stood before."
    )


def _points(record: VoteRecord, points: IdealPoints) -> str:
    ends = points.rival_at.value, points.partner_at.value
    values = (points.pivot_at.value, points.pivot_at.low, points.pivot_at.high)
    central, *rest = (relative_position(value, *ends) for value in values)
    low, high = sorted(rest)
    return (
        f"With {record.rival} and {record.partner} held at {points.frozen}, {record.pivot} stands "
        f"at {central:+.2f} ({low:+.2f} to {high:+.2f}) between {record.partner} at -1 and "
        f"{record.rival} at +1; beyond a rival the index tells nothing apart."
    )
