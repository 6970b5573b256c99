"""Trade at the border: export tax and iceberg cost in, import duty out."""

from __future__ import annotations

import numpy as np

from tula.equilibrium.solution import Solution
from tula.metrics.arrays import border_price_hat, foreign_trade, percent_change, ratio, states
from tula.metrics.registry import MONEY, PERCENT, metric
from tula.shapes import Float

Array = np.ndarray
CELL = ("sector", "importer", "exporter")
LEVEL = "level; world value added held at its base value"


@metric(title="Trade", unit=MONEY, dims=(*CELL, "state"), base=LEVEL)
def trade_value(solution: Solution) -> Float[Array, "S N I 3"]:
    """Purchases of the importer from the exporter at the border: base, new and change.

    The diagonal is domestic sales.
    """
    return states(solution.calibration.border_trade, solution.border_trade)


@metric(title="Trade value", unit=PERCENT, dims=CELL, base="base border value")
def trade_value_change(solution: Solution) -> Float[Array, "S N I"]:
    """Change in border value by cell; not a number where there was no trade."""
    return percent_change(solution.border_trade, solution.calibration.border_trade)


@metric(title="Trade volume", unit=PERCENT, dims=CELL, base="base quantity")
def trade_volume_change(solution: Solution) -> Float[Array, "S N I"]:
    """Change in border value deflated by the border price: the quantity that arrives.

    Exactly -100 under an embargo; not a number where there was no trade.
    """
    base = solution.calibration.border_trade
    return percent_change(solution.border_trade / border_price_hat(solution), base)


@metric(
    title="Change in trade between two regions",
    unit=PERCENT,
    dims=CELL[1:],
    base="base border value",
)
def pair_trade_change(solution: Solution) -> Float[Array, "N I"]:
    """Change in border value summed over sectors, by importer and exporter."""
    base = solution.calibration.border_trade.sum(axis=0)
    return percent_change(solution.border_trade.sum(axis=0), base)


@metric(title="Trade between two regions", unit=MONEY, dims=(*CELL[1:], "state"), base=LEVEL)
def pair_trade(solution: Solution) -> Float[Array, "N I 3"]:
    """Purchases of the importer from the exporter at the border, over sectors; none from itself."""
    return states(*(trade.sum(axis=0) for trade in foreign_trade(solution)))


@metric(title="Exports", unit=MONEY, dims=("region", "sector", "state"), base=LEVEL)
def exports(solution: Solution) -> Float[Array, "N S 3"]:
    """Sales to other regions at border value, by exporter and sector: base, new and change."""
    base, new = foreign_trade(solution)
    return states(base.sum(axis=1).T, new.sum(axis=1).T)


@metric(title="Imports", unit=MONEY, dims=("region", "sector", "state"), base=LEVEL)
def imports(solution: Solution) -> Float[Array, "N S 3"]:
    """Purchases from other regions before import duty, by importer and sector."""
    base, new = foreign_trade(solution)
    return states(base.sum(axis=2).T, new.sum(axis=2).T)


@metric(title="Exports", unit=PERCENT, dims=("region",), base="base exports")
def exports_change(solution: Solution) -> Float[Array, " N"]:
    """Change in the value of all sales to other regions at the border."""
    base, new = foreign_trade(solution)
    return percent_change(new.sum(axis=(0, 1)), base.sum(axis=(0, 1)))


@metric(title="Imports", unit=PERCENT, dims=("region",), base="base imports")
def imports_change(solution: Solution) -> Float[Array, " N"]:
    """Change in the value of all purchases from other regions before import duty."""
    base, new = foreign_trade(solution)
    return percent_change(new.sum(axis=(0, 2)), base.sum(axis=(0, 2)))


@metric(
    title="Trade balance",
    unit=MONEY,
    dims=("region", "state"),
    base=LEVEL,
    sign="plus = exports exceed imports; change: plus = balance rose",
)
def trade_balance(solution: Solution) -> Float[Array, "N 3"]:
    """Exports less imports at the border; the negative of the imbalance (spending less income)."""
    base, new = (trade.sum(axis=0) for trade in foreign_trade(solution))
    return states(base.sum(axis=0) - base.sum(axis=1), new.sum(axis=0) - new.sum(axis=1))


@metric(title="Import penetration", unit=PERCENT, dims=("region", "sector", "state"), base="level")
def import_share(solution: Solution) -> Float[Array, "N S 3"]:
    """Share of other regions in tariff-inclusive spending: base, new and change in points."""
    base, new = (
        1.0 - np.diagonal(share, axis1=1, axis2=2).T
        for share in (solution.calibration.trade_share, solution.trade_share)
    )
    return states(100.0 * base, 100.0 * new)


@metric(title="Supplier share", unit=PERCENT, dims=(*CELL, "state"), base="level")
def supplier_share(solution: Solution) -> Float[Array, "S N I 3"]:
    """Exporter's share in the importer's foreign purchases of a sector at the border.

    Not a number where the importer buys nothing abroad; domestic cells are zero.
    """
    base, new = (
        100.0 * ratio(trade, trade.sum(axis=2, keepdims=True)) for trade in foreign_trade(solution)
    )
    return states(base, new)
