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


def solved(world: Path, *words: str) -> str:
    result = tula("solve", "--world", world, *words)
    assert result.exit_code == 0, plain(result)
    return plain(result)


def test_a_set_duty_tells_what_it_raises_and_lowers(world: Path) -> None:
    said = solved(world, "--tariff", "USA:all:all:=5%")
    assert "raises the rate on" in said
    assert "lowers the rate on" in said
    assert "million USD of base spending" in said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (">=15%", "at least 15.0% import duty"),
        ("min15%", "at least 15.0% import duty"),
        ("<=1%", "at most 1.0% import duty"),
        ("+25pp:80%", "+25.0 pp (on 80.0% of trade) import duty"),
        ("=30%:override", "30.0% (in place of all else) import duty"),
        ("=0.52usd/kg@2.6usd/kg", "20.0% (0.52 usd/kg of 2.6 usd/kg) import duty"),
    ],
)
def test_everyday_duties_are_solved_and_told(world: Path, text: str, told: str) -> None:
    assert told in solved(world, "--tariff", f"USA:IND:goods:{text}")


def test_an_exception_may_override_a_default(world: Path) -> None:
    default = ("--tariff", "USA:all:goods:+10pp")
    deal = ("--tariff", "USA:IND:goods:min15%:override")
    assert "the one marked override counts alone" in solved(world, *default, *deal)


def test_a_price_may_be_capped_in_money(world: Path) -> None:
    said = solved(world, "--price-cap", "all:RUS:OIL:75usd/bbl@60usd/bbl")
    assert "capped at 125.0% of base (75 usd/bbl of 60 usd/bbl)" in said


def test_a_clash_is_told_with_a_remedy(world: Path) -> None:
    moves = ("--tariff", "USA:all:goods:=10%", "--tariff", "USA:IND:goods:=20%")
    result = tula("solve", "--world", world, *moves)
    assert result.exit_code == 2
    assert "let the exception override the other" in plain(result)
    assert "20.0%" in solved(world, *moves[:-1], f"{moves[-1]}:override")


def test_a_question_that_changes_nothing_is_answered_with_a_note(world: Path) -> None:
    said = solved(world, "--tariff", "USA:IND:goods:max900%")
    assert "Note: nothing changes, the answer is the base" in said


@pytest.mark.parametrize(
    "move",
    [
        ("--tariff", "USA:IND:goods:+1000000pp"),
        ("--trade-cost", "USA:IND:goods:x100"),
        ("--productivity", "IND:goods:x20"),
        ("--labour", "IND:x11"),
    ],
)
def test_a_size_out_of_all_proportion_is_answered_with_a_note(
    world: Path, move: tuple[str, str]
) -> None:
    said = solved(world, *move)
    assert said.count("out of all proportion: check the unit") == 2
    assert "Note: " in said


@pytest.mark.gradients
def test_a_search_notes_the_same_of_the_policy_given(world: Path) -> None:
    given = ("--given", "tariff IND:USA:goods:+2000pp")
    result = tula("optimal", "USA", "--world", world, "--partners", "IND", *given)
    assert "out of all proportion" in plain(result)
