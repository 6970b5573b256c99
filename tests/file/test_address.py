"""Addresses: from names to paths and back."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tula.file.address import address, addresses, resolve
from tula.file.document import read_document
from tula.file.grounds import Grounds, lift
from tula.numbers.record import Path_
from tula.study.load import built_in_studies
from tula.study.sources import ZONES

CONTENT = {
    "pivot": "IND",
    "scenarios": [
        {"id": "S1", "instruments": [{"tariff": {"add": 0.25}}, {"embargo": {"sectors": ["OIL"]}}]},
        {"id": "S2", "title": "Less oil"},
    ],
    "ties": [
        {"oil": {"id": "fuel", "buyers": [{"region": "IND", "need": 5}, {"region": "ROW"}]}},
        {"settlement": {"id": "rails", "rails": [{"start": "a", "end": "b", "cost": 1}]}},
    ],
    "balance": {"critical": [{"id": "crude-tie", "rival": "RUS"}]},
    "list": [[1, 2], "word", None],
}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("pivot", ("pivot",)),
        ("scenarios.S2.title", ("scenarios", 1, "title")),
        ("scenarios.S1.instruments.0.add", ("scenarios", 0, "instruments", 0, "tariff", "add")),
        (
            "scenarios.S1.instruments.1.sectors.0",
            ("scenarios", 0, "instruments", 1, "embargo", "sectors", 0),
        ),
        ("ties.fuel.buyers.IND.need", ("ties", 0, "oil", "buyers", 0, "need")),
        ("ties.rails.rails.a -> b.cost", ("ties", 1, "settlement", "rails", 0, "cost")),
        ("balance.critical.crude-tie.rival", ("balance", "critical", 0, "rival")),
        ("list.0.1", ("list", 0, 1)),
    ],
)
def test_a_name_leads_to_its_path_and_the_path_to_its_name(text: str, path: Path_) -> None:
    assert resolve(CONTENT, text) == path
    assert address(CONTENT, path) == text


@pytest.mark.parametrize(
    "text", ["pivots", "scenarios.S3", "scenarios.S", "ties.fuel.oil.id", "list.7", "pivot.I", "."]
)
def test_what_has_no_place_has_no_path(text: str) -> None:
    assert resolve(CONTENT, text) is None


def test_an_address_may_start_below_the_top() -> None:
    assert resolve(CONTENT, "buyers.ROW", ("ties", 0, "oil")) == ("ties", 0, "oil", "buyers", 1)
    assert resolve(CONTENT, "buyers", ("ties", 7, "oil")) is None


def test_a_name_that_holds_a_dot_is_found_whole() -> None:
    content = {"a": {"x": 1, "x.y": {"z": 2}}}
    assert resolve(content, "a.x.y.z") == ("a", "x.y", "z")


def test_a_path_beyond_what_there_is_has_an_address_all_the_same() -> None:
    assert address(CONTENT, ("scenarios", 0, "hook", "deeper")) == "scenarios.S1.hook.deeper"


def test_addresses_are_listed_down_to_a_depth() -> None:
    assert addresses({"a": {"b": {"c": 1}}, "d": [{"id": "e", "f": 2}]}, 2) == [
        "a",
        "a.b",
        "d",
        "d.e",
    ]


def grounds_of(name: str) -> tuple[Any, Grounds]:
    document = read_document(built_in_studies()[name])
    grounds = lift(document, ZONES, document.at(("beliefs",)) or {})[1]
    return document.content, grounds


@pytest.mark.parametrize("name", ["india-2025", "turkey-2025"])
def test_every_number_of_a_built_in_study_has_an_address_of_its_own(name: str) -> None:
    content, grounds = grounds_of(name)
    found = {path: address(content, path) for path in grounds.numbers}
    assert len(found) > 100
    assert [text for text, count in Counter(found.values()).items() if count > 1] == []
    assert {path for path, text in found.items() if resolve(content, text) != path} == set()
