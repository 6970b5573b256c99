"""The proof of a solution: every equation recomputed in full from the returned numbers.

The iteration works with sums over exporters and with transformed prices; here each cell's price,
quantity and payment is formed by itself, and every market, budget and price is added up from
cells, so that a mistake in a shortcut would show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import NamedTuple

import numpy as np

from tula.equilibrium.arrays import Array, Scalar, add_at, namespace, raise_at
from tula.equilibrium.cells import Cells, Counted, access_cells
from tula.equilibrium.equations import input_mean, input_spending
from tula.equilibrium.factors import Corridors, labour_share
from tula.equilibrium.limits import ActiveLimit, cell_wedges, over_quota
from tula.equilibrium.system import State, System, ruled_imbalance
from tula.shapes import Float
from tula.shown import Card, Shown
from tula.world.labels import Labels

#: Earnings, new over old, below which what a region earns is no longer told from nothing: its
#: markets then clear as well at any lower wage.
LEAST_EARNED = 1e-4


@dataclass(frozen=True)
class Residual:
    """The largest violation of one equation and where it stands.

    ``value`` is relative to the size of what the equation equates; ``region`` and ``sector`` are
    codes (``sector`` is empty for equations without one).
    """

    equation: str
    value: float
    region: str
    sector: str = ""

    @property
    def place(self) -> str:
        """Region and sector, as far as the equation has them."""
        return " ".join(filter(None, (self.region, self.sector)))


@dataclass(frozen=True, repr=False)
class Certificate(Shown):
    """Proof of a solution: computed from the equations after the solve, not by the solver.

    ``walras`` is world excess supply over world value added: implied by the other equations,
    checked rather than assumed.
    """

    iterations: int
    tolerance: float
    residuals: tuple[Residual, ...]
    walras: float
    closure: str
    solver: str

    def _card(self) -> Card:
        rows = [(one.equation, f"{one.value:.1e}", one.place) for one in self.residuals]
        verdict = "holds" if self.holds else "does not hold"
        return Card(
            f"Certificate: {verdict} to {self.tolerance:g}",
            {"found by": f"{self.solver}, {self}"},
            ("equation", "residual", "where"),
            rows,
        )

    def __str__(self) -> str:
        place = self.worst.place
        return (
            f"{self.iterations} evaluations, {self.closure} closure: worst residual "
            f"{self.worst.value:.1e} ({self.worst.equation}, {place}), Walras {self.walras:.1e}"
        )

    @property
    def worst(self) -> Residual:
        """The largest residual over all equations."""
        return max(self.residuals, key=lambda residual: (isnan(residual.value), residual.value))

    def of(self, equation: str) -> Residual:
        """Return the largest residual of one equation."""
        return next(one for one in self.residuals if one.equation == equation)

    @property
    def holds(self) -> bool:
        """Whether every residual, and Walras' law, meets the tolerance."""
        return self.worst.value <= self.tolerance and self.walras <= self.tolerance


class Gaps(NamedTuple):
    """Violation of each equation, relative to what it equates (budgets: to income).

    ``sign`` is 1 where something that must be above zero is not: incomes, wages, prices, earnings
    (they must exceed ``LEAST_EARNED``, or the region has in effect no buyers); what is made, bought
    and sold, wherever the base year and policy leave trade.
    """

    unit_cost: Float[Array, "S N"]
    factor_price: Float[Array, "#S N"]
    price_index: Float[Array, "S N"]
    goods_market: Float[Array, "S N"]
    sales: Float[Array, "S N"]
    transformation: Float[Array, "R N"]
    labour_market: Float[Array, " N"]
    wage_floor: Float[Array, " N"]
    budget: Float[Array, " N"]
    final_price: Float[Array, " N"]
    accounts: Float[Array, " N"]
    numeraire: Float[Array, " 1"]
    corridor: Float[Array, " C"]
    limit: Float[Array, " G"]
    sign: Float[Array, " N"]
    walras: Float[Array, ""]


