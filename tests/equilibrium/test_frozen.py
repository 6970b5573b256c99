"""Arrays that nobody can write to, proofs that can be recounted, caches that hold nobody."""

from __future__ import annotations

import gc
import pickle
import weakref
from collections.abc import Callable
from copy import copy, deepcopy
from dataclasses import fields, replace

import numpy as np
import pytest

from factories import import_limits
from tula.equilibrium import (
    BalancedTrade,
    Calibration,
    Solution,
    Technology,
    WageFloor,
    calibrate,
    certify,
    solve,
)
from tula.policy.shock import Shock
from tula.world.economy import Economy

ShockMaker = Callable[[Calibration, int], Shock]


def arrays_of(held: object) -> dict[str, np.ndarray]:
    """Return every array that a public name of an object gives out."""
    names = [name for name in dir(type(held)) if not name.startswith("_")]
    names += [field.name for field in fields(held)]  # type: ignore[arg-type]
    found = {name: getattr(held, name, None) for name in names}
    return {name: value for name, value in found.items() if isinstance(value, np.ndarray)}


@pytest.fixture(scope="module")
def solution(toy_economy: Economy, everything_shock: ShockMaker) -> Solution:
    base = calibrate(toy_economy)
    halved = import_limits({(sector, 2, 3): 0.5 for sector in range(3)})
    return solve(base, replace(everything_shock(base, 1), limits=halved))


ROADS = {
    "as it is": lambda held: held,
    "pickled": lambda held: pickle.loads(pickle.dumps(held)),
    "copied": copy,
    "copied deeply": deepcopy,
    "replaced": replace,
}


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_no_array_of_a_world_or_its_solution_can_be_written(
    solution: Solution, toy_economy: Economy, road: Callable[[object], object]
) -> None:
    for held in (toy_economy, solution.calibration, solution.calibration.placed, solution):
        arrays_of(held)
        found = arrays_of(road(held))
        assert found
        assert {name for name, array in found.items() if array.flags.writeable} == set()


def test_who_made_an_array_cannot_change_the_world_it_went_into(toy_economy: Economy) -> None:
    base = calibrate(toy_economy)
    mine = np.array(base.trade_share)
    world = replace(base, trade_share=mine, tariff=mine[:])
    mine[:] = 0.0
    assert world.trade_share.any() and world.tariff.any()


def test_worlds_are_let_go_when_nobody_holds_them(make_economy: Callable[..., Economy]) -> None:
    economy = make_economy(3, 2, 5)
    base = calibrate(economy, Technology(among_inputs=0.5))
    solution = solve(base, closure=BalancedTrade())
    held = [weakref.ref(one) for one in (economy, base, solution, solution.calibration)]
    del economy, base, solution
    gc.collect()
    assert [one() for one in held] == [None] * 4


def test_a_calibration_is_computed_once_for_a_technology(toy_economy: Economy) -> None:
    assert calibrate(toy_economy) is calibrate(toy_economy, Technology())
    assert calibrate(toy_economy) is not calibrate(toy_economy, Technology(among_final=0.5))


def test_a_solution_can_be_certified_again_at_any_time(solution: Solution) -> None:
    again = certify(pickle.loads(pickle.dumps(solution)))
    assert again.holds
    assert again.worst.value <= 2.0 * solution.certificate.worst.value + 1e-14


NUMBERS = [field.name for field in fields(Solution) if "Array" in str(field.type) and field.name]


@pytest.mark.parametrize("name", NUMBERS)
def test_a_solution_whose_numbers_were_changed_is_not_certified(
    toy_economy: Economy, everything_shock: ShockMaker, name: str
) -> None:
    technology = Technology(home_and_imports=2.0, wage_floors=(WageFloor("IND"),))
    base = calibrate(toy_economy, technology)
    halved = import_limits({(sector, 2, 3): 0.5 for sector in range(3)})
    found = solve(base, replace(everything_shock(base, 1), limits=halved))
    assert certify(found).holds and any(one.binds for one in found.limits)
    changed = np.array(getattr(found, name))
    place = np.unravel_index(int(np.argmax(np.abs(changed))), changed.shape)
    changed[place] += 1e-3 * max(abs(changed[place]), 1.0)
    assert not certify(replace(found, **{name: changed})).holds


def test_a_solution_of_another_policy_is_not_certified(
    solution: Solution, everything_shock: ShockMaker
) -> None:
    other = replace(everything_shock(solution.calibration, 2), limits=solution.shock.limits)
    assert not certify(replace(solution, shock=other)).holds
