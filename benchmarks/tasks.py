"""One task in a process of its own: ``python -m benchmarks.tasks TASK [ARGUMENTS]`` prints JSON.

``solve``, ``gradient`` and ``batch`` also run under the engine of the previous release.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks import machine

machine.pin_to_one_core()

import numpy as np  # noqa: E402  (after the thread count is set)

from benchmarks import worlds  # noqa: E402
from tula.equilibrium import calibrate, gradient, readings, solve, solve_batch  # noqa: E402
from tula.equilibrium.calibration import Calibration  # noqa: E402
from tula.policy.shock import Limit, Shock, no_shock  # noqa: E402

#: Scenarios drawn move one importer's duties on one exporter by up to so much.
HIGHEST = 0.5
#: Regions up to which steps hold the answers of all regions to each other's earnings.
COUPLED = 128
#: Largest ratio of new to old imports under the limits timed.
CEILING = 0.8
Found = dict[str, Any]


def asked(size: str) -> tuple[Calibration, Shock]:
    """Return the world of a size, and fifty points of its first power on another's goods."""
    base = worlds.calibrated(size)
    regions = base.labels.regions
    pair = ("USA", "IND") if "USA" in regions else regions[:2]
    return base, worlds.duty(base, *pair, 0.5)


def one_solve(size: str) -> Found:
    """Time the first solve of a world, and one after it, certificate included."""
    return _solved(*asked(size))


def _solved(base: Calibration, shock: Shock) -> Found:
    before = machine.peak_bytes()
    first = machine.once(lambda: solve(base, shock))
    again = machine.seconds(lambda: solve(base, shock))
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    certificate = solve(base, shock).certificate
    return {
        "world": base.provenance.name,
        "first_s": first,
        "solve_s": again,
        "evaluations": certificate.iterations,
        "residual": certificate.worst.value,
        "faults": resource.getrusage(resource.RUSAGE_SELF).ru_minflt - faults,
        "peak_bytes": machine.peak_bytes(),
        "before_bytes": before,
    }


def floor(size: str) -> Found:
    """Time to read once what an evaluation reads: trade three times, inputs twice, the steps."""
    n, s = map(int, ("31x40" if size == "nafta" else size).split("x"))
    trade, border, inputs = np.ones((s, n, n)), np.ones((s, n, n)), np.ones((n, s, s))
    each = 1 + 2 * s
    own = np.ones((n, each, each), dtype=np.float32)
    coupled = np.ones((n if n <= COUPLED else 0, n * each), dtype=np.float32)
    read = [trade, border, border, inputs, inputs, own, *([coupled] if coupled.size else [])]
    return {
        "read_s": machine.read_seconds(read),
        "bytes": sum(one.nbytes for one in read),
        "trade_bytes": trade.nbytes,
    }


def nested(size: str) -> Found:
    """Time the textbook solver on the same question at the same tolerance; say how far apart.

    Spending is solved as a dense system, as the textbook has it, and iterated, which is cheaper.
    """
    from benchmarks import nested_numpy

    base, shock = asked(size) if size != "nafta" else _nafta()
    ours, found = solve(base, shock), _solved(base, shock) if size == "nafta" else {}
    apart = []
    for name, dense in (("dense_s", True), ("iterated_s", False)):
        plain: list[nested_numpy.NestedSolution] = []
        found[name] = machine.once(
            lambda plain=plain, dense=dense: plain.append(
                nested_numpy.solve(base, shock, tolerance=1e-10, dense=dense)
            )
        )
        apart.append(np.abs(ours.real_income_hat / plain[0].real_income_hat - 1.0).max())
    return found | {"nested_residual": plain[0].residual, "apart": float(max(apart))}


def _nafta() -> tuple[Calibration, Shock]:
    from benchmarks import nested_numpy

    raw, shock = worlds.cp2015(worlds.require_reference())
    return nested_numpy.purge_imbalances(raw, tolerance=1e-12), shock


def slopes(size: str) -> Found:
    """Time the derivatives of one real income in every lever, their solve included."""
    base, shock = asked(size)
    outcome = readings.real_income("USA")
    solve(base, shock)
    first = machine.once(lambda: gradient(base, shock, outcome))
    return {
        "first_s": first,
        "gradient_s": machine.seconds(lambda: gradient(base, shock, outcome)),
        "solve_s": machine.seconds(lambda: solve(base, shock)),
        "duties": base.trade_share.size,
        "peak_bytes": machine.peak_bytes(),
    }


def drawn(base: Calibration, count: int, seed: int = 0) -> Iterator[Shock]:
    """Yield scenarios: an extra duty of one importer on all it buys from one exporter."""
    draw, n = np.random.default_rng(seed), len(base.labels.regions)
    still = no_shock(base.labels, base.tariff, base.export_tax)
    for _ in range(count):
        importer, exporter = draw.choice(n, size=2, replace=False)
        tariff = np.array(base.tariff)
        tariff[:, importer, exporter] += draw.uniform(0.0, HIGHEST)
        yield still.replace(tariff=tariff)


def batch(size: str, count: str, library: str = "") -> Found:
    """Time many scenarios in one call, each certified; ``library`` as in ``solve_batch``."""
    base = worlds.calibrated(size)
    shocks = list(drawn(base, int(count)))
    given: Any = {"library": library} if library else {}
    first = machine.once(lambda: solve_batch(base, shocks[:64], **given))
    batches: list[Any] = []
    spent = machine.once(lambda: batches.append(solve_batch(base, shocks, **given)))
    held = [one for one in batches[0].certificates if one is not None and one.holds]
    return {
        "first_s": first,
        "batch_s": spent,
        "each_s": spent / int(count),
        "held": len(held),
        "worst": max(one.worst.value for one in held),
        "evaluations": float(np.mean([one.iterations for one in held])),
        "peak_bytes": machine.peak_bytes(),
    }


