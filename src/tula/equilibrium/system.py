"""The equations joined into one map whose zero is the equilibrium.

The unknowns are logs of ratios to base: what a unit of each region's labour earns, the region's
prices and spending in units of that, the wedge of each limit, and, where factors are tied to
sectors or output to destinations, each sector's value added and sales. Counting in own earnings
lets a region's price level move as one, which is the slow direction when trade is small. One
evaluation reads the trade array three times (prices, revenue, sales); the rest is small.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tula.equilibrium.arrays import Array, Scalar, namespace, record
from tula.equilibrium.factors import Endowments, FactorPrices, factor_prices, labour_share
from tula.equilibrium.limits import CellWedges, cell_wedges, excess
from tula.equilibrium.markets import Demand, Prices, Trade, cell_prices, demand, prices
from tula.equilibrium.production import (
    Cost,
    CostNests,
    cost,
    final_shares,
    input_demand,
    log_final_price,
    value_added_share,
)
from tula.shapes import Float

#: Bounds on the ratio of demand to spending at an iterate, whose incomes may be negative.
LEAST_RATIO, LARGEST_RATIO = 1e-2, 1e2


@record
class System:
    """One economy under one shock, ready to be iterated; shapes as in ``equations``.

    ``unbought``, ``unmade`` (S, N): one where nobody buys or produces, None where there is no such
    place; ``imbalance_rate``: None where imbalances are fixed.
    """

    trade: Trade
    nests: CostNests | None
    final_rho: Scalar | None
    endowments: Endowments
    value_added_share: Float[Array, "S N"]
    input_share: Float[Array, "N K S"]
    final_share: Float[Array, "S N"]
    log_productivity: Float[Array, "S N"] | None
    base_value_added: Float[Array, " N"]
    world_value_added: Scalar
    base_expenditure: Float[Array, "S N"]
    base_output: Float[Array, "S N"]
    unbought: Float[Array, "S N"] | None
    unmade: Float[Array, "S N"] | None
    imbalance_level: Float[Array, " N"]
    imbalance_rate: Float[Array, " N"] | None
    transfer: Float[Array, " N"]

    @property
    def size(self) -> tuple[int, int]:
        """Regions, and unknowns of each; wedges of limits come after them."""
        sectors, regions = self.base_expenditure.shape
        kinds = 2 + (self.endowments.sectors is not None) + (self.trade.rigidity is not None)
        return regions, 1 + kinds * sectors

    @property
    def wedges(self) -> int:
        """How many limits there are, fillers counted."""
        return 0 if self.trade.limits is None else len(self.trade.limits.log_ceiling)


class Unknowns(NamedTuple):
    """The unknowns by name: logs of ratios to base, all but the wedges in own-earning units.

    ``income`` (value added by sector, T = S) is empty where factors move freely, ``output`` (R = S)
    where one price holds at all destinations.
    """

    earning: Float[Array, " N"]
    price: Float[Array, "S N"]
    spending: Float[Array, "S N"]
    income: Float[Array, "T N"]
    output: Float[Array, "R N"]
    wedge: Float[Array, " G"]


class State(NamedTuple):
    """Everything one evaluation computes; levels in million USD, hats are ratios to base.

    ``wage_hat``: wage of those at work; ``employment_hat``: part of labour at work;
    ``factor_price_hat`` (1 or S, N): price of value added; ``bundle_price_hat``,
    ``bundle_share``: price and share in spending of imports under a home nest, of all supply
    without; ``import_revenue``: duties and the rents that importers keep; ``export_rent``: rents
    that exporters keep; ``wedge`` (G,): log wedge of each limit; ``corridor_use`` (C,): part of
    each quota used.
    """

    wage_hat: Float[Array, " N"]
    employment_hat: Float[Array, " N"]
    labour: Float[Array, " N"]
    factor_price_hat: Float[Array, "#S N"]
    sector_value_added: Float[Array, "S N"]
    cost_hat: Float[Array, "S N"]
    price_hat: Float[Array, "S N"]
    bundle_price_hat: Float[Array, "S N"]
    bundle_share: Float[Array, "S N"]
    final_price_hat: Float[Array, " N"]
    expenditure: Float[Array, "S N"]
    output: Float[Array, "S N"]
    income: Float[Array, " N"]
    value_added: Float[Array, " N"]
    import_revenue: Float[Array, " N"]
    export_tax_revenue: Float[Array, " N"]
    export_rent: Float[Array, " N"]
    imbalance: Float[Array, " N"]
    wedge: Float[Array, " G"]
    corridor_use: Float[Array, " C"]


class Point(NamedTuple):
    """One evaluation's parts, nominal, in logs of ratios to base or million USD."""

    unknowns: Unknowns
    factors: FactorPrices
    log_basket: Float[Array, " N"] | None
    log_price: Float[Array, "S N"]
    cost: Cost
    prices: Prices
    wedges: CellWedges | None
    expenditure: Float[Array, "S N"]
    sold: Demand
    earned: Float[Array, "S N"]
    imbalance: Float[Array, " N"]
    income: Float[Array, " N"]


