"""The table of what the two articles say names only what exists."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
STUDY = ROOT / "src" / "tula" / "studies" / "india_2025"


class Row(NamedTuple):
    number: int
    article: str
    says: str
    where: tuple[str, ...]
    state: str


def _rows() -> list[Row]:
    page = (ROOT / "docs" / "articles.md").read_text(encoding="utf-8")
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.splitlines()
        if re.match(r"\|\s*\d+\s*\|", line)
    ]
    return [
        Row(int(number), article, says, tuple(re.findall(r"`([^`]+)`", where)), state)
        for number, article, says, where, state in cells
    ]


def _ids(file: str, key: str) -> set[str]:
    content = YAML(typ="safe").load((STUDY / file).read_text(encoding="utf-8"))
    return {str(entry["id"]) for entry in content[key]}


ROWS = _rows()
SCENARIOS = _ids("study.yaml", "scenarios")
FACTS = _ids("evidence.yaml", "facts")
numbered = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"row-{row.number}")


def _exists(name: str) -> bool:
    kind, _, rest = name.partition(":")
    if kind == "scenario":
        return rest in SCENARIOS
    if kind == "fact":
        return rest in FACTS
    return name.startswith("tula.") and importlib.util.find_spec(name) is not None


@numbered
def test_everything_a_row_names_exists(row: Row) -> None:
    assert [name for name in row.where if not _exists(name)] == []


@numbered
def test_a_row_is_complete(row: Row) -> None:
    assert row.article in {"A", "B", "A, B"}
    assert row.says
    assert row.state in {"works", "told"}


@numbered
def test_a_row_that_works_says_where_and_a_told_one_names_facts_only(row: Row) -> None:
    places = [name for name in row.where if not name.startswith("fact:")]
    assert bool(places) == (row.state == "works")


def test_rows_are_numbered_from_one_without_gaps() -> None:
    assert [row.number for row in ROWS] == list(range(1, len(ROWS) + 1))


def test_every_scenario_of_the_study_or_one_it_varies_stands_in_a_row() -> None:
    named = {name.partition(":")[2] for row in ROWS for name in row.where if "scenario:" in name}
    stems = {name.partition("-")[0] for name in named}
    assert {name for name in SCENARIOS if name.partition("-")[0] not in stems} == set()
