"""``tula optimal`` and ``tula nash``: a sentence, levers, who gains, and the proof."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import factories
from command_line import plain, tula
from tula.strategy import errors
from tula.strategy.duty_game import nash
from tula.strategy.optimal import optimal_tariffs
from tula.world.store import save_world

pytestmark = pytest.mark.gradients


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world file of four regions and three sectors."""
    path = tmp_path_factory.mktemp("worlds") / "toy.nc"
    save_world(factories.toy_economy(), path)
    return path


def test_the_first_line_names_the_best_tariff_and_what_it_does(toy: Path) -> None:
    result = tula("optimal", "USA", "--world", toy)
    assert result.exit_code == 0
    found = optimal_tariffs(factories.toy_economy(), "USA")
    first = result.stdout.splitlines()[0]
    assert first.startswith(
        "The tariff that is best for Region USA on goods from all partners is "
        f"{100 * found.rates[0]:.1f}%; it would raise its real income by "
    )
    assert "cost the others" in first
    said = plain(result)
    assert "Proof: slope" in said
    assert "adjoint solves" in said
    assert "World toy-4x3-2025 (2000); elasticities drawn for tests" in said


def test_finer_levers_are_listed_and_bounds_that_hold_are_said(toy: Path) -> None:
    said = plain(tula("optimal", "IND", "--by", "sector", "--bounds", "0%:5%", "--world", toy))
    assert "tariff on OIL" in said
    assert "tariff on MAN" in said
    assert "Held at its upper bound of 5%" in said


def test_the_result_can_be_read_by_machines(toy: Path) -> None:
    move = "tariff USA:IND:goods:+30pp"
    result = tula("optimal", "IND", "--partners", "USA", "--given", move, "--world", toy, "--json")
    content = json.loads(result.stdout)
    assert content["player"] == "IND"
    assert content["levers"]["tariff"] > 0
    assert set(content["real_income_percent"]) == {"IND", "RUS", "USA", "ROW"}


def test_a_game_names_its_players_and_their_rates(toy: Path) -> None:
    result = tula("nash", "USA,IND", "--world", toy)
    assert result.exit_code == 0
    found = nash(factories.toy_economy(), ["USA", "IND"])
    said = plain(result)
    assert result.stdout.startswith("No player gains by moving once the tariff of 2 players")
    assert f"{100 * found.levers('USA').item():.1f}" in said
    assert "USA tariff" in said
    assert "largest gain from a deviation" in said


def test_everything_unreadable_is_told_at_once(toy: Path) -> None:
    result = tula(
        "optimal",
        "USS",
        *("--by", "sektor"),
        *("--sectors", "goodz"),
        *("--bounds", "5:1"),
        *("--weight", "MAN"),
        *("--given", "tarif USA:IND:goods:+1pp"),
        *("--given", "tariff USA:IMD:goods:+1pp"),
        *("--world", toy),
    )
    assert result.exit_code == 2
    said = plain(result)
    for part in (
        "unknown region 'USS'; did you mean 'USA' (Region USA) or 'RUS' (Region RUS)",
        "did you mean 'sector'",
        "did you mean 'goods'",
        "--bounds 5:1: write the lowest and highest rate",
        "--weight MAN: write a sector and its weight",
        "unknown kind 'tarif'; did you mean 'tariff'",
        "did you mean 'IND'",
    ):
        assert part in said


def test_a_failed_proof_is_a_failure_not_bad_input(
    toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise errors.NotAMaximumError("the objective bends up")

    monkeypatch.setattr("tula.strategy.optimal.optimal_tariffs", fails)
    result = tula("optimal", "USA", "--world", toy)
    assert result.exit_code == 1
    assert "bends up" in plain(result)


@pytest.mark.parametrize("command", ["optimal", "nash"])
def test_help_has_examples(command: str) -> None:
    text = tula(command, "--help").stdout
    assert f"  tula {command}" in text[text.index("Examples:") :]


def test_the_formula_is_told_as_one(toy: Path) -> None:
    war = tula("nash", "USA,IND", "--method", "formula", "--world", toy)
    assert war.exit_code == 0
    assert war.stdout.startswith("By the formula the tariff of 2 players on goods from all")
    assert "Proof: none, the rates are those of a formula" in plain(war)
    best = tula("optimal", "USA", "--method", "formula", "--world", toy)
    assert "on goods from all partners by the formula is" in best.stdout
    content = json.loads(tula("nash", "all", "--method=formula", "--world", toy, "--json").stdout)
    assert content["proven"] is False
    assert content["largest_gain_from_deviation"] is None
