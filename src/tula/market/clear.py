"""A market cleared by itself: incomes and wages stand still.

Spending of each buyer on the commodity is given (Cobb-Douglas, as in the world), sellers replace
each other with its sigma, a seller's price answers its output with the supply elasticity that tied
factors give it, and ceilings bind by complementarity. It reads the same calibration and the same
policy as the world does, and is solved by another method: what it finds is the account of what
happens, set beside the difference of two solves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tula.market.account import passed_on, terms
from tula.market.equations import Equations
from tula.market.errors import MarketClearingError
from tula.market.structure import Market
from tula.policy.shock import Shock
from tula.shapes import Float

Array = np.ndarray
#: Largest residual of the equations, in logs, Newton steps, and the shortest part of one.
TOLERANCE, STEPS, SHORTEST = 1e-11, 60, 1e-4


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

    Raises ``MarketClearingError``, and ``MarketError`` as ``Equations``.
    """
    posed = Equations(market, shock)
    cost, mu = posed.split(_root(posed))
    paid = posed.paid(cost, mu)
    price, share = posed.bought(paid)
    before, after = market.books, posed.books(share, mu)
    consumers, costs = passed_on(market.world, market.place, price)
    return Cleared(
        market=market,
        cost=np.exp(cost),
        price=np.exp(price),
        bought=posed.volumes(share, paid),
        wedge=posed.wedge(mu),
        consumers=consumers,
        sellers=market.rent_share * (after.received - before.received).sum(axis=0),
        kept=after.kept - before.kept,
        terms=terms(market.world, market.place, after.balance - before.balance, costs),
    )


def _root(posed: Equations) -> Float[Array, " U"]:
    """Return the unknowns that clear the market: Newton's steps, halved until they come nearer."""
    at = posed.start
    missed = posed.residual(at)
    for _ in range(STEPS):
        if np.abs(missed).max(initial=0.0) < TOLERANCE:
            return at
        step, part = np.linalg.solve(posed.slopes(at), -missed), 1.0
        then = posed.residual(at + step)
        while not np.linalg.norm(then) < np.linalg.norm(missed) and part > SHORTEST:
            part *= 0.5
            then = posed.residual(at + part * step)
        at, missed = at + part * step, then
    worst = float(np.abs(missed).max())
    raise MarketClearingError(f"the market of {posed.market.sector} is off by {worst:.1e}, in logs")
