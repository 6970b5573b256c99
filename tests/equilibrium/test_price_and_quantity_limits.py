"""Limits over groups, on prices, and by who keeps the rent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from equilibrium.moderate import (
    Cell,
    corridors,
    limit,
    moderate_shock,
    quantities,
    quiet,
    sold_before,
    with_tariff,
)
from tula.equilibrium import Solution, Technology, calibrate, solve, solve_batch
from tula.equilibrium.calibration import Calibration
from tula.policy.shock import Limit
from tula.world.economy import Economy

Array = np.ndarray
RIGID = Technology(transformation=2.0)
CELL: Cell = (0, 0, 1)
GROUP: list[Cell] = [(0, 0, 1), (0, 0, 2), (0, 2, 1)]
LARGE: Cell = (1, 2, 3)


@pytest.fixture(scope="module")
def base(toy_economy: Economy) -> Calibration:
    """Free factors, one price everywhere."""
    return calibrate(toy_economy)


@pytest.fixture(scope="module")
def rigid(toy_economy: Economy) -> Calibration:
    """Producers who move output between destinations with an elasticity of two."""
    return calibrate(toy_economy, RIGID)


def _under(base: Calibration, *limits: Limit) -> Solution:
    return solve(base, replace(quiet(base), limits=limits))


def _filled(found: Solution, cells: list[Cell]) -> float:
    """Return the ratio of new to old quantity over cells, at base producer's prices."""
    places = tuple(np.array(cells).T)
    weight = sold_before(found.calibration)[places]
    return float((weight * quantities(found)[places]).sum() / weight.sum())


def _close(one: Solution, other: Solution, rtol: float = 1e-9) -> None:
    np.testing.assert_allclose(one.real_income_hat, other.real_income_hat, rtol=rtol)
    np.testing.assert_allclose(one.price_hat, other.price_hat, rtol=rtol)


@pytest.mark.parametrize("world", ["base", "rigid"])
@pytest.mark.parametrize("rent_to", ["importer", "exporter", "nobody"])
def test_a_quota_over_a_group_binds_on_the_sum_with_one_shadow_price(
    request: pytest.FixtureRequest, world: str, rent_to: str
) -> None:
    found = _under(request.getfixturevalue(world), limit(GROUP, 0.7, rent_to))
    assert _filled(found, GROUP) == pytest.approx(0.7, rel=1e-9)
    (told,) = found.limits
    assert told.binds
    assert (told.cells, told.rent_to) == (3, rent_to)
    places = tuple(np.array(GROUP).T)
    kept = {
        "importer": found.cap_wedge,
        "exporter": found.seller_wedge if world == "base" else None,
        "nobody": found.trade_cost_hat,
    }[rent_to]
    if kept is not None:
        np.testing.assert_allclose(kept[places], told.shadow_price, rtol=1e-9)


def test_importers_rents_of_a_group_add_up_to_what_the_limit_reports(base: Calibration) -> None:
    found = _under(base, limit(GROUP, 0.7))
    assert found.cap_rent.sum() == pytest.approx(found.limits[0].rent, rel=1e-10)
    assert (found.cap_rent > 0.0).tolist() == [True, False, True, False]
    assert found.export_rent.sum() == 0.0


def test_exporters_rents_of_a_group_add_up_to_what_the_limit_reports(base: Calibration) -> None:
    found = _under(base, limit(GROUP, 0.7, "exporter"))
    assert found.export_rent.sum() == pytest.approx(found.limits[0].rent, rel=1e-10)
    assert (found.export_rent > 0.0).tolist() == [False, True, True, False]
    assert found.cap_rent.sum() == 0.0


def test_rent_that_nobody_keeps_is_income_of_nobody(base: Calibration) -> None:
    found = _under(base, limit(GROUP, 0.7, "nobody"))
    kept = _under(base, limit(GROUP, 0.7))
    assert found.cap_rent.sum() == found.export_rent.sum() == 0.0
    assert found.limits[0].rent > 0.0
    world = [float(one.income.sum() / base.final_spending.sum()) for one in (found, kept)]
    assert world[1] > world[0]
    assert found.real_income_hat[0] < kept.real_income_hat[0]


@pytest.mark.parametrize("world", ["base", "rigid"])
def test_waste_is_an_iceberg_cost_of_the_same_size(
    request: pytest.FixtureRequest, world: str
) -> None:
    where = request.getfixturevalue(world)
    found = _under(where, limit([CELL], 0.7, "nobody"))
    melt = replace(quiet(where), trade_cost_hat=found.trade_cost_hat)
    _close(found, solve(where, melt))


@pytest.mark.parametrize("world", ["base", "rigid"])
def test_a_quota_whose_licences_the_importer_keeps_is_the_tariff_of_its_shadow_price(
    request: pytest.FixtureRequest, world: str
) -> None:
    """Bhagwati (1965): under competition a quota and a tariff of the same imports are one."""
    where = request.getfixturevalue(world)
    found = _under(where, limit([CELL], 0.6))
    rate = (1.0 + where.tariff[CELL]) * (found.limits[0].shadow_price - 1.0)
    taxed = solve(where, with_tariff(where, CELL, rate))
    _close(found, taxed)
    both = found.tariff_revenue + found.cap_rent
    np.testing.assert_allclose(both, taxed.tariff_revenue, rtol=1e-8)