def split(system: System, vector: Float[Array, " U"]) -> Unknowns:
    """Cut the solver's flat vector into named unknowns: by region, then the wedges."""
    regions, each = system.size
    sectors = len(system.base_expenditure)
    block = vector[: regions * each].reshape(regions, each).T.copy()
    tied = 1 + (3 if system.endowments.sectors is not None else 2) * sectors
    return Unknowns(
        earning=block[0],
        price=block[1 : 1 + sectors],
        spending=block[1 + sectors : 1 + 2 * sectors],
        income=block[1 + 2 * sectors : tied],
        output=block[tied:],
        wedge=vector[regions * each :],
    )


def join(unknowns: Unknowns) -> Float[Array, " U"]:
    """Join named unknowns into the solver's flat vector."""
    xp = namespace(unknowns.earning)
    parts = [unknowns.price.T, unknowns.spending.T, unknowns.income.T, unknowns.output.T]
    filled = [part for part in parts if part.shape[1]]
    block = xp.concatenate([unknowns.earning[:, None], *filled], axis=1).ravel()
    return xp.concatenate([block, unknowns.wedge]) if len(unknowns.wedge) else block


def start(system: System) -> Float[Array, " U"]:
    """Return the base year: all logs of ratios zero."""
    regions, each = system.size
    return namespace(system.base_expenditure).zeros(regions * each + system.wedges)


def evaluate(system: System, vector: Float[Array, " U"]) -> tuple[Unknowns, Point]:
    """Return the violation of every equation, in logs, and the point it was computed at.

    Demand uses the prices implied by cost at the given unknowns, so that shares add up to one at
    every iterate. In place of a violation, limits carry their excess over the ceiling, negative
    where they are slack.
    """
    xp, unknowns, trade = namespace(vector), split(system, vector), system.trade
    log_basket = None
    if system.final_rho is not None or system.endowments.reads_basket:
        log_basket = log_final_price(system.final_rho, system.final_share, unknowns.price)
    factors = factor_prices(
        system.endowments, unknowns.earning, log_basket, unknowns.income, system.world_value_added
    )
    level = factors.log_earning
    log_price, log_spending = unknowns.price + level, unknowns.spending + level
    log_output = unknowns.output + level
    made = cost(
        system.nests, factors.log_factor, log_price, system.value_added_share, system.input_share
    )
    log_cost = made.total
    if system.log_productivity is not None:
        log_cost = log_cost - system.log_productivity
    limits, wedges = trade.limits, None
    if limits is not None:
        wedges = cell_wedges(limits, unknowns.wedge)
    offered = prices(trade, log_cost, log_output, log_spending, log_price, wedges)
    expenditure = system.base_expenditure * xp.exp(log_spending)
    sold = demand(trade, offered, expenditure, wedges)
    earned = value_added_share(system.nests, system.value_added_share, made) * sold.output
    imbalance, income = _incomes(system, factors, sold)
    nominal_basket = None if log_basket is None else log_basket + level
    final = final_shares(system.final_rho, system.final_share, log_price, nominal_basket)
    inputs = input_demand(system.nests, made, log_price, system.input_share, sold.output)
    to_labour = earned
    if system.endowments.sectors is not None:
        to_labour = labour_share(system.endowments.sectors) * earned
    violation = Unknowns(
        earning=xp.log(to_labour.sum(axis=0) / factors.labour_income),
        price=offered.log_price - log_price,
        spending=_log_ratio(final * income + inputs, expenditure, system.unbought),
        income=unknowns.income,
        output=unknowns.output,
        wedge=unknowns.wedge,
    )
    if factors.sector_income is not None:
        violation = violation._replace(
            income=_log_ratio(earned, factors.sector_income, system.unmade)
        )
    if trade.rigidity is not None:
        stated = system.base_output * xp.exp(log_output)
        violation = violation._replace(output=_log_ratio(sold.output, stated, system.unmade))
    if limits is not None and wedges is not None:
        quantity, seller_price = cell_prices(trade, limits, offered, log_spending, wedges)
        violation = violation._replace(wedge=excess(limits, quantity, seller_price, unknowns.wedge))
    return violation, Point(
        unknowns, factors, nominal_basket, log_price, made, offered, wedges, expenditure, sold,
        earned, imbalance, income,
    )  # fmt: skip


