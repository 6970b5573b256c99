"""What a shock does to the wedges between producers and buyers, and what that leaves of trade."""

from __future__ import annotations

from functools import reduce
from types import EllipsisType

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.errors import VanishingTradeError
from tula.frozen import kept_with, sealed
from tula.policy.shock import Shock
from tula.shapes import Float

Array = np.ndarray
Cells = tuple[np.ndarray, ...]
Accesses = tuple[Float[Array, "S N I"], Float[Array, "S N I"], Float[Array, "S N I"]]


def tax_hat(calibration: Calibration, shock: Shock, cells: Cells | EllipsisType) -> Array:
    """Return the ratio of new to old duty and export tax factors in some cells, or in all."""
    new = (1.0 + shock.tariff[cells]) * (1.0 + shock.export_tax[cells])
    old = (1.0 + calibration.tariff[cells]) * (1.0 + calibration.export_tax[cells])
    return np.asarray(new / old)


def rigidity(calibration: Calibration) -> float:
    """Return 1 / (1 + transformation): zero where producers take one price everywhere."""
    return 1.0 / (1.0 + calibration.technology.transformation)


def accesses(calibration: Calibration, shock: Shock) -> Accesses:
    """Return base trade share times wedge to the power -theta, less what is banned; the same before
    import duty; and before export tax as well (the same array where none is levied).

    Exactly zero under embargo.

    Under rigid destinations the seller's price absorbs part of the wedge. Powers and quotients are
    taken only in the cells whose wedge moves.
    """
    cells, pressure = _pressures(calibration, shock)
    theta = theta_at(calibration, cells)
    before = base_accesses(calibration)
    access, border = before[0].copy(), before[1].copy()
    moved = access[cells] * np.exp(-theta / (1.0 + theta * rigidity(calibration)) * pressure)
    moved *= left_by_bans(calibration, shock, cells)
    lost = (moved == 0.0) & (access[cells] > 0.0) & ~shock.embargo[cells]
    if lost.any():
        sector, importer, exporter = (int(axis[lost][0]) for axis in cells)
        labels = calibration.labels
        raise VanishingTradeError(
            f"what {labels.regions[importer]} buys of {labels.sectors[sector]} from "
            f"{labels.regions[exporter]} becomes too little to count under its duties and costs: "
            "use an embargo in their place"
        )
    access[cells] = moved
    border[cells] = moved / (1.0 + shock.tariff[cells])
    shut = shock.embargo if shock.embargo.any() else None
    if shut is not None:
        access[shut] = border[shut] = 0.0
    untaxed = shock.export_tax is calibration.export_tax or not shock.export_tax.any()
    if before[2] is before[1] and untaxed:
        return access, border, border
    producer = before[2].copy()
    producer[cells] = border[cells] / (1.0 + shock.export_tax[cells])
    if shut is not None:
        producer[shut] = 0.0
    return access, border, producer


@kept_with
def base_accesses(calibration: Calibration) -> Accesses:
    """Return ``accesses`` in the base year."""
    access = calibration.trade_share
    border = sealed(access / (1.0 + calibration.tariff))
    if not calibration.export_tax.any():
        return access, border, border
    return access, border, sealed(border / (1.0 + calibration.export_tax))


def _pressures(calibration: Calibration, shock: Shock) -> tuple[Cells, Float[Array, " Q"]]:
    """Return the cells with a wedge that moves or a ban, and the log wedge less what rigid sellers
    absorb."""
    names = ("trade_cost_hat", "banned", "tariff", "export_tax")
    moves = (shock.moved(name, calibration) for name in names)
    masks, shape = [mask for mask in moves if mask is not None], shock.tariff.shape
    moved = reduce(np.logical_or, masks, np.zeros(shape, dtype=bool))
    cells = np.unravel_index(np.flatnonzero(moved), shape)
    taxes = np.log(tax_hat(calibration, shock, cells))
    felt = (1.0 - rigidity(calibration)) * taxes + np.log(shock.trade_cost_hat[cells])
    return cells, felt


def left_by_bans(calibration: Calibration, shock: Shock, cells: Cells) -> Float[Array, " Q"]:
    """Return what bans on part of the goods leave of cells' access, ratio to the base.

    A buyer's weight on the seller falls to the part that may be sold; rigid sellers absorb some.
    """
    power = 1.0 / (1.0 + theta_at(calibration, cells) * rigidity(calibration))
    return np.asarray((1.0 - shock.banned[cells]) ** power)


def theta_at(calibration: Calibration, cells: Cells) -> Float[Array, " Q"]:
    """Return the trade elasticity of some cells' buyers."""
    return np.asarray(calibration.placed.trade_elasticity[cells[0], cells[1]])


def mean_pressure(calibration: Calibration, shock: Shock) -> Float[Array, "S N"]:
    """Return the mean log wedge of every buyer, by base shares."""
    cells, pressure = _pressures(calibration, shock)
    mean = np.zeros(calibration.trade_share.shape[:2])
    np.add.at(mean, cells[:2], calibration.trade_share[cells] * pressure)
    return mean