@pytest.mark.parametrize("world", ["base", "rigid"])
def test_a_voluntary_restraint_is_the_export_tax_of_its_shadow_price(
    request: pytest.FixtureRequest, world: str
) -> None:
    where = request.getfixturevalue(world)
    found = _under(where, limit([CELL], 0.6, "exporter"))
    tax = np.array(where.export_tax)
    tax[CELL] = (1.0 + tax[CELL]) * found.limits[0].shadow_price - 1.0
    taxed = solve(where, replace(quiet(where), export_tax=tax))
    _close(found, taxed)
    np.testing.assert_allclose(found.export_rent, taxed.export_tax_revenue, rtol=1e-8, atol=1e-8)


def test_who_keeps_the_rent_orders_what_the_importer_loses(base: Calibration) -> None:
    loss = {
        who: float(_under(base, limit([CELL], 0.5, who)).real_income_hat[0])
        for who in ("importer", "exporter", "nobody")
    }
    assert loss["importer"] > loss["exporter"]
    assert loss["importer"] > loss["nobody"]


@pytest.mark.parametrize("world", ["base", "rigid"])
def test_slack_limits_change_nothing_and_say_so(request: pytest.FixtureRequest, world: str) -> None:
    where = request.getfixturevalue(world)
    shock = moderate_shock(where, 3)
    loose = (limit(GROUP, 9.0), limit([LARGE], 9.0, "exporter", "price"))
    found = solve(where, replace(shock, limits=loose))
    _close(found, solve(where, shock))
    assert [(one.binds, one.shadow_price, one.rent) for one in found.limits] == [
        (False, 1.0, 0.0)
    ] * 2


@pytest.mark.parametrize("world", ["base", "rigid"])
def test_a_price_cap_holds_what_the_seller_is_paid_and_equals_a_tariff(
    request: pytest.FixtureRequest, world: str
) -> None:
    where = request.getfixturevalue(world)
    found = _under(where, limit([LARGE], 0.99, "importer", "price"))
    paid = found.seller_wedge * found.cost_hat.T[:, None, :]
    assert paid[LARGE] == pytest.approx(0.99, rel=1e-9)
    assert found.limits[0].binds
    rate = (1.0 + where.tariff[LARGE]) * (found.limits[0].shadow_price - 1.0)
    _close(found, solve(where, with_tariff(where, LARGE, rate)))


def test_the_tighter_of_two_limits_on_one_cell_is_the_one_that_binds(base: Calibration) -> None:
    found = _under(base, limit([CELL], 0.8), limit([CELL], 0.6))
    assert [one.binds for one in found.limits] == [False, True]
    _close(found, _under(base, limit([CELL], 0.6)))


def test_a_quota_on_a_cell_within_a_quota_on_its_group_binds_on_both(base: Calibration) -> None:
    found = _under(base, limit(GROUP, 0.7), limit([CELL], 0.4, "exporter"))
    assert [one.binds for one in found.limits] == [True, True]
    assert _filled(found, GROUP) == pytest.approx(0.7, rel=1e-9)
    assert _filled(found, [CELL]) == pytest.approx(0.4, rel=1e-9)
    assert found.cap_rent.sum() == pytest.approx(found.limits[0].rent, rel=1e-9)
    assert found.export_rent.sum() == pytest.approx(found.limits[1].rent, rel=1e-9)


def test_an_embargoed_cell_leaves_its_groups_quota_to_the_others(base: Calibration) -> None:
    closed = np.zeros(base.tariff.shape, dtype=bool)
    closed[CELL] = True
    weight = sold_before(base)[tuple(np.array(GROUP).T)]
    ceiling = 0.9 * float(weight[1:].sum() / weight.sum())
    shock = replace(quiet(base), embargo=closed, limits=(limit(GROUP, ceiling),))
    found = solve(base, shock)
    assert found.limits[0].binds
    assert found.border_trade[CELL] == 0.0
    moved = (weight[1:] * quantities(found)[tuple(np.array(GROUP[1:]).T)]).sum()
    assert moved / weight.sum() == pytest.approx(ceiling, rel=1e-9)


def test_a_limit_whose_cells_are_all_under_embargo_is_dropped(base: Calibration) -> None:
    closed = np.zeros(base.tariff.shape, dtype=bool)
    closed[CELL] = True
    shock = replace(quiet(base), embargo=closed)
    found = solve(base, replace(shock, limits=(limit([CELL], 0.5),)))
    assert found.limits == ()
    _close(found, solve(base, shock), 1e-11)


def test_a_batch_of_limits_corridors_and_taxes_equals_its_single_solves(
    base: Calibration,
) -> None:
    tax = np.array(base.export_tax)
    tax[CELL] += 0.1
    still = quiet(base)
    shocks = [
        replace(still, limits=(limit(GROUP, 0.7, "exporter"),)),
        replace(still, corridors=corridors(base)),
        replace(still, export_tax=tax),
    ]
    batch = solve_batch(base, shocks)
    assert batch.failures == {}
    for row, shock in enumerate(shocks):
        alone = solve(base, shock)
        np.testing.assert_allclose(batch.real_income_hat[row], alone.real_income_hat, rtol=1e-9)
        np.testing.assert_allclose(batch.state.export_rent[row], alone.export_rent, rtol=1e-8)
