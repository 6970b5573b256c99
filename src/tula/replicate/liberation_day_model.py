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

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from tula.equilibrium import Anderson, ConvergenceError
from tula.equilibrium.anderson import accelerated
from tula.shapes import Float

Array = np.ndarray

#: Parts of the duties walked to in turn where the direct iteration does not settle.
STAGES = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, eq=False)
class GravityWorld:
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
    trade_elasticity: float
    labour_elasticity: float
    scale_elasticity: float
    value_added_share: float
    pivot: int
    lump_sum: bool = False
    left_out: int | None = None


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


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """A solved world: where it stands, what was asked, and how well the equations are met."""

    world: GravityWorld
    duties: Duties
    vector: Float[Array, " U"]
    state: State
    evaluations: int
    violation: float


class Access(NamedTuple):
    """Weights or shares by importer (row) and exporter (column): as paid, and net of duty."""

    paid: Float[Array, "N N"]
    border: Float[Array, "N N"]


def no_duties(world: GravityWorld) -> Duties:
    """Return zero rates."""
    zero = np.zeros_like(world.income)
    return Duties(zero, zero)


def solve(
    world: GravityWorld,
    duties: Duties,
    start: Float[Array, " U"] | None = None,
    tolerance: float = 1e-10,
) -> Equilibrium:
    """Return the equilibrium; ``ConvergenceError`` if the equations are not met to tolerance.

    Duties that the direct iteration does not settle are walked to in ``STAGES``.
    """
    solver, base = Anderson(tolerance=tolerance), np.zeros(4 * len(world.income))
    vector, steps = base if start is None else start, 0
    for path in ((1.0,), STAGES):
        for part in path:
            staged = Duties(*(part * rates for rates in duties))
            found = _settle(world, staged, vector, solver)
            vector, steps = found.vector, steps + found.evaluations
        if found.violation <= tolerance:
            return replace(found, evaluations=steps)
        vector = base
    raise ConvergenceError(
        f"no equilibrium found: equations off by {found.violation:.1e} (relative) after {steps} "
        f"evaluations; tolerance {tolerance:.0e}"
    )


# An iterate gone astray shows in its violation, which then is no number or a large one.
@np.errstate(divide="ignore", invalid="ignore", over="ignore")
def _settle(
    world: GravityWorld, duties: Duties, first: Float[Array, " U"], solver: Anderson
) -> Equilibrium:
    """Iterate from some unknowns; the outcome says how well the equations are met."""
    access, wage_step = _access(world, duties), _wage_step(world)

    def look(vector: Float[Array, " U"], _: bool) -> tuple[Float[Array, " U"], float]:
        violation, state = evaluate(world, access, vector)
        level = np.log(state.wage_hat) - _split(vector).wage
        move = violation._replace(wage=level + wage_step * violation.wage)
        return np.concatenate(move), _largest(violation)

    vector, evaluations, _ = accelerated(look, first, solver)
    violation, state = evaluate(world, access, vector)
    return Equilibrium(world, duties, vector, state, evaluations, _largest(violation))


def evaluate(
    world: GravityWorld, access: Access, vector: Float[Array, " U"]
) -> tuple[Unknowns, State]:
    """Return the violation of every equation, in logs, and the state it was computed from."""
    unknowns = _split(vector)
    wage, labour, price = np.exp([unknowns.wage, unknowns.labour, unknowns.price])
    wage = wage * np.sum(world.income) / np.sum(wage * labour * world.income)
    strength = _strength(world, wage, labour, price)
    supply = access.paid @ strength
    spending = world.spending * np.exp(unknowns.spending)
    per_access = spending / supply
    purchases = (access.border @ strength) * per_access
    sales = strength * (((1.0 - world.fixed_cost_share) * per_access) @ access.border)
    income, revenue = wage * labour * world.income, spending - purchases
    beta = world.value_added_share
    earned = beta * sales + world.fixed_cost_share * purchases
    final = income + revenue + world.transfer
    tax_cut = np.ones_like(wage) if world.lump_sum else 1.0 / (1.0 - revenue / income)
    log_price = (1.0 - world.duty_exponent) * (unknowns.spending - np.log(wage))
    log_price = log_price - np.log(supply) / world.trade_elasticity
    supplied = world.labour_elasticity * (np.log(tax_cut * wage) - unknowns.price)
    violation = Unknowns(
        wage=held_to_clear(world, np.log(earned / income)),
        spending=np.log(np.maximum(final + (1.0 - beta) * sales, 1e-2 * spending) / spending),
        labour=supplied - unknowns.labour,
        price=log_price - unknowns.price,
    )
    welfare = _welfare(world, income, final, tax_cut, price)
    return violation, State(wage, labour, price, income, spending, revenue, tax_cut, welfare)


