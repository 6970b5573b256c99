"""Output and value added."""

from __future__ import annotations

import numpy as np

from tula.equilibrium.solution import Solution
from tula.metrics.arrays import percent, percent_change, states
from tula.metrics.registry import BETTER, MONEY, PERCENT, metric
from tula.shapes import Float

Array = np.ndarray
REGION = ("region",)
REGION_SECTOR = ("region", "sector")


@metric(
    title="Gross output",
    unit=MONEY,
    dims=("region", "sector", "state"),
    base="level; world value added held at its base value",
)
def output(solution: Solution) -> Float[Array, "N S 3"]:
    """Producers' revenue net of export tax and duties: base, new and change."""
    return states(solution.calibration.output, solution.output)


@metric(title="Output value", unit=PERCENT, dims=REGION_SECTOR, base="base output")
def output_value(solution: Solution) -> Float[Array, "N S"]:
    """Change in producers' revenue in the numeraire; not a number where there was no output."""
    return percent_change(solution.output, solution.calibration.output)


@metric(title="Output volume", unit=PERCENT, dims=REGION_SECTOR, base="base output")
def output_volume(solution: Solution) -> Float[Array, "N S"]:
    """Change in producers' revenue deflated by their own price; not a number without output."""
    return percent_change(solution.output / solution.cost_hat, solution.calibration.output)


@metric(title="Value added", unit=PERCENT, dims=REGION, base="base value added")
def value_added(solution: Solution) -> Float[Array, " N"]:
    """Change in factor income in the numeraire; world value added does not change."""
    return percent_change(solution.value_added, solution.calibration.value_added)


@metric(title="Real value added", unit=PERCENT, dims=REGION, base="base value added", sign=BETTER)
def real_value_added(solution: Solution) -> Float[Array, " N"]:
    """Change in factor income deflated by the price of the final basket."""
    nominal = solution.value_added / solution.calibration.value_added
    return percent(nominal / solution.final_price_hat)
