"""Labour at work and idle, who keeps the rents of limits, and what corridors send home."""

from __future__ import annotations

import numpy as np
import pytest

from tula import metrics
from tula.equilibrium import Calibration, Solution, SpecificFactor, Technology, WageFloor, calibrate
from tula.equilibrium import solve as solve_world
from tula.policy import ImportCap, Labour, Migration, Tariff
from tula.world.economy import Economy

DUTY = Tariff(importer="USA", exporter="IND", sectors="goods", add=0.5)


@pytest.fixture(scope="module")
def idle(toy_economy: Economy) -> Solution:
    """A world in which a wage floor of India binds after a duty, part of OIL's factors tied."""
    technology = Technology(
        wage_floors=(WageFloor("IND"),), specific_factors=(SpecificFactor("OIL", 0.4),)
    )
    return solve_world(calibrate(toy_economy, technology), [DUTY])


@pytest.fixture(scope="module")
def rationed(toy_economy: Economy) -> Solution:
    """A world under three quotas, one for every recipient of the rent."""
    return solve_world(
        calibrate(toy_economy),
        [
            ImportCap(importer="USA", exporter=who, sectors="MAN", at=0.7, rent_to=keeper)
            for who, keeper in (("IND", "importer"), ("RUS", "exporter"), ("ROW", "nobody"))
        ],
    )


def test_a_wage_floor_leaves_labour_idle_in_its_region_alone(idle: Solution) -> None:
    change, left = metrics.employment(idle), metrics.idle_labour(idle)
    assert float(change.sel(region="IND")) < -1e-3
    np.testing.assert_allclose(change.drop_sel(region="IND"), 0.0, atol=1e-9)
    np.testing.assert_allclose(left.drop_sel(region="IND"), 0.0, atol=1e-6)


def test_idle_labour_is_counted_without_what_specific_factors_earn(idle: Solution) -> None:
    base, place = idle.calibration, idle.labels.region_index("IND")
    earned = base.value_added_share[place] * base.output[place]
    labour = earned.sum() - 0.4 * earned[idle.labels.sector_index("OIL")]
    fall = -float(metrics.employment(idle).sel(region="IND")) / 100.0
    assert float(metrics.idle_labour(idle).sel(region="IND")) == pytest.approx(fall * labour)


def test_more_labour_is_more_employment_where_wages_may_fall(toy_economy: Economy) -> None:
    grown = solve_world(toy_economy, [Labour(region="IND", change=0.03)])
    assert float(metrics.employment(grown).sel(region="IND")) == pytest.approx(3.0)
    assert float(metrics.idle_labour(grown).sel(region="IND")) == 0.0


def test_rents_by_recipient_add_up_to_those_of_the_limits(rationed: Solution) -> None:
    found = metrics.limit_rent(rationed)
    for keeper in ("importer", "exporter", "nobody"):
        (own,) = (one for one in rationed.limits if one.rent_to == keeper)
        assert own.binds
        assert float(found.sel(recipient=keeper).sum()) == pytest.approx(own.rent)


def test_rents_stand_with_the_region_that_keeps_or_loses_them(rationed: Solution) -> None:
    found = metrics.limit_rent(rationed)
    for keeper, region in (("importer", "USA"), ("exporter", "RUS"), ("nobody", "USA")):
        assert float(found.sel(recipient=keeper, region=region)) > 1.0
    np.testing.assert_array_equal(found.sel(recipient="exporter"), metrics.export_rent(rationed))


def test_corridors_move_employment_and_remittances(toy_economy: Economy) -> None:
    corridor = Migration.model_validate(
        {
            "from": "IND",
            "to": "RUS",
            "workers_thousand": 10.0,
            "home_earnings_usd": 3000.0,
            "host_earnings_usd": 12000.0,
            "remitted": 0.5,
        }
    )
    moved = solve_world(toy_economy, [corridor])
    base: Calibration = moved.calibration
    change, sent = metrics.employment(moved), metrics.corridor_remittances(moved)
    for region, value in (("IND", -30.0), ("RUS", 120.0)):
        labour = base.value_added[base.labels.region_index(region)]
        assert float(change.sel(region=region)) == pytest.approx(100.0 * value / labour)
    assert float(sent.sel(region="IND")) == pytest.approx(moved.corridors[0].remitted)
    assert float(sent.sum()) == 0.0
