"""What a record says of its fields is what stands below them in its source."""

from __future__ import annotations

from tula.described import descriptions
from tula.policy import Migration, Tariff
from tula.policy.base import PolicyInstrument


def test_fields_of_a_base_are_among_those_described() -> None:
    own, base = descriptions(Tariff), descriptions(PolicyInstrument)
    assert base["start"] == "First day in force; left out, always."
    assert base.items() <= own.items()
    assert base.keys() < own.keys()


def test_a_schema_tells_them_under_the_names_that_files_use() -> None:
    told = Migration.model_json_schema()["properties"]
    assert told["from"]["description"] == descriptions(Migration)["from_"]


def test_a_class_without_a_source_describes_nothing() -> None:
    assert descriptions(int) == {}
