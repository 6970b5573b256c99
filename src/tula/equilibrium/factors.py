"""What labour and the factors tied to sectors earn, who is idle, and who works abroad.

Labour moves between sectors with an elasticity (Roy-Frechet: each worker has a talent for each
sector); specific factors stay and earn what is left; a real-wage floor leaves labour idle;
corridors move labour between regions up to a quota. In every sector value added pays both factors
in fixed shares, so that its change alone sets their prices.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from tula.equilibrium.arrays import Array, Scalar, add_at, namespace, record
from tula.shapes import Float, Int


@record
class SectorFactors:
    """Factors that do not move freely: ``stiffness`` is 1 / (1 + labour mobility).

    ``base_income`` (S, N): base value added, million USD; ``specific`` (S, N): the part of it that
    stays in its sector, ``labour`` the rest; ``rise`` (S, N): by how much, in logs, the price of
    value added rises with what its sector earns.
    """

    base_income: Float[Array, "... S N"]
    specific: Float[Array, "... S N"]
    labour: Float[Array, "... S N"]
    stiffness: Scalar
    rise: Float[Array, "... S N"]


@record
class Corridors:
    """C corridors of labour between regions; see ``tula.policy.shock.Corridor``."""

    source: Int[Array, "... C"]
    host: Int[Array, "... C"]
    home_value: Float[Array, "... C"]
    host_value: Float[Array, "... C"]
    remitted: Float[Array, "... C"]
    log_wanted: Float[Array, "... C"]
    elasticity: Float[Array, "... C"]


@record
class Floors:
    """Least wage by region: ``ratio`` to base (0 = none) times final prices to ``indexation``."""

    ratio: Float[Array, "... N"]
    indexation: Float[Array, "... N"]


@record
class Endowments:
    """Labour and what binds it. ``labour`` (N,): at home before corridors, base wages, million USD.

    ``base_labour`` (N,): before the shock. ``level``: what all earnings are multiplied by; None
    where world value added is the numeraire.
    """

    labour: Float[Array, "... N"]
    base_labour: Float[Array, "... N"]
    sectors: SectorFactors | None
    floors: Floors | None
    corridors: Corridors | None
    level: Scalar | None = None

    @property
    def reads_basket(self) -> bool:
        """Whether labour looks at the price of the final basket."""
        return self.floors is not None or self.corridors is not None


class FactorPrices(NamedTuple):
    """Factor markets at some unknowns; logs of ratios to base, incomes in million USD.

    ``log_earning`` (N,): what a unit of labour earns on average, the idle counted; ``log_wage``:
    what those at work earn; ``log_factor`` (1 or S, N): price of value added by sector.
    ``remittance`` and ``corridor_use`` are None without corridors, ``sector_income`` where factors
    move freely.
    """

    log_earning: Float[Array, "... N"]
    log_wage: Float[Array, "... N"]
    log_factor: Float[Array, "... #S N"]
    labour: Float[Array, "... N"]
    labour_income: Float[Array, "... N"]
    value_added: Float[Array, "... N"]
    remittance: Float[Array, "... N"] | None
    corridor_use: Float[Array, "... C"] | None
    sector_income: Float[Array, "... S N"] | None


def factor_prices(
    endowments: Endowments,
    log_earning: Float[Array, "... N"],
    log_basket: Float[Array, "... N"] | None,
    log_income: Float[Array, "... T N"],
    world_value_added: Scalar,
) -> FactorPrices:
    """Return wages, factor prices and incomes, scaled so that world value added is as given.

    ``log_basket`` (price of the final basket, read only by floors and corridors) and
    ``log_income`` (value added by sector) are in units of the region's earning. Scaling all
    earnings together scales everything nominal.
    """
    xp, sectors, corridors = namespace(log_earning), endowments.sectors, endowments.corridors
    labour, use = endowments.labour, None
    if corridors is not None and log_basket is not None:
        use = corridor_use(corridors, -log_basket)
        labour = labour + moved(corridors, use, len(log_earning))
    per_earning = labour
    if sectors is not None:
        earned = sectors.base_income * xp.exp(log_income)
        per_earning = labour + (sectors.specific * earned).sum(axis=-2)
    raw = xp.exp(log_earning)
    by_region = raw * per_earning
    grown = endowments.level
    if grown is None:
        grown = world_value_added / by_region.sum(axis=-1, keepdims=True)
    log_earning = log_earning + xp.log(grown)
    idle = None
    if endowments.floors is not None:
        idle = _idleness(endowments.floors, log_earning, log_basket + log_earning)
    log_wage = log_earning if idle is None else log_earning + idle
    log_factor = log_wage[..., None, :]
    if sectors is not None:
        hat = xp.log(labour / endowments.base_labour)
        employed = hat if idle is None else hat - idle
        log_factor = _sector_prices(
            sectors, log_wage, log_income + log_earning[..., None, :], employed
        )
    return FactorPrices(
        log_earning=log_earning,
        log_wage=log_wage,
        log_factor=log_factor,
        labour=labour,
        labour_income=raw * grown * labour,
        value_added=by_region * grown,
        remittance=None if corridors is None else _remitted(corridors, use, raw * grown),
        corridor_use=use,
        sector_income=None if sectors is None else earned * (raw * grown)[..., None, :],
    )


def labour_share(sectors: SectorFactors | None) -> Float[Array, "... S N"] | float:
    """Return the part of value added that pays mobile labour."""
    return 1.0 if sectors is None else sectors.labour


def corridor_use(
    corridors: Corridors, log_real_earning: Float[Array, "... N"]
) -> Float[Array, "... C"]:
    """Return the part of each quota that is used, between 0 and 1.

    Those who go weigh what labour earns on average, the idle counted (Harris and Todaro 1970).
    """
    xp = namespace(log_real_earning)
    gain = log_real_earning[corridors.host] - log_real_earning[corridors.source]
    bounded = corridors.log_wanted < inf
    wanted = xp.where(bounded, corridors.log_wanted, 0.0) + corridors.elasticity * gain
    return xp.where(bounded, xp.exp(xp.minimum(wanted, 0.0)), 1.0)


def _idleness(
    floors: Floors, log_earning: Float[Array, "... N"], log_basket: Float[Array, "... N"]
) -> Float[Array, "... N"]:
    """Return by how much the floor holds the wage above what all labour would earn."""
    xp, bounded = namespace(log_earning), floors.ratio > 0.0
    log_floor = xp.log(xp.where(bounded, floors.ratio, 1.0)) + floors.indexation * log_basket
    return xp.where(bounded, xp.maximum(0.0, log_floor - log_earning), 0.0)


def moved(corridors: Corridors, use: Float[Array, "... C"], regions: int) -> Float[Array, "... N"]:
    """Return labour that came less labour that left, each at its base wages, million USD."""
    none = namespace(use).zeros(regions)
    arrived = add_at(none, corridors.host, use * corridors.host_value)
    return add_at(arrived, corridors.source, -use * corridors.home_value)


def _remitted(
    corridors: Corridors, use: Float[Array, "... C"], earning: Float[Array, "... N"]
) -> Float[Array, "... N"]:
    """Return remittances received less paid, million USD."""
    paid = use * corridors.remitted * corridors.host_value * earning[corridors.host]
    received = add_at(namespace(earning).zeros_like(earning), corridors.source, paid)
    return add_at(received, corridors.host, -paid)


def _sector_prices(
    sectors: SectorFactors,
    log_wage: Float[Array, "... N"],
    log_income: Float[Array, "... S N"],
    log_employed: Float[Array, "... N"],
) -> Float[Array, "... S N"]:
    """Return the price of value added: labour's sector wage and the specific factor's rent."""
    stiff = sectors.stiffness
    at_base_income = ((1.0 - stiff) * log_wage - stiff * log_employed)[..., None, :]
    return sectors.rise * log_income + sectors.labour * at_base_income
