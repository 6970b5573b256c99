"""One-sector gravity with fixed costs, free entry, labour supply and roundabout production.

The model of Ignatenko, Lashkaripour, Macedoni and Simonovska (2025, Journal of International
Economics, sections 3 and A.3), in changes from a world without the duties under study. Beside the
engine it has four things: exporters pay a share of their sales to labour of the buying country
(fixed costs of a market), duties act on trade with an exponent of their own (selection of firms),
labour supply answers the real wage after tax, and productivity grows with employment. All duties
are those of one country on its partners and of its partners on it.

N regions; rows of a matrix are importers, columns exporters. The unknowns are logs of ratios to
base; world income is the numeraire. The iteration is the engine's.
"""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import optimistix as optx
from jax import Array
from jaxtyping import Float, Scalar

from tula.equilibrium import Anderson, ConvergenceError


class GravityWorld(eqx.Module):
    """Base year and parameters.

    * ``share`` (N, N): share of exporter (column) in the importer's (row) spending;
    * ``spending``, ``income``, ``transfer`` (N,): base levels, thousand USD; transfers sum to zero
      and keep their ratio to world income; ``final_spending`` (N,): spending less inputs, the base
      of welfare;
    * ``fixed_cost_share`` (N,): part of an importer's purchases, net of duty, that its own labour
      earns (nu);
    * ``duty_exponent`` (N,): elasticity of delivered cost to one plus the importer's duty (Phi);
    * ``trade_elasticity`` (epsilon), ``labour_elasticity`` (kappa), ``scale_elasticity`` (psi);
    * ``value_added_share``: share of labour in variable cost, the rest is the country's own
      composite good (beta; one without input-output links);
    * ``pivot``: place of the country that sets duties and meets them;
    * ``lump_sum``: whether duties are handed back as a lump sum, or lower the tax on labour;
    * ``left_out``: place of a country whose labour market is not held to clear, for transfers that
      do not sum to zero; none by default.
    """

    share: Float[Array, "N N"]
    spending: Float[Array, " N"]
    income: Float[Array, " N"]
    transfer: Float[Array, " N"]
    final_spending: Float[Array, " N"]
    fixed_cost_share: Float[Array, " N"]
    duty_exponent: Float[Array, " N"]
    trade_elasticity: Float[Array, ""]
    labour_elasticity: Float[Array, ""]
    scale_elasticity: Float[Array, ""]
    value_added_share: Float[Array, ""]
    pivot: int = eqx.field(static=True)
    lump_sum: bool = eqx.field(static=True, default=False)
    left_out: int | None = eqx.field(static=True, default=None)


class Duties(NamedTuple):
    """Ad-valorem rates: the pivot's on each exporter, each importer's on the pivot.

    The pivot's own entries do nothing.
    """

    imposed: Float[Array, " N"]
    suffered: Float[Array, " N"]


class Unknowns(NamedTuple):
    """Logs of ratios to base."""

    wage: Float[Array, " N"]
    spending: Float[Array, " N"]
    labour: Float[Array, " N"]
    price: Float[Array, " N"]


class State(NamedTuple):
    """Ratios to base (``hat``) and levels in thousand USD."""

    wage_hat: Float[Array, " N"]
    labour_hat: Float[Array, " N"]
    price_hat: Float[Array, " N"]
    income: Float[Array, " N"]
    spending: Float[Array, " N"]
    revenue: Float[Array, " N"]
    tax_cut: Float[Array, " N"]
    welfare_hat: Float[Array, " N"]


class Equilibrium(eqx.Module):
    """A solved world: where it stands, what was asked, and how well the equations are met."""

    world: GravityWorld
    duties: Duties
    vector: Float[Array, " U"]
    state: State
    evaluations: int
    violation: float


def no_duties(world: GravityWorld) -> Duties:
    """Return zero rates."""
    zero = jnp.zeros_like(world.income)
    return Duties(zero, zero)


def solve(
    world: GravityWorld,
    duties: Duties,
    start: Float[Array, " U"] | None = None,
    tolerance: float = 1e-10,
) -> Equilibrium:
    """Return the equilibrium; ``ConvergenceError`` if the equations are not met to tolerance.

    Duties that the direct iteration does not settle are walked to in four stages.
    """
    solver, asked = Anderson(tolerance=tolerance), Duties(*map(jnp.asarray, duties))
    first = jnp.zeros(4 * len(world.income)) if start is None else start
    vector, steps, state, gap = _solve(world, asked, first, solver)
    if not float(gap) <= solver.tolerance:
        vector = jnp.zeros_like(first)
        for part in (0.25, 0.5, 0.75, 1.0):
            staged = Duties(part * asked.imposed, part * asked.suffered)
            vector, more, state, gap = _solve(world, staged, vector, solver)
            steps = steps + more
    if not float(gap) <= solver.tolerance:
        raise ConvergenceError(
            f"no equilibrium found: equations off by {float(gap):.1e} (relative) after "
            f"{int(steps)} evaluations; tolerance {solver.tolerance:.0e}"
        )
    return Equilibrium(world, asked, vector, state, int(steps), float(gap))


@eqx.filter_jit
def _solve(
    world: GravityWorld, duties: Duties, first: Float[Array, " U"], solver: Anderson
) -> tuple[Float[Array, " U"], Array, State, Scalar]:
    found = optx.fixed_point(
        lambda vector, args: advance(args[0], args[1], vector),
        solver,
        first,
        (world, duties),
        has_aux=True,
        max_steps=solver.max_steps,
        throw=False,
    )
    return found.value, found.stats["num_steps"], evaluate(world, duties, found.value)[1], found.aux


