"""What limits, corridors and wage floors do, as ``tula solve`` tells it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import factories
from command_line import plain, tula
from tula.cli import limits
from tula.equilibrium.solution import CorridorOutcome, LimitOutcome
from tula.numbers import write
from tula.world.store import save_world

MOVES = (
    *("--cut", "IND:RUS:OIL:35%"),
    *("--import-cap", "USA:IND:MAN:500%"),
    *("--migration", "IND:RUS:70k:2400usd:6000usd:30%"),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_world(factories.toy_economy(), tmp_path_factory.mktemp("world") / "toy.nc")


@pytest.fixture(scope="module")
def content(world: Path) -> dict[str, object]:
    result = tula("solve", "--world", world, *MOVES, "--wage-floor", "IND=1.05", "--json")
    assert result.exit_code == 0, plain(result)
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_binding_and_slack_limits_are_told_with_price_and_rent(world: Path) -> None:
    said = plain(tula("solve", "--world", world, *MOVES))
    assert "Binds: IND: purchases of OIL from RUS capped at 65.0% of base" in said
    assert "Its shadow price is" in said
    assert "the importer keeps the rent of" in said
    assert "Slack, without effect: USA: purchases of MAN from IND" in said
    assert "Corridor IND to RUS: 100% of the quota is used." in said
    assert "idle" not in said


def test_the_first_line_names_who_keeps_an_unsaid_rent_and_whose_sign_turns_with_it() -> None:
    said, *_ = plain(tula("solve", "--cut", "IND:RUS:OIL:35%")).split("┏")
    assert said.startswith("India gains")
    assert "the rent of the limit kept by the importer, as none was named" in said
    assert "where nobody keeps it, India loses" in said
    named, *_ = plain(tula("solve", "--import-cap", "IND:RUS:OIL:65%:nobody")).split("┏")
    assert named.startswith("India loses")
    assert "as none was named" not in named


def test_machines_read_the_same(content: dict[str, Any]) -> None:
    cut = next(item for item in content["limits"] if item["sector"] == "OIL")
    cap = next(item for item in content["limits"] if item["sector"] == "MAN")
    assert content["rent_assumed_to"] == ["importer"]
    assert (
        content["real_income_if_nobody_keeps_it"]["IND"] < content["regions"]["real_income"]["IND"]
    )
    assert cut["binds"]
    assert cut["shadow_price_percent"] > 0
    assert cut["rent_million_usd"] > 0
    assert not cap["binds"]
    assert cap["rent_million_usd"] == 0
    (corridor,) = content["corridors"]
    assert corridor["remitted_million_usd"] == pytest.approx(0.3 * corridor["earned_million_usd"])


def test_idle_labour_is_told_where_a_floor_binds(
    world: Path, content: dict[str, dict[str, float]]
) -> None:
    assert list(content["idle_labour_percent"]) == ["IND"]
    part = content["idle_labour_percent"]["IND"]
    said = plain(tula("solve", "--world", world, *MOVES, "--wage-floor", "IND=1.05"))
    assert f"The wage floor of IND binds: {write.percent(part)} of its labour is idle." in said


def outcome(number: int, premium: float, rent_to: str = "nobody") -> LimitOutcome:
    return LimitOutcome(
        *(f"quota {number}", "quantity", "OIL", "IND", "RUS", 2, 0.5, rent_to),
        *(1.0 + premium, 10.0 * number if premium else 0.0),
    )


def test_of_many_limits_the_largest_are_told_and_the_rest_summed() -> None:
    told = limits._limits([outcome(number, 0.1) for number in range(1, 12)])
    assert len(told) == limits.SHOWN + 1
    assert told[0].startswith("Binds: quota 11. Its shadow price is 10% of the price; nobody")
    assert told[-1] == "3 more limits bind, with rents of 0.06 bn USD together."


def test_a_permit_without_a_price_is_not_given_one() -> None:
    full = CorridorOutcome("visas", "IND", "RUS", 1.0, float("nan"), 400.0, 120.0)
    priced = CorridorOutcome("visas", "IND", "RUS", 1.0, 0.25, 400.0, 120.0)
    assert "permit" not in limits._corridor(full)
    assert "A permit is worth 25% of a wage in RUS." in limits._corridor(priced)
