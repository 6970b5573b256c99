"""The proof of a solution: every equation recomputed in full from the returned numbers.

The iteration works with sums over exporters; here each cell's trade share is formed and every
market, budget and price is added up from cells, so that a mistake in the shortcut would show.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float, Int

from tula.equilibrium.solution import Certificate, Residual
from tula.equilibrium.system import State, System, ruled_imbalance
from tula.world.labels import Labels


class Gaps(NamedTuple):
    """Violation of each equation, relative to what it equates (budgets: to income)."""

    unit_cost: Float[Array, "S N"]
    price_index: Float[Array, "S N"]
    goods_market: Float[Array, "S N"]
    sales: Float[Array, "S N"]
    labour_market: Float[Array, " N"]
    budget: Float[Array, " N"]
    quantity_cap: Float[Array, " Q"]
    walras: Float[Array, ""]


def trade_share(system: System, state: State) -> Float[Array, "S N I"]:
    """Return new trade shares cell by cell."""
    weight = _weight(system, state)
    return weight / jnp.sum(weight, axis=2, keepdims=True)


def _weight(system: System, state: State) -> Float[Array, "S N I"]:
    """Return each exporter's delivered cost to the power -theta times its base share."""
    theta = system.trade_elasticity[:, None]
    weight = system.access * (state.cost_hat**-theta)[:, None, :]
    caps = system.caps
    cells = (caps.sector, caps.importer, caps.exporter)
    lost = jnp.expm1(-system.trade_elasticity[caps.sector] * state.cap_wedge)
    return weight.at[cells].add(weight[cells] * lost)


def gaps(system: System, state: State) -> Gaps:
    """Recompute every equation at a state."""
    share = trade_share(system, state)
    spent = share * state.expenditure[:, :, None]
    caps = system.caps
    cells = (caps.sector, caps.importer, caps.exporter)
    spent_less_rent = spent.at[cells].add(spent[cells] * jnp.expm1(-state.cap_wedge))
    traded = system.access > 0
    access = jnp.where(traded, system.access, 1.0)
    at_border = spent_less_rent * jnp.where(traded, system.border_access / access, 0.0)
    received = spent_less_rent * jnp.where(traded, system.producer_access / access, 0.0)
    collected = jnp.sum(spent - at_border, axis=(0, 2)) + jnp.sum(at_border - received, axis=(0, 1))
    supplied = state.wage_hat * system.labour
    ruled = ruled_imbalance(system, supplied)
    earned = jnp.sum(system.value_added_share * state.output, axis=0)
    inputs = jnp.einsum("nks,sn->kn", system.input_share, state.output)
    sold = jnp.sum(received, axis=1)
    input_cost = (1.0 - system.value_added_share) * state.output
    return Gaps(
        unit_cost=_unit_cost_gap(system, state),
        price_index=_price_gap(system, state),
        goods_market=_relative(system.final_share * state.income + inputs, state.expenditure),
        sales=_relative(sold, state.output),
        labour_market=jnp.abs(earned / supplied - 1.0),
        budget=jnp.abs((supplied + collected + ruled + system.transfer) / state.income - 1.0),
        quantity_cap=_cap_gap(system, state, share),
        walras=jnp.abs(jnp.sum(sold - input_cost) - jnp.sum(supplied)) / jnp.sum(supplied),
    )


def _relative(computed: Float[Array, "S N"], stated: Float[Array, "S N"]) -> Float[Array, "S N"]:
    positive = stated > 0
    ratio = computed / jnp.where(positive, stated, 1.0)
    return jnp.where(positive, jnp.abs(ratio - 1.0), jnp.abs(computed))


def _unit_cost_gap(system: System, state: State) -> Float[Array, "S N"]:
    inputs = jnp.einsum("nks,kn->sn", system.input_share, jnp.log(state.price_hat))
    log_cost = system.value_added_share * jnp.log(state.wage_hat) + inputs
    return jnp.abs(log_cost - jnp.log(state.cost_hat) - system.log_productivity)


def _price_gap(system: System, state: State) -> Float[Array, "S N"]:
    log_supply = jnp.log(jnp.sum(_weight(system, state), axis=2))
    return jnp.abs(-log_supply / system.trade_elasticity[:, None] - jnp.log(state.price_hat))


def _cap_gap(system: System, state: State, share: Float[Array, "S N I"]) -> Float[Array, " Q"]:
    """Return the excess over each cap, or the slack where its shadow price is above one."""
    caps = system.caps
    place = (caps.sector, caps.importer)
    spending = state.expenditure[place] / system.base_expenditure[place]
    growth = share[(*place, caps.exporter)] / caps.base_share
    price = caps.wedge_hat * jnp.exp(state.cap_wedge) * state.cost_hat[caps.sector, caps.exporter]
    over = spending * growth / price / jnp.exp(caps.log_cap) - 1.0
    return jnp.where(state.cap_wedge > 0, jnp.abs(over), jnp.maximum(over, 0.0))


def certify(
    labels: Labels,
    cells: Int[np.ndarray, "Q 3"],
    found: Gaps,
    iterations: int,
    tolerance: float,
    closure: str,
) -> Certificate:
    """Name the worst place of each equation; ``cells`` are the capped ones, in order."""
    kept = found._replace(quantity_cap=found.quantity_cap[: len(cells)])
    worst = {
        name.replace("_", " "): _worst(np.asarray(gap))
        for name, gap in kept._asdict().items()
        if name != "walras" and np.size(gap)
    }
    residuals = tuple(
        Residual(name, value, *_place(labels, cells, name, place))
        for name, (value, place) in worst.items()
    )
    return Certificate(iterations, tolerance, residuals, float(found.walras), closure, "Anderson")


def _worst(gap: np.ndarray) -> tuple[float, tuple[int, ...]]:
    flat = int(np.argmax(np.where(np.isnan(gap), np.inf, gap)))
    place = tuple(int(axis) for axis in np.unravel_index(flat, gap.shape))
    return float(gap[place]), place


def _place(
    labels: Labels, cells: Int[np.ndarray, "Q 3"], equation: str, place: tuple[int, ...]
) -> tuple[str, str]:
    """Return the region and sector codes of a place in one equation's array."""
    if equation == "quantity cap":
        sector, importer, _ = cells[place[0]]
        return labels.regions[importer], labels.sectors[sector]
    sector_code = labels.sectors[place[0]] if len(place) == 2 else ""
    return labels.regions[place[-1]], sector_code
