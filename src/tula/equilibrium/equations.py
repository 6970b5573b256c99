"""The equations of the model, one function each, in changes relative to the base year.

Caliendo and Parro (2015, Review of Economic Studies 82) with export taxes and iceberg costs kept
apart from import duties. Vectors stand sector first: S sectors, N importers, I = N exporters,
K = S inputs. A hat is a ratio of new to old. ``access`` is the base trade share times the power
-theta of the change in the wedge, so that no power of an (S, N, I) array is taken twice.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float


def log_unit_cost(
    log_wage: Float[Array, " N"],
    log_price: Float[Array, "S N"],
    value_added_share: Float[Array, "S N"],
    input_share: Float[Array, "N K S"],
    log_productivity: Float[Array, "S N"],
) -> Float[Array, "S N"]:
    """Return the log change in producer cost, Cobb-Douglas in value added and inputs (eq. 2)."""
    inputs = jnp.einsum("nks,kn->sn", input_share, log_price)
    return value_added_share * log_wage + inputs - log_productivity


def competitiveness(
    log_cost: Float[Array, "S N"], trade_elasticity: Float[Array, " S"]
) -> Float[Array, "S N"]:
    """Return cost to the power -theta: what an exporter brings to every market."""
    return jnp.exp(-trade_elasticity[:, None] * log_cost)


def market_access(
    access: Float[Array, "S N I"], strength: Float[Array, "S I"]
) -> Float[Array, "S N"]:
    """Return the sum over exporters of access times competitiveness."""
    return jnp.einsum("sni,si->sn", access, strength)


def log_price_index(
    supply: Float[Array, "S N"], trade_elasticity: Float[Array, " S"]
) -> Float[Array, "S N"]:
    """Return the log change in the price index from market access (eq. 3)."""
    return -jnp.log(supply) / trade_elasticity[:, None]


def sales(
    access: Float[Array, "S N I"],
    strength: Float[Array, "S I"],
    spending_per_access: Float[Array, "S N"],
) -> Float[Array, "S I"]:
    """Return exporters' sales over all markets: trade shares times spending, summed (eqs. 4-5)."""
    return strength * jnp.einsum("sni,sn->si", access, spending_per_access)


def spending(
    final_share: Float[Array, "S N"],
    income: Float[Array, " N"],
    input_share: Float[Array, "N K S"],
    output: Float[Array, "S N"],
) -> Float[Array, "S N"]:
    """Return tariff-inclusive spending: final plus intermediate demand (eq. 5)."""
    return final_share * income + jnp.einsum("nks,sn->kn", input_share, output)


def labour_income(
    value_added_share: Float[Array, "S N"], output: Float[Array, "S N"]
) -> Float[Array, " N"]:
    """Return payments to value added by region (eq. 7)."""
    return jnp.sum(value_added_share * output, axis=0)
