"""A market cleared by itself: incomes and wages stand still.

Spending of each buyer on the commodity is given (Cobb-Douglas, as in the world), sellers replace
each other with its sigma, a seller's price answers its output with the supply elasticity that tied
factors give it, and ceilings bind by complementarity:

    P_n^-theta = sum_i pi_ni (c_i w_ni)^-theta,    c_i^eps_i = Y_i,    0 <= mu_g, Q_g <= q_g

It reads the same calibration and the same policy as the world does, and is solved by another
method: what it finds is the account of what happens, set beside the difference of two solves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import root

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.limits import active_limits, base_received
from tula.equilibrium.technology import UNIT_WITHIN
from tula.market.account import Books, passed_on, terms
from tula.market.errors import MarketClearingError, MarketError
from tula.market.supply import supply_elasticity
from tula.policy.shock import Shock
from tula.shapes import Float

Array = np.ndarray
#: Largest residual of the equations, in logs.
TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Market:
    """One commodity of a calibrated world. Raises ``MarketError``, ``UnknownNameError``.

    Its world has Cobb-Douglas costs, and factors that are free or tied as a part.
    """

    world: Calibration
    sector: str

    def __post_init__(self) -> None:
        technology, wrong = self.world.technology, list[str]()
        if technology.nests_costs or technology.among_final != 1.0:
            wrong.append("costs and demand are not Cobb-Douglas: spending would not stand still")
        if technology.home_and_imports is not None:
            wrong.append("home supply is a nest of its own: leave home_and_imports out")
        if np.isfinite([technology.labour_mobility, technology.transformation]).any():
            wrong.append("sellers have more than one price: leave mobility and transformation out")
        if wrong:
            raise MarketError(self.sector, wrong)

    @cached_property
    def place(self) -> int:
        """Position of the sector."""
        return self.world.labels.sector_index(self.sector)

    @cached_property
    def share(self) -> Float[Array, "N I"]:
        """Base shares of sellers in what each buyer spends, duties included."""
        return np.asarray(self.world.trade_share[self.place])

    @cached_property
    def spending(self) -> Float[Array, " N"]:
        """What each buyer spends, million USD."""
        return np.asarray(self.world.expenditure[:, self.place])

    @cached_property
    def theta(self) -> Float[Array, "N 1"]:
        """Sigma less one, by buyer."""
        return np.asarray(self.world.placed.trade_elasticity[self.place][:, None])

    @cached_property
    def rent_share(self) -> Float[Array, " I"]:
        """Part of a seller's receipts that what is tied to the sector earns."""
        tied = self.world.placed.specific_share[:, self.place]
        return np.asarray(self.world.value_added_share[:, self.place] * tied)

    @cached_property
    def steepness(self) -> Float[Array, " I"]:
        """One over the supply elasticity of each seller; zero where supply is free."""
        tied = self.world.placed.specific_share[:, self.place]
        some = tied > 0.0
        share = self.world.value_added_share[:, self.place]
        found = np.zeros(len(tied))
        found[some] = 1.0 / np.maximum(supply_elasticity(tied[some], share[some]), UNIT_WITHIN)
        return found

    @cached_property
    def books(self) -> Books:
        """Who is paid what in the base year."""
        base, s = self.world, self.place
        spent = self.share * self.spending[:, None]
        border = spent / (1.0 + base.tariff[s])
        return Books(spent, border, border / (1.0 + base.export_tax[s]))

    @property
    def received(self) -> Float[Array, "N I"]:
        """What sellers received of each buyer in the base year, million USD."""
        return self.books.received