def gaps(system: System, state: State, cells: Counted) -> Gaps:
    """Recompute every equation at a state, of which ``counted`` added up the cells."""
    xp, shares = namespace(state.income), shares_at(system, state)
    imported, exported, sold = cells.imported, cells.exported, cells.sold
    earned = shares.value_added * state.output
    by_region = earned.sum(axis=0)
    to_labour = (earned * labour_share(system.endowments.sectors)).sum(axis=0)
    inputs = input_spending(shares.inputs, state.output)
    employed = state.wage_hat * state.employment_hat * state.labour
    received = _net_received(system, state, by_region)
    cost = state.cost_hat
    if system.log_productivity is not None:
        cost = cost * xp.exp(system.log_productivity)
    stated = [
        (imported, state.import_revenue),
        (exported, state.export_tax_revenue + state.export_rent),
        (by_region, state.value_added),
        (received, state.imbalance),
    ]
    apart = sum(abs(counted - told) for counted, told in stated)
    apart = apart + abs(earned - state.sector_value_added).sum(axis=0)
    world = by_region.sum()
    excess_supply = sold.sum() - (state.output - earned).sum() - state.value_added.sum()
    return Gaps(
        unit_cost=abs(shares.cost / cost - 1.0),
        factor_price=_factor_gap(system, state, earned),
        price_index=_price_gap(system, state, cells),
        goods_market=_relative(shares.final * state.income + inputs, state.expenditure),
        sales=_relative(sold, state.output),
        transformation=_transformation_gap(system, state, cells.each),
        labour_market=abs(to_labour / employed - 1.0) + _labour_gap(system, state),
        wage_floor=_floor_gap(system, state),
        budget=abs((by_region + imported + exported + received) / state.income - 1.0),
        final_price=abs(shares.basket / state.final_price_hat - 1.0),
        accounts=apart / abs(state.income),
        numeraire=abs(world / system.base_value_added.sum() - 1.0)[None],
        corridor=_corridor_gap(system, state),
        limit=_limit_gap(system, state, cells.each),
        sign=_sign_gap(system, state, cells),
        walras=abs(excess_supply) / state.value_added.sum(),
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
    xp = namespace(state.income)
    basket, final = _ces(system.final_share, state.price_hat, system.final_rho, axis=0)
    base, own = system.input_share, system.value_added_share
    if system.nests is None:
        log_cost = own * xp.log(state.factor_price_hat) + input_mean(base, xp.log(state.price_hat))
        return Shares(xp.exp(log_cost), own, base, final, basket[0])
    price = state.price_hat.T[:, :, None]
    factor = xp.broadcast_to(state.factor_price_hat, state.price_hat.shape).T[:, None, :]
    own = own.T[:, None, :]
    nests, burnt = system.nests, base * system.nests.energy[None, :, None]
    energy, within_energy = _ces(burnt, price, nests.carriers, axis=1)
    bundles = xp.concatenate([base - burnt, burnt.sum(axis=1, keepdims=True)], axis=1)
    prices = xp.concatenate([xp.broadcast_to(price, base.shape), energy], axis=1)
    inputs, within_inputs = _ces(bundles, prices, nests.inputs, axis=1)
    top = xp.concatenate([own, 1.0 - own], axis=1)
    cost, split = _ces(top, xp.concatenate([factor, inputs], axis=1), nests.value_added, axis=1)
    direct = within_inputs[:, :-1] + within_energy * within_inputs[:, -1:]
    return Shares(cost[:, 0].T, split[:, 0].T, direct * split[:, 1:], final, basket[0])


def _ces(weight: Array, price: Array, rho: Scalar | None, axis: int) -> tuple[Array, Array]:
    """Return the index of a bundle (axis kept) and the shares of its parts in it."""
    xp, total = namespace(weight), weight.sum(axis=axis, keepdims=True)
    share = weight / xp.where(total > 0.0, total, 1.0)
    log_price = xp.log(price)
    mean_log = (share * log_price).sum(axis=axis, keepdims=True)
    if rho is None:
        return xp.exp(mean_log), share
    power = xp.where(rho == 0.0, 1.0, rho)
    mean = (share * xp.expm1(power * log_price)).sum(axis=axis, keepdims=True)
    index = xp.exp(xp.where(rho == 0.0, mean_log, xp.log1p(mean) / power))
    return index, share * (price / index) ** rho


def _price_gap(system: System, state: State, cells: Counted) -> Float[Array, "S N"]:
    """Return how far price indices, and those of imports where they nest apart, are from cells."""
    xp, home = namespace(state.income), system.trade.home
    gap = abs(cells.price / state.price_hat - 1.0)
    if home is None or cells.each is None:
        return gap + abs(state.bundle_price_hat / state.price_hat - 1.0)
    bundle = abs(cells.bundle_price / state.bundle_price_hat - 1.0)
    gap = gap + xp.where(home.closed, 0.0, bundle)
    abroad = 1.0 - xp.einsum("snn->sn", cells.each.share)
    return gap + abs(abroad - state.bundle_share)


def _relative(computed: Float[Array, "S N"], stated: Float[Array, "S N"]) -> Float[Array, "S N"]:
    xp, positive = namespace(stated), stated > 0
    ratio = computed / xp.where(positive, stated, 1.0)
    return xp.where(positive, abs(ratio - 1.0), abs(computed))


def _factor_gap(system: System, state: State, earned: Float[Array, "S N"]) -> Float[Array, "#S N"]:
    """Return how far value added is from what its sector's factors are paid."""
    xp, factors = namespace(earned), system.endowments.sectors
    if factors is None:
        return abs(state.factor_price_hat / state.wage_hat - 1.0)
    used = factors.base_income > 0.0
    growth = xp.where(used, earned, 1.0) / xp.where(used, factors.base_income, 1.0)
    at_work = state.employment_hat * state.labour / system.endowments.base_labour
    stiff = factors.stiffness
    wage = (growth / at_work) ** stiff * state.wage_hat ** (1.0 - stiff)
    price = wage ** (1.0 - factors.specific) * growth**factors.specific
    return xp.where(used, abs(price / state.factor_price_hat - 1.0), 0.0)


def _transformation_gap(system: System, state: State, cells: Cells | None) -> Float[Array, "R N"]:
    """Return how far each seller's receipts are from what it would transform for their prices."""
    xp = namespace(state.income)
    if system.trade.rigidity is None or cells is None:
        return xp.zeros((0, len(state.income)))
    assert system.trade.base is not None
    rigid, before = system.trade.rigidity, system.trade.base.received
    base = before.sum(axis=1)
    gain = xp.log(cells.seller_price / state.cost_hat[:, None, :])
    supplied = xp.where(cells.received > 0.0, before * xp.exp(gain / rigid), 0.0)
    mean = supplied.sum(axis=1)
    index = xp.where(base > 0.0, mean / xp.where(base > 0.0, base, 1.0), 1.0) ** rigid
    return abs(index - 1.0)


def _labour_gap(system: System, state: State) -> Float[Array, " N"]:
    """Return how far labour is from the endowment plus those who came less those who left."""
    expected, one = system.endowments.labour, system.endowments.corridors
    if one is not None:
        used = _corridor_use(one, state)
        expected = add_at(expected + 0.0, one.host, used * one.host_value)
        expected = add_at(expected, one.source, -used * one.home_value)
    return abs(state.labour / expected - 1.0)


def _corridor_use(corridors: Corridors, state: State) -> Float[Array, " C"]:
    xp = namespace(state.income)
    real = state.wage_hat * state.employment_hat / state.final_price_hat
    gain = (real[corridors.host] / real[corridors.source]) ** corridors.elasticity
    return xp.minimum(1.0, xp.exp(corridors.log_wanted) * gain)


def _floor_gap(system: System, state: State) -> Float[Array, " N"]:
    """Return the shortfall of the wage below its floor, or its distance where labour is idle."""
    endowments, idle = system.endowments, 1.0 - state.employment_hat
    if endowments.floors is None:
        return abs(idle)
    xp = namespace(state.income)
    floor = endowments.floors.ratio * state.final_price_hat**endowments.floors.indexation
    over = state.wage_hat / xp.where(floor > 0.0, floor, 1.0) - 1.0
    short = xp.where(idle > 0.0, abs(over), xp.maximum(-over, 0.0))
    return xp.where(floor > 0.0, short, abs(idle)) + xp.maximum(-idle, 0.0)


def _net_received(system: System, state: State, earned: Float[Array, " N"]) -> Float[Array, " N"]:
    """Return the imbalance under the closure's rule, transfers and remittances."""
    received = ruled_imbalance(system, earned) + system.transfer
    corridors = system.endowments.corridors
    if corridors is None:
        return received
    sent = _corridor_use(corridors, state) * corridors.remitted * corridors.host_value
    sent = sent * (state.wage_hat * state.employment_hat)[corridors.host]
    return add_at(add_at(received, corridors.source, sent), corridors.host, -sent)


def _corridor_gap(system: System, state: State) -> Float[Array, " C"]:
    corridors = system.endowments.corridors
    if corridors is None:
        return state.corridor_use
    return abs(_corridor_use(corridors, state) - state.corridor_use)


def _limit_gap(system: System, state: State, cells: Cells | None) -> Float[Array, " G"]:
    """Return the excess over each ceiling, or the slack where its shadow price is above one.

    Beyond a tariff quota, the distance from what is said to be bought there.
    """
    limits, xp = system.trade.limits, namespace(state.income)
    if limits is None or cells is None:
        return state.wedge
    paid = xp.broadcast_to(cells.seller_price, cells.share.shape)[limits.places]
    delivered = limits.wedge_hat * xp.exp(cell_wedges(limits, state.wedge).total) * paid
    growth = (state.expenditure / system.base_expenditure)[limits.sector, limits.importer]
    bought = cells.share[limits.places] / limits.base_share * growth / delivered
    none = xp.zeros_like(limits.log_ceiling)
    quantity = add_at(none + 0.0, limits.member, limits.weight * bought[:, None])
    counted = xp.where(limits.weight > 0.0, paid[:, None], 0.0)
    price = raise_at(none + 0.0, limits.member, counted)
    reached = xp.where(limits.on_price, price, quantity)
    beyond = xp.exp(over_quota(limits.log_beyond, state.wedge))
    over = reached / (xp.exp(limits.log_ceiling) * beyond) - 1.0
    slack = xp.maximum(over, 0.0) + xp.maximum(-state.wedge, 0.0)
    return xp.where(state.wedge > 0.0, abs(over), slack)


def _sign_gap(system: System, state: State, cells: Counted) -> Float[Array, " N"]:
    """Return 1 for each region where something that must be above zero is not."""
    xp, access = namespace(state.income), access_cells(system.trade)
    by_sector = (state.factor_price_hat, state.cost_hat, state.price_hat)
    above = (state.income > 0.0) & (state.wage_hat > 0.0)
    above &= state.value_added > LEAST_EARNED * system.base_value_added
    above &= (state.employment_hat > 0.0) & (state.final_price_hat > 0.0)
    for one in by_sector:
        above &= (one > 0.0).all(axis=0)
    bought, made = system.base_expenditure > 0.0, system.base_output > 0.0
    above &= ((state.expenditure > 0.0) | ~bought).all(axis=0)
    sold = (xp.ones_like(state.income) @ access > 0.0) & made
    above &= ((state.output > 0.0) | ~sold).all(axis=0)
    above &= cells.whole
    return xp.where(above, 0.0, 1.0)


def judge(
    labels: Labels,
    limits: Sequence[ActiveLimit],
    found: Gaps,
    iterations: int,
    tolerance: float,
    closure: str,
) -> Certificate:
    """Name the worst place of each equation; ``limits`` are those in force, in order."""
    residuals = []
    for equation, gap in zip(Gaps._fields, found, strict=True):
        counted = gap[: len(limits)] if equation == "limit" else gap
        if equation == "walras" or not counted.size:
            continue
        value, place = _worst(counted)
        name = equation.replace("_", " ")
        residuals.append(Residual(name, value, *_place(labels, limits, name, place)))
    return Certificate(
        iterations, tolerance, tuple(residuals), float(found.walras), closure, "Anderson"
    )


def _worst(gap: np.ndarray) -> tuple[float, tuple[int, ...]]:
    """Return the largest gap, one that is not a number before all others, and its place."""
    flat = int(gap.argmax())
    place = divmod(flat, gap.shape[1]) if gap.ndim == 2 else (flat,)
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
