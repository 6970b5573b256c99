"""The proof of a solution: every equation recomputed in full from the returned numbers.

The iteration works with sums over exporters and with transformed prices; here each cell's price,
quantity and payment is formed by itself, and every market, budget and price is added up from
cells, so that a mistake in a shortcut would show.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from tula.equilibrium.cells import Cells, cells_of
from tula.equilibrium.factors import Corridors, labour_share
from tula.equilibrium.limits import ActiveLimit, cell_wedges
from tula.equilibrium.solution import Certificate, Residual
from tula.equilibrium.system import State, System, ruled_imbalance
from tula.world.labels import Labels


class Gaps(NamedTuple):
    """Violation of each equation, relative to what it equates (budgets: to income)."""

    unit_cost: Float[Array, "S N"]
    factor_price: Float[Array, "S N"]
    price_index: Float[Array, "S N"]
    goods_market: Float[Array, "S N"]
    sales: Float[Array, "S N"]
    transformation: Float[Array, "S N"]
    labour_market: Float[Array, " N"]
    wage_floor: Float[Array, " N"]
    budget: Float[Array, " N"]
    final_price: Float[Array, " N"]
    accounts: Float[Array, " N"]
    numeraire: Float[Array, " 1"]
    corridor: Float[Array, " C"]
    limit: Float[Array, " G"]
    walras: Float[Array, ""]


def gaps(system: System, state: State) -> Gaps:
    """Recompute every equation at a state."""
    cells = cells_of(system, state)
    shares = shares_at(system, state)
    sold = jnp.sum(cells.received, axis=1)
    earned = shares.value_added * state.output
    to_labour = jnp.sum(earned * labour_share(system.endowments.sectors), axis=0)
    inputs = jnp.einsum("nks,sn->kn", shares.inputs, state.output)
    employed = state.wage_hat * state.employment_hat * state.labour
    input_cost = jnp.sum((1.0 - shares.value_added) * state.output)
    return Gaps(
        unit_cost=jnp.abs(shares.cost / (state.cost_hat * jnp.exp(system.log_productivity)) - 1.0),
        factor_price=_factor_gap(system, state, earned),
        price_index=_price_gap(system, state, cells),
        goods_market=_relative(shares.final * state.income + inputs, state.expenditure),
        sales=_relative(sold, state.output),
        transformation=_transformation_gap(system, state, cells),
        labour_market=jnp.abs(to_labour / employed - 1.0) + _labour_gap(system, state),
        wage_floor=_floor_gap(system, state),
        budget=_budget_gap(system, state, cells, earned),
        final_price=jnp.abs(shares.basket / state.final_price_hat - 1.0),
        accounts=_account_gap(system, state, cells, earned),
        numeraire=jnp.abs(jnp.sum(earned) / jnp.sum(system.base_value_added) - 1.0)[None],
        corridor=_corridor_gap(system, state),
        limit=_limit_gap(system, state, cells),
        walras=jnp.abs(jnp.sum(sold) - input_cost - jnp.sum(state.value_added))
        / jnp.sum(state.value_added),
    )


class Shares(NamedTuple):
    """Shares at new prices by the textbook power formula, and the cost they belong to."""

    cost: Float[Array, "S N"]
    value_added: Float[Array, "S N"]
    inputs: Float[Array, "N K S"]
    final: Float[Array, "S N"]
    basket: Float[Array, " N"]


def shares_at(system: System, state: State) -> Shares:
    """Return the nests bottom-up, every input of every producer by itself."""
    price = state.price_hat.T[:, :, None]
    factor = jnp.broadcast_to(state.factor_price_hat, state.price_hat.shape).T[:, None, :]
    base, own = system.input_share, system.value_added_share.T[:, None, :]
    basket, final = _ces(system.final_share, state.price_hat, system.final_rho, axis=0)
    if system.nests is None:
        log_cost = own * jnp.log(factor) + jnp.sum(base * jnp.log(price), axis=1, keepdims=True)
        return Shares(jnp.exp(log_cost[:, 0].T), system.value_added_share, base, final, basket[0])
    nests, burnt = system.nests, base * system.nests.energy[None, :, None]
    energy, within_energy = _ces(burnt, price, nests.carriers, axis=1)
    bundles = jnp.concatenate([base - burnt, jnp.sum(burnt, axis=1, keepdims=True)], axis=1)
    prices = jnp.concatenate([jnp.broadcast_to(price, base.shape), energy], axis=1)
    inputs, within_inputs = _ces(bundles, prices, nests.inputs, axis=1)
    top = jnp.concatenate([own, 1.0 - own], axis=1)
    cost, split = _ces(top, jnp.concatenate([factor, inputs], axis=1), nests.value_added, axis=1)
    direct = within_inputs[:, :-1] + within_energy * within_inputs[:, -1:]
    return Shares(cost[:, 0].T, split[:, 0].T, direct * split[:, 1:], final, basket[0])


def _ces(weight: Array, price: Array, rho: Array | None, axis: int) -> tuple[Array, Array]:
    """Return the index of a bundle (axis kept) and the shares of its parts in it."""
    total = jnp.sum(weight, axis=axis, keepdims=True)
    share = weight / jnp.where(total > 0.0, total, 1.0)
    log_price = jnp.log(price)
    mean_log = jnp.sum(share * log_price, axis=axis, keepdims=True)
    if rho is None:
        return jnp.exp(mean_log), share
    power = jnp.where(rho == 0.0, 1.0, rho)
    mean = jnp.sum(share * jnp.expm1(power * log_price), axis=axis, keepdims=True)
    index = jnp.exp(jnp.where(rho == 0.0, mean_log, jnp.log1p(mean) / power))
    return index, share * (price / index) ** rho


def _price_gap(system: System, state: State, cells: Cells) -> Float[Array, "S N"]:
    """Return how far price indices, and those of imports where they nest apart, are from cells."""
    gap = jnp.abs(cells.price / state.price_hat - 1.0)
    if system.trade.home is None:
        return gap + jnp.abs(state.bundle_price_hat / state.price_hat - 1.0)
    bundle = jnp.abs(cells.bundle_price / state.bundle_price_hat - 1.0)
    gap = gap + jnp.where(system.trade.home.closed, 0.0, bundle)
    abroad = 1.0 - jnp.einsum("snn->sn", cells.share)
    return gap + jnp.abs(abroad - state.bundle_share)


def _relative(computed: Float[Array, "S N"], stated: Float[Array, "S N"]) -> Float[Array, "S N"]:
    positive = stated > 0
    ratio = computed / jnp.where(positive, stated, 1.0)
    return jnp.where(positive, jnp.abs(ratio - 1.0), jnp.abs(computed))


def _factor_gap(system: System, state: State, earned: Float[Array, "S N"]) -> Float[Array, "S N"]:
    """Return how far value added is from what its sector's factors are paid."""
    factors = system.endowments.sectors
    if factors is None:
        return jnp.zeros_like(earned)
    used = factors.base_income > 0.0
    growth = jnp.where(used, earned, 1.0) / jnp.where(used, factors.base_income, 1.0)
    at_work = state.employment_hat * state.labour / system.endowments.base_labour
    stiff = factors.stiffness
    wage = (growth / at_work) ** stiff * state.wage_hat ** (1.0 - stiff)
    price = wage ** (1.0 - factors.specific) * growth**factors.specific
    return jnp.where(used, jnp.abs(price / state.factor_price_hat - 1.0), 0.0)


