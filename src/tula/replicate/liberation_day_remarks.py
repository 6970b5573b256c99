"""What the replication says beside its tables: optima reached, and where the source departs."""

from __future__ import annotations

import numpy as np

from tula.replicate import liberation_day_data as source
from tula.replicate.liberation_day_data import LiberationDayData
from tula.replicate.liberation_day_model import GravityWorld
from tula.replicate.liberation_day_optimal import best_duties, pivot_weight
from tula.replicate.liberation_day_rows import Results
from tula.replicate.liberation_day_scenarios import (
    STATED_OPTIMUM,
    as_purged,
    figure,
    formula_rate,
    uniform,
)
from tula.replicate.report import column

#: Thousand USD in a billion.
BILLION = 1e6


def remarks(data: LiberationDayData, results: Results) -> tuple[str, ...]:
    """Return the remarks, each with its figures."""
    return (
        _formula_remark(data, results),
        _optimum_remark("without input-output links", data.world, results, "best rate"),
        _optimum_remark("with them", data.roundabout, results, "inputs, best rate"),
        f"Table 4 (2) is met at a uniform rate of {STATED_OPTIMUM:.2%} (the text says 12.5%), "
        f"which gives {_pivot(results, 'inputs, stated optimum'):+.3f}%",
        _transfer_remark(data),
        "Table 4 (3) and Table 9, alternative 1, need trade by sector, which is not among the "
        "data; Table 4, optimal retaliation, rests on rates that are not published",
    )


def _formula_remark(data: LiberationDayData, results: Results) -> str:
    return (
        f"the rate of the source's formula is {formula_rate(data):.2%} on exports taken as "
        f"spending less home sales (Table 1) and {formula_rate(data, of_income=True):.2%} on "
        f"income less home sales (Table 2); the first gives {_pivot(results, 'optimal'):+.3f}%"
    )


def _optimum_remark(where: str, world: GravityWorld, results: Results, scenario: str) -> str:
    rate = figure(results[scenario], "rate")
    best = best_duties(world, pivot_weight(world), "imposed", uniform(world, rate))
    rates = np.delete(best.duties.imposed, world.pivot)
    return (
        f"{where}, the best uniform rate is {rate:.2%} ({_pivot(results, scenario):+.4f}%); the "
        f"best rates by partner run from {rates.min():.1%} to {rates.max():.1%}, median "
        f"{np.median(rates):.1%} ({100.0 * (best.welfare - 1.0):+.4f}%)"
    )


def _transfer_remark(data: LiberationDayData) -> str:
    gap = as_purged(data).transfer.sum() / BILLION
    return (
        f"in Table 10 (2) and (4) transfers sum to {gap:.0f} billion USD, so that the labour "
        f"market of {data.regions[-1]}, whose equation the source drops, does not clear; the "
        "exact column has the world in which it does"
    )


def _pivot(results: Results, scenario: str) -> float:
    return column(results[scenario], "welfare")[source.PIVOT]
