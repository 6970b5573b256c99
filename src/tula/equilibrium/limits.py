"""Ceilings on quantities and prices, by complementarity: a wedge where they bind, none where not.

A limit spans one or several cells and has one wedge; a cell may stand under several limits, whose
wedges then add up in logs. Who keeps a wedge's proceeds is the limit's own: the importer, the
exporter, or nobody (the wedge is then used up like an iceberg cost).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tula.equilibrium.arrays import Array, add_at, namespace, raise_at, record
from tula.equilibrium.calibration import Calibration
from tula.policy.shock import Limit, Shock
from tula.shapes import Bool, Float, Int

#: Response of a seller's price to the wedge above it, as the iteration assumes it.
PRICE_RESPONSE = 1.0
#: Bounds the step of a wedge on quantities that hardly answer it.
LEAST_LIMIT_RESPONSE = 0.05


@record
class Limits:
    """Q cells under G limits, at most J on a cell; the last limit holds none (it fills up).

    ``member`` are the limits a cell stands under; ``weight`` its part of a limit's base quantity.
    ``theta`` is the buyer's trade elasticity, ``wedge_hat`` the change of the ordinary wedge
    between producer and buyer, without rents, ``log_left`` the log of what bans leave of a cell's
    goods.
    ``log_beyond`` is the largest wedge of a limit, beyond which more is bought (infinite: none).
    """

    sector: Int[Array, "... Q"]
    importer: Int[Array, "... Q"]
    exporter: Int[Array, "... Q"]
    member: Int[Array, "... Q J"]
    weight: Float[Array, "... Q J"]
    access: Float[Array, "... Q"]
    border_access: Float[Array, "... Q"]
    producer_access: Float[Array, "... Q"]
    base_share: Float[Array, "... Q"]
    theta: Float[Array, "... Q"]
    wedge_hat: Float[Array, "... Q"]
    tax_hat: Float[Array, "... Q"]
    log_left: Float[Array, "... Q"]
    log_ceiling: Float[Array, "... G"]
    on_price: Bool[Array, "... G"]
    to_importer: Float[Array, "... G"]
    to_exporter: Float[Array, "... G"]
    response: Float[Array, "... G"]
    log_beyond: Float[Array, "... G"]

    @property
    def places(self) -> tuple[Array, ...]:
        """Where the cells stand in an array of all."""
        return self.at(self.sector, self.importer, self.exporter)

    def at(self, *axes: Array) -> tuple[Array, ...]:
        """Return places along some axes; those of many systems begin with the system's own."""
        shape = self.log_ceiling.shape
        if len(shape) == 1:
            return axes
        return np.arange(len(self.sector)).reshape(-1, *[1] * (axes[0].ndim - 1)), *axes


class CellWedges(NamedTuple):
    """Log wedges of limited cells: in all, and the parts that importers and exporters keep."""

    total: Float[Array, "... Q"]
    to_importer: Float[Array, "... Q"]
    to_exporter: Float[Array, "... Q"]


def over_quota(
    log_beyond: Float[Array, "... G"], wedge: Float[Array, "... G"]
) -> Float[Array, "... G"]:
    """Return the log of what is bought over each ceiling: what the unknown is above its wedge.

    The unknown of a limit is its log wedge up to ``log_beyond``; what it is more counts by how
    much, in logs, purchases are more than the ceiling.
    """
    return namespace(wedge).maximum(wedge - log_beyond, 0.0)


def kept_wedge(
    log_beyond: Float[Array, "... G"], wedge: Float[Array, "... G"]
) -> tuple[Float[Array, "... G"], Float[Array, "... G"]]:
    """Return each limit's log wedge, and the log of what holders of licences keep of it.

    Where more is bought than a tariff quota, licences keep the wedge on the quota alone; on the
    rest it is duty: with the part f inside, 1 + f (wedge - 1) of the price inside.
    """
    xp, over = namespace(wedge), over_quota(log_beyond, wedge)
    whole = wedge - over
    part = xp.log1p(xp.exp(-over) * xp.expm1(whole))
    return whole, xp.where(over > 0.0, part, whole)