def advance(
    world: GravityWorld, duties: Duties, vector: Float[Array, " U"]
) -> tuple[Float[Array, " U"], Scalar]:
    """Return the next plain iterate and the largest violation at the present one."""
    violation, state = evaluate(world, duties, vector)
    unknowns = split(world, vector)
    here = unknowns._replace(wage=jnp.log(state.wage_hat))
    step = violation._replace(wage=_wage_step(world) * violation.wage)
    return _join(here) + _join(step), jnp.max(jnp.abs(_join(violation)))


def evaluate(
    world: GravityWorld, duties: Duties, vector: Float[Array, " U"]
) -> tuple[Unknowns, State]:
    """Return the violation of every equation, in logs, and the state it was computed from."""
    unknowns = split(world, vector)
    labour, price = jnp.exp(unknowns.labour), jnp.exp(unknowns.price)
    wage = jnp.exp(unknowns.wage)
    wage = wage * jnp.sum(world.income) / jnp.sum(wage * labour * world.income)
    access, border = _access(world, duties)
    strength = _unit_cost(world, wage, labour, price) ** -world.trade_elasticity
    supply = access @ strength
    spending = world.spending * jnp.exp(unknowns.spending)
    per_access = spending / supply
    purchases = (border @ strength) * per_access
    sales = strength * (((1.0 - world.fixed_cost_share) * per_access) @ border)
    income, revenue = wage * labour * world.income, spending - purchases
    beta = world.value_added_share
    earned = beta * sales + world.fixed_cost_share * purchases
    final = income + revenue + world.transfer
    tax_cut = jnp.ones_like(wage) if world.lump_sum else 1.0 / (1.0 - revenue / income)
    log_price = (1.0 - world.duty_exponent) * (unknowns.spending - jnp.log(wage))
    log_price = log_price - jnp.log(supply) / world.trade_elasticity
    supplied = world.labour_elasticity * (jnp.log(tax_cut * wage) - unknowns.price)
    violation = Unknowns(
        wage=_held(world, jnp.log(earned / income)),
        spending=jnp.log(jnp.maximum(final + (1.0 - beta) * sales, 1e-2 * spending) / spending),
        labour=supplied - unknowns.labour,
        price=log_price - unknowns.price,
    )
    welfare = _welfare(world, income, final, tax_cut, price)
    return violation, State(wage, labour, price, income, spending, revenue, tax_cut, welfare)


def _held(world: GravityWorld, violation: Float[Array, " N"]) -> Float[Array, " N"]:
    return violation if world.left_out is None else violation.at[world.left_out].set(0.0)


def trade(equilibrium: Equilibrium) -> Float[np.ndarray, "N N"]:
    """Return flows net of duty by importer (row) and exporter (column), thousand USD."""
    world, state = equilibrium.world, equilibrium.state
    access, border = _access(world, equilibrium.duties)
    cost = _unit_cost(world, state.wage_hat, state.labour_hat, state.price_hat)
    strength = cost**-world.trade_elasticity
    return np.asarray(border * strength * (state.spending / (access @ strength))[:, None])


def split(world: GravityWorld, vector: Float[Array, " U"]) -> Unknowns:
    """Cut the solver's flat vector into named unknowns."""
    return Unknowns(*vector.reshape(4, len(world.income)))


def _join(unknowns: Unknowns) -> Float[Array, " U"]:
    return jnp.concatenate(unknowns)


def _access(world: GravityWorld, duties: Duties) -> tuple[Float[Array, "N N"], Float[Array, "N N"]]:
    """Return base shares times the duties' effect, and the same net of duty."""
    rate = tariff_matrix(world, duties)
    wedge = jnp.log1p(rate) * world.duty_exponent[:, None]
    access = world.share * jnp.exp(-world.trade_elasticity * wedge)
    return access, access / (1.0 + rate)


def tariff_matrix(world: GravityWorld, duties: Duties) -> Float[Array, "N N"]:
    """Return rates by importer (row) and exporter (column)."""
    pivot = world.pivot
    rate = jnp.zeros_like(world.share).at[:, pivot].set(duties.suffered)
    return rate.at[pivot].set(duties.imposed).at[pivot, pivot].set(0.0)


def _unit_cost(
    world: GravityWorld,
    wage: Float[Array, " N"],
    labour: Float[Array, " N"],
    price: Float[Array, " N"],
) -> Float[Array, " N"]:
    """Return variable cost over what entry adds to productivity."""
    inputs = 1.0 - world.value_added_share
    entry = (wage / price) ** inputs * labour
    return wage**world.value_added_share * price**inputs / entry**world.scale_elasticity


def _welfare(
    world: GravityWorld,
    income: Float[Array, " N"],
    final: Float[Array, " N"],
    tax_cut: Float[Array, " N"],
    price: Float[Array, " N"],
) -> Float[Array, " N"]:
    """Return the change in welfare: real spending less the disutility of labour."""
    kappa, base = world.labour_elasticity, world.final_spending
    weight = base / (base - kappa / (1.0 + kappa) * world.income / tax_cut)
    return (weight * final / base + (1.0 - weight) * income / world.income) / price


def _wage_step(world: GravityWorld) -> Float[Array, " N"]:
    """Return the inverse response of sales to a country's own costs, at base shares."""
    bought = world.share * world.spending[:, None]
    held = jnp.sum(world.share * bought, axis=0) / jnp.sum(bought, axis=0)
    return 1.0 / (1.0 + world.trade_elasticity * (1.0 - held))