class _Wedges:
    """Log wedges between sellers' costs and buyers' prices, of taxes, costs and ceilings."""

    def __init__(self, market: Market, shock: Shock) -> None:
        s, base = market.place, market.world
        old, new = (np.log1p(one.tariff[s]) + np.log1p(one.export_tax[s]) for one in (base, shock))
        self.plain = new - old + np.log(shock.trade_cost_hat[s])
        self.open = ~shock.embargo[s] & (market.share > 0.0)
        self.limits = [one for one in active_limits(base, shock) if (one.cells[:, 0] == s).any()]
        self.ceiling = np.log([one.limit.ceiling / one.part for one in self.limits])
        shape = (len(self.limits), *self.plain.shape)
        self.cells, self.weight = np.zeros(shape, dtype=bool), np.zeros(shape)
        for n, one in enumerate(self.limits):
            at = (n, *one.cells[:, 1:].T)
            self.cells[at] = True
            value = base_received(base, tuple(one.cells.T))
            self.weight[at] = value / value.sum()

    def of(self, mu: Float[Array, " G"], *keepers: str) -> Float[Array, "N I"]:
        """Return the log wedges of ceilings, of those whose rent some keep or of all."""
        mine = [not keepers or one.limit.rent_to in keepers for one in self.limits]
        found = np.einsum("g,gni->ni", mu * np.array(mine, dtype=float), self.cells)
        return np.asarray(found)


@dataclass(frozen=True, eq=False)
class Cleared:
    """A market cleared under a policy; ratios of new to old, 1 = unchanged.

    ``cost`` (I,): sellers' prices, taxes and rents aside; ``price`` (N,): what buyers pay, on the
    mean of their sellers; ``bought`` (N, I): volumes delivered, zero where nothing is traded;
    ``consumers``, ``sellers``, ``kept``, ``terms`` (N,): the lines of ``tula.market.account``,
    million USD a year, plus = the region gains.
    """

    market: Market
    cost: Float[Array, " I"]
    price: Float[Array, " N"]
    bought: Float[Array, "N I"]
    wedge: Float[Array, "N I"]
    consumers: Float[Array, " N"]
    sellers: Float[Array, " N"]
    kept: Float[Array, " N"]
    terms: Float[Array, " N"]

    @property
    def lines(self) -> Float[Array, "4 N"]:
        """The lines of the account."""
        return np.stack([self.consumers, self.sellers, self.kept, self.terms])

    @property
    def money(self) -> Float[Array, " N"]:
        """What it is worth to each region, million USD a year beside the base year."""
        return np.asarray(self.lines.sum(axis=0))

    def volume(self, importer: str, exporter: str) -> float:
        """What one buys of another, ratio to the base year."""
        labels = self.market.world.labels
        return float(self.bought[labels.region_index(importer), labels.region_index(exporter)])

    def premium(self, importer: str, exporter: str) -> float:
        """What a ceiling makes a buyer shun a seller by, as a part of its price: 0 = not at all."""
        labels = self.market.world.labels
        place = labels.region_index(importer), labels.region_index(exporter)
        return float(np.expm1(self.wedge[place]))

    def world_price(self, without: tuple[str, ...] = ()) -> float:
        """Sellers' prices abroad, weighted by base trade; some sellers may be left out."""
        weight = np.array(self.market.received)
        np.fill_diagonal(weight, 0.0)
        for code in without:
            weight[:, self.market.world.labels.region_index(code)] = 0.0
        return float((weight * self.cost).sum() / weight.sum())


def clear(market: Market, shock: Shock) -> Cleared:
    """Clear a market under the part of a policy that touches its sector.

    Raises ``MarketError`` for limits on prices, tariff quotas, limits that hold several sectors
    together, and embargoes on buyers whose sigma is one or less; ``MarketClearingError``.
    """
    wedges = _Wedges(market, shock)
    _refuse(market, wedges)
    sellers = len(market.world.labels.regions)
    sold = market.received.sum(axis=0)

    def residual(unknown: Array) -> Array:
        cost, mu = np.split(unknown, [sellers])
        _, share = _bought(market, wedges, cost, mu)
        received = _books(market, shock, wedges, share, mu).received
        made = np.where(sold > 0.0, received.sum(axis=0), 1.0)
        output = np.log(np.maximum(made, np.finfo(float).tiny) / np.where(sold > 0.0, sold, 1.0))
        slack = wedges.ceiling - np.log(_quantities(market, wedges, cost, mu))
        bound = mu + slack - np.hypot(mu, slack)
        return np.concatenate([cost - market.steepness * (output - cost), bound])

    found = root(residual, np.zeros(sellers + len(wedges.limits)), options={"xtol": 1e-13})
    if not np.abs(residual(found.x)).max(initial=0.0) < TOLERANCE:
        worst = float(np.abs(residual(found.x)).max())
        raise MarketClearingError(f"the market of {market.sector} is off by {worst:.1e}, in logs")
    cost, mu = np.split(found.x, [sellers])
    return _told(market, shock, wedges, cost, mu)


