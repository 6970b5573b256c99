"""What numbers rest on: written in a number's own place, or above it for all within."""

from __future__ import annotations

from typing import Any

import pytest

from tula.file.document import Document, parse_document
from tula.file.grounds import Ground, Grounds, lift, quantity, unordered
from tula.file.problems import Problem

ZONES = ("instruments", "ties")


def lifted(text: str) -> tuple[Document, Grounds, list[Problem]]:
    document = parse_document(text, "study.yaml")
    beliefs: Any = document.at(("beliefs",)) or {}
    return lift(document, ZONES, beliefs)


def told(text: str) -> list[str]:
    return [f"{one.place.line}:{one.place.column} {one.message}" for one in lifted(text)[2]]


TIE = """\
ties:
  - oil:
      hazard: {value: 0.5, low: 0.2, high: 0.9, reason: A guess.}
      gdp: {value: 4000, evidence: [F01, F02]}
      market:
        evidence: F03
        price: 60
        sellers:
          - {name: one, share: 0.7}
          - {name: two, share: 0.3, reason: The rest.}
      delay: 3
"""


def test_a_number_rests_on_its_own_ground_or_on_the_nearest_above() -> None:
    grounds = lifted(TIE)[1]
    tie = ("ties", 0, "oil")
    assert grounds.at((*tie, "hazard")) == Ground(reason="A guess.")
    assert grounds.at((*tie, "gdp")) == Ground(evidence=("F01", "F02"))
    assert grounds.at((*tie, "market", "price")) == Ground(evidence=("F03",))
    assert grounds.at((*tie, "market", "sellers", 0, "share")) == Ground(evidence=("F03",))
    assert grounds.at((*tie, "market", "sellers", 1, "share")) == Ground(reason="The rest.")
    assert not grounds.at((*tie, "delay"))


def test_what_is_left_of_a_file_holds_no_grounds() -> None:
    document, _, problems = lifted(TIE)
    assert problems == []
    tie = document.at(("ties", 0, "oil"))
    assert tie["hazard"] == {"value": 0.5, "low": 0.2, "high": 0.9}
    assert tie["gdp"] == 4000
    assert tie["market"] == {
        "price": 60,
        "sellers": [{"name": "one", "share": 0.7}, {"name": "two", "share": 0.3}],
    }


def test_every_number_is_known_by_its_path_in_the_order_of_the_file() -> None:
    grounds = lifted(TIE)[1]
    tie = ("ties", 0, "oil")
    assert [one.path[len(tie) :] for one in grounds.within(tie)] == [
        ("hazard",),
        ("gdp",),
        ("market", "price"),
        ("market", "sellers", 0, "share"),
        ("market", "sellers", 1, "share"),
        ("delay",),
    ]
    assert grounds.numbers[(*tie, "hazard")].text == "0.5 (0.2 to 0.9)"
    assert not grounds.numbers[(*tie, "gdp")].ranged


def test_facts_of_a_part_are_those_within_it_and_just_above_each_once() -> None:
    grounds = lifted(TIE)[1]
    assert grounds.facts(("ties", 0, "oil")) == ("F01", "F02", "F03")
    assert grounds.facts(("ties", 0, "oil", "market", "sellers", 0)) == ("F03",)


def test_a_number_of_an_instrument_is_read_as_its_value_alone() -> None:
    text = "instruments: [{tariff: {add: {value: 25 pp, low: 10 pp, high: 50 pp, reason: x}}}]\n"
    document, grounds, problems = lifted(text)
    assert problems == []
    assert document.at(("instruments", 0, "tariff")) == {"add": "25 pp"}
    assert grounds.numbers[("instruments", 0, "tariff", "add")].text == "25 pp (10 pp to 50 pp)"


def test_elsewhere_a_mapping_is_left_as_it_stands() -> None:
    text = "published: [{value: 3, evidence: [F01], low: 9}]\n"
    assert lifted(text)[0].content == parse_document(text, "study.yaml").content


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("{value: 1, low: 3, high: 2}", "1:18 the range runs from high to low; swap its ends"),
        ("{value: 4, low: 1, high: 2}", "1:18 the value 4 lies outside its own range, 1 to 2"),
        ("{value: 4, low: 1}", "1:18 key 'high' is missing: a range has two ends"),
        ("{value: 4, high: 9}", "1:18 key 'low' is missing: a range has two ends"),
        ("{value: 4, low: few, high: 9}", "1:18 4 (few to 9) is a number: so must its range be"),
        (
            "{value: 4%, low: 3 pp, high: 9%}",
            "1:18 4% (3 pp to 9%): a number and its range have one unit",
        ),
        ("{value: 4, lo: 1, high: 9}", "1:29 unknown key 'lo'; did you mean 'low'?"),
        ("{value: 4, evidence: {a: 1}}", "1:39 evidence must be a list of fact ids such as [F01]"),
        ("{value: 4, evidence: [1]}", "1:39 evidence must be a list of fact ids such as [F01]"),
        ("{value: 4, evidence: []}", "1:39 evidence must be a list of fact ids such as [F01]"),
        ("{value: 4, reason: ' '}", "1:37 'reason': must be text that is not empty"),
    ],
)
def test_a_number_that_cannot_be_meant_is_told_at_its_place(number: str, expected: str) -> None:
    assert expected in told(f"ties: [{{oil: {{a: {number}}}}}]\n")


@pytest.mark.parametrize(
    "number",
    [
        "{value: 4, low: 4, high: 4}",
        "{value: 40%, low: 0.3, high: 50%}",
        "{value: 0.5 USD/kg, low: 0.4 USD/kg, high: 0.6 USD/kg}",
        "{low: 1, high: 2}",
        "{value: 2025-12-12}",
    ],
)
def test_a_number_in_order_is_let_be(number: str) -> None:
    assert told(f"ties: [{{oil: {{a: {number}}}}}]\n") == []


def test_an_instrument_is_not_drawn_and_so_needs_a_value() -> None:
    (message,) = told("instruments: [{tariff: {add: {low: 1, high: 2}}}]\n")
    assert message == "1:30 key 'value' is missing: only a drawn number may be a range alone"


def test_a_range_with_a_refused_end_is_told_once() -> None:
    assert told("ties: [{oil: {a: {value: 1, low: .nan, high: 2}}}]\n") == []


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (0.25, 0.25),
        (3, 3.0),
        ("25%", 0.25),
        ("-25 pp", -0.25),
        (" .5 ", 0.5),
        ("5 USD", None),
        ("2025-12-12", None),
        (True, None),
        ("many", None),
        ([1], None),
    ],
)
def test_quantities_are_fractions_whatever_they_are_written_in(
    written: object, number: float | None
) -> None:
    assert quantity(written) == number


def test_every_fault_of_the_order_of_a_range_has_words() -> None:
    grounds = lifted(TIE)[1]
    assert [unordered(one) for one in grounds.numbers.values()] == [""] * len(grounds.numbers)
