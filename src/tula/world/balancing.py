"""Balancing: move a table to given totals while changing it as little as possible.

Sources: Stone (1961) and Bacharach (1970) for RAS; Junius & Oosterhaven (2003) and Lenzen, Wood &
Gallego (2007) for GRAS, which keeps the signs of negative entries. The estimate of final demand
by destination follows the proportionality of Trefler & Zhu (2010), loosened as described at
``final_demand_prior``.
"""

from __future__ import annotations

import numpy as np

from tula.errors import TulaError
from tula.shapes import Float

Array = np.ndarray

#: Weight of the structure of final spending, against the pattern of intermediate sales, in the
#: prior of final demand by destination. Assumption, range 0.3 to 1; 0.6 does best on WIOD 2011,
#: where final demand by destination is known.
STRUCTURE_WEIGHT = 0.6
#: Weight of the world's final spending by sector, against the region's own final sales, in that
#: structure. Assumption, range 0 to 1: equal weights.
WORLD_TASTE = 0.5
#: Added to intermediate sales of zero (million USD), so that every final sale has a destination.
FLOOR = 1e-9


class MarginMismatchError(TulaError):
    """The totals to be met contradict each other. Scale one set so that both sum alike."""


class UnreachableMarginError(TulaError):
    """A total is not zero but every entry behind it is, or its sign cannot be reached. Correct
    the total or give the prior an entry there."""  # fmt: skip


class NotBalancedError(TulaError):
    """Balancing stopped short of its tolerance. Look for nearly empty rows or columns, or allow
    more iterations."""  # fmt: skip


def gras(
    prior: Float[Array, "R C"],
    row_totals: Float[Array, " R"],
    column_totals: Float[Array, " C"],
    tolerance: float = 1e-12,
    max_iterations: int = 10_000,
) -> Float[Array, "R C"]:
    """Return the matrix nearest to ``prior`` (in relative entropy) with the given totals.

    Without negative entries this is RAS; negative entries keep their sign. ``tolerance`` bounds
    the largest gap of a total relative to the sum of absolute row totals. Raises
    ``MarginMismatchError``, ``UnreachableMarginError``, ``NotBalancedError``.
    """
    scale = max(float(np.abs(row_totals).sum()), np.finfo(float).tiny)
    if abs(row_totals.sum() - column_totals.sum()) > tolerance * scale * len(row_totals):
        raise MarginMismatchError(
            f"rows sum to {row_totals.sum():.10g}, columns to {column_totals.sum():.10g}"
        )
    positive, negative = np.maximum(prior, 0.0), np.maximum(-prior, 0.0)
    _check_reachable("row", positive.sum(1), negative.sum(1), row_totals)
    _check_reachable("column", positive.sum(0), negative.sum(0), column_totals)
    left, gap = np.ones(prior.shape[0]), np.inf
    plus, minus = left @ positive, left @ negative
    for _ in range(max_iterations):
        right = _multiplier(plus, minus, column_totals)
        left = _multiplier(positive @ right, negative @ (1.0 / right), row_totals)
        plus, minus = left @ positive, (1.0 / left) @ negative
        gap = float(np.abs(plus * right - minus / right - column_totals).max() / scale)
        if gap <= tolerance:
            return np.asarray(left[:, None] * positive * right - negative / (left[:, None] * right))
    raise NotBalancedError(f"largest gap {gap:.2e} of the total after {max_iterations} iterations")


def _check_reachable(kind: str, plus: Array, minus: Array, totals: Array) -> None:
    """Refuse totals whose sign no scaling of the entries behind them can reach."""
    wrong = np.flatnonzero(((totals > 0) & (plus == 0)) | ((totals < 0) & (minus == 0)))
    if wrong.size:
        places = ", ".join(str(place) for place in wrong[:8])
        raise UnreachableMarginError(f"{kind} totals out of reach at positions {places}")


