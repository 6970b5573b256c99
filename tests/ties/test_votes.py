"""What votes say in sentences, and that they decide nothing."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tula.ties.alignment import RivalsAgreeError
from tula.ties.votes import WHY_NOT, VoteRecord, sentences

#: Facts A13 and A12.
IMPORTANT = {
    "name": "important votes",
    "votes": 13,
    "pivot_with_rival": 0.25,
    "partner_with_rival": 0.286,
}
UKRAINE = {
    "name": "the vote on Ukraine",
    "day": "2025-02-24",
    "pivot_voted": "abstained",
    "rival_voted": "against",
    "partner_voted": "against",
    "votes_for": 93,
    "votes_against": 18,
    "abstentions": 65,
}
POINTS = {
    "frozen": "2014 to 2023",
    "pivot_at": {"value": -0.5, "low": -0.6, "high": -0.4},
    "rival_at": 2.0,
    "partner_at": -1.0,
}


def record(**fields: Any) -> VoteRecord:
    return VoteRecord.model_validate({"pivot": "IND", "rival": "USA", "partner": "RUS", **fields})


def test_a_country_that_agrees_less_than_the_other_rival_does_is_said_to() -> None:
    first, *_ = sentences(record(agreements=[IMPORTANT]))
    assert "IND agreed with USA on 25%, RUS on 28.6%" in first
    assert "IND stands no nearer to USA than RUS itself does" in first
    (other, _) = sentences(record(agreements=[{**IMPORTANT, "pivot_with_rival": 0.5}]))
    assert "no nearer" not in other


def test_rivals_that_vote_alike_leave_nothing_between_them() -> None:
    first, *_ = sentences(record(ballots=[UKRAINE]))
    assert first.startswith("On the vote on Ukraine of 24 February 2025 (93 for, 18 against, 65 ")
    assert "IND abstained, and USA and RUS both voted against it" in first
    assert "nothing lies between them" in first


def test_rivals_that_vote_apart_are_told_apart() -> None:
    first, *_ = sentences(record(ballots=[{**UKRAINE, "rival_voted": "for"}]))
    assert first.endswith("IND abstained; USA voted for it and RUS voted against it.")


def test_ideal_points_give_the_position_between_frozen_rivals() -> None:
    """(|-0.5 - -1| - |-0.5 - 2|)/3 = -2/3, and its ends likewise."""
    first, *_ = sentences(record(ideal_points=POINTS))
    assert "held at 2014 to 2023, IND stands at -0.67 (-0.73 to -0.60)" in first


def test_rivals_at_one_place_are_refused() -> None:
    with pytest.raises(RivalsAgreeError):
        sentences(record(ideal_points={**POINTS, "rival_at": -1.0}))


def test_whatever_is_told_ends_with_why_it_decides_nothing() -> None:
    told = sentences(record(agreements=[IMPORTANT], ballots=[UKRAINE], ideal_points=POINTS))
    assert len(told) == 4
    assert told[-1] == WHY_NOT


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "nothing to tell"),
        ({"agreements": [IMPORTANT], "rival": "RUS"}, "name three regions"),
        ({"ballots": [{**UKRAINE, "pivot_voted": "absent"}]}, "abstained"),
        ({"agreements": [{**IMPORTANT, "pivot_with_rival": 25}]}, "5% is 0.05"),
    ],
)
def test_records_of_votes_that_make_no_sense_are_refused(
    fields: dict[str, Any], expected: str
) -> None:
    with pytest.raises(ValidationError, match=expected):
        record(**fields)
