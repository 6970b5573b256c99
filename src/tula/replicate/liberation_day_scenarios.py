"""The scenarios of Ignatenko and others (2025) and their outcomes, in the source's own measures."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
import pandas as pd

from tula.replicate.liberation_day_data import PIVOT, LiberationDayData, announced_duties
from tula.replicate.liberation_day_model import (
    Duties,
    Equilibrium,
    GravityWorld,
    no_duties,
    solve,
    tariff_matrix,
    trade,
)
from tula.replicate.liberation_day_optimal import best_uniform
from tula.shapes import Float

Array = np.ndarray

#: Columns of every result, per cent of base.
OUTCOMES = ("welfare", "deficit", "exports/GDP", "imports/GDP", "employment", "prices", "revenue")
#: Rates of the localised trade wars (source, main_regional).
TRUCE, ESCALATED = 0.10, 1.08
#: Uniform rate with input-output links that the source's Table 4 shows; its text says 12.5%.
STATED_OPTIMUM = 0.1257


def run(data: LiberationDayData) -> dict[str, pd.DataFrame]:
    """Return the outcomes of every scenario by region, per cent."""
    return {
        **_baseline(data),
        **_retaliation(data),
        **_localised(data),
        **_closures(data),
        **_inputs(data),
    }


def _baseline(data: LiberationDayData) -> dict[str, pd.DataFrame]:
    world, announced = data.world, announced_duties(data)
    doubled = replace(world, trade_elasticity=2.0 * world.trade_elasticity)
    return {
        "announced": outcomes(data, solve(world, announced)),
        "lump sum": outcomes(data, solve(replace(world, lump_sum=True), announced)),
        "partial pass-through": outcomes(data, solve(data.partial, announced)),
        "elasticity 8": outcomes(data, solve(doubled, announced)),
        "no fixed costs": outcomes(data, solve(data.simple, announced)),
        "optimal": outcomes(data, solve(world, uniform(world, formula_rate(data)))),
        "best rate": _at_best_rate(data, world),
    }


def _retaliation(data: LiberationDayData) -> dict[str, pd.DataFrame]:
    world, announced = data.world, announced_duties(data)
    answer = np.full_like(announced.imposed, joint_formula_rate(data))
    chosen = np.full_like(announced.imposed, formula_rate(data, of_income=True))
    cases = {
        "reciprocal": announced_duties(data, answered=True),
        "optimal retaliation": Duties(announced.imposed, answer),
        "optimal both": Duties(chosen, answer),
    }
    return {name: outcomes(data, solve(world, duties)) for name, duties in cases.items()}


def _localised(data: LiberationDayData) -> dict[str, pd.DataFrame]:
    china, union = data.members["CHN"], data.members["EU"]
    rates = {
        "war with EU and China": np.where(china | union, data.announced, TRUCE),
        "war with China": np.where(china, data.announced, TRUCE),
        "war with China, 108%": np.where(china, ESCALATED, TRUCE),
    }
    return {
        name: outcomes(data, solve(data.world, Duties(rate, rate))) for name, rate in rates.items()
    }


def _closures(data: LiberationDayData) -> dict[str, pd.DataFrame]:
    simple, announced = data.simple, announced_duties(data)
    purged, cleared = as_purged(data), rebased(closed(data))
    base = outcomes(data, solve(purged, no_duties(purged)))
    return {
        "fixed transfers": outcomes(data, solve(simple, announced)),
        "purged": outcomes(data, solve(purged, announced)) - base,
        "fixed transfers, answered": outcomes(data, solve(simple, _answered(simple, announced))),
        "purged, answered": outcomes(data, solve(purged, _answered(purged, announced))) - base,
        "purged, cleared": outcomes(data, solve(cleared, announced)),
        "purged, answered, cleared": outcomes(data, solve(cleared, _answered(cleared, announced))),
    }


def _answered(world: GravityWorld, announced: Duties) -> Duties:
    """Return the announced rates, answered by the large country's rate of the formula."""
    return announced._replace(suffered=np.full_like(announced.imposed, large_country_rate(world)))


def _inputs(data: LiberationDayData) -> dict[str, pd.DataFrame]:
    world = data.roundabout
    cases = {
        "inputs, announced": announced_duties(data),
        "inputs, reciprocal": announced_duties(data, answered=True),
        "inputs, stated optimum": uniform(world, STATED_OPTIMUM),
    }
    found = {name: outcomes(data, solve(world, duties)) for name, duties in cases.items()}
    return found | {"inputs, best rate": _at_best_rate(data, world)}


def _at_best_rate(data: LiberationDayData, world: GravityWorld) -> pd.DataFrame:
    """Return outcomes at the pivot's best uniform rate, which ``attrs`` holds as ``rate``."""
    rate = best_uniform(world)
    found = outcomes(data, solve(world, uniform(world, rate)))
    found.attrs["rate"] = rate
    return found


def uniform(world: GravityWorld, rate: float) -> Duties:
    """Return one rate of the pivot on all its partners, unanswered."""
    return no_duties(world)._replace(imposed=np.full_like(world.income, rate))


def as_purged(data: LiberationDayData) -> GravityWorld:
    """Return the source's world without imbalances between the pivot and each partner.

    Its transfers do not sum to zero: the pivot's is set to zero beside the partners' net of their
    bilateral imbalance. As in the source, the last country's labour market is left out.
    """
    world, flows = data.world, data.flows
    bilateral = flows[:, world.pivot] - flows[world.pivot]
    transfer = np.where(data.members[PIVOT], 0.0, world.transfer - bilateral)
    return replace(world, transfer=transfer, left_out=len(data.regions) - 1)