def _transformation_gap(system: System, state: State, cells: Cells) -> Float[Array, "S N"]:
    """Return how far each seller's receipts are from what it would transform for their prices."""
    if system.trade.rigidity is None:
        return jnp.zeros_like(state.output)
    assert system.trade.base is not None
    rigid, before = system.trade.rigidity, system.trade.base.received
    base = jnp.sum(before, axis=1)
    gain = jnp.log(cells.seller_price / state.cost_hat[:, None, :])
    supplied = jnp.where(cells.received > 0.0, before * jnp.exp(gain / rigid), 0.0)
    mean = jnp.sum(supplied, axis=1)
    index = jnp.where(base > 0.0, mean / jnp.where(base > 0.0, base, 1.0), 1.0) ** rigid
    return jnp.abs(index - 1.0)


def _labour_gap(system: System, state: State) -> Float[Array, " N"]:
    """Return how far labour is from the endowment plus those who came less those who left."""
    endowments = system.endowments
    expected = endowments.labour
    if endowments.corridors is not None:
        used = _corridor_use(endowments.corridors, state)
        one = endowments.corridors
        expected = expected.at[one.host].add(used * one.host_value)
        expected = expected.at[one.source].add(-used * one.home_value)
    return jnp.abs(state.labour / expected - 1.0)


def _corridor_use(corridors: Corridors, state: State) -> Float[Array, " C"]:
    real = state.wage_hat * state.employment_hat / state.final_price_hat
    gain = (real[corridors.host] / real[corridors.source]) ** corridors.elasticity
    return jnp.minimum(1.0, jnp.exp(corridors.log_wanted) * gain)


def _floor_gap(system: System, state: State) -> Float[Array, " N"]:
    """Return the shortfall of the wage below its floor, or its distance where labour is idle."""
    endowments, idle = system.endowments, 1.0 - state.employment_hat
    if endowments.floors is None:
        return jnp.abs(idle)
    floor = endowments.floors.ratio * state.final_price_hat**endowments.floors.indexation
    over = state.wage_hat / jnp.where(floor > 0.0, floor, 1.0) - 1.0
    short = jnp.where(idle > 0.0, jnp.abs(over), jnp.maximum(-over, 0.0))
    return jnp.where(floor > 0.0, short, jnp.abs(idle)) + jnp.maximum(-idle, 0.0)


