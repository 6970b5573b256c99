"""Two independent looks: the authors' own code country by country, and the engine itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from tula.equilibrium import Calibration, FixedBalance, Solution, solve
from tula.policy.shock import no_shock
from tula.replicate import liberation_day_model as model
from tula.replicate.liberation_day_data import LiberationDayData, announced_duties
from tula.replicate.liberation_day_rows import Results
from tula.replicate.liberation_day_scenarios import OUTCOMES
from tula.replicate.report import Comparison, by_place, compare
from tula.shapes import Float
from tula.world.economy import Provenance
from tula.world.labels import Labels

Array = np.ndarray

OCTAVE = "authors' MATLAB code under Octave"
ENGINE = "tula.equilibrium.solve"
#: File of the authors' results -> scenario.
RUNS = {
    "octave_main_baseline_1_ustr_incometax.csv": "announced",
    "octave_main_baseline_8_ustr_lumpsum.csv": "lump sum",
    "octave_main_baseline_9_ustr_elasticity8.csv": "elasticity 8",
    "octave_main_baseline_4_optimal_no_retaliation.csv": "optimal",
    "octave_main_baseline_6_ustr_reciprocal_retaliation.csv": "reciprocal",
    "octave_main_deficit_2_pre_balanced.csv": "purged",
}
COLUMNS = {
    "welfare_pct": "welfare",
    "deficit_pct": "deficit",
    "exports_to_gdp_pct": "exports/GDP",
    "imports_to_gdp_pct": "imports/GDP",
    "employment_pct": "employment",
    "price_pct": "prices",
    "tariff_revenue_share_of_expenditure": "revenue",
}
#: Scenarios whose figures are differences of two solutions agree to fewer digits.
WITHIN = {"purged": 1e-3}


def required() -> tuple[str, ...]:
    """Return the names of the authors' result files."""
    return tuple(RUNS)


def comparisons(folder: Path, data: LiberationDayData, results: Results) -> tuple[Comparison, ...]:
    """Return every comparison, in percentage points."""
    return (
        *(_octave(folder / name, scenario, results[scenario]) for name, scenario in RUNS.items()),
        *_engine(data),
    )


def _octave(path: Path, scenario: str, ours: pd.DataFrame) -> Comparison:
    """Compare all outcomes of all countries; revenue as a share of spending, per cent."""
    theirs = pd.read_csv(path, index_col="iso3", keep_default_na=False).rename(columns=COLUMNS)
    theirs = theirs[list(OUTCOMES)].astype(np.float64)
    theirs["revenue"] *= 100.0
    return compare(
        f"all outcomes, {scenario}",
        OCTAVE,
        "percentage points",
        _flat(ours),
        _flat(theirs),
        WITHIN.get(scenario, 1e-6),
    )


def _flat(table: pd.DataFrame) -> dict[str, float]:
    return {
        f"{region}, {name}": float(table.loc[region, name])
        for region in table.index
        for name in OUTCOMES
    }


def _engine(data: LiberationDayData) -> list[Comparison]:
    """Compare with the engine where it nests the model, and where it is told what it lacks."""
    fixed = without_labour_supply(data.simple)
    ours = model.solve(fixed, announced_duties(data))
    full = model.solve(data.simple, announced_duties(data))
    told = on_engine(data, data.simple, full)
    return [
        _welfare(data, "real income, plain gravity", ours, on_engine(data, fixed, ours)),
        _welfare(data, "real income, no fixed costs", full, told, of_spending=True),
    ]


def without_labour_supply(world: model.GravityWorld) -> model.GravityWorld:
    """Return the world with labour and productivity held and duties handed back: plain gravity."""
    return replace(world, labour_elasticity=0.0, scale_elasticity=0.0, lump_sum=True)


def on_engine(
    data: LiberationDayData, world: model.GravityWorld, equilibrium: model.Equilibrium
) -> Solution:
    """Solve the duties of an equilibrium on the engine, told its employment and productivity.

    Exact where fixed costs are zero and duties act one for one.
    """
    calibration = as_calibration(data, world)
    labour = equilibrium.state.labour_hat
    shock = no_shock(calibration.labels, calibration.tariff, calibration.export_tax).replace(
        tariff=model.tariff_matrix(world, equilibrium.duties)[None],
        labour_hat=labour,
        productivity_hat=(labour**world.scale_elasticity)[:, None],
    )
    return solve(calibration, shock, closure=FixedBalance())


def as_calibration(data: LiberationDayData, world: model.GravityWorld) -> Calibration:
    """Return the one-sector calibration, million USD."""
    n = len(data.regions)
    income, spending = world.income / 1e3, world.spending / 1e3
    return Calibration(
        labels=Labels(data.regions, ("TRADE",)),
        trade_share=world.share[None],
        value_added_share=np.ones((n, 1)),
        input_share=np.zeros((n, 1, 1)),
        final_share=np.ones((n, 1)),
        tariff=np.zeros((1, n, n)),
        export_tax=np.zeros((1, n, n)),
        trade_elasticity=np.array([world.trade_elasticity]),
        expenditure=spending[:, None],
        output=income[:, None],
        value_added=income,
        imbalance=spending - income,
        provenance=Provenance(
            "liberation-day", "2023", ("Ignatenko et al. (2025), replication data",)
        ),
        elasticity_source="Ignatenko et al. (2025), epsilon",
    )


def _welfare(
    data: LiberationDayData,
    quantity: str,
    ours: model.Equilibrium,
    engine: Solution,
    *,
    of_spending: bool = False,
) -> Comparison:
    """Compare real spending, which is welfare where labour supply is fixed."""
    state, world = ours.state, ours.world
    real = state.spending / world.spending / state.price_hat
    hat = real if of_spending else state.welfare_hat
    return compare(
        quantity,
        ENGINE,
        "percentage points",
        by_place(data.regions, _per_cent(hat)),
        by_place(data.regions, _per_cent(engine.real_income_hat)),
        1e-7,
    )


def _per_cent(hat: Float[Array, " N"]) -> Float[Array, " N"]:
    return 100.0 * (hat - 1.0)
