"""Power of one party over another: what it would cost to lose all of its varieties at once.

For a small CES buyer that spends the share beta of its final spending on a sector, of which the
share omega goes to the power, losing the power's varieties raises the sector's price index by
-ln(1 - omega)/(sigma - 1), all other prices given. Summed over sectors this is the power of
Clayton, Maggiori and Schreger ("A Framework for Geoeconomics"; the closed form is our derivation):
convex in omega, and threats of one power add up over sectors. Buyers with an elasticity of their
own keep it; where home supply stands in a nest of its own, the rise holds for the bundle of imports
and passes through that nest. It is the supremum of a threat, not
a forecast, and it moves no wage and no other price: ``tula.strategy.withdrawal`` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from tula.errors import TulaError
from tula.metrics.parties import (
    EmptyPartyError,
    Parties,
    Position,
    World,
    label_base,
    position,
    resolve_parties,
)
from tula.shapes import Float

if TYPE_CHECKING:
    import xarray as xr

Array = np.ndarray
#: Elasticity of substitution between origins: the world's theta + 1, one for all sectors, or by
#: sector (codes or groups; the other sectors keep theirs). Given ones hold for every buyer.
Sigma = float | Mapping[str, float] | None
#: Members of a buyer, members of a power: sectors by value, on the buyer's final spending.
_Loss = Callable[[tuple[int, ...], tuple[int, ...]], Float[Array, " S"]]

LOG_POINTS = "log points x 100, % of final spending"
THREAT = "plus = the region loses if the partner withdraws"


class InelasticDemandError(TulaError):
    """Severance at an elasticity of substitution of one or less has no finite cost.

    No price replaces a variety that nothing else replaces. State how much of the quantity would
    remain (stocks, other suppliers) and use ``tula.metrics.rationing``, or give a sigma above one.
    """


def power_by_sector(
    world: World, *, powers: Parties = None, buyers: Parties = None, sigma: Sigma = None
) -> xr.DataArray:
    """Return the cost to each buyer (region) of losing all of a power's (partner's) sales to it.

    Axes sector, region, partner; unit ``LOG_POINTS``: 100 beta (-ln(1 - omega))/(sigma - 1), beta
    being all tariff-inclusive purchases of the sector, inputs included, over final spending (a
    Domar weight), omega the power's share in them, home purchases counted. A coalition's sellers
    are taken jointly, which is more than the sum of its members. Not a number where power and
    buyer are one; infinite where the power is the only supplier.

    Raises ``InelasticDemandError``, ``UnknownNameError``, ``EmptyPartyError``.
    """
    place = position(world)
    theta = substitution(place, sigma) - 1.0

    def loss(buyer: tuple[int, ...], power: tuple[int, ...]) -> Float[Array, " S"]:
        omega = place.trade_share[:, buyer, :][:, :, power].sum(axis=2).T
        own = theta[:, buyer].T
        _refuse_inelastic(place, own, omega)
        spent = place.expenditure[list(buyer)]
        rise = _price_rise(place, buyer, omega, own)
        return _weighed(spent, rise, place.final_spending[list(buyer)])

    return _by_sector(
        place,
        (buyers, powers),
        loss,
        name="power",
        title="Power over a buyer",
        base="final spending; all other prices given",
    )


def market_power_by_sector(
    world: World, *, markets: Parties = None, sellers: Parties = None, sigma: Sigma = None
) -> xr.DataArray:
    """Return the cost to each seller (region) of losing a partner's market, sector by sector.

    With the share m of a sector's sales gone and the quantity as before, the other buyers take it
    at a price lower by -ln(1 - m)/sigma: 100 (output / final spending)(-ln(1 - m))/sigma, in
    ``LOG_POINTS``. An upper bound: workers who can leave the sector lose less, and buyers at home
    gain part of what producers lose. Where buyers differ, sigma is the mean of those that remain,
    weighted by what they buy of the seller.
    """
    place = position(world)
    own = substitution(place, sigma)
    if (own <= 0).any():
        raise InelasticDemandError("a sigma of zero or less leaves no price at which to sell")

    def loss(seller: tuple[int, ...], market: tuple[int, ...]) -> Float[Array, " S"]:
        sold = place.border_trade[:, :, seller]
        total = sold.sum(axis=1)
        lost = sold[:, market, :].sum(axis=1)
        share = np.divide(lost, total, out=np.zeros_like(lost), where=total > 0).T
        left = np.delete(sold, market, axis=1)
        weighed = (left * np.delete(own, market, axis=1)[:, :, None]).sum(axis=1)
        kept = left.sum(axis=1)
        mean = np.divide(weighed, kept, out=np.ones_like(kept), where=kept > 0).T
        return _weighed(total.T, _severed(share) / mean, place.final_spending[list(seller)])

    return _by_sector(
        place,
        (sellers, markets),
        loss,
        name="market_power",
        title="Power over a seller",
        base="final spending; output and other markets' demand given",
    )


def power(
    world: World, *, powers: Parties = None, buyers: Parties = None, sigma: Sigma = None
) -> xr.DataArray:
    """Return ``power_by_sector`` summed over sectors: region (who depends), partner (on whom)."""
    by_sector = power_by_sector(world, powers=powers, buyers=buyers, sigma=sigma)
    return _total(by_sector)


def sector_concentration(by_sector: xr.DataArray) -> xr.DataArray:
    """Return the Herfindahl index of a power's sources over sectors: 1 = one sector is all of it.

    ``by_sector`` is ``power_by_sector`` or ``market_power_by_sector``. Not a number without power.
    """
    share = by_sector / by_sector.sum("sector", skipna=False)
    index = (share**2).sum("sector", skipna=False).rename("sector_concentration")
    return _restated(
        index, by_sector, "Concentration of power over sectors", "fraction", "1 = one sector only"
    )


def import_dependence(
    world: World, *, partners: Parties = None, regions: Parties = None, sigma: Sigma = None
) -> xr.DataArray:
    """Return first-order dependence of each region on each partner, net of the reverse.

    Imports over final spending divided by sigma - 1, summed over sectors, less the same the other
    way round, each on its own final spending: the idea of Liu and Yang ("International Power",
    NBER 34006), with our normalisation. Close to ``power`` less its reverse where shares are
    small; a cross-check, since both read the same shares. Region less partner: plus = the region
    depends more. Errors as ``power_by_sector``.
    """
    place = position(world)
    theta = substitution(place, sigma) - 1.0

    def loss(buyer: tuple[int, ...], seller: tuple[int, ...]) -> Float[Array, " S"]:
        one_way = _first_order(place, theta, buyer, seller)
        return np.asarray(one_way - _first_order(place, theta, seller, buyer))

    found = _by_sector(
        place,
        (regions, partners),
        loss,
        name="import_dependence",
        title="Net import dependence",
        base="final spending of each side",
    )
    return _total(found).assign_attrs(sign="plus = the region depends more on the partner")


def substitution(place: Position, sigma: Sigma) -> Float[Array, "S N"]:
    """Return sigma by sector and buyer: given for all, for some, or the world's theta + 1."""
    own = place.trade_elasticity + 1.0
    if sigma is None:
        return np.asarray(own)
    if not isinstance(sigma, Mapping):
        return np.full_like(own, float(sigma))
    changed = own.copy()
    for name, value in sigma.items():
        for code in place.labels.resolve_sectors(name):
            changed[place.labels.sector_index(code)] = value
    return np.asarray(changed)


