"""What a change is worth: exact real income, its money value, and GDP-based figures kept apart."""

from __future__ import annotations

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.solution import Solution
from tula.metrics.arrays import percent
from tula.metrics.registry import BETTER, MONEY, PERCENT, metric
from tula.shapes import Float

Array = np.ndarray
REGION = ("region",)


@metric(title="Real income", unit=PERCENT, dims=REGION, base="base final spending", sign=BETTER)
def real_income(solution: Solution) -> Float[Array, " N"]:
    """Exact change in final spending deflated by the price of the final basket."""
    return percent(solution.real_income_hat)


@metric(
    title="Equivalent variation",
    unit=MONEY,
    dims=REGION,
    base="base final spending at base prices",
    sign=BETTER,
)
def ev(solution: Solution) -> Float[Array, " N"]:
    """Money at base prices worth as much as the shock: real-income change times base spending."""
    return equivalent_variation(solution.real_income_hat, solution.calibration)


@metric(title="Real GDP", unit=PERCENT, dims=REGION, base="base GDP at market prices", sign=BETTER)
def real_gdp(solution: Solution) -> Float[Array, " N"]:
    """Change in value added plus trade-tax revenue and limits' rents, over final prices.

    Differs from real income by the imbalance and by nothing else.
    """
    new = solution.value_added + solution.tariff_revenue + solution.export_tax_revenue
    new = new + solution.cap_rent + solution.export_rent
    hat = new / base_gdp(solution.calibration) / solution.final_price_hat
    return percent(hat)


@metric(
    title="Equivalent variation, share of GDP",
    unit=PERCENT,
    dims=REGION,
    base="base GDP at market prices",
    sign=BETTER,
)
def ev_gdp_share(solution: Solution) -> Float[Array, " N"]:
    """Equivalent variation over base GDP, for comparison with studies that report it so."""
    money = equivalent_variation(solution.real_income_hat, solution.calibration)
    return np.asarray(100.0 * money / base_gdp(solution.calibration))


def equivalent_variation(
    real_income_hat: Float[Array, "*B N"], base: Calibration
) -> Float[Array, "*B N"]:
    """Return what ratios of new to old real income are worth at base prices, million USD."""
    return np.asarray((real_income_hat - 1.0) * base.final_spending)


def base_gdp(calibration: Calibration) -> Float[Array, " N"]:
    """Return base GDP at market prices: value added, duties and export taxes, million USD."""
    return np.asarray(
        calibration.value_added
        + base_tariff_revenue(calibration)
        + base_export_tax_revenue(calibration)
    )


def base_tariff_revenue(calibration: Calibration) -> Float[Array, " N"]:
    """Return base import duty collected by importer, million USD."""
    return np.asarray((calibration.tariff * calibration.border_trade).sum(axis=(0, 2)))


def base_export_tax_revenue(calibration: Calibration) -> Float[Array, " N"]:
    """Return base export tax collected by exporter, million USD."""
    rate = calibration.export_tax / (1.0 + calibration.export_tax)
    return np.asarray((rate * calibration.border_trade).sum(axis=(0, 1)))
