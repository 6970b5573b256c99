"""docs/notation.md and the code agree on names, dimensions and units."""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cached_property
from pathlib import Path

import pytest

from tula.equilibrium import Calibration, Solution
from tula.policy.shock import Shock
from tula.world.economy import Economy

PAGE = Path(__file__).resolve().parents[1] / "docs" / "notation.md"
CONTRACTS = (Economy, Calibration, Shock, Solution)


def rows_of(section: str) -> list[list[str]]:
    """Return the cells of a section's table, without head and rule."""
    text = PAGE.read_text(encoding="utf-8")
    body = re.split(r"^## ", text.split(f"\n## {section}\n")[1], flags=re.MULTILINE)[0]
    lines = [line for line in body.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def dimensions(annotation: object) -> str:
    """Return the shape in an array annotation, or a dash for anything else."""
    shape = re.search(r"Array, ['\"]\s*([^'\"]*)['\"]", str(annotation))
    return shape.group(1) if shape else "–"


def names_in(contract: type) -> dict[str, str]:
    """Return fields and properties of a contract with their dimensions."""
    found = {field.name: dimensions(field.type) for field in fields(contract) if field.init}
    for name, member in vars(contract).items():
        if isinstance(member, property | cached_property) and not name.startswith("_"):
            reader = member.fget if isinstance(member, property) else member.func
            assert reader is not None
            found[name] = dimensions(reader.__annotations__["return"])
    return found


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.__name__)
def test_the_page_lists_every_name_with_its_dimensions(contract: type) -> None:
    listed = {row[1].strip("`"): row[2] for row in rows_of(contract.__name__)}
    assert listed == names_in(contract)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.__name__)
def test_every_array_states_a_unit_and_a_meaning(contract: type) -> None:
    arrays = [row for row in rows_of(contract.__name__) if row[2] != "–"]
    assert arrays
    assert all(row[3] and row[4] for row in arrays)