def _price_rise(
    place: Position, buyer: tuple[int, ...], omega: Float[Array, "B S"], theta: Float[Array, "B S"]
) -> Float[Array, "B S"]:
    """Return the log rise of each buyer's price index if the share omega goes for good."""
    outer = place.home_and_imports
    if outer is None:
        return np.asarray(_severed(omega) / theta)
    home = place.trade_share[:, buyer, buyer].T
    abroad = np.maximum(1.0 - home, 0.0)
    part = np.divide(omega, abroad, out=np.zeros_like(omega), where=abroad > 0)
    rise = _severed(part) / theta
    if outer == 1.0:
        return np.asarray(np.multiply(abroad, rise, out=np.zeros_like(rise), where=abroad > 0))
    with np.errstate(over="ignore", divide="ignore"):
        return np.asarray(-np.log(home + abroad * np.exp(-(outer - 1.0) * rise)) / (outer - 1.0))


def _severed(share: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
    """-ln(1 - share); shares of one that miss it by rounding are one."""
    whole = share >= 1.0 - 1e-12
    lost = -np.log1p(-np.where(whole, 0.0, share))
    return np.asarray(np.where(whole, np.inf, lost))


def _weighed(
    value: Float[Array, "B S"], loss: Float[Array, "B S"], spending: Float[Array, " B"]
) -> Float[Array, " S"]:
    """Sum members' losses in money, on their joint final spending; nothing spent, nothing lost."""
    money = np.multiply(value, loss, out=np.zeros_like(value), where=value > 0)
    return np.asarray(100.0 * money.sum(axis=0) / spending.sum())


def _first_order(
    place: Position, theta: Float[Array, "S N"], buyer: tuple[int, ...], seller: tuple[int, ...]
) -> Float[Array, " S"]:
    bought = (place.trade_share * place.expenditure.T[:, :, None])[:, buyer, :][:, :, seller]
    money, own = bought.sum(axis=2).T, theta[:, buyer].T
    _refuse_inelastic(place, own, money)
    first = np.divide(money, own, out=np.zeros_like(money), where=money > 0)
    return np.asarray(100.0 * first.sum(axis=0) / place.final_spending[list(buyer)].sum())


def _by_sector(
    place: Position,
    sides: tuple[Parties, Parties],
    loss: _Loss,
    *,
    name: str,
    title: str,
    base: str,
) -> xr.DataArray:
    own, other = (resolve_parties(place.labels, side) for side in sides)
    values = np.full((len(place.labels.sectors), len(own), len(other)), np.nan)
    for row, members in enumerate(own.values()):
        for column, partners in enumerate(other.values()):
            foreign = tuple(code for code in partners if code not in members)
            if foreign:
                values[:, row, column] = loss(members, foreign)
    if np.isnan(values).all():
        raise EmptyPartyError("no partner has a region that is not part of the other side")
    coords: dict[str, Iterable[str]] = {
        "sector": place.labels.sectors,
        "region": tuple(own),
        "partner": tuple(other),
    }
    attrs = {"name": name, "title": title, "units": LOG_POINTS, "base": base, "sign": THREAT}
    return label_base(values, place, coords, **attrs)


def _total(by_sector: xr.DataArray) -> xr.DataArray:
    total = by_sector.sum("sector", skipna=False)
    return total.rename(by_sector.name).assign_attrs(by_sector.attrs)


def _restated(
    values: xr.DataArray, source: xr.DataArray, title: str, units: str, sign: str
) -> xr.DataArray:
    return values.assign_attrs({**source.attrs, "long_name": title, "units": units, "sign": sign})


def _refuse_inelastic(
    place: Position, theta: Float[Array, "B S"], share: Float[Array, "B S"]
) -> None:
    hit = (theta <= 0) & (share > 0)
    if hit.any():
        least = np.where(hit, theta, np.inf).min(axis=0)
        told = ", ".join(
            f"{place.labels.sectors[s]} {least[s] + 1.0:g}" for s in np.flatnonzero(hit.any(axis=0))
        )
        raise InelasticDemandError(
            f"sigma is one or less ({told}): losing a supplier for good costs without limit. "
            "Say what quantity remains and use rationing_loss, or give a sigma above one"
        )
