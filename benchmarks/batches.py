"""Timed: a thousand tariff scenarios in one call, each with its own certificate."""

from __future__ import annotations

import time
from typing import Any

import jax
import numpy as np

from benchmarks import machine
from tula.equilibrium import Anderson, calibrate, solve_batch
from tula.equilibrium.batch import CHUNK, side_by_side
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.solve import pose
from tula.equilibrium.system import System
from tula.policy.shock import Shock, no_shock
from tula.world.economy import Economy

SCENARIOS = 1000
#: Scenarios on which the parts of the cost are timed, and on which both ways are compared.
SAMPLE, COMPARED = 100, 3
#: Highest rate drawn.
HIGHEST = 0.5


def batch(economy: Economy, scenarios: int = SCENARIOS) -> dict[str, Any]:
    """Time the batch; count its certificates, what it reads and what it holds in memory."""
    base = calibrate(economy)
    shocks = drawn(base, scenarios)
    before = machine.peak_bytes()
    first = machine.once(lambda: solve_batch(base, shocks[:1]))
    wall, begun = time.perf_counter(), time.process_time()
    found = solve_batch(base, shocks)
    spent, wall = time.process_time() - begun, time.perf_counter() - wall
    held = [one for one in found.certificates if one is not None and one.holds]
    return {
        "world": economy.provenance.name,
        "regions": len(base.labels.regions),
        "sectors": len(base.labels.sectors),
        "scenarios": scenarios,
        "chunk": CHUNK,
        "first_s": first,
        "batch_s": spent,
        "wall_s": wall,
        "certificates_held": len(held),
        "worst_residual": max(one.worst.value for one in held),
        "evaluations": float(np.mean([one.iterations for one in held])),
        "peak_before_bytes": before,
        "peak_bytes": machine.peak_bytes(),
        "answer_bytes": sum(np.asarray(leaf).nbytes for leaf in found.state),
        **_parts(base, shocks[:SAMPLE]),
        "vectorised_apart": apart(base, shocks[:COMPARED]),
    }


def drawn(base: Calibration, count: int, seed: int = 0) -> list[Shock]:
    """Scenarios from a seed: an extra duty of one importer on all it buys from one exporter."""
    draw = np.random.default_rng(seed)
    n = len(base.labels.regions)
    still = no_shock(base.labels, base.tariff, base.export_tax)
    shocks = []
    for _ in range(count):
        importer, exporter = draw.choice(n, size=2, replace=False)
        tariff = np.array(base.tariff)
        tariff[:, importer, exporter] += draw.uniform(0.0, HIGHEST)
        shocks.append(still.replace(tariff=tariff))
    return shocks


def _parts(base: Calibration, shocks: list[Shock]) -> dict[str, Any]:
    """Time posing alone; count the bytes of a system and those that a scenario has of its own."""
    solver = Anderson()
    posing = machine.once(lambda: [pose(base, shock, None, solver) for shock in shocks])
    one, other = (pose(base, shock, None, solver).system for shock in shocks[:2])
    return {
        "pose_s": posing / len(shocks),
        "system_bytes": _bytes(one),
        "own_bytes": _own_bytes(one, other),
        "trade_bytes": base.trade_share.nbytes,
        "shares_bytes": base.input_share.nbytes,
    }


def _bytes(system: System) -> int:
    return sum(leaf.nbytes for leaf in jax.tree.leaves(system))


def _own_bytes(one: System, other: System) -> int:
    """Bytes of a system in arrays that it does not share with another."""
    shared = {id(leaf) for leaf in jax.tree.leaves(other)}
    return sum(leaf.nbytes for leaf in jax.tree.leaves(one) if id(leaf) not in shared)


def apart(base: Calibration, shocks: list[Shock]) -> float:
    """Largest relative difference in wages, incomes and prices between the two ways to solve.

    One is a scenario at a time, as on a CPU; the other the vectorised call that a GPU would run,
    here on the CPU.
    """
    solver = Anderson()
    problems = [pose(base, shock, None, solver) for shock in shocks]
    together, alone = side_by_side(problems, solver), solve_batch(base, shocks).state
    gaps = [
        np.abs(getattr(found.state, name) / getattr(alone, name)[row] - 1.0).max()
        for row, found in enumerate(together)
        for name in ("wage_hat", "income", "price_hat")
    ]
    return float(max(gaps))