def _refuse(market: Market, wedges: _Wedges) -> None:
    wrong, labels = list[str](), market.world.labels
    for one in wedges.limits:
        name = one.limit.instrument
        if one.limit.measure != "quantity" or np.isfinite(one.limit.beyond):
            wrong.append(f"{name} is no plain ceiling on quantities")
        if (one.cells[:, 0] != market.place).any():
            wrong.append(f"{name} holds several sectors together: state one for each")
    shut = ((market.share > 0.0) & ~wedges.open).any(axis=1) & (market.theta[:, 0] <= UNIT_WITHIN)
    wrong += [
        f"{labels.regions[n]} loses a seller at a sigma of {market.theta[n, 0] + 1.0:g}: at one "
        "and below that costs without limit"
        for n in np.flatnonzero(shut)
    ]
    if wrong:
        raise MarketError(market.sector, wrong)


def _bought(
    market: Market, wedges: _Wedges, cost: Float[Array, " I"], mu: Float[Array, " G"]
) -> tuple[Float[Array, " N"], Float[Array, "N I"]]:
    """Return log price indices of buyers, and sellers' new shares in their spending."""
    paid, theta = cost[None, :] + wedges.plain + wedges.of(mu), market.theta
    part = np.where(wedges.open, market.share * np.exp(-theta * paid), 0.0)
    total = part.sum(axis=1)
    unit = np.abs(theta[:, 0]) < UNIT_WITHIN
    mean = np.where(wedges.open, market.share * paid, 0.0).sum(axis=1)
    rate = np.where(unit, 1.0, theta[:, 0])
    return np.where(unit, mean, -np.log(total) / rate), part / total[:, None]


def _books(
    market: Market,
    shock: Shock,
    wedges: _Wedges,
    share: Float[Array, "N I"],
    mu: Float[Array, " G"],
) -> Books:
    """Return who is paid what; rents are taken out where their keeper takes them."""
    spent, s = share * market.spending[:, None], market.place
    border = spent / ((1.0 + shock.tariff[s]) * np.exp(wedges.of(mu, "importer")))
    taxed = (1.0 + shock.export_tax[s]) * np.exp(wedges.of(mu, "exporter"))
    return Books(spent, border, border / taxed)


def _volumes(
    market: Market, wedges: _Wedges, cost: Float[Array, " I"], mu: Float[Array, " G"]
) -> Float[Array, "N I"]:
    """Return volumes delivered, ratio to the base year, zero where there is no trade."""
    _, share = _bought(market, wedges, cost, mu)
    price = np.exp(cost[None, :] + wedges.plain + wedges.of(mu))
    traded, base = market.share > 0.0, market.share * price
    return np.asarray(np.divide(share, base, out=np.zeros_like(share), where=traded))


def _quantities(
    market: Market, wedges: _Wedges, cost: Float[Array, " I"], mu: Float[Array, " G"]
) -> Float[Array, " G"]:
    """Return what is bought under each ceiling, ratio to its base."""
    bought = _volumes(market, wedges, cost, mu)
    return np.asarray(np.einsum("gni,ni->g", wedges.weight, bought))


def _told(
    market: Market,
    shock: Shock,
    wedges: _Wedges,
    cost: Float[Array, " I"],
    mu: Float[Array, " G"],
) -> Cleared:
    price, share = _bought(market, wedges, cost, mu)
    before, after = market.books, _books(market, shock, wedges, share, mu)
    consumers, costs = passed_on(market.world, market.place, price)
    return Cleared(
        market=market,
        cost=np.exp(cost),
        price=np.exp(price),
        bought=_volumes(market, wedges, cost, mu),
        wedge=wedges.of(mu),
        consumers=consumers,
        sellers=market.rent_share * (after.received - before.received).sum(axis=0),
        kept=after.kept - before.kept,
        terms=terms(market.world, market.place, after.balance - before.balance, costs),
    )
