"""How instruments on the same cell combine, whatever their order.

What no instrument moves is the array given.

Trade costs, productivity and labour multiply, as does what bans leave; embargoes come before caps;
payments and quotas of workers add up. Rates are stacked in ``tula.policy.rate_stacking``, ceilings
in ``tula.policy.limits``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tula.errors import TulaError
from tula.policy.caps import CapInstrument, ImportCut
from tula.policy.cells import Placed
from tula.policy.describe import title
from tula.policy.instruments import (
    Embargo,
    Payment,
    Productivity,
    TradeCost,
)
from tula.policy.labour import Labour, Migration
from tula.policy.shock import Corridor
from tula.shapes import Bool, Float

Array = np.ndarray


class LabourShareError(TulaError):
    """A labour instrument names sectors, and the wage bill by sector is missing or malformed.

    Pass ``labour_share`` (regions by sectors, zero or more, each row sums to one), or drop the
    sectors to move the whole region's labour.
    """


def trade_costs(hat: Float[Array, "S N I"], placed: Sequence[Placed]) -> Float[Array, "S N I"]:
    """Ratios of new to old iceberg cost: factors multiply."""
    for p in placed:
        if isinstance(p.instrument, TradeCost):
            hat = np.where(p.cells, hat * p.instrument.ratio, hat)
    return hat


def embargoes(none: Bool[Array, "S N I"], placed: Sequence[Placed]) -> Bool[Array, "S N I"]:
    """Cells that are zero: under an embargo, or a ceiling of nothing."""
    shut = none
    for p in placed:
        if is_embargo(p):
            shut = shut | p.cells
    return shut


def is_embargo(placed: Placed) -> bool:
    """Whether an instrument closes its cells altogether."""
    item = placed.instrument
    if isinstance(item, ImportCut | CapInstrument):
        return item.ceiling == 0.0
    return isinstance(item, Embargo) and item.coverage == 1.0


def banned(none: Float[Array, "S N I"], placed: Sequence[Placed]) -> Float[Array, "S N I"]:
    """Shares of goods that may not be bought: each ban takes its part of what the others leave."""
    shares = none
    for p in placed:
        if isinstance(p.instrument, Embargo) and not is_embargo(p):
            left = (1.0 - shares) * (1.0 - p.instrument.coverage)
            shares = np.where(p.cells, 1.0 - left, shares)
    return shares


def productivities(hat: Float[Array, "N S"], placed: Sequence[Placed]) -> Float[Array, "N S"]:
    """Ratios of new to old productivity: factors multiply."""
    for p in placed:
        if isinstance(p.instrument, Productivity):
            hat = np.where(p.cells, hat * p.instrument.factor, hat)
    return hat


def labour_endowments(
    hat: Float[Array, " N"], placed: Sequence[Placed], labour_share: Float[Array, "N S"] | None
) -> Float[Array, " N"]:
    """Ratios of new to old effective labour; sectors count by their share of the wage bill.

    Raises ``LabourShareError`` where sectors are named and the shares are absent or malformed.
    """
    sectoral = []
    for p in placed:
        if isinstance(p.instrument, Labour) and p.instrument.sectors is None:
            hat = np.where(p.cells.any(axis=1), hat * p.instrument.ratio, hat)
        elif isinstance(p.instrument, Labour):
            sectoral.append((p.instrument.ratio, p))
    if not sectoral:
        return hat
    share = _checked_shares(labour_share, sectoral[0][1])
    factor = np.ones_like(share)
    for ratio, p in sectoral:
        factor[p.cells] *= ratio
    return np.asarray(hat * (1.0 + (share * (factor - 1.0)).sum(axis=1)))


def _checked_shares(share: Float[Array, "N S"] | None, first: Placed) -> Float[Array, "N S"]:
    if share is None:
        raise LabourShareError(
            f"{first.tag} names sectors: pass labour_share, each sector's share of its region's "
            "wage bill, or drop the sectors to move the whole region's labour"
        )
    found = np.asarray(share, dtype=np.float64)
    if found.shape != first.cells.shape:
        raise LabourShareError(
            f"labour_share has shape {found.shape}, expected (regions, sectors) {first.cells.shape}"
        )
    if not (found >= 0.0).all() or not np.allclose(found.sum(axis=1), 1.0, rtol=0.0, atol=1e-6):
        raise LabourShareError("labour_share must be zero or more and sum to one in every region")
    return found


def corridors(placed: Sequence[Placed]) -> tuple[Corridor, ...]:
    """Labour admitted by one region from another; several quotas of a pair stand side by side."""
    found = []
    for p in placed:
        if isinstance(p.instrument, Migration):
            source, host = (int(place) for place in np.argwhere(p.cells)[0])
            found.append(_corridor(p.instrument, source, host))
    return tuple(found)


def _corridor(item: Migration, source: int, host: int) -> Corridor:
    wanted = np.inf if item.wanted_thousand is None else item.wanted_thousand
    return Corridor(
        instrument=title(item),
        source=source,
        host=host,
        home_value=item.home_value,
        host_value=item.host_value,
        remitted=item.remitted,
        wanted=float(wanted / item.workers_thousand),
        elasticity=item.elasticity,
    )


def net_transfers(none: Float[Array, " N"], placed: Sequence[Placed]) -> Float[Array, " N"]:
    """Million USD received less paid by region; sums to zero."""
    net = none.copy()
    for p in placed:
        if isinstance(p.instrument, Payment):
            payer, receiver = np.argwhere(p.cells)[0]
            net[payer] -= p.instrument.amount_musd
            net[receiver] += p.instrument.amount_musd
    return net
