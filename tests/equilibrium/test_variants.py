"""Short-run worlds: who is slow to turn, what becomes of imbalances, how far wages may fall."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from equilibrium.moderate import quiet
from tula.equilibrium import (
    SHORT_RUN,
    FixedBalance,
    ProportionalBalance,
    Variant,
    buyers_hit,
    calibrate,
    solve,
)
from tula.equilibrium.day import duties_shock
from tula.equilibrium.errors import unwarned
from tula.errors import UnknownNameError
from tula.metrics.burden import Burden, burden
from tula.policy.duties import DutiesOfDay
from tula.world.economy import Economy
from tula.world.store import load_world

#: Sellers' parts in the record of 2018-19 and 2025 (docs/incidence.md).
RECORD = (0.0, 0.14)


def borne(variant: Variant) -> Burden:
    world = load_world()
    plain = calibrate(world)
    shock = duties_shock(plain, DutiesOfDay(date(2025, 11, 17)))
    base = variant.world(world, buyers_hit(plain, shock), {"OIL": 10.0})
    with unwarned():
        return burden(solve(base, shock, closure=variant.closure), "USA")


def test_only_buyers_hit_are_slow_in_the_sectors_where_they_are(toy_economy: Economy) -> None:
    base = SHORT_RUN[0].world(toy_economy, {"USA": ("OIL", "MAN")}, {"OIL": 10.0})
    theta = base.placed.trade_elasticity
    usa = toy_economy.labels.region_index("USA")
    np.testing.assert_allclose(theta[:, usa], [9.0, -0.24, 1.0])
    np.testing.assert_allclose(np.delete(theta, usa, axis=1), [[9.0] * 3, [1.0] * 3, [1.0] * 3])


def test_where_everybody_is_slow_nobody_needs_to_be_named(toy_economy: Economy) -> None:
    one = next(variant for variant in SHORT_RUN if variant.name == "first-year")
    base = one.world(toy_economy, {"USA": ("MAN",)})
    assert (base.placed.trade_elasticity == one.others - 1.0).all()
    assert not base.technology.buyers


def test_the_worlds_own_elasticities_may_hold_for_all_others(toy_economy: Economy) -> None:
    own = replace(SHORT_RUN[0], others=None).world(toy_economy, {"USA": ("MAN",)})
    usa = toy_economy.labels.region_index("USA")
    others = np.delete(own.placed.trade_elasticity, usa, axis=1)
    np.testing.assert_allclose(others, np.repeat(toy_economy.trade_elasticity[:, None], 3, axis=1))


def test_buyers_are_hit_where_duties_move_on_what_they_import(toy_economy: Economy) -> None:
    base = calibrate(toy_economy)
    tariff = np.array(base.tariff)
    tariff[1, 2, 0] += 0.5
    tariff[0, 3, :] += 1e-5
    assert buyers_hit(base, replace(quiet(base), tariff=tariff)) == {"USA": ("MAN",)}
    assert buyers_hit(base, quiet(base)) == {}


def test_an_unknown_commodity_is_refused(toy_economy: Economy) -> None:
    with pytest.raises(UnknownNameError, match="OIL"):
        SHORT_RUN[0].world(toy_economy, {}, {"OLI": 10.0})


def test_the_list_names_each_once_and_differs_in_closure_elasticity_and_wages() -> None:
    assert len({one.name for one in SHORT_RUN}) == len(SHORT_RUN)
    assert {type(one.closure) for one in SHORT_RUN} == {FixedBalance, ProportionalBalance}
    assert {one.others for one in SHORT_RUN if one.hit} > {SHORT_RUN[0].others}
    assert any(one.wage_floor for one in SHORT_RUN)


@pytest.mark.parametrize("variant", SHORT_RUN, ids=lambda one: one.name)
def test_the_record_of_pass_through_holds_in_every_short_run_world(variant: Variant) -> None:
    found = borne(variant)
    assert RECORD[0] <= found.relative <= RECORD[1]
    assert abs(found.within) < 0.02
    assert found.common > 0.1


def test_exporters_who_cannot_turn_elsewhere_are_outside_the_record() -> None:
    first = next(variant for variant in SHORT_RUN if variant.name == "first-year")
    tied = replace(first, technology=replace(first.technology, transformation=2.0))
    assert borne(tied).relative > 1.5 * RECORD[1]


def test_the_common_part_is_smaller_where_only_the_buyers_hit_are_slow() -> None:
    first = next(variant for variant in SHORT_RUN if variant.name == "first-year")
    assert borne(SHORT_RUN[0]).common < 0.8 * borne(first).common
