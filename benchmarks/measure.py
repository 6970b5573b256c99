"""One measurement in a process of its own: ``python -m benchmarks.measure CASE`` prints JSON."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from typing import Any

from benchmarks import machine

machine.pin_to_one_core()
BEGUN = time.process_time()

import numpy as np  # noqa: E402  (after the thread count is set)

from benchmarks import nested_numpy, worlds  # noqa: E402
from tula.equilibrium import calibrate, solve  # noqa: E402
from tula.equilibrium.calibration import Calibration  # noqa: E402
from tula.policy.shock import Shock  # noqa: E402

IMPORTED = time.process_time()


@dataclass(frozen=True)
class Case:
    """A calibrated world and the shock it is solved under."""

    name: str
    base: Calibration
    shock: Shock
    question: str


def _embedded() -> Case:
    economy = worlds.embedded()
    base = calibrate(economy)
    shock = worlds.duty(base, "USA", "IND", 0.5)
    return Case(economy.provenance.name, base, shock, "US +50 points on India")


def _cp2015() -> Case | None:
    folder = worlds.reference_folder()
    if folder is None:
        return None
    raw, shock = worlds.cp2015(folder)
    base = nested_numpy.purge_imbalances(raw, tolerance=1e-12)
    return Case("Caliendo-Parro 2015", base, shock, "NAFTA, imbalances purged")


def _large() -> Case:
    economy = worlds.large()
    base = calibrate(economy)
    importer, exporter = ("USA", "IND") if "USA" in base.labels.regions else ("R00", "R01")
    shock = worlds.duty(base, importer, exporter, 0.5)
    return Case(economy.provenance.name, base, shock, f"{importer} +50 points on {exporter}")


CASES = {"embedded": _embedded, "cp2015": _cp2015, "large": _large}


def engine(case: Case) -> dict[str, Any]:
    """First solve (compilation included), then the time of a solve once compiled."""
    before = machine.peak_bytes()
    first = machine.once(lambda: solve(case.base, case.shock))
    again = machine.seconds(lambda: solve(case.base, case.shock), least=10)
    found = solve(case.base, case.shock)
    regions, sectors = case.base.expenditure.shape
    return {
        "world": case.name,
        "question": case.question,
        "regions": regions,
        "sectors": sectors,
        "import_s": IMPORTED - BEGUN,
        "first_solve_s": first,
        "solve_s": again,
        "evaluations": found.certificate.iterations,
        "residual": found.certificate.worst.value,
        "pass_s": machine.pass_seconds(case.base.trade_share.shape),
        "trade_bytes": case.base.trade_share.nbytes,
        "shares_bytes": case.base.input_share.nbytes,
        "peak_bytes": machine.peak_bytes(),
        "peak_before_bytes": before,
    }


def nested(case: Case) -> dict[str, Any]:
    """The textbook solver on the same question at the same tolerance; how far the two are apart.

    Spending is solved as a dense system, as the textbook has it, and iterated, which is cheaper.
    """
    ours = solve(case.base, case.shock)
    found, times = [], []
    for dense in (False, True):
        start = time.process_time()
        found.append(nested_numpy.solve(case.base, case.shock, tolerance=1e-10, dense=dense))
        times.append(time.process_time() - start)
    gaps = [np.abs(ours.real_income_hat / plain.real_income_hat - 1.0).max() for plain in found]
    return {
        "nested_s": times[0],
        "nested_dense_s": times[1],
        "nested_residual": max(plain.residual for plain in found),
        "nested_rounds": found[0].outer_iterations,
        "apart": float(max(gaps)),
    }


def memory(_: Case | None = None) -> dict[str, Any]:
    """What this core reads from memory, and what it copies, bytes a second."""
    return {"bandwidth": machine.memory_bandwidth(), "copy": machine.copy_bandwidth()}


def main(arguments: list[str]) -> None:
    """Measure one case and print the result as one line of JSON."""
    if arguments == ["memory"]:
        print(json.dumps(memory()))
        return
    name, *parts = arguments
    case = CASES[name]()
    if case is None:
        print(json.dumps(None))
        return
    result = engine(case)
    if "nested" in parts:
        result |= nested(case)
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
