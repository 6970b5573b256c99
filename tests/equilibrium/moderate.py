"""Moderate shocks of every kind, and limits that bind beside them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tula.equilibrium import Solution
from tula.equilibrium.calibration import Calibration
from tula.policy.shock import Corridor, Limit, Shock, no_shock

Array = np.ndarray
Cell = tuple[int, int, int]


def quiet(base: Calibration) -> Shock:
    """Return the shock that changes nothing."""
    return no_shock(base.labels, base.tariff, base.export_tax)


def moderate_shock(base: Calibration, seed: int) -> Shock:
    """Return a shock that moves every wedge, productivity, labour and transfers a little."""
    draw = np.random.default_rng(seed)
    s, n, _ = base.tariff.shape
    abroad = ~np.eye(n, dtype=bool)[None]
    transfer = draw.normal(0.0, 0.01, n) * base.value_added
    transfer -= transfer.sum() * base.value_added / base.value_added.sum()
    return replace(
        quiet(base),
        tariff=base.tariff + abroad * draw.uniform(0.0, 0.3, (s, n, n)),
        export_tax=base.export_tax + abroad * draw.uniform(-0.03, 0.1, (s, n, n)),
        trade_cost_hat=np.where(abroad, draw.uniform(0.9, 1.2, (s, n, n)), 1.0),
        productivity_hat=draw.uniform(0.9, 1.1, (n, s)),
        labour_hat=draw.uniform(0.95, 1.05, n),
        transfer=transfer,
    )


def with_tariff(base: Calibration, cell: Cell, rate: float) -> Shock:
    """Return the base year's policy with a rate added in one cell."""
    tariff = np.array(base.tariff)
    tariff[cell] += rate
    return replace(quiet(base), tariff=tariff)


def limit(
    cells: list[Cell], ceiling: float, rent_to: str = "importer", measure: str = "quantity"
) -> Limit:
    """Return one limit over some cells."""
    return Limit(f"{measure} limit", np.array(cells), measure, ceiling, rent_to)


def quantities(found: Solution) -> Array:
    """Return ratios of new to old quantity bought, cell by cell, from values and prices."""
    base, shock = found.calibration, found.shock
    price = found.seller_wedge * found.cost_hat.T[:, None, :]
    price = price * (1 + shock.export_tax) / (1 + base.export_tax) * found.trade_cost_hat
    return np.asarray(found.border_trade / base.border_trade / price)


def sold_before(base: Calibration) -> Array:
    """Return base purchases at producer's prices, million USD."""
    return np.asarray(base.border_trade / (1 + base.export_tax))


def limits_that_bind(free: Solution) -> tuple[Limit, ...]:
    """Return limits a fifth below what is traded without them, of every recipient, and one slack.

    The last but one holds the price of the largest flow a half percent below.
    """
    moved, weight = quantities(free), sold_before(free.calibration)
    first, second, third = [(0, 0, 1), (0, 0, 2)], (1, 1, 0), (1, 2, 0)
    places = tuple(np.array(first).T)
    together = float((weight * moved)[places].sum() / weight[places].sum())
    large = free.border_trade * ~np.eye(moved.shape[1], dtype=bool)[None]
    for cell in (*first, second, third):
        large[cell] = 0.0
    s, n, i = (int(axis) for axis in np.unravel_index(int(np.argmax(large)), large.shape))
    seller = float(free.seller_wedge[s, n, i] * free.cost_hat[i, s])
    return (
        limit(first, 0.8 * together, "importer"),
        limit([second], 0.8 * float(moved[second]), "exporter"),
        limit([third], 0.8 * float(moved[third]), "nobody"),
        limit([(s, n, i)], 0.995 * seller, "importer", "price"),
        limit([(2, 1, 0)], 5.0, "importer"),
    )


def corridors(base: Calibration) -> tuple[Corridor, ...]:
    """Return a corridor with willing workers short of its quota, and one always filled."""
    first, third = float(base.value_added[0]), float(base.value_added[2])
    return (
        Corridor("answering", 0, 1, 0.01 * first, 0.015 * first, 0.4, 0.8, 2.0),
        Corridor("filled", 2, 1, 0.01 * third, 0.02 * third, 0.2),
    )