def cell_wedges(limits: Limits, wedge: Float[Array, "... G"]) -> CellWedges:
    """Spread the limits' log wedges over their cells; duty beyond a quota is the importer's."""
    whole, kept = kept_wedge(limits.log_beyond, wedge)
    to_importer = kept * limits.to_importer + (whole - kept)
    parts = (whole, to_importer, kept * limits.to_exporter)
    members = limits.at(limits.member)
    return CellWedges(*(part[members].sum(axis=-1) for part in parts))


def excess(
    limits: Limits,
    log_quantity: Float[Array, "... Q"],
    log_seller_price: Float[Array, "... Q"],
    wedge: Float[Array, "... G"],
) -> Float[Array, "... G"]:
    """Return the log ratio of quantity, or of the highest price, to each ceiling.

    Less what the unknown says is bought beyond it.
    """
    xp, shape, members = namespace(log_quantity), wedge.shape, limits.at(limits.member)
    quantity = add_at(xp.zeros(shape), members, limits.weight * xp.exp(log_quantity)[..., None])
    counted = xp.where(limits.weight > 0.0, log_seller_price[..., None], -xp.inf)
    price = raise_at(xp.full(shape, -xp.inf), members, counted)
    log_quantity_ratio = xp.log(xp.where(quantity > 0.0, quantity, 1.0))
    reached = xp.where(limits.on_price, price, log_quantity_ratio)
    return reached - limits.log_ceiling - over_quota(limits.log_beyond, wedge)


class ActiveLimit(NamedTuple):
    """A limit in force and its cells that trade and are not under embargo.

    ``part`` is those cells' part of the base quantity that the ceiling counts from.
    """

    limit: Limit
    cells: Int[np.ndarray, "C 3"]
    part: float


def active_limits(calibration: Calibration, shock: Shock) -> tuple[ActiveLimit, ...]:
    """Return the limits that have cells left, in order."""
    kept = []
    for limit in shock.limits:
        value = base_received(calibration, tuple(limit.cells.T))
        alive = ~shock.embargo[tuple(limit.cells.T)] & (value > 0.0)
        if alive.any():
            part = float(value[alive].sum() / value.sum())
            kept.append(ActiveLimit(limit, limit.cells[alive], part))
    return tuple(kept)


def without_purchases(shock: Shock, ended: Sequence[Limit]) -> Shock:
    """Return the shock in which nothing is bought in the cells of some limits, which then go."""
    embargo = shock.embargo.copy()
    for limit in ended:
        embargo[tuple(limit.cells.T)] = True
    kept = tuple(one for one in shock.limits if not any(one is limit for limit in ended))
    return shock.replace(embargo=embargo, limits=kept)


def base_received(
    calibration: Calibration, cells: tuple[np.ndarray, ...]
) -> Float[np.ndarray, " C"]:
    """Return what producers received in some cells in the base year, million USD."""
    sector, importer, _ = cells
    value = calibration.trade_share[cells] * calibration.expenditure[importer, sector]
    taxes = (1.0 + calibration.tariff[cells]) * (1.0 + calibration.export_tax[cells])
    return np.asarray(value / taxes)


class Places(NamedTuple):
    """Positions on the host before any array is cut: cells, and each cell's limits."""

    cells: Int[np.ndarray, "Q 3"]
    member: Int[np.ndarray, "Q J"]


def place_limits(limits: Sequence[ActiveLimit]) -> Places:
    """Give every limited cell one row and list the limits it stands under."""
    rows: dict[tuple[int, int, int], list[int]] = {}
    for number, limit in enumerate(limits):
        for cell in limit.cells.tolist():
            rows.setdefault(tuple(cell), []).append(number)
    width = max((len(numbers) for numbers in rows.values()), default=1)
    none = len(limits)
    member = [numbers + [none] * (width - len(numbers)) for numbers in rows.values()]
    cells = np.array(list(rows), dtype=np.int64).reshape(-1, 3)
    return Places(cells, np.array(member, dtype=np.int64).reshape(-1, width))


def padded(size: int) -> int:
    """Return zero for zero, else the least power of eight that is not below ``size``."""
    power = min(1, size)
    while power < size:
        power *= 8
    return power
