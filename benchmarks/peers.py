"""Other packages at their own tasks: ``python peers.py NAME [SAMPLE]`` in their own environment.

They share no environment with Tula, since they ask for other versions of the same packages.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings

#: Gravity coefficients of gegravity's own example, and the factor by which it must be helped.
COEFFICIENTS = {
    "lndist": -0.3898623,
    "contiguity": 0.891577,
    "common_language": 0.0326249,
    "pta": 0.4711383,
    "international": -3.412584,
}
RESCALE = 100


def gegravity(sample: str) -> dict[str, float]:
    """Time an agreement of Canada and Japan among 30 countries, base year included."""
    import gegravity as ge
    import pandas as pd

    data = pd.read_csv(sample)
    names = {"imp_var_name": "importer", "exp_var_name": "exporter", "year_var_name": "year"}
    incomes = {"expend_var_name": "E", "output_var_name": "Y"}
    rows = [{"var": name, "coeff": value, "ste": 0.1} for name, value in COEFFICIENTS.items()]
    base = ge.BaselineData(data, trade_var_name="trade", **names, **incomes)
    costs = ge.CostCoeffs(
        estimates=pd.DataFrame(rows), identifier_col="var", coeff_col="coeff", stderr_col="ste"
    )
    model = ge.OneSectorGE(
        base, year="2006", sigma=5, reference_importer="DEU", quiet=True,
        cost_coeff_values=costs, cost_variables=list(COEFFICIENTS), **incomes,
    )  # fmt: skip
    start = time.process_time()
    model.build_baseline(omr_rescale=RESCALE)
    built = time.process_time()
    agreed = model.baseline_data.copy()
    pair = {"CAN", "JPN"}
    both = agreed.importer.isin(pair) & agreed.exporter.isin(pair)
    agreed.loc[both & (agreed.importer != agreed.exporter), "pta"] = 1
    model.define_experiment(agreed)
    model.simulate()
    ended = time.process_time()
    gained = float(model.country_results.loc["CAN", "GDP change (percent)"])
    return {"base_s": built - start, "solve_s": ended - built, "canada_percent": gained}


def sanction_simulator() -> dict[str, float]:
    """Time an embargo of the United States on India in its own network of 80 x 50."""
    import sanction_simulator as package
    from sanction_simulator import power_trade_estimation as model

    start = time.process_time()
    network = model.Benchmark(package.data_dir(), cache=package.bench_cache())
    loaded = time.process_time()
    india, states = (list(network.countries).index(code) for code in ("IND", "USA"))
    asked = [("US to India", model.directional_legs(india, states))]
    model.run_scenarios(
        network, asked, model.TAU_BASE, model.RHO_BASE, model.DELTA_BASE, log=lambda *_: None
    )
    return {"base_s": loaded - start, "solve_s": time.process_time() - loaded}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    task = {"gegravity": gegravity, "sanction-simulator": sanction_simulator}[sys.argv[1]]
    found = task(*sys.argv[2:])
    found["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(found))
