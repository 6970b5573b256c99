"""Names as types: regions, sectors and ids are what a study may name, in any usual form."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

import factories
from tula.file.document import parse_document
from tula.file.translate import validate
from tula.numbers.record import Record
from tula.world.codes import labels as standard_labels
from tula.world.named import Names, Region, Regions, ScenarioId, SectorCode, Sectors

TOY = Names(factories.toy_economy().labels, known={"scenario": ["S1", "S2"]})


class Part(Record):
    """Names of every kind."""

    one: Region = "IND"
    some: Regions = ()
    sector: SectorCode = "OIL"
    sectors: Sectors = ()
    scenarios: tuple[ScenarioId, ...] = ()


def read(text: str, names: Names = TOY) -> Part:
    found, problems = validate(Part, parse_document(text, "part.yaml"), (), names)
    assert problems == []
    assert isinstance(found, Part)
    return found


def told(text: str) -> list[str]:
    found, problems = validate(Part, parse_document(text, "part.yaml"), (), TOY)
    assert found is None
    return [f"{one.place.line}:{one.place.column} {one.message}" for one in problems]


@pytest.mark.parametrize("name", ["India", "IND", "IN", "Republic of India", "india"])
def test_a_region_in_any_usual_form_becomes_its_code(name: str) -> None:
    assert read(f"one: {name}\n", Names(standard_labels())).one == "IND"


def test_one_name_stands_for_a_list_of_it_and_groups_stay_groups() -> None:
    found = read("some: IND\nsectors: [goods, Sector OIL]\n")
    assert found.some == ("IND",)
    assert found.sectors[0] == "goods"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one: INA\n", "1:6 'one': unknown region 'INA'; did you mean 'IND'"),
        ("one: all\n", "1:6 'one': unknown region 'all'; it is a group: name one region"),
        ("sector: goods\n", "1:9 'sector': unknown sector 'goods'; it is a group: name one"),
        ("some: [IND, USB]\n", "1:13 unknown region 'USB'; did you mean 'USA'"),
        ("sectors: gods\n", "1:10 'sectors': unknown sector 'gods'; did you mean 'goods'"),
        ("scenarios: [S1, S3]\n", "1:17 unknown scenario 'S3'; valid: S1, S2"),
    ],
)
def test_what_is_no_name_is_told_with_the_nearest(text: str, expected: str) -> None:
    assert any(one.startswith(expected) for one in told(text)), told(text)


def test_all_names_of_a_list_are_told_at_their_own_places() -> None:
    found = told("some: [USB, IND, INX]\nsector: OYL\n")
    assert [one.split(" ")[0] for one in found] == ["1:8", "1:18", "2:9"]


def test_without_a_world_or_a_list_of_ids_names_pass() -> None:
    found = read("one: Atlantis\nscenarios: [X]\n", Names())
    assert (found.one, found.scenarios) == ("Atlantis", ("X",))
    assert Part(one="Atlantis").one == "Atlantis"


def test_what_is_no_text_is_left_to_the_type() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Region).validate_python(3, context=TOY)


def test_the_code_of_a_region_is_found_where_there_is_one() -> None:
    assert Names(standard_labels()).region("Russia") == "RUS"
    assert (Names(standard_labels()).region("Mars"), Names().region("Russia")) == ("Mars", "Russia")
