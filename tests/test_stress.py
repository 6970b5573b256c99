"""The random searches find nothing in a few cases, and do find a wrong number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from benchmarks.stress import engine
from benchmarks.stress.economies import case
from benchmarks.stress.recount import World

from tula.equilibrium import solve


def test_a_few_economies_and_policies_hold() -> None:
    found = engine.economies(seed=7, count=30)
    assert not [word for word in found if word.startswith(("wrong", "missed", "crashed"))]
    assert found["solved"] > 20
    assert engine.policies(seed=7, count=2)["solved"] >= 1


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
