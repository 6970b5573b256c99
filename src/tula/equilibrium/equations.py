"""The equations of the model, one function each, in changes relative to the base year.

Caliendo and Parro (2015, Review of Economic Studies 82) with export taxes and iceberg costs kept
apart from import duties, and with nests of any elasticity (Baqaee and Farhi 2024, Econometrica
92). Vectors stand sector first: S sectors, N importers, I = N exporters, K = S inputs. A hat is a
ratio of new to old. ``access`` is the base trade share times the power -theta of the change in the
wedge, so that no power of an (S, N, I) array is taken twice.
"""

from __future__ import annotations

from tula.equilibrium.arrays import Array, Scalar, namespace
from tula.shapes import Float


def box_cox(log_price: Array, rho: Scalar) -> Array:
    """Return (p^rho - 1) / rho, which is log p at rho = 0: a CES index is a mean of these."""
    xp = namespace(log_price)
    power = xp.where(rho == 0.0, 1.0, rho)
    return xp.where(rho == 0.0, log_price, xp.expm1(power * log_price) / power)


def inverse_box_cox(mean: Array, rho: Scalar) -> Array:
    """Return the log price whose transform is ``mean``."""
    xp = namespace(mean)
    power = xp.where(rho == 0.0, 1.0, rho)
    return xp.where(rho == 0.0, mean, xp.log1p(power * xp.where(rho == 0.0, 0.0, mean)) / power)


def input_mean(
    input_share: Float[Array, "N K S"], values: Float[Array, "K N"]
) -> Float[Array, "S N"]:
    """Return, for every producer, the sum over its inputs of their share times a value."""
    return (values.T.copy()[:, None, :] @ input_share)[:, 0].T.copy()


def input_spending(
    input_share: Float[Array, "N K S"], output: Float[Array, "S N"]
) -> Float[Array, "K N"]:
    """Return spending on each input by all producers of a region at fixed shares (eq. 5)."""
    return (input_share @ output.T.copy()[:, :, None])[:, :, 0].T.copy()


def log_unit_cost(
    log_factor_price: Float[Array, "#S N"],
    log_price: Float[Array, "S N"],
    value_added_share: Float[Array, "S N"],
    input_share: Float[Array, "N K S"],
) -> Float[Array, "S N"]:
    """Return the log change in cost before productivity, Cobb-Douglas (eq. 2)."""
    return value_added_share * log_factor_price + input_mean(input_share, log_price)
