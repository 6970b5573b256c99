"""Prices in the numeraire: base world value added is held fixed."""

from __future__ import annotations

import numpy as np

from tula.equilibrium.solution import Solution
from tula.metrics.arrays import percent
from tula.metrics.registry import BETTER, PERCENT, metric
from tula.shapes import Float

Array = np.ndarray
REGION = ("region",)
REGION_SECTOR = ("region", "sector")
NUMERAIRE = "base price, in units of world value added"


@metric(title="Price of the final basket", unit=PERCENT, dims=REGION, base=NUMERAIRE)
def price_index(solution: Solution) -> Float[Array, " N"]:
    """Change in the price of the final basket, duties included."""
    return percent(solution.final_price_hat)


@metric(title="Price paid by sector", unit=PERCENT, dims=REGION_SECTOR, base=NUMERAIRE)
def sector_price(solution: Solution) -> Float[Array, "N S"]:
    """Change in the price index buyers of a region pay for a sector, duties included."""
    return percent(solution.price_hat)


@metric(title="Producer cost", unit=PERCENT, dims=REGION_SECTOR, base=NUMERAIRE)
def cost(solution: Solution) -> Float[Array, "N S"]:
    """Change in unit cost, which is the producer's price before export tax."""
    return percent(solution.cost_hat)


@metric(title="Wage", unit=PERCENT, dims=REGION, base=NUMERAIRE)
def wage(solution: Solution) -> Float[Array, " N"]:
    """Change in the price of value added (one factor: labour and all that works with it)."""
    return percent(solution.wage_hat)


@metric(title="Real wage", unit=PERCENT, dims=REGION, base="base real wage", sign=BETTER)
def real_wage(solution: Solution) -> Float[Array, " N"]:
    """Change in the wage deflated by the price of the final basket; leaves trade taxes out."""
    return percent(solution.wage_hat / solution.final_price_hat)