def held_to_clear(world: GravityWorld, violation: Float[Array, "*K N"]) -> Float[Array, "*K N"]:
    """Return the violation of the labour markets held to clear, zero at the one left out."""
    if world.left_out is None:
        return violation
    kept = violation.copy()
    kept[..., world.left_out] = 0.0
    return kept


def trade(equilibrium: Equilibrium) -> Float[Array, "N N"]:
    """Return flows net of duty by importer (row) and exporter (column), thousand USD."""
    return np.asarray(trade_share(equilibrium).border * equilibrium.state.spending[:, None])


def trade_share(equilibrium: Equilibrium) -> Access:
    """Return shares in the importer's spending; those net of duty sum to less than one."""
    world, state = equilibrium.world, equilibrium.state
    access = _access(world, equilibrium.duties)
    strength = _strength(world, state.wage_hat, state.labour_hat, state.price_hat)
    supply = access.paid @ strength
    return Access(*(weight * strength / supply[:, None] for weight in access))


def _split(vector: Float[Array, " U"]) -> Unknowns:
    """Cut the solver's flat vector into named unknowns."""
    return Unknowns(*vector.reshape(4, -1))


def _largest(violation: Unknowns) -> float:
    return float(np.abs(violation).max())


def _access(world: GravityWorld, duties: Duties) -> Access:
    """Return base shares times the duties' effect."""
    rate = tariff_matrix(world, duties)
    wedge = np.log1p(rate) * world.duty_exponent[:, None]
    paid = world.share * np.exp(-world.trade_elasticity * wedge)
    return Access(paid, paid / (1.0 + rate))


def tariff_matrix(world: GravityWorld, duties: Duties) -> Float[Array, "N N"]:
    """Return rates by importer (row) and exporter (column)."""
    pivot = world.pivot
    rate = np.zeros_like(world.share)
    rate[:, pivot], rate[pivot] = duties.suffered, duties.imposed
    rate[pivot, pivot] = 0.0
    return rate


def _strength(
    world: GravityWorld,
    wage: Float[Array, " N"],
    labour: Float[Array, " N"],
    price: Float[Array, " N"],
) -> Float[Array, " N"]:
    """Return the pull of variable cost, over what entry adds to productivity, on buyers."""
    inputs = 1.0 - world.value_added_share
    entry = (wage / price) ** inputs * labour
    cost = wage**world.value_added_share * price**inputs / entry**world.scale_elasticity
    return np.asarray(cost**-world.trade_elasticity)


def _welfare(
    world: GravityWorld,
    income: Float[Array, " N"],
    final: Float[Array, " N"],
    tax_cut: Float[Array, " N"],
    price: Float[Array, " N"],
) -> Float[Array, " N"]:
    """Return the change in welfare: real spending less the disutility of labour."""
    weight, base = welfare_weight(world, tax_cut), world.final_spending
    spent, earned = final / base, income / world.income
    return np.asarray((weight * spent + (1.0 - weight) * earned) / price)


def welfare_weight(world: GravityWorld, tax_cut: Float[Array, " N"]) -> Float[Array, " N"]:
    """Return the weight of real spending in welfare; that of real income is one less it."""
    kappa, base = world.labour_elasticity, world.final_spending
    return np.asarray(base / (base - kappa / (1.0 + kappa) * world.income / tax_cut))


def _wage_step(world: GravityWorld) -> Float[Array, " N"]:
    """Return the inverse response of sales to a country's own costs, at base shares."""
    bought = world.share * world.spending[:, None]
    held = np.sum(world.share * bought, axis=0) / np.sum(bought, axis=0)
    return np.asarray(1.0 / (1.0 + world.trade_elasticity * (1.0 - held)))
