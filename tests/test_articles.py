"""The table of what the two articles say names only what exists, and what it says works does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from ruamel.yaml import YAML

from tula.file.overrides import Settings, read_overrides
from tula.study.effort import Effort
from tula.study.load import load_study
from tula.study.results import StudyResults
from tula.study.run import run_study
from tula.study.trace import trace

ROOT = Path(__file__).resolve().parent.parent
STUDY = ROOT / "src" / "tula" / "studies" / "india_2025"


class Row(NamedTuple):
    number: int
    article: str
    says: str
    where: tuple[str, ...]
    moved_by: str
    figure: str
    state: str


def _rows() -> list[Row]:
    page = (ROOT / "docs" / "articles.md").read_text(encoding="utf-8")
    cells = [
        [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
        for line in page.splitlines()
        if re.match(r"\|\s*\d+\s*\|", line)
    ]
    return [
        Row(int(number), article, says, tuple(re.findall(r"`([^`]+)`", where)), *moves, state)
        for number, article, says, where, *moves, state in (
            [cell.strip("`") if place in (4, 5) else cell for place, cell in enumerate(row)]
            for row in cells
        )
    ]


def _ids(file: str, key: str) -> set[str]:
    content = YAML(typ="safe").load((STUDY / file).read_text(encoding="utf-8"))
    return {str(entry["id"]) for entry in content[key]}


ROWS = _rows()
WORKS = [row for row in ROWS if row.state == "works"]
SCENARIOS = _ids("study.yaml", "scenarios")
FACTS = _ids("evidence.yaml", "facts")
#: The scenario before any move, which has no number that could.
BEFORE = "S0"
numbered = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"row-{row.number}")


def _exists(name: str) -> bool:
    kind, _, rest = name.partition(":")
    return rest in {"scenario": SCENARIOS, "fact": FACTS}.get(kind, ())


@numbered
def test_everything_a_row_names_exists(row: Row) -> None:
    assert row.where
    assert [name for name in row.where if not _exists(name)] == []


@numbered
def test_a_row_is_complete(row: Row) -> None:
    assert row.article in {"A", "B", "A, B"}
    assert row.says
    assert row.state in {"works", "told"}


@numbered
def test_a_row_works_if_it_names_a_number_and_what_moves_it_and_else_facts_only(row: Row) -> None:
    assert bool(row.moved_by) == bool(row.figure) == (row.state == "works")
    assert row.state == "works" or all(name.startswith("fact:") for name in row.where)


def test_rows_are_numbered_from_one_without_gaps() -> None:
    assert [row.number for row in ROWS] == list(range(1, len(ROWS) + 1))


def test_every_scenario_of_the_study_or_one_it_varies_stands_in_a_row() -> None:
    named = {name.partition(":")[2] for row in ROWS for name in row.where if "scenario:" in name}
    stems = {name.partition("-")[0] for name in named}
    assert {name for name in SCENARIOS if name.partition("-")[0] not in stems} == {BEFORE}


@pytest.fixture(scope="module")
def runs() -> tuple[StudyResults, StudyResults]:
    """The study as it stands, and with everything moved that a row says moves its number."""
    moved = Settings(read_overrides([row.moved_by for row in WORKS]))
    as_it_is, then = load_study("india-2025"), load_study("india-2025", moved)
    few = Effort(draws=8)
    return run_study(as_it_is, quick=True, effort=few), run_study(then, quick=True, effort=few)


@pytest.mark.long
@pytest.mark.parametrize("row", WORKS, ids=lambda row: f"row-{row.number}")
def test_the_number_of_a_row_that_works_moves_when_the_thing_moves(
    row: Row, runs: tuple[StudyResults, StudyResults]
) -> None:
    before, after = (trace(results, row.figure).figure.central for results in runs)
    assert abs(after - before) > 1e-6 * abs(before)
