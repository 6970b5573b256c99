"""Names stand where objects do."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

import tula as tl
from tula.equilibrium import ProportionalBalance, equilibria, rebase
from tula.equilibrium.day import on_day
from tula.policy.compile import UnreadableDayError
from tula.world.economy import Economy
from tula.world.store import world_of

DUTY = tl.Tariff(importer="Region USA", exporter="ind", sectors=["Sector OIL", "MAN"], add="10 pp")
SAME = tl.Tariff(importer="USA", exporter="IND", sectors=("OIL", "MAN"), add=0.1)


def test_a_world_is_taken_by_name_and_remembered() -> None:
    by_name = tl.solve("icio-2024")
    assert by_name.calibration is tl.calibrate(world_of("icio-2024"))
    assert by_name.calibration.provenance == tl.load_world("icio-2024").provenance


@pytest.mark.parametrize("name", ["fixed", "proportional", "balanced"])
def test_a_closure_is_taken_by_name(name: str, toy_economy: Economy) -> None:
    assert tl.solve(toy_economy, [SAME], closure=name).closure.name == name
    batch = tl.solve_batch(toy_economy, [[SAME]], closure=name)
    assert batch.certificate.closure == name
    assert rebase(toy_economy, [SAME], closure=name)[0].closure.name == name
    assert equilibria(toy_economy, [SAME], closure=name).solutions[0].closure.name == name


def test_regions_and_sectors_are_found_by_name_or_code(toy_economy: Economy) -> None:
    by_name, by_code = tl.solve(toy_economy, [DUTY]), tl.solve(toy_economy, [SAME])
    assert np.array_equal(by_name.real_income_hat, by_code.real_income_hat)


def test_a_day_is_taken_as_text(toy_economy: Economy) -> None:
    dated = SAME.model_copy(update={"start": date(2025, 8, 27)})
    for day, moved in (("2025-08-26", False), ("2025-08-27", True)):
        solution = tl.solve(
            toy_economy, [dated, tl.Embargo(importer="RUS", exporter="ROW", sectors="OIL")], on=day
        )
        assert (solution.shock.tariff != toy_economy.tariff).any() == moved
    with pytest.raises(UnreadableDayError, match=r"on must be a day such as .* write 2025-12-12"):
        tl.solve(toy_economy, [dated], on="12 December 2025")


def test_the_duties_of_a_day_are_taken_by_its_text() -> None:
    assert "2025-11-17" in on_day("icio-2024", "2025-11-17").provenance.steps[-1]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: tl.solve("icio-2023"), "did you mean 'icio-2024'"),
        (lambda: tl.solve("icio-2024", closure="balance"), "did you mean 'balanced'"),
        (lambda: tl.aggregate("icio-2023"), "did you mean 'icio-2024'"),
    ],
)
def test_wrong_names_get_the_nearest(call, told: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(tl.TulaError, match=told):
        call()


def test_choosing_policy_takes_names_too(toy_economy: Economy) -> None:
    proportional = tl.strategy.optimal_tariffs(
        toy_economy, "IND", closure="proportional", method="formula", sectors="all"
    )
    same = tl.strategy.optimal_tariffs(
        toy_economy, "IND", closure=ProportionalBalance(), method="formula", sectors="all"
    )
    assert np.array_equal(proportional.rates, same.rates)
