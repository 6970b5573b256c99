"""The cheapest way for one nation to bound what one partner could cost it, on a world's shares."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr

from tula.metrics.parties import (
    EmptyPartyError,
    World,
    label_base,
    position,
    resolve_parties,
)
from tula.metrics.power import Sigma, substitution
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
    own = list(resolve_parties(place.labels, (pivot,))[pivot])
    other = [
        code
        for code in resolve_parties(place.labels, {"partner": _names(partner)})["partner"]
        if code not in own
    ]
    if not other:
        raise EmptyPartyError(f"no partner is left that is not part of {pivot}")
    spent = place.expenditure[own].sum(axis=0)
    bought = place.trade_share[:, own, :][:, :, other].sum(axis=2).T * place.expenditure[own]
    share = np.divide(bought.sum(axis=0), spent, out=np.zeros_like(spent), where=spent > 0)
    weight = 100.0 * spent / place.final_spending[own].sum()
    short, long = substitution(place, sigma_short), substitution(place, sigma_long)
    found = cheapest_hedge(share, weight, loss_cap, sigma_short=short, sigma_long=long)
    values = {"weight": weight, "unhedged_share": share}
    values |= {name: found[name].values for name in ("share", "wedge", "cost", "loss")}
    arrays = {
        name: label_base(
            values[name],
            place,
            {"sector": place.labels.sectors},
            name=name,
            title=title,
            units=units,
            base="base year; all other prices given",
            sign=sign,
        )
        for name, (title, units, sign) in FIGURES.items()
    }
    return xr.Dataset(
        arrays, attrs={"pivot": pivot, "partner": "+".join(_names(partner)), **found.attrs}
    )


def _names(partner: str | Iterable[str]) -> tuple[str, ...]:
    return (partner,) if isinstance(partner, str) else tuple(partner)
