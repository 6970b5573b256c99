"""Options on technology: read with remedies, told in the answer, and felt in the numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import factories
import tula as tl
from command_line import plain, tula
from tula.cli.technology import PRESETS
from tula.world.store import save_world

SHORT = ("--technology", "short-run", "--inputs", "0.3")
DUTY = ("--tariff", "USA:IND:goods:+25pp")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_world(factories.toy_economy(), tmp_path_factory.mktemp("world") / "toy.nc")


def test_the_options_make_the_technology_they_name(world: Path) -> None:
    options = (
        *("--inputs", "0.2", "--value-added", "0.5", "--final", "0.9", "--home-imports", "2"),
        *("--transformation", "3", "--labour-mobility", "1", "--specific", "RUS:OIL=0.6"),
        *("--wage-floor", "IND=0.99:real", "--buyer", "USA:goods:0.5"),
    )
    result = tula("solve", "--world", world, *DUTY, *options, "--json")
    assert result.exit_code == 0, plain(result)
    technology = tl.Technology(
        among_inputs=0.2,
        value_added_and_inputs=0.5,
        among_final=0.9,
        home_and_imports=2.0,
        transformation=3.0,
        labour_mobility=1.0,
        specific_factors=(tl.SpecificFactor("OIL", 0.6, "RUS"),),
        wage_floors=(tl.WageFloor("IND", 0.99, 1.0),),
        buyers=(tl.BuyerElasticity("USA", "goods", 0.5),),
    )
    duty = tl.Tariff(importer="USA", exporter="IND", sectors="goods", add="25 pp")
    solution = tl.solve(tl.calibrate(factories.toy_economy(), technology), [duty])
    found = json.loads(result.stdout)["regions"]["real_income"]["IND"]
    assert found == pytest.approx(float(tl.metrics.real_income(solution).sel(region="IND")))


def test_a_preset_tells_its_numbers_with_their_ranges(world: Path) -> None:
    result = tula("solve", "--world", world, *DUTY, *SHORT, "--buyer", "USA:goods:0.5")
    said = plain(result)
    assert "substitution among inputs 0.3" in said
    assert "theta of USA for goods 0.5" in said
    assert "Assumed by short-run, plausible ranges:" in said
    assert "labour mobility 0.2 to 3" in said
    assert "among inputs 0.05 to 1" not in said


@pytest.mark.parametrize("preset", PRESETS)
def test_every_number_of_a_preset_lies_in_its_range(preset: str) -> None:
    for assumed in PRESETS[preset].values():
        assert assumed.low <= assumed.value <= assumed.high
        assert assumed.why


def test_everything_unreadable_is_told_at_once(world: Path) -> None:
    result = tula(
        *("solve", "--world", world, *DUTY),
        *("--technology", "short-rum"),
        *("--specific", "OLI=0.6"),
        *("--specific", "OIL"),
        *("--wage-floor", "IMD"),
        *("--wage-floor", "IND:nominal"),
        *("--buyer", "USA:goods"),
        *("--buyer", "USA:goodz:0.1"),
        *("--inputs", "-1"),
    )
    assert result.exit_code == 2
    said = plain(result)
    for part in (
        "unknown preset 'short-rum'; did you mean 'short-run'?",
        "did you mean 'OIL'",
        "--specific OIL: write sectors and a share",
        "did you mean 'IND'",
        "--wage-floor IND:nominal: write regions",
        "--buyer USA:goods: write importers, sectors and theta",
        "did you mean 'goods'",
        "among_inputs is -1.0: expected a number of zero or more",
    ):
        assert part in said, part


@pytest.mark.gradients
def test_machines_read_the_technology_a_choice_was_made_with(world: Path) -> None:
    result = tula("optimal", "USA", "--world", world, "--labour-mobility", "0.5", "--json")
    said = json.loads(result.stdout)["technology"]
    assert said == "Technology: labour mobility between sectors 0.5."


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("optimal", "USA"), marks=pytest.mark.gradients),
        pytest.param(("nash", "USA,IND"), marks=pytest.mark.gradients),
        ("exposure", "IND", "--partners", "USA"),
    ],
)
def test_other_commands_take_the_same_options(world: Path, words: tuple[str, ...]) -> None:
    stuck = tula(*words, "--world", world, "--labour-mobility", "0.5")
    assert stuck.exit_code == 0, plain(stuck)
    assert "Technology: labour mobility between sectors 0.5." in plain(stuck)


def test_a_warning_of_several_equilibria_is_one_sentence(world: Path) -> None:
    result = tula("solve", "--world", world, *DUTY, "--buyer", "USA:goods:-0.2")
    assert result.exit_code == 0, plain(result)
    (line,) = [line for line in result.stderr.splitlines() if "more than one equilibrium" in line]
    assert line.startswith("Note: elasticities of substitution go down to 0.8")
    assert "Warning" not in result.stderr
