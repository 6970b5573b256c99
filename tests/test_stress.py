"""The random searches find nothing in a few cases, and do find a wrong number."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import ModuleType

import numpy as np
import pytest
from benchmarks.stress import engine, files, outcomes, tables, words
from benchmarks.stress.economies import case
from benchmarks.stress.recount import World

from tula.equilibrium import solve
from tula.errors import TulaError


def test_a_few_economies_and_policies_hold() -> None:
    found = engine.economies(seed=7, count=10)
    assert not [word for word in found if word.startswith(("wrong", "missed", "crashed"))]
    assert found["solved"] > 6
    assert engine.policies(seed=7, count=1)["solved"] >= 1


@pytest.mark.parametrize(("search", "count"), [(words, 400), (tables, 5), (files, 4)])
def test_a_few_spoilt_inputs_are_read_or_refused_the_same_each_time(
    search: ModuleType, count: int
) -> None:
    found = search.run(7, count)
    assert set(found) == {"read", "refused"}
    assert sum(found.values()) == count
    assert found["refused"] > 0
    assert search.run(7, count) == found


def test_an_error_that_is_no_answer_is_counted_by_name() -> None:
    def fail(error: Exception) -> None:
        raise error

    found = outcomes.counted(
        (str(error), partial(fail, error))
        for error in (KeyError("k"), TulaError(""), TulaError("a reason"))
    )
    assert found["refused"] == 1
    assert found["crashed, KeyError: 'k'"] == 1
    assert found["wrongly told: "] == 1


def test_a_recount_sees_a_wrong_number() -> None:
    drawn = next(one for i in range(9) if (one := case(7, i)) and one.closure == "fixed")
    solution = solve(drawn.economy, drawn.shock)
    world, still = World(drawn.economy, "fixed"), np.ones(len(drawn.economy.regions))
    before = world.at(still, world.still())
    after = world.at(solution.wage_hat, drawn.shock)
    right = max(gap for gap, _ in engine._gaps(solution, before, after))
    wages = solution.wage_hat * (1.0 + 1e-6)
    altered = engine._gaps(replace(solution, wage_hat=wages), before, world.at(wages, drawn.shock))
    assert right <= engine.WRONG < max(gap for gap, _ in altered)
