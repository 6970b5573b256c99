"""Costs, input demand and final demand as nests of constant elasticity.

Value added against inputs; among inputs, energy carriers first forming a bundle of their own where
asked; final demand over sectors. Each nest's index is a mean of Box-Cox transformed prices, which
is Cobb-Douglas exactly where its elasticity is one. Where costs are Cobb-Douglas throughout, no
power is taken at all.
"""

from __future__ import annotations

from typing import NamedTuple

from tula.equilibrium import equations as eq
from tula.equilibrium.arrays import Array, Scalar, namespace, over, record
from tula.shapes import Float


@record
class CostNests:
    """One less the elasticity of each cost nest; ``energy`` (K,) is 1 for bundled carriers.

    ``energy_share`` (S, N): base share of the energy bundle in the cost of s.
    """

    value_added: Scalar
    inputs: Scalar
    carriers: Scalar
    energy: Float[Array, "... K"]
    energy_share: Float[Array, "... S N"]


class Cost(NamedTuple):
    """Logs of ratios to base, before productivity: the cost of s in n and of its bundles."""

    total: Float[Array, "... S N"]
    factor: Float[Array, "... #S N"]
    inputs: Float[Array, "... S N"]
    energy: Float[Array, "... S N"]


def cost(
    nests: CostNests | None,
    log_factor_price: Float[Array, "... #S N"],
    log_price: Float[Array, "... S N"],
    value_added_share: Float[Array, "... S N"],
    input_share: Float[Array, "... N K S"],
) -> Cost:
    """Return the cost of every producer and of its bundles."""
    if nests is None:
        total = eq.log_unit_cost(log_factor_price, log_price, value_added_share, input_share)
        return Cost(total, log_factor_price, total, total)
    carrier = nests.energy[:, None]
    carriers = eq.input_mean(input_share, carrier * eq.box_cox(log_price, nests.carriers))
    energy = eq.inverse_box_cox(over(carriers, nests.energy_share), nests.carriers)
    others = eq.input_mean(input_share, (1.0 - carrier) * eq.box_cox(log_price, nests.inputs))
    bundled = others + nests.energy_share * eq.box_cox(energy, nests.inputs)
    input_part = 1.0 - value_added_share
    inputs = eq.inverse_box_cox(over(bundled, input_part), nests.inputs)
    top = value_added_share * eq.box_cox(log_factor_price, nests.value_added)
    top = top + input_part * eq.box_cox(inputs, nests.value_added)
    return Cost(eq.inverse_box_cox(top, nests.value_added), log_factor_price, inputs, energy)


def value_added_share(
    nests: CostNests | None, base_share: Float[Array, "... S N"], found: Cost
) -> Float[Array, "... S N"]:
    """Return the share of value added in cost at new prices."""
    if nests is None:
        return base_share
    xp = namespace(found.total)
    return base_share * xp.exp(nests.value_added * (found.factor - found.total))


def input_demand(
    nests: CostNests | None,
    found: Cost,
    log_price: Float[Array, "... S N"],
    input_share: Float[Array, "... N K S"],
    output: Float[Array, "... S N"],
) -> Float[Array, "... K N"]:
    """Return spending on each input by all producers of a region (eq. 5)."""
    if nests is None:
        return eq.input_spending(input_share, output)
    xp, carrier = namespace(log_price), nests.energy[:, None]
    bundle = output * xp.exp(
        nests.value_added * (found.inputs - found.total) - nests.inputs * found.inputs
    )
    others = eq.input_spending(input_share, bundle) * xp.exp(nests.inputs * log_price)
    burnt = bundle * xp.exp((nests.inputs - nests.carriers) * found.energy)
    energy = eq.input_spending(input_share, burnt) * xp.exp(nests.carriers * log_price)
    return (1.0 - carrier) * others + carrier * energy


def log_final_price(
    rho: Scalar | None, final_share: Float[Array, "... S N"], log_price: Float[Array, "... S N"]
) -> Float[Array, "... N"]:
    """Return the log change in the price of the final basket."""
    if rho is None:
        return (final_share * log_price).sum(axis=-2)
    return eq.inverse_box_cox((final_share * eq.box_cox(log_price, rho)).sum(axis=-2), rho)


def final_shares(
    rho: Scalar | None,
    final_share: Float[Array, "... S N"],
    log_price: Float[Array, "... S N"],
    log_basket: Float[Array, "... N"] | None,
) -> Float[Array, "... S N"]:
    """Return shares in final spending at new prices; ``log_basket`` is not read where rho is."""
    if rho is None or log_basket is None:
        return final_share
    return final_share * namespace(log_price).exp(rho * (log_price - log_basket[..., None, :]))