def _multiplier(plus: Array, minus: Array, totals: Array) -> Array:
    """Solve plus * r - minus / r = total for r > 0; 1 where there is nothing to scale."""
    root = np.sqrt(totals**2 + 4.0 * plus * minus)
    safe_plus = np.where(plus > 0, plus, 1.0)
    both = (totals + root) / (2.0 * safe_plus)
    only_minus = -minus / np.where(totals < 0, totals, -1.0)
    result = np.where(plus > 0, both, np.where(minus > 0, only_minus, 1.0))
    return np.maximum(result, np.finfo(float).tiny)


def final_demand_prior(
    sales: Float[Array, "I S N"], final_sales: Float[Array, "I S"], spending: Float[Array, " N"]
) -> Float[Array, "I S N"]:
    """Return a first guess of final sales by origin i, sector s and destination n, million USD.

    ``sales`` are intermediate sales, ``final_sales`` all final sales of a producer, ``spending``
    final expenditure by region. The guess is a geometric mean of (a) the pattern of intermediate
    sales and (b) spending spread over sectors (half by the world's final sales, half by the
    region's own) and over origins by their shares in intermediate purchases. It sums to
    ``final_sales``.
    """
    pattern = sales + FLOOR
    origin_share = pattern / pattern.sum(axis=0)
    world = final_sales.sum(axis=0) / final_sales.sum()
    own = final_sales / np.maximum(final_sales.sum(axis=1, keepdims=True), FLOOR)
    structure = (WORLD_TASTE * world + (1.0 - WORLD_TASTE) * own).T * spending
    spread = origin_share * structure
    guess = spread**STRUCTURE_WEIGHT * pattern ** (1.0 - STRUCTURE_WEIGHT)
    scale = final_sales / np.maximum(guess.sum(axis=2), np.finfo(float).tiny)
    return np.asarray(guess * scale[:, :, None])


def balance_final_demand(
    prior: Float[Array, "I S D"],
    final_sales: Float[Array, "I S"],
    domestic: Float[Array, " I"],
    imports: Float[Array, " D"],
    tolerance: float = 1e-10,
    max_iterations: int = 5_000,
) -> Float[Array, "I S D"]:
    """Scale final sales by destination to what is known of them, million USD.

    Known are each producer's final sales, each region's purchases from itself (``domestic``) and
    each destination's purchases from all others (``imports``). The first I destinations are the
    producing regions in their order; further ones only import. ``tolerance`` bounds the largest
    relative gap of ``domestic`` and ``imports``. Raises ``MarginMismatchError``,
    ``UnreachableMarginError``, ``NotBalancedError``.
    """
    known, given = final_sales.sum(), domestic.sum() + imports.sum()
    if abs(known - given) > 1e-9 * known:
        raise MarginMismatchError(f"final sales sum to {known:.10g}, purchases to {given:.10g}")
    _check_reachable("producer", prior.sum(2).ravel(), np.zeros(1), final_sales.ravel())
    own, flow, gap = np.eye(*prior.shape[::2]) > 0, np.asarray(prior), np.inf
    for _ in range(max_iterations):
        flow = flow * _ratio(final_sales, flow.sum(axis=2))[:, :, None]
        traded = flow.sum(axis=1)
        abroad = np.where(own, 0.0, traded).sum(axis=0)
        at_home = _ratio(domestic, np.diagonal(traded))
        from_abroad = _ratio(imports, abroad)
        gap = float(max(np.abs(at_home - 1.0).max(), np.abs(from_abroad - 1.0).max()))
        if gap <= tolerance:
            return np.asarray(flow)
        flow = flow * np.where(own, at_home[:, None], from_abroad[None, :])[:, None, :]
    raise NotBalancedError(f"largest relative gap {gap:.2e} after {max_iterations} iterations")


def _ratio(target: Array, actual: Array) -> Array:
    """Target over actual; 1 where both are zero. Raises ``UnreachableMarginError``."""
    if np.any((target > 0) & (actual <= 0)):
        places = ", ".join(str(p) for p in np.argwhere((target > 0) & (actual <= 0))[:8].tolist())
        raise UnreachableMarginError(f"nothing to scale at positions {places}")
    return np.asarray(np.where(actual > 0, target / np.where(actual > 0, actual, 1.0), 1.0))
