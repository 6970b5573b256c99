"""The best tariff of a sender on one good, in closed form.

A sender maximises W_S - rho W_T: its own surplus less ``willingness`` (rho) times the target's.
rho is what it would give up, in dollars, for one dollar of the target's loss (de Souza, Hu, Li and
Mei 2022; Becko 2024). The general-equilibrium version is in ``tula.strategy.sanction_search``.
"""

from __future__ import annotations

import numpy as np

from tula.errors import TulaError
from tula.shapes import Float

Array = np.ndarray


class SanctionError(TulaError):
    """The question has no answer as put; the message says which number to change."""


def sanction_tariff(
    willingness: Float[Array, "*K"] | float, supply_elasticity: Float[Array, "*K"] | float
) -> Float[Array, "*K"]:
    """Return the best ad-valorem tariff on one good that only the sender buys: (1 + rho) / eps.

    ``supply_elasticity`` of the target's exports to the sender, at the tariff itself. With
    willingness zero it is the tariff that is best for the sender alone. Raises ``SanctionError``
    for a willingness below zero or an elasticity that is not above zero.
    """
    rho, elasticity = np.asarray(willingness), np.asarray(supply_elasticity)
    _require_positive(rho, elasticity)
    return np.asarray((1.0 + rho) / elasticity)


def residual_supply_elasticity(
    sender_purchases: Float[Array, "*K"] | float,
    bystander_purchases: Float[Array, "*K"] | float,
    supply_elasticity: Float[Array, "*K"] | float,
    bystander_elasticity: Float[Array, "*K"] | float,
) -> Float[Array, "*K"]:
    """Return the elasticity of what is left for the sender: (X eps + x_B eta_B) / x_S.

    X is what sender (x_S) and bystanders (x_B) buy together, in any common unit; eps the
    elasticity of total supply, eta_B the bystanders' of demand, as a positive number. Raises
    ``SanctionError`` for quantities or elasticities out of range.
    """
    bought, other = np.asarray(sender_purchases), np.asarray(bystander_purchases)
    demand = np.asarray(bystander_elasticity)
    if not ((bought > 0.0).all() and (other >= 0.0).all() and (demand >= 0.0).all()):
        raise SanctionError(
            "the sender's purchases must be above zero, the bystanders' purchases and their "
            "demand elasticity (a positive number) not below it"
        )
    _require_positive(0.0, np.asarray(supply_elasticity))
    return np.asarray(((bought + other) * np.asarray(supply_elasticity) + other * demand) / bought)


def sanction_tariff_with_bystanders(
    willingness: Float[Array, "*K"] | float,
    sender_purchases: Float[Array, "*K"] | float,
    bystander_purchases: Float[Array, "*K"] | float,
    supply_elasticity: Float[Array, "*K"] | float,
    bystander_elasticity: Float[Array, "*K"] | float,
) -> Float[Array, "*K"]:
    """Return the best tariff where others buy too: (1 + rho X / x_S) / eps_S.

    eps_S is the residual supply elasticity; arguments and errors as there. Quantities are those
    at the tariff itself. Bystanders who answer prices blunt the sanction, and their purchases
    make every dollar of price harm the target more.
    """
    elasticity = residual_supply_elasticity(
        sender_purchases, bystander_purchases, supply_elasticity, bystander_elasticity
    )
    bought = np.asarray(sender_purchases)
    whole = bought + np.asarray(bystander_purchases)
    return sanction_tariff(np.asarray(willingness) * whole / bought, elasticity)


def _require_positive(rho: Array | float, elasticity: Array) -> None:
    if not (np.asarray(rho) >= 0.0).all():
        raise SanctionError("willingness to pay must not be negative: zero is no wish to harm")
    if not (elasticity > 0.0).all():
        raise SanctionError("the supply elasticity must be above zero")
