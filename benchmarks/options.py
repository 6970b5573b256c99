"""Timed: a solve under each option of technology and policy, against the plain one."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np

from benchmarks import machine, worlds
from tula.equilibrium import Anderson, Technology, calibrate, solve
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.solve import pose
from tula.equilibrium.system import advance, paces, start
from tula.equilibrium.technology import SpecificFactor, WageFloor
from tula.policy.shock import Limit, Shock
from tula.world.economy import Economy

#: One technology per option. The elasticities are chosen for timing alone, within the ranges in
#: use: complements below one, substitutes above.
TECHNOLOGIES = {
    "nested costs and final demand": Technology(
        value_added_and_inputs=0.5, among_inputs=0.3, among_energy=0.6, among_final=0.7
    ),
    "home nest": Technology(home_and_imports=2.5),
    "rigid destinations (CET)": Technology(transformation=2.0),
    "factors tied to sectors": Technology(
        labour_mobility=1.5, specific_factors=(SpecificFactor("energy", 0.5),)
    ),
    "wage floors": Technology(wage_floors=(WageFloor("all", 1.0),)),
}
#: Largest ratio of new to old imports under the limits timed.
CEILING = 0.8


def options(economy: Economy) -> list[dict[str, Any]]:
    """Time one question under every option; the plain solve is the first."""
    plain = calibrate(economy)
    shock = worlds.duty(plain, "USA", "IND", 0.5)
    found = [_timed("plain", plain, shock)]
    for name, technology in TECHNOLOGIES.items():
        found.append(_timed(name, calibrate(economy, technology), shock))
    limited = shock.replace(limits=_limits(plain))
    return [*found, _timed(f"{len(limited.limits)} import limits", plain, limited)]


def _limits(base: Calibration) -> tuple[Limit, ...]:
    """A ceiling on Chinese goods in the United States in every sector that trades."""
    labels = base.labels
    importer, exporter = labels.region_index("USA"), labels.region_index("CHN")
    goods = [labels.sector_index(code) for code in labels.resolve_sectors("goods")]
    return tuple(
        Limit("ceiling", np.array([[sector, importer, exporter]]), "quantity", CEILING, "importer")
        for sector in goods
        if base.trade_share[sector, importer, exporter] > 0.0
    )


def _timed(name: str, base: Calibration, shock: Shock) -> dict[str, Any]:
    first = machine.once(lambda: solve(base, shock))
    certificate = solve(base, shock).certificate
    return {
        "option": name,
        "world": base.provenance.name,
        "regions": len(base.labels.regions),
        "sectors": len(base.labels.sectors),
        "first_solve_s": first,
        "solve_s": machine.seconds(lambda: solve(base, shock), least=10, budget=1.0),
        "evaluations": certificate.iterations,
        "residual": certificate.worst.value,
        "peak_bytes": machine.peak_bytes(),
        **_cost(base, shock),
    }


def _cost(base: Calibration, shock: Shock) -> dict[str, float]:
    """What the compiler counts in one evaluation of the equations."""
    system = pose(base, shock, None, Anderson()).system
    compiled = jax.jit(advance).lower(system, paces(system), start(system)).compile()
    counted = compiled.cost_analysis()
    names = {"flops": "flops", "transcendentals": "powers", "bytes accessed": "bytes_accessed"}
    return {ours: float(counted[theirs]) for theirs, ours in names.items()}
