"""What labour and the factors tied to sectors earn, who is idle, and who works abroad.

Labour moves between sectors with an elasticity (Roy-Frechet: each worker has a talent for each
sector); specific factors stay and earn what is left; a real-wage floor leaves labour idle;
corridors move labour between regions up to a quota. In every sector value added pays both factors
in fixed shares, so that its change alone sets their prices.
"""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float, Int


class SectorFactors(eqx.Module):
    """Factors that do not move freely: ``stiffness`` is 1 / (1 + labour mobility).

    ``base_income`` (S, N): base value added, million USD; ``specific`` (S, N): the part of it that
    stays in its sector.
    """

    base_income: Float[Array, "S N"]
    specific: Float[Array, "S N"]
    stiffness: Float[Array, ""]


class Corridors(eqx.Module):
    """C corridors of labour between regions; see ``tula.policy.shock.Corridor``."""

    source: Int[Array, " C"]
    host: Int[Array, " C"]
    home_value: Float[Array, " C"]
    host_value: Float[Array, " C"]
    remitted: Float[Array, " C"]
    log_wanted: Float[Array, " C"]
    elasticity: Float[Array, " C"]


class Floors(eqx.Module):
    """Least wage by region: ``ratio`` to base (0 = none) times final prices to ``indexation``."""

    ratio: Float[Array, " N"]
    indexation: Float[Array, " N"]


class Endowments(eqx.Module):
    """Labour and what binds it. ``labour`` (N,): at home before corridors, base wages, million USD.

    ``base_labour`` (N,): before the shock.
    """

    labour: Float[Array, " N"]
    base_labour: Float[Array, " N"]
    sectors: SectorFactors | None
    floors: Floors | None
    corridors: Corridors | None


class FactorPrices(NamedTuple):
    """Factor markets at some unknowns; logs of ratios to base, incomes in million USD.

    ``log_earning`` (N,): what a unit of labour earns on average, the idle counted; ``log_wage``:
    what those at work earn; ``log_factor`` (1 or S, N): price of value added by sector.
    """

    log_earning: Float[Array, " N"]
    log_wage: Float[Array, " N"]
    log_factor: Float[Array, "#S N"]
    labour: Float[Array, " N"]
    labour_income: Float[Array, " N"]
    value_added: Float[Array, " N"]
    remittance: Float[Array, " N"]
    corridor_use: Float[Array, " C"]
    sector_income: Float[Array, "#S N"]


def factor_prices(
    endowments: Endowments,
    log_earning: Float[Array, " N"],
    log_basket: Float[Array, " N"],
    log_income: Float[Array, "#S N"],
    world_value_added: Float[Array, ""],
) -> FactorPrices:
    """Return wages, factor prices and incomes, scaled so that world value added is as given.

    ``log_basket`` (price of the final basket) and ``log_income`` (value added by sector) are in
    units of the region's earning. Scaling all earnings together scales everything nominal.
    """
    use = corridor_use(endowments.corridors, -log_basket)
    labour = endowments.labour + _moved(endowments.corridors, use, log_basket.shape[0])
    per_earning = labour + _specific_income(endowments.sectors, log_income)
    scale = jnp.log(world_value_added / jnp.sum(jnp.exp(log_earning) * per_earning))
    log_earning = log_earning + scale
    idle = _idleness(endowments.floors, log_earning, log_basket + log_earning)
    earning = jnp.exp(log_earning)
    log_wage = log_earning + idle
    income = log_income + log_earning
    hat = jnp.log(labour / endowments.base_labour)
    return FactorPrices(
        log_earning=log_earning,
        log_wage=log_wage,
        log_factor=_sector_prices(endowments.sectors, log_wage, income, hat - idle),
        labour=labour,
        labour_income=earning * labour,
        value_added=earning * per_earning,
        remittance=_remitted(endowments.corridors, use, log_earning),
        corridor_use=use,
        sector_income=_sector_income(endowments.sectors, income),
    )


def labour_share(sectors: SectorFactors | None) -> Float[Array, "S N"] | float:
    """Return the part of value added that pays mobile labour."""
    return 1.0 if sectors is None else 1.0 - sectors.specific


def corridor_use(
    corridors: Corridors | None, log_real_earning: Float[Array, " N"]
) -> Float[Array, " C"]:
    """Return the part of each quota that is used, between 0 and 1.

    Those who go weigh what labour earns on average, the idle counted (Harris and Todaro 1970).
    """
    if corridors is None:
        return jnp.zeros(0)
    gain = log_real_earning[corridors.host] - log_real_earning[corridors.source]
    bounded = corridors.log_wanted < jnp.inf
    wanted = jnp.where(bounded, corridors.log_wanted, 0.0) + corridors.elasticity * gain
    return jnp.where(bounded, jnp.exp(jnp.minimum(wanted, 0.0)), 1.0)


def _idleness(
    floors: Floors | None, log_earning: Float[Array, " N"], log_basket: Float[Array, " N"]
) -> Float[Array, " N"]:
    """Return by how much the floor holds the wage above what all labour would earn."""
    if floors is None:
        return jnp.zeros_like(log_basket)
    bounded = floors.ratio > 0.0
    log_floor = jnp.log(jnp.where(bounded, floors.ratio, 1.0)) + floors.indexation * log_basket
    return jnp.where(bounded, jnp.maximum(0.0, log_floor - log_earning), 0.0)


def _moved(
    corridors: Corridors | None, use: Float[Array, " C"], regions: int
) -> Float[Array, " N"] | float:
    if corridors is None:
        return 0.0
    arrived = jax.ops.segment_sum(use * corridors.host_value, corridors.host, regions)
    return arrived - jax.ops.segment_sum(use * corridors.home_value, corridors.source, regions)


def _remitted(
    corridors: Corridors | None, use: Float[Array, " C"], log_earning: Float[Array, " N"]
) -> Float[Array, " N"]:
    """Return remittances received less paid, million USD."""
    none = jnp.zeros_like(log_earning)
    if corridors is None:
        return none
    paid = use * corridors.remitted * corridors.host_value * jnp.exp(log_earning[corridors.host])
    return none.at[corridors.source].add(paid).at[corridors.host].add(-paid)


def _specific_income(
    sectors: SectorFactors | None, log_income: Float[Array, "#S N"]
) -> Float[Array, " N"] | float:
    if sectors is None:
        return 0.0
    return jnp.sum(sectors.specific * sectors.base_income * jnp.exp(log_income), axis=0)


def _sector_income(
    sectors: SectorFactors | None, log_income: Float[Array, "#S N"]
) -> Float[Array, "#S N"]:
    if sectors is None:
        return jnp.zeros((0, log_income.shape[1]))
    return sectors.base_income * jnp.exp(log_income)


def _sector_prices(
    sectors: SectorFactors | None,
    log_wage: Float[Array, " N"],
    log_income: Float[Array, "#S N"],
    log_employed: Float[Array, " N"],
) -> Float[Array, "#S N"]:
    """Return the price of value added: labour's sector wage and the specific factor's rent."""
    if sectors is None:
        return log_wage[None, :]
    stiff = sectors.stiffness
    sector_wage = stiff * (log_income - log_employed) + (1.0 - stiff) * log_wage
    return (1.0 - sectors.specific) * sector_wage + sectors.specific * log_income
