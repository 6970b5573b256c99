"""Liberation Day tariffs: published tables, the authors' code, the engine, and optima proved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from replicate.small_gravity import small_world
from tula.replicate import MissingReferenceError, ReplicationReport, run
from tula.replicate import liberation_day_data as source
from tula.replicate.liberation_day_data import LiberationDayData
from tula.replicate.liberation_day_model import Duties, GravityWorld, no_duties, solve, trade
from tula.replicate.liberation_day_optimal import best_duties, best_uniform, pivot_weight
from tula.replicate.liberation_day_rows import PublishedTableError, rows
from tula.replicate.liberation_day_scenarios import as_purged, closed, uniform
from tula.replicate.liberation_day_slopes import gradient, retaliation_slopes


@pytest.fixture(scope="module")
def data(reference_data: Path) -> LiberationDayData:
    return source.load(source.folder_of(reference_data))


@pytest.mark.slow
@pytest.mark.reference
def test_every_published_figure_is_met_to_its_last_digit(
    liberation_day: ReplicationReport,
) -> None:
    assert [row for row in liberation_day.rows if not row.agrees] == []
    assert len(liberation_day.rows) == 272


@pytest.mark.slow
@pytest.mark.reference
def test_all_countries_agree_with_the_authors_code_and_with_the_engine(
    liberation_day: ReplicationReport,
) -> None:
    assert [item for item in liberation_day.comparisons if not item.agrees] == []
    assert sum(item.figures for item in liberation_day.comparisons) == 6 * 7 * 194 + 2 * 194


@pytest.mark.reference
def test_a_published_panel_that_no_scenario_claims_is_refused(
    data: LiberationDayData, reference_data: Path, tmp_path: Path
) -> None:
    table = pd.read_csv(source.folder_of(reference_data) / source.PUBLISHED)
    table.loc[0, "case"] = "Case 9: something new"
    table.to_csv(tmp_path / source.PUBLISHED, index=False)
    with pytest.raises(PublishedTableError, match="Case 9"):
        rows(tmp_path, data, {})


def test_absent_data_are_named_one_and_all(tmp_path: Path) -> None:
    with pytest.raises(MissingReferenceError, match=source.INPUTS):
        run("liberation_day", tmp_path)


@pytest.mark.reference
def test_the_partners_that_the_source_purges_leave_transfers_that_do_not_sum_to_zero(
    data: LiberationDayData,
) -> None:
    world = float(np.sum(data.world.income))
    assert float(np.sum(as_purged(data).transfer)) / world == pytest.approx(0.0053, abs=5e-5)
    assert abs(float(np.sum(closed(data).transfer))) / world < 1e-12


@pytest.mark.slow
@pytest.mark.reference
def test_the_best_uniform_rate_beats_its_neighbours_and_a_grid(data: LiberationDayData) -> None:
    for world, rate in ((data.world, 0.251158), (data.roundabout, 0.179324)):
        best = best_uniform(world)
        assert best == pytest.approx(rate, abs=1e-6)

        def welfare(at: float, world: GravityWorld = world) -> float:
            return float(solve(world, uniform(world, at)).state.welfare_hat[world.pivot])

        others = [welfare(at) for at in (*np.arange(0.0, 0.61, 0.1), best - 0.005, best + 0.005)]
        assert welfare(best) > max(others)


@pytest.mark.slow
@pytest.mark.reference
def test_rates_by_partner_do_better_than_one_rate(data: LiberationDayData) -> None:
    world = data.roundabout
    start = uniform(world, 0.179324)
    found = best_duties(world, pivot_weight(world), "imposed", start)
    assert found.welfare == pytest.approx(1.0228758, abs=1e-7)
    assert found.welfare > float(solve(world, start).state.welfare_hat[world.pivot])


@pytest.mark.parametrize(
    ("beta", "lump_sum", "left_out"), [(0.6, False, None), (1.0, True, None), (1.0, False, 2)]
)
def test_slopes_are_those_of_the_equilibrium(
    beta: float, lump_sum: bool, left_out: int | None
) -> None:
    world = replace(small_world(), value_added_share=beta, lump_sum=lump_sum, left_out=left_out)
    if beta < 1.0:
        nu, flows = world.fixed_cost_share, world.share * world.spending[:, None]
        sales = (1.0 - nu) @ flows
        income = beta * sales + nu * world.spending
        final = world.spending - (1.0 - beta) * sales
        world = replace(world, income=income, transfer=final - income, final_spending=final)
    duties = Duties(np.array([0.0, 0.2, 0.1, 0.3]), np.array([0.0, 0.1, 0.0, 0.2]))
    weight, step = np.array([0.7, 0.1, 0.2, 0.0]), 1e-5
    slopes = gradient(solve(world, duties, tolerance=1e-12), weight)
    by_partner = retaliation_slopes(solve(world, duties, tolerance=1e-12))

    def welfare(side: str, nudge: np.ndarray) -> np.ndarray:
        nudged = duties._replace(**{side: getattr(duties, side) + nudge})
        return solve(world, nudged, tolerance=1e-12).state.welfare_hat

    def difference(side: str, place: int) -> np.ndarray:
        nudge = step * np.eye(4)[place]
        return (welfare(side, nudge) - welfare(side, -nudge)) / (2.0 * step)

    for place in range(4):
        suffered, imposed = difference("suffered", place), difference("imposed", place)
        assert by_partner[:, place] == pytest.approx(suffered, abs=2e-9)
        assert slopes.suffered[place] == pytest.approx(weight @ suffered, abs=2e-9)
        assert slopes.imposed[place] == pytest.approx(weight @ imposed, abs=2e-9)


def test_every_labour_market_clears_cell_by_cell() -> None:
    world = small_world()
    found = solve(world, Duties(np.full(4, 0.3), np.full(4, 0.1)))
    flows, nu = trade(found), world.fixed_cost_share
    earned = (1.0 - nu) @ flows + nu * flows.sum(axis=1)
    assert earned == pytest.approx(found.state.income, rel=1e-9)


def test_nothing_moves_without_duties() -> None:
    world = small_world()
    found = solve(world, no_duties(world))
    assert found.state.welfare_hat == pytest.approx(np.ones(4), abs=1e-12)
    assert trade(found) == pytest.approx(world.share * world.spending[:, None])


def test_a_lump_sum_leaves_labour_dearer_than_a_tax_cut_does() -> None:
    world, duties = small_world(), Duties(np.full(4, 0.2), np.zeros(4))
    cut = solve(world, duties).state.labour_hat[0]
    assert cut > solve(replace(world, lump_sum=True), duties).state.labour_hat[0]
