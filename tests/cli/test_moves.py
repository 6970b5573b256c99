"""Ceilings, corridors and horizons on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

import factories
from command_line import plain, tula
from tula.world.store import save_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_world(factories.toy_economy(), tmp_path_factory.mktemp("world") / "toy.nc")


def test_the_horizon_is_told_with_the_elasticities(world: Path) -> None:
    result = tula(
        *("solve", "--world", str(world), "--tariff", "USA:IND:goods:+25pp", "--horizon", "1")
    )
    assert result.exit_code == 0
    assert "at a horizon of 1 year" in plain(result)


def test_an_impossible_horizon_exits_with_2(world: Path) -> None:
    result = tula(
        *("solve", "--world", str(world), "--tariff", "USA:IND:goods:+25pp", "--horizon", "-1")
    )
    assert result.exit_code == 2
    assert "years must be zero or more" in plain(result)


@pytest.mark.parametrize(
    ("option", "text", "hint"),
    [
        ("--import-cap", "IND:RUS:OIL:65", "such as 65%"),
        ("--export-cap", "RUS:IND:OIL:65%:seller", "importer, exporter or nobody"),
        ("--price-cap", "IND:RUS:OLI:65%", "did you mean 'OIL'"),
        ("--migration", "IND:RUS:70:2400usd:6000usd", "70k or 1.2m"),
    ],
)
def test_ceilings_and_corridors_are_read_with_remedies(
    world: Path, option: str, text: str, hint: str
) -> None:
    result = tula("solve", "--world", str(world), option, text)
    assert result.exit_code == 2
    assert hint in " ".join(plain(result).split())