def _incomes(system: System, factors: FactorPrices, sold: Demand) -> tuple[Array, Array]:
    """Return imbalances, transfers and remittances included, and what is left to spend."""
    imbalance = system.transfer + ruled_imbalance(system, factors.value_added)
    if factors.remittance is not None:
        imbalance = imbalance + factors.remittance
    income = factors.value_added + sold.import_revenue + imbalance
    if sold.export_tax_revenue is not None:
        income = income + sold.export_tax_revenue
    if sold.export_rent is not None:
        income = income + sold.export_rent
    return imbalance, income


def ruled_imbalance(system: System, value_added: Float[Array, " N"]) -> Float[Array, " N"]:
    """Return imbalances under the closure's rule, million USD; they sum to zero."""
    if system.imbalance_rate is None:
        return system.imbalance_level
    raw = system.imbalance_rate * value_added
    return system.imbalance_level + raw - value_added / value_added.sum() * raw.sum()


def state_of(system: System, point: Point) -> State:
    """Return everything computed at a point."""
    xp, factors, sold = namespace(point.income), point.factors, point.sold
    none = xp.zeros_like(point.income)
    share = point.prices.bundle_share
    log_basket = log_final_price(system.final_rho, system.final_share, point.prices.log_price)
    return State(
        wage_hat=xp.exp(factors.log_wage),
        employment_hat=xp.exp(factors.log_earning - factors.log_wage),
        labour=factors.labour,
        factor_price_hat=xp.exp(factors.log_factor),
        sector_value_added=point.earned,
        cost_hat=xp.exp(point.prices.log_cost),
        price_hat=xp.exp(point.prices.log_price),
        bundle_price_hat=xp.exp(point.prices.log_bundle),
        bundle_share=xp.ones_like(point.expenditure) if share is None else share,
        final_price_hat=xp.exp(log_basket),
        expenditure=point.expenditure,
        output=sold.output,
        income=point.income,
        value_added=factors.value_added,
        import_revenue=sold.import_revenue,
        export_tax_revenue=_or(sold.export_tax_revenue, none),
        export_rent=_or(sold.export_rent, none),
        imbalance=point.imbalance,
        wedge=point.unknowns.wedge,
        corridor_use=_or(factors.corridor_use, none[:0]),
    )


def _or(value: Array | None, none: Array) -> Any:
    return none if value is None else value


def _log_ratio(
    new: Float[Array, "S N"], old: Float[Array, "S N"], none: Float[Array, "S N"] | None
) -> Float[Array, "S N"]:
    """Return log(new / old), bounded away from an iterate's negative income; zero where none is."""
    xp = namespace(new)
    if none is not None:
        new, old = new + none, old + none
    return xp.log(xp.minimum(xp.maximum(new / old, LEAST_RATIO), LARGEST_RATIO))
