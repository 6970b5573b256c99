"""Timed: exact gradients, best tariffs and a tariff war."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from benchmarks import gravity, machine, worlds
from tula.equilibrium import calibrate, gradient, readings, solve
from tula.equilibrium.calibration import Calibration
from tula.policy.shock import no_shock
from tula.strategy import nash, optimal_tariffs
from tula.strategy.duty_game import Nash
from tula.strategy.optimal import Optimum
from tula.world.economy import Economy

Found = TypeVar("Found", Nash, Optimum)

#: Player whose gradient and best tariffs are timed, where the world knows it.
PLAYER = "USA"


def slopes(economy: Economy) -> dict[str, Any]:
    """Time the derivatives of one real income in every bilateral tariff against one solve."""
    base = calibrate(economy)
    regions = base.labels.regions
    importer, exporter = (PLAYER, "IND") if PLAYER in regions else regions[:2]
    shock, outcome = worlds.duty(base, importer, exporter, 0.5), readings.real_income(importer)
    solve(base, shock)
    first = machine.once(lambda: gradient(base, shock, outcome))
    found = gradient(base, shock, outcome)
    return {
        "world": economy.provenance.name,
        "regions": len(regions),
        "sectors": len(base.labels.sectors),
        "question": f"real income of {importer}",
        "tariffs": found.tariff.size,
        "first_gradient_s": first,
        "gradient_s": machine.seconds(lambda: gradient(base, shock, outcome), least=10),
        "solve_s": machine.seconds(lambda: solve(base, shock), least=10),
        "evaluations": found.solution.certificate.iterations,
        "trade_bytes": base.trade_share.nbytes,
        "peak_bytes": machine.peak_bytes(),
    }


def optima() -> list[dict[str, Any]]:
    """Time the best tariffs of one country, one rate for all and one by partner."""
    found = []
    for links, base in gravity.worlds(worlds.reference_folder()).items():
        searches = [_optimum(base, links, by) for by in ("uniform", "partner")]
        again = machine.seconds(lambda base=base: _plain(base), least=10)
        found += [search | {"solve_s": again} for search in searches]
    return found


def _plain(base: Calibration) -> None:
    solve(base, worlds.duty(base, PLAYER, "CHN" if "CHN" in base.labels.regions else "R001", 0.1))


def _optimum(base: Calibration, links: str, by: str) -> dict[str, Any]:
    cold, best = _timed(lambda: _search(base, by))
    warm, best = _timed(lambda: _search(base, by))
    rates = best.rates
    return {
        "world": base.provenance.name,
        "regions": len(base.labels.regions),
        "links": links,
        "by": by,
        "levers": len(rates),
        "cold_s": cold,
        "warm_s": warm,
        "least_rate": float(rates.min()),
        "greatest_rate": float(rates.max()),
        "gain_percent": best.gain,
        "forward_solves": best.effort.forward_solves,
        "adjoint_solves": best.effort.adjoint_solves,
        "slope": best.proof.slope_norm,
        "peak_bytes": machine.peak_bytes(),
    }


def _search(base: Calibration, by: str) -> Optimum:
    return optimal_tariffs(base, PLAYER, by=by, sectors="all")


def war(economy: Economy) -> dict[str, Any]:
    """Time the tariff war of all regions, deviations of every player included."""
    base = calibrate(economy)
    still = no_shock(base.labels, base.tariff, base.export_tax)
    cold, found = _timed(lambda: nash(base, "all"))
    warm, found = _timed(lambda: nash(base, "all"))
    proof = found.proof
    return {
        "world": economy.provenance.name,
        "regions": len(base.labels.regions),
        "sectors": len(base.labels.sectors),
        "players": len(found.players),
        "levers": sum(len(rates) for rates in found.rates),
        "cold_s": cold,
        "warm_s": warm,
        "solve_s": machine.seconds(lambda: solve(base, still), least=10),
        "rounds": proof.rounds,
        "forward_solves": found.effort.forward_solves,
        "adjoint_solves": found.effort.adjoint_solves,
        "largest_gain": proof.largest_gain,
        "slope": max(response.slope_norm for response in proof.responses),
        "curvature": max(response.curvature.largest for response in proof.responses),
        "residual": proof.certificate.worst.value,
        "peak_bytes": machine.peak_bytes(),
    }


def _timed(action: Callable[[], Found]) -> tuple[float, Found]:
    """Processor time of a single run, and what it found."""
    start = time.process_time()
    found = action()
    return time.process_time() - start, found
