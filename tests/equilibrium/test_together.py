"""Equilibria looked for together are those looked for one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from factories import import_limits
from tula.equilibrium import (
    CLOSURES,
    Anderson,
    BuyerElasticity,
    SpecificFactor,
    Technology,
    WageFloor,
    calibrate,
)
from tula.equilibrium.approach import base_blocks, iterate
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.prepare import prepare
from tula.equilibrium.system import System, start, state_of
from tula.equilibrium.together import abreast, iterate_each
from tula.policy.shock import Limit, Shock, no_shock
from tula.world.economy import Economy

ShockMaker = Callable[[Calibration, int], Shock]
TECHNOLOGIES = {
    "free factors": Technology(),
    "tied factors": Technology(
        specific_factors=(SpecificFactor("OIL", 0.8, "ROW"),), labour_mobility=1.5
    ),
    "buyers of their own": Technology(buyers=(BuyerElasticity("IND", "OIL", 2.0),)),
    "wage floors": Technology(wage_floors=(WageFloor("RUS"),)),
    "nests": Technology(value_added_and_inputs=0.5, among_inputs=0.3, among_final=0.8),
    "home apart": Technology(home_and_imports=2.0),
    "rigid destinations": Technology(transformation=3.0),
}


def _shocks(base: Calibration, everything_shock: ShockMaker) -> list[Shock]:
    """Scenarios of several kinds, in turn."""
    still = no_shock(base.labels, base.tariff, base.export_tax)
    row = base.labels.region_index("ROW")
    abroad = ~np.eye(len(base.labels.regions), dtype=bool)[None]
    taxed = np.where(abroad, still.export_tax + 0.1, still.export_tax)
    quota = Limit("quota", np.array([[0, 0, row]]), "quantity", 0.9, "importer", beyond=1.1)
    price = Limit("ceiling", np.array([[0, 0, 1], [0, 0, 2]]), "quantity", 0.7, "nobody")
    each = [replace(everything_shock(base, seed), embargo=still.embargo) for seed in range(3)]
    each += [still.replace(tariff=still.tariff + abroad * more) for more in (0.05, 0.3, 0.6)]
    each += [still.replace(export_tax=taxed)]
    each += [still.replace(limits=import_limits({(0, 0, 1): cap})) for cap in (0.4, 0.8, 1.5)]
    each += [still.replace(limits=(one,)) for one in (quota, price, replace(price, ceiling=0.5))]
    return [each[n] for n in np.random.default_rng(5).permutation(len(each))]


def _systems(economy: Economy, technology: Technology, make: ShockMaker) -> list[System]:
    base = calibrate(economy, technology)
    kept = [
        shock.replace(tariff=base.tariff) if technology.home_and_imports and shock.limits else shock
        for shock in _shocks(base, make)
    ]
    return [prepare(base, shock, CLOSURES["proportional"]) for shock in kept]


@pytest.mark.parametrize("technology", TECHNOLOGIES.values(), ids=TECHNOLOGIES)
def test_together_or_one_by_one_is_the_same(
    toy_economy: Economy, everything_shock: ShockMaker, technology: Technology
) -> None:
    systems, solver = _systems(toy_economy, technology, everything_shock), Anderson()
    blocks = base_blocks(calibrate(toy_economy, technology))
    each = iterate_each(systems, solver, blocks, [start(system) for system in systems])
    for system, found in zip(systems, each, strict=True):
        alone = iterate(system, solver, blocks)
        assert found.met
        assert abs(found.evaluations - alone.evaluations) <= 1  # of one that rounding decides
        np.testing.assert_allclose(found.vector, alone.vector, atol=1e-7)
        states = (state_of(system, one.point) for one in (found, alone))
        for here, there in zip(*states, strict=True):
            np.testing.assert_allclose(here, there, rtol=1e-7, atol=1e-6)


def test_one_that_does_not_arrive_holds_up_nobody(
    toy_economy: Economy, everything_shock: ShockMaker
) -> None:
    systems = _systems(toy_economy, Technology(), everything_shock)
    base = calibrate(toy_economy)
    firsts = [start(system) for system in systems]
    firsts[4] = firsts[4] + np.nan
    each = iterate_each(systems, Anderson(), base_blocks(base), firsts)
    assert [n for n, found in enumerate(each) if not found.met] == [4]
    few = Anderson(max_steps=2)
    each = iterate_each(systems, few, base_blocks(base), firsts)
    alone = [
        iterate(system, few, base_blocks(base), first)
        for system, first in zip(systems, firsts, strict=True)
    ]
    assert [found.met for found in each] == [found.met for found in alone]
    assert not all(found.met for found in each)


def test_large_worlds_are_iterated_one_by_one() -> None:
    assert abreast(4 * 4 * 3) > abreast(33 * 33 * 25) > 1 == abreast(400 * 400 * 65)
