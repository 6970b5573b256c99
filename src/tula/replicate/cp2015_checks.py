"""The NAFTA results beside two independent codes: all regions, all pairs, other scenarios."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from tula import metrics
from tula.equilibrium import BalancedTrade, Calibration, Solution, solve
from tula.policy.shock import no_shock
from tula.replicate import cp2015_data as source
from tula.replicate.report import Comparison, by_place, column, compare

CPP = "cp2015 R package (C++), tolerance 1e-7"
NUMPY = "independent NumPy solver"
BALANCED = "cp2015R_zero_welfare.csv"
UNBALANCED = "cp2015R_def_welfare.csv"
PARTNERS = "cp2015R_zero_bilateral_tot_vot.csv"
PAIRS = "cp2015R_zero_nafta_bilateral_import_change_pct.csv"
EXACT = "numpy_reference_exact.csv"
SCENARIOS = "numpy_reference_scenarios.csv"
REFERENCES = (BALANCED, UNBALANCED, PARTNERS, PAIRS, EXACT, SCENARIOS)

#: Columns of the two codes and the metric component or metric they hold.
CPP_COLUMNS = {
    "tot": "terms_of_trade",
    "vot": "volume_of_trade",
    "welfare": "first_order",
    "realwage": "real_wage",
}
SCENARIO_COLUMNS = {
    "ToT_pct": "terms_of_trade",
    "VoT_pct": "volume_of_trade",
    "welfare_first_order_pct": "first_order",
    "real_wage_pct": "real_wage",
    "welfare_exact_pct": "exact",
}
#: Scenario: tariffs before, tariffs after, as named in the source.
SCENARIO_TARIFFS = {
    "nafta_only": ("tau1993", "tau_nafta"),
    "world_and_nafta": ("tau1993", "tau2005_all"),
    "world_without_nafta": ("tau1993", "tau2005_world_no_nafta"),
    "nafta_given_world_changes": ("tau2005_world_no_nafta", "tau2005_all"),
}


def comparisons(
    folder: Path, data: source.NaftaData, balanced: Solution, unbalanced: Solution
) -> tuple[Comparison, ...]:
    """Return every comparison with other codes, in percentage points."""
    return (
        *_welfare(folder / BALANCED, balanced, "deficits purged"),
        *_welfare(folder / UNBALANCED, unbalanced, "with deficits"),
        _by_partner(folder / PARTNERS, balanced),
        _by_pair(folder / PAIRS, balanced),
        *_exact(folder / EXACT, balanced, unbalanced),
        *_scenarios(folder, data.calibration),
    )


def figures(solution: Solution) -> pd.DataFrame:
    """Return decomposition and real wage by region."""
    parts = metrics.decomposition(solution)
    table = {str(name): parts.sel(component=name).to_series() for name in parts["component"].values}
    return pd.DataFrame(table | {"real_wage": metrics.real_wage(solution).to_series()})


def _welfare(path: Path, solution: Solution, case: str) -> list[Comparison]:
    theirs, ours = pd.read_csv(path, index_col="region"), figures(solution)
    return [
        compare(
            f"{name.replace('_', ' ')}, {case}",
            CPP,
            "percentage points",
            column(ours, name),
            column(theirs, title),
            2e-6,
        )
        for title, name in CPP_COLUMNS.items()
    ]


def _by_partner(path: Path, solution: Solution) -> Comparison:
    """Compare terms and volume of trade of the members with each other and with the rest."""
    theirs = pd.read_csv(path)
    insider = np.isin(solution.labels.regions, source.MEMBERS)
    ours = {}
    for part, array in (
        ("ToT", metrics.terms_of_trade(solution)),
        ("VoT", metrics.volume_of_trade(solution)),
    ):
        summed = array.sum("sector")
        for group, mask in (("NAFTA", insider), ("ROW", ~insider)):
            total = summed.isel(partner=mask).sum("partner")
            for region in source.MEMBERS:
                ours[f"{region} {part} {group}"] = float(total.sel(region=region))
    keys = [f"{row.region} {row.cat} {row.p}" for row in theirs.itertuples()]
    return compare(
        "terms and volume of trade by partner",
        CPP,
        "percentage points",
        ours,
        by_place(keys, theirs["v"].to_numpy()),
        2e-6,
    )


def _by_pair(path: Path, solution: Solution) -> Comparison:
    theirs = pd.read_csv(path)
    change = metrics.pair_trade_change(solution)
    pairs = [f"{row.importer} from {row.exporter}" for row in theirs.itertuples()]
    ours = [
        float(change.sel(importer=row.importer, exporter=row.exporter))
        for row in theirs.itertuples()
    ]
    return compare(
        "imports by pair of members",
        CPP,
        "percentage points",
        dict(zip(pairs, ours, strict=True)),
        by_place(pairs, theirs["chg"].to_numpy()),
        1e-4,
    )


def _exact(path: Path, balanced: Solution, unbalanced: Solution) -> list[Comparison]:
    theirs = pd.read_csv(path, index_col="region")
    cases = (
        ("welfare_exact_zeroD_pct", "exact", balanced, "deficits purged"),
        ("realwage_zeroD_pct", "real_wage", balanced, "deficits purged"),
        ("welfare_exact_withD_pct", "exact", unbalanced, "with deficits"),
        ("realwage_withD_pct", "real_wage", unbalanced, "with deficits"),
    )
    names = {"exact": "exact real income", "real_wage": "real wage"}
    return [
        compare(
            f"{names[name]}, {case}",
            NUMPY,
            "percentage points",
            column(figures(solution), name),
            column(theirs, title),
            1e-7,
        )
        for title, name, solution, case in cases
    ]


def _scenarios(folder: Path, calibration: Calibration) -> list[Comparison]:
    theirs = pd.read_csv(folder / SCENARIOS).set_index(["scenario", "country"])
    with np.load(folder / source.SCENARIOS) as stored:
        tariffs = {name: source.importer_first(stored[name]) for name in stored.files}
    found = []
    for scenario, (before, after) in SCENARIO_TARIFFS.items():
        solution = _from_to(calibration, tariffs[before], tariffs[after])
        ours = figures(solution).loc[list(source.MEMBERS)]
        table = theirs.loc[scenario]
        found.append(
            compare(
                f"members' decomposition, {scenario.replace('_', ' ')}",
                NUMPY,
                "percentage points",
                {
                    f"{p} {c}": float(ours.loc[p, n])
                    for c, n in SCENARIO_COLUMNS.items()
                    for p in ours.index
                },
                {f"{p} {c}": float(table.loc[p, c]) for c in SCENARIO_COLUMNS for p in ours.index},
                1e-7,
            )
        )
    return found


def _from_to(calibration: Calibration, before: np.ndarray, after: np.ndarray) -> Solution:
    """Solve from the balanced world under one set of tariffs to another."""
    start = no_shock(calibration.labels, calibration.tariff, calibration.export_tax)
    base = source.settle(calibration, BalancedTrade(), start.replace(tariff=before))
    shock = no_shock(base.labels, base.tariff, base.export_tax).replace(tariff=after)
    return solve(base, shock, closure=BalancedTrade())
