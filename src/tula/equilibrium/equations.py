"""The equations of the model, one function each, in changes relative to the base year.

Caliendo and Parro (2015, Review of Economic Studies 82) with export taxes and iceberg costs kept
apart from import duties, and with nests of any elasticity (Baqaee and Farhi 2024, Econometrica
92). Vectors stand sector first: S sectors, N importers, I = N exporters, K = S inputs. A hat is a
ratio of new to old. ``access`` is the base trade share times the power -theta of the change in the
wedge, so that no power of an (S, N, I) array is taken twice.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float


def box_cox(log_price: Array, rho: Array) -> Array:
    """Return (p^rho - 1) / rho, which is log p at rho = 0: a CES index is a mean of these."""
    power = jnp.where(rho == 0.0, 1.0, rho)
    return jnp.where(rho == 0.0, log_price, jnp.expm1(power * log_price) / power)


def inverse_box_cox(mean: Array, rho: Array) -> Array:
    """Return the log price whose transform is ``mean``."""
    power = jnp.where(rho == 0.0, 1.0, rho)
    return jnp.where(rho == 0.0, mean, jnp.log1p(power * jnp.where(rho == 0.0, 0.0, mean)) / power)


def log_unit_cost(
    log_factor_price: Float[Array, "#S N"],
    log_price: Float[Array, "S N"],
    value_added_share: Float[Array, "S N"],
    input_share: Float[Array, "N K S"],
) -> Float[Array, "S N"]:
    """Return the log change in cost before productivity, Cobb-Douglas (eq. 2)."""
    return value_added_share * log_factor_price + jnp.einsum("nks,kn->sn", input_share, log_price)


def competitiveness(
    log_offer: Float[Array, "S I"], reach: Float[Array, "S #N"]
) -> Float[Array, "S I"] | Float[Array, "S N I"]:
    """Return offers to the power of minus their reach: what an exporter brings to every market.

    Where importers differ in elasticity it is what it brings to each of them.
    """
    if reach.shape[1] == 1:
        return jnp.exp(-reach * log_offer)
    return jnp.exp(-reach[:, :, None] * log_offer[:, None, :])


def market_access(
    access: Float[Array, "S N I"], strength: Float[Array, "S I"] | Float[Array, "S N I"]
) -> Float[Array, "S N"]:
    """Return the sum over exporters of access times competitiveness."""
    if strength.ndim == 2:
        return jnp.einsum("sni,si->sn", access, strength)
    return jnp.einsum("sni,sni->sn", access, strength)


def sales(
    access: Float[Array, "S N I"],
    strength: Float[Array, "S I"] | Float[Array, "S N I"],
    spending_per_access: Float[Array, "S N"],
) -> Float[Array, "S I"]:
    """Return exporters' sales over all markets: trade shares times spending, summed (eqs. 4-5)."""
    if strength.ndim == 2:
        return strength * jnp.einsum("sni,sn->si", access, spending_per_access)
    return jnp.einsum("sni,sni,sn->si", access, strength, spending_per_access)
