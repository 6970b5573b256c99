"""Every field of a tie says what it is; every number its unit, with an example."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tula.numbers.record import Record
from tula.ties.kinds import KINDS
from tula.ties.target import TradeTarget

#: Every kind of tie as files write it, and what the study makes of two of its parts.
TIES: tuple[type[Record], ...] = (*(kind.model for kind in KINDS.values()), TradeTarget)


def properties(tie: type[Record]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Path, schema and all definitions of every property of a tie's own models."""
    schema = tie.model_json_schema()
    definitions = schema.get("$defs", {})
    for name, model in {tie.__name__: schema, **definitions}.items():
        if not numeric(model, definitions):
            for key, told in model.get("properties", {}).items():
                yield f"{name}.{key}", told, definitions


def numeric(told: dict[str, Any], definitions: dict[str, Any]) -> bool:
    """Whether a schema is a number, or a quantity."""
    if "$ref" in told:
        return numeric(definitions[told["$ref"].rpartition("/")[2]], definitions)
    if {"value", "low", "high"} <= set(told.get("properties", {})):
        return True
    return told.get("type") in ("number", "integer")


def number_of(told: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of the number that a property is, may be, or is a table of; None for others."""
    for one in (told, *told.get("anyOf", ())):
        values = one.get("additionalProperties")
        for schema in (one, values):
            if isinstance(schema, dict) and numeric(schema, definitions):
                return told | schema
    return None


@pytest.mark.parametrize("tie", TIES, ids=lambda tie: tie.__name__)
def test_every_field_of_a_tie_is_described_in_one_line(tie: type[Record]) -> None:
    told = {path: field.get("description", "") for path, field, _ in properties(tie)}
    assert told
    assert [path for path, words in told.items() if not words] == []
    assert [path for path, words in told.items() if "\n\n" in words] == []


@pytest.mark.parametrize("tie", TIES, ids=lambda tie: tie.__name__)
def test_every_number_of_a_tie_has_a_unit_and_an_example(tie: type[Record]) -> None:
    numbers = {
        path: found
        for path, field, definitions in properties(tie)
        if (found := number_of(field, definitions)) is not None
    }
    assert numbers
    assert [path for path, found in numbers.items() if not found.get("unit")] == []
    assert [path for path, found in numbers.items() if not found.get("examples")] == []
