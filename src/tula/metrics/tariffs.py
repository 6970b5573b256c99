"""Duties collected, and how high they stand where trade flows."""

from __future__ import annotations

import numpy as np

from tula.equilibrium.solution import Solution
from tula.metrics.arrays import foreign_trade, ratio, states
from tula.metrics.registry import MONEY, PERCENT, metric
from tula.metrics.welfare import base_export_tax_revenue, base_tariff_revenue
from tula.shapes import Float

Array = np.ndarray
LEVEL = "level; world value added held at its base value"
RATES = "level; duty over border value, each state weighted with its own trade"


@metric(title="Tariff revenue", unit=MONEY, dims=("region", "state"), base=LEVEL)
def tariff_revenue(solution: Solution) -> Float[Array, "N 3"]:
    """Import duty collected by the importer: base, new and change."""
    return states(base_tariff_revenue(solution.calibration), solution.tariff_revenue)


@metric(
    title="Tariff revenue, share of final spending",
    unit=PERCENT,
    dims=("region", "state"),
    base="final spending of the same state",
)
def tariff_revenue_share(solution: Solution) -> Float[Array, "N 3"]:
    """Import duty over final spending; the change is in percentage points."""
    base = base_tariff_revenue(solution.calibration) / solution.calibration.final_spending
    return states(100.0 * base, 100.0 * (solution.tariff_revenue / solution.income))


@metric(title="Export-tax revenue", unit=MONEY, dims=("region", "state"), base=LEVEL)
def export_tax_revenue(solution: Solution) -> Float[Array, "N 3"]:
    """Export tax collected by the exporter: base, new and change."""
    return states(base_export_tax_revenue(solution.calibration), solution.export_tax_revenue)


@metric(title="Effective tariff", unit=PERCENT, dims=("importer", "state"), base=RATES)
def effective_tariff(solution: Solution) -> Float[Array, "N 3"]:
    """Duty over border value of all imports from abroad; the change is in percentage points.

    Not a number where nothing is imported. A prohibitive duty drops out of its own weight.
    """
    base, new = foreign_trade(solution)
    return states(
        _mean_rate(solution.calibration.tariff, base, (0, 2)),
        _mean_rate(solution.duty, new, (0, 2)),
    )


@metric(
    title="Effective tariff by pair",
    unit=PERCENT,
    dims=("importer", "exporter", "state"),
    base=RATES,
)
def pair_effective_tariff(solution: Solution) -> Float[Array, "N I 3"]:
    """Duty over border value of what the importer buys from the exporter, over sectors."""
    base, new = foreign_trade(solution)
    return states(
        _mean_rate(solution.calibration.tariff, base, (0,)),
        _mean_rate(solution.duty, new, (0,)),
    )


@metric(
    title="Statutory tariff by pair",
    unit=PERCENT,
    dims=("importer", "exporter", "state"),
    base="level; duty over border value, both states weighted with base trade",
)
def pair_statutory_tariff(solution: Solution) -> Float[Array, "N I 3"]:
    """Mean rate the importer sets on the exporter, base trade as weights in both states."""
    base, _ = foreign_trade(solution)
    return states(
        _mean_rate(solution.calibration.tariff, base, (0,)),
        _mean_rate(solution.shock.tariff, base, (0,)),
    )


@metric(
    title="Statutory tariff on goods by pair",
    unit=PERCENT,
    dims=("importer", "exporter", "state"),
    base="level; duty over border value of goods, both states weighted with base trade",
)
def pair_goods_tariff(solution: Solution) -> Float[Array, "N I 3"]:
    """Mean rate the importer sets on the exporter's goods, base trade as weights in both."""
    goods = [solution.labels.sector_index(code) for code in solution.labels.goods]
    base = foreign_trade(solution)[0][goods]
    rates = (solution.calibration.tariff[goods], solution.shock.tariff[goods])
    return states(*(_mean_rate(rate, base, (0,)) for rate in rates))


def _mean_rate(
    rate: Float[Array, "S N I"], trade: Float[Array, "S N I"], axes: tuple[int, ...]
) -> Float[Array, "*left"]:
    return np.asarray(100.0 * ratio((rate * trade).sum(axis=axes), trade.sum(axis=axes)))
