"""The block is held to its types, its ids to each other, its numbers to one place each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import tula as tl
from strategy.answer import made
from tula.equilibrium.closures import CLOSURES
from tula.equilibrium.variants import SHORT_RUN
from tula.file.document import parse_document
from tula.file.grounds import lift
from tula.file.problems import Problem
from tula.file.translate import validate
from tula.numbers.record import quantities
from tula.policy.duties import embedded_duties
from tula.strategy.answer.inputs import AnswerInputs
from tula.world.named import Names


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


def test_what_does_nothing_is_refused() -> None:
    event = {**made.SHUNNED, "scenarios": []}
    assert "does nothing: state scenarios, layers or carried" in faults(events=[event])
    threat = {**made.THREAT, "layers": ["x"]}
    assert "only with duties: day" in faults(threats=[threat])


def test_conditions_are_told_apart_by_their_ids() -> None:
    demand = {"id": "gas", "title": "No gas", "by": "ONE"}
    assert "'gas' is a tie, a rival or another demand as well" in faults(demands=[demand])
    tie = {"id": "ONE", "title": "Goods", "sold_to": "ONE"}
    assert "'ONE' is a rival as well" in faults(critical=[tie], demands=[])
    offer = {"by": "RES", "honoured": 0.5}
    course = {"id": "deal", "title": "A deal", "offer": offer}
    assert "'RES' is no rival" in faults(options=[course])


def test_a_thing_stands_once() -> None:
    assert "'shunned' stands twice" in faults(events=[made.SHUNNED, made.SHUNNED])


TEXT = """
beliefs:
  months: {value: 10, low: 3, high: 60, reason: assumed}
  first: {value: 1.4, low: 1.2, high: 1.6, reason: assumed}
answer:
  announced: 2025-01-01
  since: 2024-10-01
  duties: base
  elasticity: {first_year: {belief: first}, long_run: 3, speed: 3.5, reason: assumed}
  replace: {value: 2, reason: assumed}
  critical:
    - {id: gas, title: Gas of Two, bought_from: TWO, sectors: GAS, by: volume}
  demands:
    - {id: no_gas, title: No gas, by: ONE, tie: gas}
  options:
    - {id: keep, title: It goes on}
    - {id: stop, title: It obeys, meets: {no_gas: 1.0}}
  threats:
    - {id: duty, title: A duty, demand: no_gas, now: 1, months: {belief: months}, honoured: 0.5}
  events:
    - {id: shunned, title: Firms turn, carried: {gas: 0.5}, now: 0.5, months: {belief: months}}
  break_offs: {ONE: {chance: 0.05}, TWO: {chance: 0}}
"""


def read(text: str = TEXT) -> tuple[AnswerInputs | None, list[Problem]]:
    """Return the block of a file's text, and what is wrong with it."""
    document = parse_document(text, "study.yaml")
    found, _, problems = lift(document, ("answer",), document.at(("beliefs",)))
    names = Names(made.world().labels, "PIV", "", {"layer": ()})
    inputs, wrong = validate(AnswerInputs, found, ("answer",), names)
    return inputs, [*problems, *wrong]


def test_a_file_states_a_belief_once_and_the_block_has_it_wherever_it_stands() -> None:
    inputs, problems = read()
    assert problems == []
    assert inputs is not None
    assert inputs.pivot == "PIV"
    stated = {q.belief: q.text for q in quantities(inputs).values() if q.belief}
    assert stated == {"first": "1.4 (1.2 to 1.6)", "months": "10 (3 to 60)"}
    assert inputs.threats[0].months == inputs.events[0].months


def test_what_is_wrong_in_a_file_is_told_where_it_stands() -> None:
    _, (missing, unknown) = read(TEXT.replace("honoured: 0.5", "honored: 0.5"))
    assert "unknown key 'honored'; did you mean 'honoured'?" in unknown.message
    assert "'honoured' is missing" in missing.message
    text = TEXT.replace("tie: gas}", "tie: gass}")
    _, (wrong,) = read(text)
    assert "did you mean 'gas'" in wrong.message
    assert wrong.place.line is not None
    assert "tie: gass" in text.splitlines()[wrong.place.line - 1]
    _, (stranger,) = read(TEXT.replace("sectors: GAS", "sectors: GASS"))
    assert "unknown sector 'GASS'" in stranger.message


def test_a_closure_that_asks_another_world_first_is_refused() -> None:
    """Rebalanced to zero, the flows that are to be kept are other flows."""
    assert CLOSURES["balanced"].purge_first
    with pytest.raises(ValidationError, match="unknown 'balanced'"):
        made.block(closure="balanced")
    assert made.block(closure="proportional").closure == "proportional"
    assert not any(one.closure.purge_first for one in SHORT_RUN)


def test_the_block_of_the_page_is_read() -> None:
    page = (Path(__file__).parents[3] / "docs" / "answer.md").read_text("utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    ranges = {"replace": (2, 1.5, 4), "first_year": (0.76, 0.65, 1.1), "long_run": (2, 1.75, 5)}
    ranges |= {"crude_replace": (6, 3, 12), "grades": (10, 5, 40), "heeded_months": (12, 4, 48)}
    ranges |= {"penalty_months": (10, 3, 60), "truce_months": (6, 2, 24)}
    lines = ["beliefs:"]
    for name in sorted(set(re.findall(r"belief: (\w+)", block))):
        value, low, high = ranges.get(name, (0.5, 0.1, 0.9))
        lines.append(f"  {name}: {{value: {value}, low: {low}, high: {high}, reason: assumed}}")
    document = parse_document("\n".join(lines) + "\n" + block, "page.yaml")
    found, _, problems = lift(document, ("answer",), document.at(("beliefs",)))
    known = {"layer": embedded_duties().names, "scenario": ("STOP", "LOWER", "HEEDED")}
    names = Names(tl.load_world("icio-2024").labels, "IND", "", known)
    inputs, wrong = validate(AnswerInputs, found, ("answer",), names)
    assert [*problems, *wrong] == []
    assert inputs.rivals == ("USA", "RUS")
