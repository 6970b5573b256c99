"""``tula exposure``: one sentence, a table, and what it rests on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import factories
from command_line import plain, tula
from tula.equilibrium import calibrate
from tula.strategy.withdrawal import withdrawal
from tula.world.horizon import at_horizon
from tula.world.store import save_world


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world file of four regions and three sectors."""
    path = tmp_path_factory.mktemp("worlds") / "toy.nc"
    save_world(factories.toy_economy(), path)
    return path


def test_the_first_line_says_what_the_most_costly_partner_could_do(toy: Path) -> None:
    result = tula("exposure", "IND", "--partners", "USA,RUS", "--world", toy)
    assert result.exit_code == 0
    lost = {code: withdrawal(factories.toy_economy(), "IND", code) for code in ("USA", "RUS")}
    worst = max(lost.values(), key=lambda item: item.loss)
    first = result.stdout.splitlines()[0]
    assert first.startswith("Region IND would lose ")
    assert f"if Region {worst.partner}, the most costly of 2 to lose, stopped all trade" in first
    assert f"({worst.loss_money / 1000:,.1f} bn USD a year)" in first
    for item in lost.values():
        assert f"{item.loss:.2f}" in result.stdout
        assert f"{item.partner_loss:.2f}" in result.stdout


def test_a_row_shows_the_partners_share_in_trade_and_what_is_hard_to_replace(
    toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    result = tula("exposure", "IND", "--partners", "USA", "--sectors", "OIL", "--world", toy)
    border = calibrate(factories.toy_economy()).border_trade[0]
    both_ways = border[0] + border[:, 0]
    share = 100 * both_ways[2] / (both_ways.sum() - both_ways[0])
    assert f"{share:.2f}" in result.stdout
    assert "if Region USA stopped all trade in OIL with it" in result.stdout
    assert "OIL 100%" in plain(result)
    assert "MAN" not in result.stdout.split("World")[0]


def test_partners_may_be_coalitions_and_groups(toy: Path) -> None:
    said = plain(tula("exposure", "first_two", "--partners", "USA+ROW,all-ROW", "--world", toy))
    assert "USA+ROW" in said
    assert "all-ROW" in said


def test_without_partners_the_largest_are_shown(toy: Path) -> None:
    said = tula("exposure", "IND", "--world", toy).stdout
    assert all(code in said for code in ("RUS", "USA", "ROW"))


def test_a_horizon_and_a_direction_change_the_answer_as_the_library_does(toy: Path) -> None:
    words = ("--horizon", "2", "--flows", "sales", "--closure", "balanced")
    result = tula("exposure", "IND", "--partners", "USA", *words, "--world", toy)
    assert "stopped selling to it" in plain(result)
    assert "at a horizon of 2 years" in plain(result)
    assert "Closure balanced" in plain(result)
    from tula.equilibrium import BalancedTrade

    near = at_horizon(factories.toy_economy(), 2.0)
    found = withdrawal(near, "IND", "USA", flows="sales", closure=BalancedTrade())
    assert f"{found.loss:.2f}" in result.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("INN",), "unknown region 'INN'; did you mean 'IND'"),
        (("IDN",), "Indonesia has no region of its own here; what has none is in 'ROW'"),
        (("IND", "--partners", "USS"), "unknown region 'USS'; did you mean 'USA'"),
        (("IND", "--partners", "USA", "--sectors", "OLI"), "unknown sector 'OLI'"),
        (("IND", "--partners", "IND"), "no region that is not part of IND"),
        (("IND", "--partners", "USA-USA"), "both chosen and excepted"),
        (("IND", "--partners", "all-all"), "both chosen and excepted"),
        (("IND", "--flows", "sale"), "unknown direction of trade 'sale'; did you mean 'sales'"),
        (("IND", "--closure", "fix"), "did you mean 'fixed'"),
        (("IND", "--horizon", "-1"), "years must be zero or more"),
        (("IND", "--horizon", "0"), "sigma is one or less"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(
    toy: Path, words: tuple[str, ...], told: str
) -> None:
    result = tula("exposure", *words, "--world", toy)
    assert result.exit_code == 2
    assert told in plain(result)


def test_cells_without_another_seller_are_named(tmp_path: Path) -> None:
    world = factories.toy_economy()
    intermediate, final = world.intermediate.copy(), world.final.copy()
    for flow in (intermediate, final):
        flow[2, 0, 0] += flow[[0, 1, 3], 0, 0].sum(axis=0)
        flow[[0, 1, 3], 0, 0] = 0.0
    path = tmp_path / "sole.nc"
    save_world(replace(world, intermediate=intermediate, final=final), path)
    result = tula("exposure", "IND", "--partners", "USA", "--world", path)
    assert result.exit_code == 0
    assert "IND goes on buying OIL from USA: no other seller" in plain(result)
    assert "no other seller" in plain(result)


def test_a_break_without_an_equilibrium_fails(tmp_path: Path) -> None:
    world = factories.toy_economy()
    final = world.final.copy()
    final[1:, :, 0] *= 3.0
    path = tmp_path / "credit.nc"
    save_world(replace(world, final=final), path)
    result = tula("exposure", "IND", "--partners", "all", "--world", path)
    assert result.exit_code == 1
    assert "IND without all" in plain(result)
