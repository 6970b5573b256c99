"""What a target for two-way trade requires: closed forms, billion USD and years."""

from __future__ import annotations

from dataclasses import dataclass

from tula.equilibrium import Calibration
from tula.errors import TulaError


class TargetError(TulaError):
    """A target cannot be read: trade, years or the target itself is not above zero."""


def required_exports(target: float, imports: float) -> float:
    """Return the exports that bring two-way trade to the target; zero or less if already there."""
    return target - imports


def required_growth(now: float, then: float, years: float) -> float:
    """Return the constant yearly growth that turns ``now`` into ``then``: (then/now)^(1/T) - 1.

    Raises ``TargetError`` unless all three are above zero.
    """
    if not (now > 0.0 and then > 0.0 and years > 0.0):
        raise TargetError(f"growth needs numbers above zero; got {now} to {then} in {years} years")
    return float((then / now) ** (1.0 / years) - 1.0)


def duty_response(exports: float, tariff: float, sigma: float, cut: float = 1.0) -> float:
    """Return the rise of exports when a share ``cut`` of a duty goes: first order, prices held.

    X [((1 + t)/(1 + t (1 - cut)))^sigma - 1], with ``sigma`` the elasticity of customs value,
    which excludes the duty (one more than the elasticity of spending that includes it). Holds for
    a supplier so small that the buyer's price index does not move.
    """
    fall = (1.0 + tariff) / (1.0 + tariff * (1.0 - cut))
    return float(exports * (fall**sigma - 1.0))


@dataclass(frozen=True)
class SectorNeed:
    """One sector's part of the exports required, billion USD.

    ``now`` and ``needed`` share out the study's totals as the world's table does; ``market`` is all
    the partner buys abroad of the sector; ``share_now`` and ``share_needed`` compare the pivot's
    sales with that market at its base size. Above 1 the sector cannot deliver its part.
    """

    sector: str
    now: float
    needed: float
    market: float
    share_now: float
    share_needed: float


def sector_needs(
    calibration: Calibration,
    pivot: str,
    partner: str,
    sectors: tuple[str, ...],
    *,
    exports: float,
    needed: float,
) -> tuple[SectorNeed, ...]:
    """Return each sector's part if all grow alike from the world's pattern, largest first.

    ``exports`` now and ``needed`` are totals over the sectors, billion USD. Raises
    ``UnknownNameError``, and ``TargetError`` where the pivot sells the partner nothing.
    """
    labels = calibration.labels
    seller, buyer = labels.region_index(pivot), labels.region_index(partner)
    places = [labels.sector_index(code) for code in labels.resolve_sectors(sectors)]
    trade = calibration.border_trade / 1000.0
    sales = trade[places, buyer, seller]
    if not sales.sum() > 0.0:
        raise TargetError(f"{pivot} sells {partner} nothing in {', '.join(sectors)}")
    bought = trade[places, buyer].sum(axis=1) - trade[places, buyer, buyer]
    weight = sales / sales.sum()
    found = [
        SectorNeed(
            sector=labels.sectors[place],
            now=float(exports * part),
            needed=float(needed * part),
            market=float(market),
            share_now=float(sold / market),
            share_needed=float((sold + (needed - exports) * part) / market),
        )
        for place, part, market, sold in zip(places, weight, bought, sales, strict=True)
        if part > 0.0
    ]
    return tuple(sorted(found, key=lambda need: -need.needed))