def _budget_gap(
    system: System, state: State, cells: Cells, earned: Float[Array, "S N"]
) -> Float[Array, " N"]:
    """Return how far final spending is from factors', governments' and rents' income."""
    collected = jnp.sum(cells.spent - cells.at_border, axis=(0, 2))
    collected = collected + jnp.sum(cells.at_border - cells.received, axis=(0, 1))
    received = _net_received(system, state, earned)
    return jnp.abs((jnp.sum(earned, axis=0) + collected + received) / state.income - 1.0)


def _net_received(system: System, state: State, earned: Float[Array, "S N"]) -> Float[Array, " N"]:
    """Return the imbalance under the closure's rule, transfers and remittances."""
    received = ruled_imbalance(system, jnp.sum(earned, axis=0)) + system.transfer
    corridors = system.endowments.corridors
    if corridors is None:
        return received
    sent = _corridor_use(corridors, state) * corridors.remitted * corridors.host_value
    sent = sent * (state.wage_hat * state.employment_hat)[corridors.host]
    return received.at[corridors.source].add(sent).at[corridors.host].add(-sent)


def _account_gap(
    system: System, state: State, cells: Cells, earned: Float[Array, "S N"]
) -> Float[Array, " N"]:
    """Return how far the stated revenues, rents, value added and imbalance are from the cells'.

    Relative to income.
    """
    imported = jnp.sum(cells.spent - cells.at_border, axis=(0, 2))
    exported = jnp.sum(cells.at_border - cells.received, axis=(0, 1))
    pairs = (
        (imported, state.import_revenue),
        (exported, state.export_tax_revenue + state.export_rent),
        (jnp.sum(earned, axis=0), state.value_added),
        (_net_received(system, state, earned), state.imbalance),
    )
    gap = sum(jnp.abs(counted - stated) for counted, stated in pairs)
    gap = gap + jnp.sum(jnp.abs(earned - state.sector_value_added), axis=0)
    return gap / state.income


def _corridor_gap(system: System, state: State) -> Float[Array, " C"]:
    corridors = system.endowments.corridors
    if corridors is None:
        return jnp.zeros_like(state.corridor_use)
    return jnp.abs(_corridor_use(corridors, state) - state.corridor_use)


def _limit_gap(system: System, state: State, cells: Cells) -> Float[Array, " G"]:
    """Return the excess over each ceiling, or the slack where its shadow price is above one."""
    limits = system.trade.limits
    places = (limits.sector, limits.importer, limits.exporter)
    delivered = limits.wedge_hat * jnp.exp(cell_wedges(limits, state.wedge).total)
    delivered = delivered * cells.seller_price[places]
    growth = (state.expenditure / system.base_expenditure)[limits.sector, limits.importer]
    bought = cells.share[places] / limits.base_share * growth / delivered
    quantity = jnp.zeros_like(limits.log_ceiling)
    amounts = limits.weight * bought[:, None]
    quantity = quantity.at[limits.member].add(amounts)
    price = jnp.zeros_like(quantity)
    counted = jnp.where(limits.weight > 0.0, cells.seller_price[places][:, None], 0.0)
    price = price.at[limits.member].max(counted)
    reached = jnp.where(limits.on_price, price, quantity)
    over = reached / jnp.exp(limits.log_ceiling) - 1.0
    slack = jnp.maximum(over, 0.0) + jnp.maximum(-state.wedge, 0.0)
    return jnp.where(state.wedge > 0.0, jnp.abs(over), slack)


def certify(
    labels: Labels,
    limits: Sequence[ActiveLimit],
    found: Gaps,
    iterations: int,
    tolerance: float,
    closure: str,
) -> Certificate:
    """Name the worst place of each equation; ``limits`` are those in force, in order."""
    kept = found._replace(limit=found.limit[: len(limits)])
    worst = {
        name.replace("_", " "): _worst(np.asarray(gap))
        for name, gap in kept._asdict().items()
        if name != "walras" and np.size(gap)
    }
    residuals = tuple(
        Residual(name, value, *_place(labels, limits, name, place))
        for name, (value, place) in worst.items()
    )
    return Certificate(iterations, tolerance, residuals, float(found.walras), closure, "Anderson")


def _worst(gap: np.ndarray) -> tuple[float, tuple[int, ...]]:
    flat = int(np.argmax(np.where(np.isnan(gap), np.inf, gap)))
    place = tuple(int(axis) for axis in np.unravel_index(flat, gap.shape))
    return float(gap[place]), place


def _place(
    labels: Labels, limits: Sequence[ActiveLimit], equation: str, place: tuple[int, ...]
) -> tuple[str, str]:
    """Return the region and sector codes of a place in one equation's array."""
    if equation in ("numeraire", "corridor"):
        return "the world" if equation == "numeraire" else f"corridor {place[0] + 1}", ""
    if equation == "limit":
        sector, importer, _ = limits[place[0]].cells[0]
        return labels.regions[importer], labels.sectors[sector]
    sector_code = labels.sectors[place[0]] if len(place) == 2 else ""
    return labels.regions[place[-1]], sector_code
