"""Who pays a tariff: the split between buyer, seller and treasuries.

Quantities are held at their base level, so that the split adds up exactly: what buyer and seller
lose is what the treasuries and the holders of quota rents gain plus what melts on the way.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from tula.equilibrium.solution import Solution
from tula.errors import TulaError
from tula.metrics.arrays import (
    border_price_hat,
    buyer_price_hat,
    duty_step,
    ratio,
    seller_price_hat,
)
from tula.metrics.registry import METRICS, MONEY, metric
from tula.shapes import Float

if TYPE_CHECKING:
    import xarray as xr

Array = np.ndarray
CELL = ("sector", "importer", "exporter")


class UnchangedTariffError(TulaError):
    """No duty between the two regions changed, so nobody pays a change. Check the direction."""


@metric(
    title="Tariff pass-through",
    unit="1",
    dims=CELL,
    base="change in the log of one plus tariff",
    sign="1 = the buyer's price moves by the full duty, 0 = not at all",
)
def pass_through(solution: Solution) -> Float[Array, "S N I"]:
    """Log change in the buyer's price over the log change in one plus tariff.

    Prices are in the numeraire. Not a number where the tariff did not change or nothing was
    bought in the base or trade is embargoed.
    """
    return _per_duty(solution, np.log(buyer_price_hat(solution)))


@metric(
    title="Seller's share of the tariff",
    unit="1",
    dims=CELL,
    base="change in the log of one plus tariff",
    sign="1 = the producer's price falls by the full duty, 0 = not at all",
)
def seller_share(solution: Solution) -> Float[Array, "S N I"]:
    """Minus the log change in the producer's price over the log change in one plus tariff.

    The producer's price is relative to the numeraire. With no other wedge changing, pass-through
    and seller's share add to one.
    """
    fall = -np.log(seller_price_hat(solution))
    return _per_duty(solution, np.broadcast_to(fall, solution.trade_share.shape))


@metric(
    title="Tariff incidence",
    unit=MONEY,
    dims=("party", *CELL),
    base="base quantities",
    sign="buyer and seller: plus = loses; treasuries, quota holder: plus = gains; melted: plus = "
    "more lost in transit",
)
def incidence(solution: Solution) -> Float[Array, "P S N I"]:
    """Money on base quantities: buyer and seller lose what the other parties gain.

    The quota holder is the importer's holder of the rent of a binding quantity cap. Embargoed
    cells are not numbers: they have no price.
    """
    base, shock = solution.calibration, solution.shock
    border, paid = base.border_trade, buyer_price_hat(solution)
    producer = border / (1.0 + base.export_tax)
    price, made = border_price_hat(solution), seller_price_hat(solution)
    arrived = made * solution.trade_cost_hat
    licences = (1.0 + shock.tariff) * (solution.cap_wedge - 1.0) - (solution.duty - shock.tariff)
    parties = (
        border * (1.0 + base.tariff) * (paid - 1.0),
        producer * (1.0 - made),
        border * (solution.duty * price - base.tariff),
        producer * (shock.export_tax * arrived - base.export_tax),
        border * price * licences,
        producer * made * (solution.trade_cost_hat - 1.0),
    )
    return np.where(shock.embargo & (border > 0.0), np.nan, np.stack(parties))


@metric(
    title="Burden of the changed duties",
    unit=MONEY,
    dims=("party",),
    base="base quantities",
    sign="buyer and seller: plus = loses; treasuries, quota holder: plus = gains; melted: plus = "
    "more lost in transit",
)
def duty_burden(solution: Solution) -> Float[Array, " P"]:
    """Tariff incidence summed over all trade whose duty changed and that has a price."""
    changed = np.isfinite(duty_step(solution))
    borne = METRICS["incidence"].values(solution)
    return np.asarray(np.where(changed, borne, 0.0).sum(axis=(1, 2, 3)))


def tariff_incidence(
    solution: Solution,
    importer: str,
    exporter: str,
    sectors: str | Iterable[str] = "all",
) -> xr.Dataset:
    """Return who pays the importer's changed duties on one exporter, summed over sectors.

    Variables: ``pass_through`` and ``seller_share`` (averages over sectors whose duty changed,
    weighted by base border value times the log change in one plus tariff), ``incidence`` by party
    (million USD on base quantities) and ``revenue_change`` (million USD actually collected more,
    after quantities moved). Cells without a change in duty, and embargoed cells, are left out.
    Raises ``UnchangedTariffError`` if no duty changed on traded goods.
    """
    import xarray as xr

    cells = _changed_cells(solution, importer, exporter, sectors)
    where = {"importer": importer, "exporter": exporter, "sector": list(cells)}
    n, i = (solution.labels.region_index(code) for code in (importer, exporter))
    rows = [solution.labels.sector_index(code) for code in cells]
    weight = (solution.calibration.border_trade * duty_step(solution))[rows, n, i]
    parts = {name: METRICS[name](solution).sel(where) for name in ("pass_through", "seller_share")}
    averages = {
        name: (part * weight).sum("sector", keep_attrs=True) / weight.sum()
        for name, part in parts.items()
    }
    money = METRICS["incidence"](solution).sel(where).sum("sector", keep_attrs=True)
    new = (solution.duty * solution.border_trade)[rows, n, i].sum()
    old = (solution.calibration.tariff * solution.calibration.border_trade)[rows, n, i].sum()
    collected = xr.DataArray(new - old, attrs={"units": MONEY, "sign": "plus = more collected"})
    return xr.Dataset({**averages, "incidence": money, "revenue_change": collected}).assign_attrs(
        importer=importer, exporter=exporter, sectors=", ".join(cells)
    )


def _changed_cells(
    solution: Solution, importer: str, exporter: str, sectors: str | Iterable[str]
) -> tuple[str, ...]:
    n, i = (solution.labels.region_index(code) for code in (importer, exporter))
    chosen = solution.labels.resolve_sectors(sectors)
    defined = np.isfinite(duty_step(solution)[:, n, i])
    cells = tuple(code for code in chosen if defined[solution.labels.sector_index(code)])
    if not cells:
        raise UnchangedTariffError(
            f"no duty of {importer} on traded goods from {exporter} changed in "
            f"{', '.join(chosen)}; the importer comes first"
        )
    return cells


def _per_duty(solution: Solution, log_change: Float[Array, "S N I"]) -> Float[Array, "S N I"]:
    return ratio(log_change, duty_step(solution))
