"""The block is held to its types, its ids to each other, its numbers to one place each."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from strategy.answer import made


def faults(**changes: Any) -> str:
    """Return what is said of a study that is wrong."""
    with pytest.raises(ValidationError) as told:
        made.block(**changes)
    return str(told.value)


def test_every_wrong_id_is_told_at_once_with_the_nearest() -> None:
    told = faults(
        threats=[{**made.THREAT, "demand": "no_gass"}],
        events=[{**made.SHUNNED, "carried": {"gaz": 0.5}}],
        causes=[{"id": "c", "title": "c", "chance": 0.5, "ends": ["dutty"]}],
        options=[{"id": "keep", "title": "k", "meets": {"nothing": 1.0}}],
    )
    assert "threats.0.demand: unknown 'no_gass' of demands; did you mean 'no_gas'?" in told
    assert "events.0.carried.gaz" in told
    assert "causes.0.ends.0: unknown 'dutty'" in told
    assert "options.0.meets.nothing" in told


def test_a_range_that_is_nobodys_belief_and_a_belief_stated_twice_are_refused() -> None:
    bare = {"value": 6.0, "low": 3.0, "high": 9.0}
    told = faults(
        events=[
            {**made.SHUNNED, "months": bare, "back": made.believed("first", 0.2, 0.1, 0.3)},
        ]
    )
    assert "events.0.months: has a range: state it under beliefs" in told
    assert "belief 'first' is stated with other numbers elsewhere" in told


def test_a_place_at_which_a_lost_seller_costs_without_limit_is_refused() -> None:
    assert "must be above one" in faults(replace=made.believed("r", 1.5, 1.0, 2.0))


def test_two_rivals_are_told_by_their_break_offs() -> None:
    assert "there are two" in faults(break_offs={"ONE": {"chance": 0.1}})
    assert "is the pivot" in faults(break_offs={"PIV": {"chance": 0.1}, "TWO": {"chance": 0.1}})
    assert made.block().rivals == ("ONE", "TWO")


def test_a_tie_goes_one_way_and_a_length_is_a_month_or_more() -> None:
    both = {"id": "x", "title": "x", "sold_to": "ONE", "bought_from": "TWO"}
    assert "an import (bought_from) or an export (sold_to)" in faults(critical=[both])
    assert "a month or more" in faults(events=[{**made.SHUNNED, "months": 0.5}])
    assert "lies after the announced day" in faults(since="2025-02-01")


def test_unknown_keys_and_names_of_worlds_are_refused_with_what_is_near() -> None:
    assert "unknown key" in faults(threat=[])
    path = {"first_year": 0.76, "long_run": 2.0, "speed": 3.5, "slow": "buyers-hits"}
    assert "did you mean 'buyers-hit'" in faults(elasticity=path)
    assert "proportional" in faults(closure="proportionall")


def test_a_thing_stands_once() -> None:
    assert "'shunned' stands twice" in faults(events=[made.SHUNNED, made.SHUNNED])
