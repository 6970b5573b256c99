"""Content held to a type: every fault in words at its place, none told twice."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import Field, model_validator

import factories
from tula.file.document import parse_document
from tula.file.translate import validate
from tula.numbers.quantity import Share
from tula.numbers.record import Record, refuse
from tula.policy.union import WrittenInstrument
from tula.world.named import Names, Region


class Part(Record):
    """A part with a name and a number."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
    share: Share


class Whole(Record):
    """Parts whose shares add up to one, of a pivot that is filled in."""

    pivot: Region
    parts: Annotated[tuple[Part, ...], Field(min_length=2)]
    moves: tuple[WrittenInstrument, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Whole:
        if abs(sum(part.share.value for part in self.parts) - 1.0) > 1e-9:
            refuse([(("parts", 1, "share"), "shares do not add up to 1")])
        return self


SOUND = """\
parts:
  - {name: one, share: 0.4}
  - {name: two, share: 0.6}
moves:
  - tariff: {importer: USA, exporter: IND, sectors: OIL, add: 25 pp}
"""


def told(text: str) -> list[str]:
    document = parse_document(text, "part.yaml")
    found, problems = validate(Whole, document, (), Names(pivot="IND"))
    assert (found is None) == bool(problems)
    return [f"{one.place.line}:{one.place.column} {one.message}" for one in problems]


def test_what_is_sound_is_read_with_what_is_filled_in() -> None:
    document = parse_document(SOUND, "part.yaml")
    found: Any = validate(Whole, document, (), Names(pivot="IND"))[0]
    assert (found.pivot, [part.name for part in found.parts]) == ("IND", ["one", "two"])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("share: 0.4", "shar: 0.4", "2:17 unknown key 'shar'; did you mean 'share'?"),
        ("share: 0.4", "shar: 0.4", "2:5 key 'share' is missing"),
        (
            "name: one",
            "name: a b",
            "2:12 'name': must be a short name of letters, digits, _ and -, not 'a b'",
        ),
        ("share: 0.4", "share: 5", "'share': is a share between 0 and 1"),
        ("share: 0.4", "share: {value: 0.4, low: 0.4, high: 2}", "2:24 'share': is a share"),
        ("share: 0.6", "share: 0.7", "3:24 'share': shares do not add up to 1"),
        ("  - {name: two, share: 0.6}\n", "", "2:3 'parts': must be a list of 2 or more, not of 1"),
        ("  - {name: two, share: 0.6}\n", "  - 3\n", "3:5 must be a mapping (key: value), not 3"),
        ("add: 25 pp", "ad: 25 pp", "5:58 unknown key 'ad'; did you mean 'add'?"),
        ("add: 25 pp", "add: 25%", "5:63 'add': cannot read '25%'"),
        ("- tariff", "- tarif", "5:5 unknown instrument 'tarif'; did you mean 'tariff'"),
    ],
)
def test_a_fault_is_told_at_its_place(old: str, new: str, expected: str) -> None:
    assert old in SOUND
    found = told(SOUND.replace(old, new, 1))
    assert any(expected in one for one in found), found


def test_all_faults_are_told_at_once() -> None:
    broken = SOUND.replace("one", "o n e").replace("0.6", "six").replace("add: 25", "add: xx")
    assert [one.split(":")[0] for one in told(broken)] == ["2", "3", "5"]


def test_a_key_that_sorts_instruments_is_not_offered_as_one_of_theirs() -> None:
    (found,) = [one for one in told(SOUND.replace("add:", "kin:")) if "unknown key" in one]
    assert "'kind'" not in found


def test_what_follows_from_a_value_that_was_refused_is_not_told() -> None:
    document = parse_document(SOUND.replace("0.4", ".nan"), "part.yaml")
    assert [one.message for one in document.problems] == [".nan is not a finite number"]
    assert validate(Whole, document, (), Names(pivot="IND")) == (None, [])


def test_a_wrong_name_that_was_filled_in_is_told_where_it_stands_alone() -> None:
    names = Names(factories.toy_economy().labels, pivot="Atlantis")
    document = parse_document(SOUND, "part.yaml")
    assert validate(Whole, document, (), names) == (None, [])
    own = parse_document("pivot: Atlantis\n" + SOUND, "part.yaml")
    (problem,) = validate(Whole, own, (), names)[1]
    assert problem.place.line == 1
