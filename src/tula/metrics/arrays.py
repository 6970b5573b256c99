"""Small pieces of arithmetic that several metrics share."""

from __future__ import annotations

import numpy as np

from tula.equilibrium.solution import Solution
from tula.shapes import Bool, Float

Array = np.ndarray

#: Change in the log of one plus tariff up to which a rate stands still but for rounding.
UNMOVED = 1e-12


def percent(hat: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
    """Return a ratio of new to old as a percentage change."""
    return np.asarray(100.0 * (hat - 1.0))


def percent_change(
    new: Float[Array, "*shape"], base: Float[Array, "*shape"]
) -> Float[Array, "*shape"]:
    """Return the percentage change between levels; not a number where the base is zero."""
    return np.asarray(100.0 * ratio(new - base, base))


def ratio(top: Float[Array, "*top"], bottom: Float[Array, "*bottom"]) -> Float[Array, "*joint"]:
    """Return top / bottom, not a number where bottom is zero."""
    top, bottom = np.broadcast_arrays(top, bottom)
    undefined = np.full(top.shape, np.nan)
    return np.asarray(np.divide(top, bottom, out=undefined, where=bottom != 0.0))


def states(base: Float[Array, "*axes"], new: Float[Array, "*axes"]) -> Float[Array, "*axes 3"]:
    """Stack base, new and new less base along a last axis (``STATES``)."""
    return np.stack([base, new, new - base], axis=-1)


def foreign(regions: int) -> Bool[Array, "N I"]:
    """Return the mask of pairs of different regions."""
    return np.asarray(~np.eye(regions, dtype=bool))


def foreign_trade(solution: Solution) -> tuple[Float[Array, "S N I"], Float[Array, "S N I"]]:
    """Return base and new border trade with domestic sales set to zero, million USD."""
    abroad = foreign(len(solution.labels.regions))
    return solution.calibration.border_trade * abroad, solution.border_trade * abroad


def by_exporter(cost: Float[Array, "N S"]) -> Float[Array, "S 1 N"]:
    """Spread a producer's figure over its markets: axes sector, importer, exporter."""
    return np.asarray(cost.T[:, None, :])


def export_tax_hat(solution: Solution) -> Float[Array, "S N I"]:
    """Return the ratio of new to old one plus export tax."""
    return np.asarray((1.0 + solution.shock.export_tax) / (1.0 + solution.calibration.export_tax))


def tariff_hat(solution: Solution) -> Float[Array, "S N I"]:
    """Return the ratio of new to old one plus tariff."""
    return np.asarray((1.0 + solution.shock.tariff) / (1.0 + solution.calibration.tariff))


def duty_step(solution: Solution) -> Float[Array, "S N I"]:
    """Return the log change in one plus tariff; not a number where there is none to measure.

    That is where the rate stands still, nothing was bought in the base, or trade is embargoed.
    """
    step = np.log(tariff_hat(solution))
    traded = (solution.calibration.trade_share > 0.0) & ~solution.shock.embargo
    return np.where(traded & (np.abs(step) > UNMOVED), step, np.nan)


def border_price_hat(solution: Solution) -> Float[Array, "S N I"]:
    """Return the change in the price before import duty: seller's price, export tax, iceberg."""
    return np.asarray(
        seller_price_hat(solution) * export_tax_hat(solution) * solution.trade_cost_hat
    )


def seller_price_hat(solution: Solution) -> Float[Array, "S N I"]:
    """Return the change in what the exporter is paid before its tax, rents of limits included."""
    return np.asarray(by_exporter(solution.cost_hat) * solution.seller_wedge)


def buyer_price_hat(solution: Solution) -> Float[Array, "S N I"]:
    """Return the change in the price the buyer pays: duty and scarcity under a cap included."""
    return np.asarray(border_price_hat(solution) * tariff_hat(solution) * solution.cap_wedge)
