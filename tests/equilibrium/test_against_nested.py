"""The engine against the textbook nested-loop solver, which shares no code with it."""

from __future__ import annotations

from collections.abc import Callable
from csv import DictReader
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks import nested_numpy, worlds

from factories import import_limits
from tula.equilibrium import (
    BalancedTrade,
    Closure,
    FixedBalance,
    ProportionalBalance,
    Solution,
    calibrate,
    solve,
)
from tula.equilibrium.calibration import Calibration
from tula.policy.shock import Shock, no_shock
from tula.world.economy import Economy
from tula.world.store import load_world

CLOSURES = (FixedBalance(), ProportionalBalance(), BalancedTrade())
COMPARED = (
    "wage_hat",
    "cost_hat",
    "price_hat",
    "trade_share",
    "expenditure",
    "output",
    "income",
    "export_tax_revenue",
    "real_income_hat",
)


@pytest.mark.parametrize("seed", range(3))
def test_the_calibration_equals_shares_worked_out_apart(
    make_economy: Callable[..., Economy], seed: int
) -> None:
    economy = make_economy(4, 3, seed, export_taxes=True)
    ours, plain = calibrate(economy), worlds.plain_calibration(economy)
    for name in ("trade_share", "value_added_share", "input_share", "final_share"):
        np.testing.assert_allclose(getattr(ours, name), getattr(plain, name), atol=1e-13)
    for name in ("expenditure", "output", "value_added"):
        np.testing.assert_allclose(getattr(ours, name), getattr(plain, name), rtol=1e-12)
    scale = plain.value_added.sum()
    np.testing.assert_allclose(ours.imbalance, plain.imbalance, atol=1e-12 * scale)


@pytest.mark.parametrize("closure", CLOSURES, ids=lambda closure: closure.name)
@pytest.mark.parametrize("seed", range(4))
def test_both_solvers_agree_under_wedges_of_every_kind(
    make_economy: Callable[..., Economy],
    everything_shock: Callable[[Calibration, int], Shock],
    closure: Closure,
    seed: int,
) -> None:
    base = calibrate(make_economy(4, 3, seed, export_taxes=True))
    shock = everything_shock(base, seed)
    ours = solve(base, shock, closure=closure)
    plain = nested_numpy.solve(base, shock, closure=closure.name, tolerance=1e-11)
    for name in COMPARED:
        np.testing.assert_allclose(getattr(ours, name), getattr(plain, name), rtol=1e-8, atol=1e-10)
    importer_revenue = ours.tariff_revenue + ours.cap_rent
    np.testing.assert_allclose(importer_revenue, plain.importer_revenue, rtol=1e-8, atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_both_solvers_agree_under_quantity_caps(
    make_economy: Callable[..., Economy],
    everything_shock: Callable[[Calibration, int], Shock],
    seed: int,
) -> None:
    base = calibrate(make_economy(4, 3, seed))
    caps = {(0, 1, 2): 0.5, (1, 0, 3): 0.8, (2, 3, 0): 0.3, (1, 2, 1): 1.4}
    shock = replace(everything_shock(base, seed), limits=import_limits(caps))
    ours = solve(base, shock)
    plain = nested_numpy.solve(base, shock, tolerance=1e-11)
    for name in COMPARED:
        np.testing.assert_allclose(getattr(ours, name), getattr(plain, name), rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(ours.cap_wedge, plain.scarcity_wedge, rtol=1e-8)


@pytest.mark.parametrize("closure", CLOSURES, ids=lambda closure: closure.name)
def test_both_solvers_agree_on_the_embedded_world(closure: Closure) -> None:
    world = load_world()
    base = worlds.plain_calibration(world)
    shock = worlds.duty(base, "USA", "IND", 0.5)
    ours = solve(world, shock, closure=closure)
    plain = nested_numpy.solve(base, shock, closure=closure.name, dense=False)
    assert ours.certificate.worst.value < 1e-9
    assert ours.certificate.walras < 1e-9
    np.testing.assert_allclose(ours.real_income_hat, plain.real_income_hat, rtol=1e-8)


@pytest.fixture(scope="module")
def duty_of_2025(reference_data: Path) -> Solution:
    """Fifty points of US duty on Indian goods on the exact table of 2022."""
    world = worlds.icio_2022(reference_data)
    return solve(world, worlds.us_duty_on_india(world), closure=FixedBalance())


@pytest.mark.reference
def test_the_exact_table_of_2022_gives_the_known_losses(duty_of_2025: Solution) -> None:
    percent = 100.0 * (duty_of_2025.real_income_hat - 1.0)
    known = {"IND": -0.228, "USA": -0.024, "VNM": 0.079}
    found = {code: percent[duty_of_2025.labels.region_index(code)] for code in known}
    assert {code: round(value, 3) for code, value in found.items()} == known


@pytest.mark.reference
def test_both_solvers_agree_on_the_exact_table_of_2022(
    duty_of_2025: Solution, reference_data: Path
) -> None:
    base = worlds.plain_calibration(worlds.icio_2022(reference_data))
    plain = nested_numpy.solve(base, duty_of_2025.shock, dense=False)
    np.testing.assert_allclose(duty_of_2025.real_income_hat, plain.real_income_hat, rtol=1e-8)
    np.testing.assert_allclose(duty_of_2025.wage_hat, plain.wage_hat, rtol=1e-8)


@pytest.mark.reference
def test_nafta_without_deficits_gives_the_exact_changes_of_an_independent_solver(
    reference_data: Path,
) -> None:
    raw, shock = worlds.cp2015(reference_data)
    found = solve(raw, shock, closure=BalancedTrade())
    with (reference_data / "cp2015_nafta" / "numpy_reference_exact.csv").open() as file:
        rows = {row["region"]: float(row["welfare_exact_zeroD_pct"]) for row in DictReader(file)}
    expected = [rows[region] for region in raw.labels.regions]
    np.testing.assert_allclose(100.0 * (found.real_income_hat - 1.0), expected, atol=1e-7)


def test_the_textbook_solver_finds_the_same_spending_solved_or_iterated(
    toy_economy: Economy, everything_shock: Callable[[Calibration, int], Shock]
) -> None:
    base = worlds.plain_calibration(toy_economy)
    shock = everything_shock(base, 8)
    solved = nested_numpy.solve(base, shock, tolerance=1e-12)
    iterated = nested_numpy.solve(base, shock, tolerance=1e-12, dense=False)
    np.testing.assert_allclose(iterated.expenditure, solved.expenditure, rtol=1e-10)


def test_the_textbook_solver_returns_ones_without_a_shock(toy_economy: Economy) -> None:
    base = worlds.plain_calibration(toy_economy)
    found = nested_numpy.solve(base, no_shock(base.labels, base.tariff, base.export_tax))
    assert np.abs(found.real_income_hat - 1.0).max() < 1e-12
    assert found.outer_iterations == 1
