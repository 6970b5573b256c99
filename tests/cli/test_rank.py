"""``tula rank``: one sentence, a table, and every figure for whoever draws it."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import factories
from command_line import plain, tula
from pure_trade import pure_economy
from tula.cli.rank import _beliefs
from tula.strategy.rank import rank
from tula.strategy.replace import Replace
from tula.world.economy import Provenance
from tula.world.store import save_world


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world file of four regions and three sectors."""
    path = tmp_path_factory.mktemp("worlds") / "toy.nc"
    save_world(factories.toy_economy(), path)
    return path


def test_the_first_line_says_who_is_held_most_evenly_and_who_least(toy: Path) -> None:
    result = tula("rank", "USA", "RUS", toy)
    assert result.exit_code == 0
    found = rank(factories.toy_economy(), "USA", "RUS")
    first, last = found.isel(region=0), found.isel(region=-1)
    line = result.stdout.splitlines()[0]
    assert line.startswith(f"Of all regions {first.name.item()} is held most evenly by ")
    for one in (first, last):
        assert f"{float(one['needed'].sel(end='value').min()):.0%}" in line
    assert f"least evenly {last.name.item()} (" in line


def test_the_table_names_regions_beside_codes_with_the_range_of_the_chance(
    toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    said = tula("rank", "USA", "RUS", toy).stdout
    found = rank(factories.toy_economy(), "USA", "RUS")
    for code in ("IND", "ROW"):
        line = next(one for one in said.splitlines() if one.startswith(f" {code}"))
        needed = found["needed"].sel(region=code)
        rival = str(needed.rival.values[int(needed.sel(end="value").values.argmin())])
        low, high = (float(f(needed.sel(rival=rival).values)) for f in (np.min, np.max))
        assert f"Region {code}" in line
        assert f"{rival} {float(needed.sel(end='value').min()):.2f} ({low:.2f}–{high:.2f})" in line
    assert "replace 2 (1.5 to 4); closure fixed" in plain(tula("rank", "USA", "RUS", toy))
    assert "Kept" not in said


def test_every_figure_is_in_csv_and_json(toy: Path, tmp_path: Path) -> None:
    file = tmp_path / "rank.csv"
    result = tula("rank", "USA", "RUS", toy, "--csv", file, "--json")
    content = json.loads(result.stdout)
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    found = rank(factories.toy_economy(), "USA", "RUS")
    assert [row["region"] for row in rows] == found.region.values.tolist()
    assert content["rivals"] == ["USA", "RUS"]
    for row, one in zip(rows, content["regions"], strict=True):
        place = found.sel(region=row["region"])
        for variable in ("loss", "cost_money", "needed"):
            for rival in ("USA", "RUS"):
                for end in ("value", "low", "high"):
                    key = f"{variable}_{rival}_{end}"
                    value = float(place[variable].sel(rival=rival, end=end))
                    hold = next(two for two in one["holds"] if two["id"] == rival)
                    assert float(row[key]) == hold[variable][end]
                    assert float(row[key]) == pytest.approx(value, rel=1e-12)
    assert content["units"]["needed"]["units"] == "1"
    assert content["elasticities"] == "replace 2 (1.5 to 4)"


@pytest.mark.slow
def test_processes_give_the_same_bytes(toy: Path) -> None:
    one, two = (tula("rank", "USA", "RUS", toy, "--json", "--jobs", n).stdout for n in ("1", "2"))
    assert one == two


def test_beliefs_may_be_given_for_all_and_for_a_commodity(toy: Path) -> None:
    said = plain(tula("rank", "USA", "RUS", toy, "--replace", "3", "--replace", "OIL=6:3:12"))
    assert "replace 3 (3 to 3); Sector OIL 6 (3 to 12)" in said


def test_what_a_belief_writes_as_options_is_read_back_as_that_belief() -> None:
    belief = Replace(2.5, 1.5, 4.0, {"OIL": (6.0, 3.0, 12.0)})
    assert _beliefs(list(belief.options), [], factories.toy_economy().labels)[0] == belief


@pytest.mark.slow
def test_the_embedded_world_is_ranked_under_the_duties_of_a_day() -> None:
    said = plain(tula("rank", "United States", "China", "--as-of", "2025-11-17"))
    assert "with the duties as of 2025-11-17" in said
    assert "Kept: the least kept of flows above 1%" in said
    assert "Türkiye" in said


@pytest.mark.long
def test_what_has_no_equilibrium_is_said_beside_the_rest_with_code_one(tmp_path: Path) -> None:
    flows = np.array([[[90, 10, 0, 0], [14, 200, 20, 9], [0, 20, 150, 9], [0, 9, 9, 80]]], float)
    world = pure_economy(flows, 1.0, regions=("P", "A", "B", "Q"), sectors=("ONE",))
    named = replace(world, provenance=Provenance("made", "2000", ("made",), ("made",)))
    save_world(named, tmp_path / "made.nc")
    result = tula("rank", "A", "B", tmp_path / "made.nc", "--json")
    assert result.exit_code == 1
    assert "A breaks off with P" in result.stderr
    regions = {one["id"]: one for one in json.loads(result.stdout)["regions"]}
    assert regions["P"]["yields_to"] is None
    assert regions["P"]["holds"][0]["needed"]["value"] is None
    assert regions["Q"]["holds"][0]["needed"]["value"] is not None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("USA", "RUSS"), "did you mean 'RUS'"),
        (("USA", "USA"), "expected two rivals"),
        (("USA", "RUS", "--replace", "2:1:3"), "replace goes down to 1:"),
        (("USA", "RUS", "--replace", "2:x"), "--replace 2:x: write 2, 2:1.5:4 or OIL=6:3:12"),
        (("USA", "RUS", "--replace", "OLI=2"), "did you mean 'OIL'"),
        (("USA", "RUS", "--keeps-word", "3"), "--keeps-word 3: write a rival and a chance"),
        (("USA", "RUS", "--keeps-word", "IND=0.5"), "the rivals are USA and RUS"),
        (("USA", "RUS", "--closure", "x"), "unknown closure 'x'"),
        (("USA", "RUS", "--duties", "x.csv"), "--duties needs the day"),
    ],
)
def test_a_question_that_cannot_be_read_says_why(
    toy: Path, words: tuple[str, ...], told: str
) -> None:
    result = tula("rank", *words[:2], toy, *words[2:])
    assert result.exit_code == 2
    assert told in plain(result)
    assert result.stdout == ""