def closed(data: LiberationDayData) -> GravityWorld:
    """Return the same with the pivot's transfer closing the world's sum: every market clears."""
    world = as_purged(data)
    closing = world.transfer - data.members[PIVOT] * world.transfer.sum()
    return replace(world, transfer=closing, left_out=None)


def rebased(world: GravityWorld) -> GravityWorld:
    """Return the world whose base is the equilibrium of another without duties."""
    found = solve(world, no_duties(world))
    flows = trade(found)
    return replace(
        world,
        share=flows / flows.sum(axis=1, keepdims=True),
        spending=found.state.spending,
        income=found.state.income,
        final_spending=found.state.spending,
    )


def formula_rate(data: LiberationDayData, *, of_income: bool = False) -> float:
    """Return the pivot's optimal rate by the source's formula, at base shares (Proposition 1).

    ``1 / ((1 + delta epsilon) Phi - 1)``, delta the share of its exports that compete abroad. The
    source takes exports as spending less home sales, or income less home sales where partners
    answer (``of_income``).
    """
    world = data.world
    base = world.income if of_income else world.spending
    nu = world.fixed_cost_share
    exponent = float(world.duty_exponent[world.pivot])
    return _formula(world, data.flows, nu, base, world.pivot, exponent)


def joint_formula_rate(data: LiberationDayData) -> float:
    """Return the partners' joint optimal rate on the pivot by the same formula, two regions."""
    world = data.world
    groups = np.stack([data.members["non-US"], ~data.members["non-US"]]).astype(np.float64)
    partner = 0 if world.pivot else 1  # parameters are the same for all partners
    nu = world.fixed_cost_share[[partner, world.pivot]]
    flows = groups @ data.flows @ groups.T
    exponent = float(world.duty_exponent[partner])
    return _formula(world, flows, nu, groups @ world.income, 0, exponent)


def large_country_rate(world: GravityWorld) -> float:
    """Return ``1 / ((1 + epsilon) Phi - 1)``, the answer assumed where transfers are compared."""
    exponent = float(world.duty_exponent[world.pivot])
    return 1.0 / ((1.0 + world.trade_elasticity) * exponent - 1.0)


def _formula(
    world: GravityWorld,
    flows: Float[Array, "G G"],
    nu: Float[Array, " G"],
    base: Float[Array, " G"],
    place: int,
    exponent: float,
) -> float:
    share = flows / flows.sum(axis=1, keepdims=True)
    net = (1.0 - nu) * flows[:, place] * (1.0 - share[:, place])
    abroad = (1.0 - nu[place]) * (base[place] - flows[place, place])
    delta = (net.sum() - net[place]) / abroad
    return float(1.0 / ((1.0 + delta * world.trade_elasticity) * exponent - 1.0))


def outcomes(data: LiberationDayData, equilibrium: Equilibrium) -> pd.DataFrame:
    """Return outcomes by region, per cent; prices are relative to the world's, as in the source.

    The world's price level is the spending-weighted price index, and with input-output links the
    income-weighted wage. Revenue is in per cent of base spending.
    """
    world, state = equilibrium.world, equilibrium.state
    level = _price_level(equilibrium)
    before, after = world.share * world.spending[:, None], trade(equilibrium)
    deficit, new_deficit = _net_imports(before), _net_imports(after) / level
    growth = state.income / world.income
    columns = (
        state.welfare_hat - 1.0,
        (new_deficit - deficit) / np.abs(deficit),
        _abroad(after, 0) / _abroad(before, 0) / growth - 1.0,
        _abroad(after, 1) / _abroad(before, 1) / growth - 1.0,
        state.labour_hat - 1.0,
        state.price_hat / level - 1.0,
        state.revenue / level / world.spending,
    )
    table = {name: 100.0 * c for name, c in zip(OUTCOMES, columns, strict=True)}
    found = pd.DataFrame(table, index=list(data.regions))
    found.attrs.update(_of_world(equilibrium, before, after))
    return found


def figure(outcomes: pd.DataFrame, name: str) -> float:
    """Return a figure of the world, or the best rate, kept with the outcomes."""
    return float(cast(float, outcomes.attrs[name]))


def _of_world(
    equilibrium: Equilibrium, before: Float[Array, "N N"], after: Float[Array, "N N"]
) -> dict[str, float]:
    """Return the change in world trade at purchasers' prices over income, and in employment."""
    world, state = equilibrium.world, equilibrium.state
    paid = after * (1.0 + tariff_matrix(world, equilibrium.duties))
    trade_hat = _abroad(paid, 0).sum() / _abroad(before, 0).sum()
    income_hat = float(np.sum(state.income) / np.sum(world.income))
    employment = float(state.labour_hat @ world.income / np.sum(world.income))
    return {
        "world trade/GDP": 100.0 * (trade_hat / income_hat - 1.0),
        "world employment": 100.0 * (employment - 1.0),
    }


def _price_level(equilibrium: Equilibrium) -> float:
    world, state = equilibrium.world, equilibrium.state
    if world.value_added_share < 1.0:
        return float(np.sum(state.wage_hat * world.income) / np.sum(world.income))
    return float(np.sum(state.price_hat * world.spending) / np.sum(world.spending))


def _net_imports(flows: Float[Array, "N N"]) -> Float[Array, " N"]:
    return np.asarray(flows.sum(axis=1) - flows.sum(axis=0))


def _abroad(flows: Float[Array, "N N"], axis: int) -> Float[Array, " N"]:
    return np.asarray(flows.sum(axis=axis) - np.diag(flows))
