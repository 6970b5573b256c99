"""The cheapest way for one nation to bound what one partner could cost it, on a world's shares."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr

from tula.metrics.parties import (
    EmptyPartyError,
    Position,
    World,
    label_base,
    position,
    resolve_parties,
)
from tula.metrics.power import Sigma, substitution
from tula.shapes import Float
from tula.strategy.hedging import cheapest_hedge

Array = np.ndarray
FIGURES = {
    "weight": ("Spending on the sector", "% of final spending", "inputs included"),
    "unhedged_share": ("Partner's share before", "fraction", "of purchases, home included"),
    "share": ("Partner's share after", "fraction", "of purchases, home included"),
    "wedge": ("Charge on the partner", "fraction", "plus = purchases from it made dearer"),
    "cost": ("Yearly cost", "% of final spending", "plus = costs"),
    "loss": ("Loss if the partner withdraws", "% of final spending", "plus = a loss"),
}


def sector_hedges(
    world: World,
    pivot: str,
    partner: str | Iterable[str],
    *,
    loss_cap: float,
    sigma_short: Sigma,
    sigma_long: Sigma = None,
) -> xr.Dataset:
    """Return by sector how far to lean less on a partner so that its threat stays under a cap.

    ``loss_cap`` is in % of the pivot's final spending and bounds the partner's power at
    ``sigma_short`` (one for all, or by sector; others keep the world's). ``sigma_long`` is the
    world's theta + 1 unless given. Several partners, and members of a pivot that is a group, are
    taken together. Attribute ``hazard`` is the yearly probability of withdrawal at which the same
    hedge would be worth taking. Raises ``HedgingError``, ``UnknownNameError``, ``EmptyPartyError``.
    """
    place = position(world)
    own = resolve_parties(place.labels, (pivot,))[pivot]
    named = resolve_parties(place.labels, {"partner": _names(partner)})["partner"]
    other = tuple(code for code in named if code not in own)
    if not other:
        raise EmptyPartyError(f"no partner is left that is not part of {pivot}")
    share, weight = _dependence(place, own, other)
    short, long = (_own_sigma(place, own, given) for given in (sigma_short, sigma_long))
    found = cheapest_hedge(share, weight, loss_cap, sigma_short=short, sigma_long=long)
    values = {"weight": weight, "unhedged_share": share}
    values |= {name: found[name].values for name in ("share", "wedge", "cost", "loss")}
    told = {"pivot": pivot, "partner": "+".join(_names(partner)), **found.attrs}
    return xr.Dataset({name: _labelled(name, values[name], place) for name in FIGURES}, attrs=told)


def _dependence(
    place: Position, own: tuple[int, ...], other: tuple[int, ...]
) -> tuple[Float[Array, " S"], Float[Array, " S"]]:
    """Return the partner's share in purchases, and purchases in % of final spending, by sector."""
    members = list(own)
    bought = place.trade_share[:, own, :][:, :, other].sum(axis=2).T * place.expenditure[members]
    spent = place.expenditure[members].sum(axis=0)
    share = np.divide(bought.sum(axis=0), spent, out=np.zeros_like(spent), where=spent > 0)
    return share, np.asarray(100.0 * spent / place.final_spending[members].sum())


def _own_sigma(place: Position, own: tuple[int, ...], given: Sigma) -> Float[Array, " S"]:
    """Return sigma by sector of the pivot: its members' mean, weighted by their purchases."""
    members = list(own)
    sigma, spent = substitution(place, given)[:, members], place.expenditure[members].T
    total = spent.sum(axis=1)
    mean = np.divide((sigma * spent).sum(axis=1), total, out=sigma[:, 0].copy(), where=total > 0)
    return np.asarray(np.where(np.ptp(sigma, axis=1) > 0.0, mean, sigma[:, 0]))


def _labelled(name: str, values: Float[Array, " S"], place: Position) -> xr.DataArray:
    title, units, sign = FIGURES[name]
    return label_base(
        values,
        place,
        {"sector": place.labels.sectors},
        name=name,
        title=title,
        units=units,
        base="base year; all other prices given",
        sign=sign,
    )


def _names(partner: str | Iterable[str]) -> tuple[str, ...]:
    return (partner,) if isinstance(partner, str) else tuple(partner)
