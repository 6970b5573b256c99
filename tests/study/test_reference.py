"""The layout of study files, for machines and for readers, is that of the types."""

import json
from pathlib import Path
from typing import Any

import pytest

from tula.study.reference import key_tables, study_schema

PAGE = Path(__file__).resolve().parents[2] / "docs" / "study-keys.md"
PARTS: dict[str, Any] = study_schema()["$defs"]


def test_the_page_of_keys_is_the_one_the_types_give() -> None:
    assert PAGE.read_text("utf-8") == f"{key_tables()}\n", "run tula schema --tables"


@pytest.mark.parametrize("name", [name for name, part in PARTS.items() if "properties" in part])
def test_every_key_says_what_it_means(name: str) -> None:
    silent = [key for key, field in PARTS[name]["properties"].items()
              if not (field.get("description") or "$ref" in field)]  # fmt: skip
    assert silent == []


def test_the_schema_is_one_and_refuses_unknown_keys() -> None:
    schema = study_schema()
    assert json.loads(json.dumps(schema)) == schema
    assert schema["additionalProperties"] is False