def stream(few: str, many: str) -> Found:
    """Peak memory after few and after many scenarios of which only one reading is kept."""
    base, peaks = worlds.calibrated("33x25"), []
    for count in (int(few), int(many)):
        solve_batch(base, drawn(base, count), reading=readings.real_income("IND"))
        peaks.append(machine.peak_bytes())
    return {"few_bytes": peaks[0], "many_bytes": peaks[1], "more": int(many) - int(few)}


def maps() -> Found:
    """Count the memory maps of this process before and after 200 sizes of worlds."""
    from tula.equilibrium import BalancedTrade

    solve(*asked("3x2"), closure=BalancedTrade())
    before = machine.memory_maps()
    for n in range(4, 24):
        for s in range(2, 12):
            solve(*asked(f"{n}x{s}"), closure=BalancedTrade())
    return {"before": before, "after": machine.memory_maps()}


def options() -> Found:
    """Time one question under every option of technology and policy; the first is plain."""
    from tula.equilibrium import Technology
    from tula.equilibrium.technology import SpecificFactor, WageFloor

    technologies = {
        "plain": Technology(),
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
    economy = worlds.load_world("icio-2024")
    found = {}
    for name, technology in technologies.items():
        base = calibrate(economy, technology)
        found[name] = _solved(base, worlds.duty(base, "USA", "IND", 0.5))
    base = calibrate(economy)
    limits = _limits(base)
    shock = worlds.duty(base, "USA", "IND", 0.5).replace(limits=limits)
    return found | {f"{len(limits)} import limits": _solved(base, shock)}


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


def best(by: str) -> Found:
    """Time the best tariffs of the United States among 194 countries, proof of the peak too."""
    from tula.replicate import liberation_day_checks, liberation_day_data
    from tula.strategy import optimal_tariffs

    folder = liberation_day_data.folder_of(worlds.require_reference())
    data = liberation_day_data.load(folder)
    base = liberation_day_checks.as_calibration(data, data.simple)
    runs, kept = [], []
    for _ in range(2):
        runs.append(
            machine.once(lambda: kept.append(optimal_tariffs(base, "USA", by=by, sectors="all")))
        )
    found = kept[-1]
    return {
        "first_s": runs[0],
        "again_s": runs[1],
        "levers": len(found.rates),
        "gain": found.gain,
        "rates": [float(found.rates.min()), float(found.rates.max())],
        "solves": found.effort.forward_solves,
        "peak_bytes": machine.peak_bytes(),
    }


def war(by: str) -> Found:
    """Time a tariff war with every player's deviations searched: of all 33, or over cells of 7."""
    from tula.equilibrium import BalancedTrade
    from tula.strategy import nash

    if by == "uniform":
        world, given = worlds.calibrated("33x25"), {}
    else:
        world, given = worlds.seven(), {"sectors": "all", "closure": BalancedTrade()}
    runs, kept = [], []
    for _ in range(2):
        runs.append(machine.once(lambda: kept.append(nash(world, "all", by=by, **given))))
    found = kept[-1]
    return {
        "first_s": runs[0],
        "again_s": runs[1],
        "players": len(found.players),
        "levers": sum(len(rates) for rates in found.rates),
        "rounds": found.proof.rounds,
        "solves": found.effort.forward_solves,
        "adjoints": found.effort.adjoint_solves,
        "largest_gain": found.proof.largest_gain,
        "peak_bytes": machine.peak_bytes(),
    }


def agreement() -> Found:
    """Time gegravity's example on this engine: incomes move, all else as in the package."""
    from tula.replicate import gegravity, gegravity_data

    folder, kept = worlds.require_reference(), []
    base = machine.once(lambda: kept.append(gegravity_data.load(folder)))
    spent = machine.seconds(lambda: gegravity.full_equilibrium(kept[0]))
    income = gegravity.full_equilibrium(kept[0])
    return {"base_s": base, "solve_s": spent, "evaluations": income.certificate.iterations}


def embargo() -> Found:
    """Time an embargo of the United States on all it sells to India, 81 x 50."""
    base = worlds.calibrated("81x50")
    shock = no_shock(base.labels, base.tariff, base.export_tax)
    shut = np.zeros_like(shock.embargo)
    shut[:, base.labels.region_index("IND"), base.labels.region_index("USA")] = True
    return _solved(base, shock.replace(embargo=shut))


def scenarios() -> Found:
    """Time the scenarios of the India study under all closures and elasticities."""
    from tula.study.load import load_study
    from tula.study.run import Worlds, axes_of, solve_cases

    study, cases = load_study("india-2025"), []
    spent = machine.once(
        lambda: solve_cases(study, axes_of(study), Worlds(study), tell=cases.append)
    )
    return {"scenarios_s": spent, "solves": len(cases)}


def slider(size: str) -> Found:
    """Time steps of a slider on the explorer's page."""
    from benchmarks.browser import slider

    return slider(size)


TASKS = {
    "slider": slider,
    "solve": one_solve,
    "floor": floor,
    "nested": nested,
    "gradient": slopes,
    "batch": batch,
    "stream": stream,
    "maps": maps,
    "options": options,
    "best": best,
    "war": war,
    "scenarios": scenarios,
    "agreement": agreement,
    "embargo": embargo,
}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](*sys.argv[2:])))
