"""The equations of a market by itself under a policy, and their derivatives.

    P_n^-theta = sum_i pi_ni (c_i w_ni)^-theta,    c_i^eps_i = Y_i,    0 <= mu_g, Q_g <= q_g

Unknowns are sellers' prices c and the wedges mu of ceilings, in logs.
"""

from __future__ import annotations

import numpy as np

from tula.equilibrium.limits import active_limits, base_received
from tula.equilibrium.technology import UNIT_WITHIN
from tula.market.account import Books
from tula.market.errors import MarketError
from tula.market.structure import Market
from tula.policy.shock import Shock
from tula.shapes import Float

Array = np.ndarray
#: Slope of the complementarity where a ceiling neither binds nor leaves room.
CORNER = 1.0 - 0.5**0.5


class Equations:
    """A market under the part of a policy that touches its sector.

    Raises ``MarketError`` for what it does not know: limits on prices, tariff quotas, limits that
    hold several sectors together, embargoes on buyers whose sigma is one or less.
    """

    def __init__(self, market: Market, shock: Shock) -> None:
        s, base = market.place, market.world
        old, new = (np.log1p(one.tariff[s]) + np.log1p(one.export_tax[s]) for one in (base, shock))
        self.market = market
        self.duty, self.tax = 1.0 + shock.tariff[s], 1.0 + shock.export_tax[s]
        self.plain = new - old + np.log(shock.trade_cost_hat[s])
        self.open = ~shock.embargo[s] & (market.share > 0.0)
        self.sold_share = market.share * (1.0 - shock.banned[s])
        self.limits = [one for one in active_limits(base, shock) if (one.cells[:, 0] == s).any()]
        self._refuse()
        self.ceiling = np.log([one.limit.ceiling / one.part for one in self.limits])
        shape = (len(self.limits), *self.plain.shape)
        self.cells, self.weight = np.zeros(shape), np.zeros(shape)
        for n, one in enumerate(self.limits):
            at = (n, *one.cells[:, 1:].T)
            value = base_received(base, tuple(one.cells.T))
            self.cells[at], self.weight[at] = 1.0, value / value.sum()
        self.sold = market.received.sum(axis=0)

    def _refuse(self) -> None:
        wrong, market = list[str](), self.market
        for one in self.limits:
            name = one.limit.instrument
            if one.limit.measure != "quantity" or np.isfinite(one.limit.beyond):
                wrong.append(f"{name} is no plain ceiling on quantities")
            if (one.cells[:, 0] != market.place).any():
                wrong.append(f"{name} holds several sectors together: state one for each")
        shut = ((market.share > 0.0) & (~self.open | (self.sold_share < market.share))).any(axis=1)
        wrong += [
            f"{market.world.labels.regions[n]} loses a seller at a sigma of "
            f"{market.theta[n, 0] + 1.0:g}: at one and below that costs without limit"
            for n in np.flatnonzero(shut & (market.theta[:, 0] <= UNIT_WITHIN))
        ]
        if wrong:
            raise MarketError(market.sector, wrong)

    @property
    def start(self) -> Float[Array, " U"]:
        """Unknowns where nothing moves."""
        return np.zeros(len(self.sold) + len(self.limits))

    def split(self, unknown: Float[Array, " U"]) -> tuple[Float[Array, " I"], Float[Array, " G"]]:
        """Return log prices of sellers and log wedges of ceilings."""
        cost, mu = np.split(unknown, [len(self.sold)])
        return cost, mu

    def wedge(self, mu: Float[Array, " G"], *keepers: str) -> Float[Array, "N I"]:
        """Return the log wedges of ceilings, of those whose rent some keep or of all."""
        if not self.limits:
            return np.zeros_like(self.plain)
        return np.asarray((mu * self._kept_by(*keepers)) @ self.cells.transpose(1, 0, 2))

    def _kept_by(self, *keepers: str) -> Float[Array, " G"]:
        mine = [not keepers or one.limit.rent_to in keepers for one in self.limits]
        return np.array(mine, dtype=float)

    def paid(self, cost: Float[Array, " I"], mu: Float[Array, " G"]) -> Float[Array, "N I"]:
        """Return log prices that buyers pay, duties, costs of trade and wedges included."""
        return np.asarray(cost + self.plain + self.wedge(mu))

    def bought(self, paid: Float[Array, "N I"]) -> tuple[Float[Array, " N"], Float[Array, "N I"]]:
        """Return log price indices of buyers, and sellers' new shares in their spending."""
        theta = self.market.theta
        part = np.where(self.open, self.sold_share * np.exp(-theta * paid), 0.0)
        total = part.sum(axis=1)
        unit = np.abs(theta[:, 0]) < UNIT_WITHIN
        mean = np.where(self.open, self.market.share * paid, 0.0).sum(axis=1)
        rate = np.where(unit, 1.0, theta[:, 0])
        return np.where(unit, mean, -np.log(total) / rate), part / total[:, None]

    def books(self, share: Float[Array, "N I"], mu: Float[Array, " G"]) -> Books:
        """Return who is paid what; rents are taken out where their keeper takes them."""
        spent = share * self.market.spending[:, None]
        border = spent / (self.duty * np.exp(self.wedge(mu, "importer")))
        return Books(spent, border, border / (self.tax * np.exp(self.wedge(mu, "exporter"))))

    def volumes(self, share: Float[Array, "N I"], paid: Float[Array, "N I"]) -> Float[Array, "N I"]:
        """Return volumes delivered, ratio to the base year, zero where there is no trade."""
        traded, base = self.market.share > 0.0, self.market.share * np.exp(paid)
        return np.asarray(np.divide(share, base, out=np.zeros_like(share), where=traded))

    def residual(self, unknown: Float[Array, " U"]) -> Float[Array, " U"]:
        """Return by how much supply and ceilings are missed, in logs."""
        cost, mu = self.split(unknown)
        paid = self.paid(cost, mu)
        _, share = self.bought(paid)
        made = self.books(share, mu).received.sum(axis=0)
        live, least = self.sold > 0.0, np.finfo(float).tiny
        output = np.log(
            np.where(live, np.maximum(made, least) / np.where(live, self.sold, 1.0), 1.0)
        )
        supply = cost - self.market.steepness * (output - cost)
        slack = self._slack(self.volumes(share, paid))
        return np.concatenate([supply, mu + slack - np.hypot(mu, slack)])

    def _slack(self, volumes: Float[Array, "N I"]) -> Float[Array, " G"]:
        return np.asarray(self.ceiling - np.log((self.weight * volumes).sum(axis=(1, 2))))

    def slopes(self, unknown: Float[Array, " U"]) -> Float[Array, "U U"]:
        """Return the derivatives of the residual (rows) in the unknowns."""
        cost, mu = self.split(unknown)
        paid = self.paid(cost, mu)
        _, share = self.bought(paid)
        theta, steep = self.market.theta, self.market.steepness[:, None]
        # Shares answer wedges: by -theta of their own, less the mean over sellers.
        mean = (share * self.cells).sum(axis=2)
        turned = -theta[None] * (self.cells - mean[:, :, None])
        received = self.books(share, mu).received
        weight = received / np.maximum(received.sum(axis=0), np.finfo(float).tiny)
        pull = weight * theta
        by_cost = pull.T @ share - np.diag(pull.sum(axis=0))
        taken = self._kept_by("importer", "exporter")[:, None, None] * self.cells
        by_mu = (weight * (turned - taken)).sum(axis=1).T
        supply = [np.eye(len(cost)) * (1.0 + steep) - steep * by_cost, -steep * by_mu]
        volumes = self.volumes(share, paid)
        part = self.weight * volumes
        part = part / part.sum(axis=(1, 2), keepdims=True)
        fall = (part.sum(axis=2) * theta[:, 0]) @ share - (theta[:, 0] + 1.0) @ part
        size = len(part), share.size
        own = part.reshape(size) @ (turned - self.cells).reshape(size).T
        slack = self._slack(volumes)
        far = np.hypot(mu, slack)
        on_mu, on_slack = (
            np.where(far > 0.0, 1.0 - one / np.where(far > 0.0, far, 1.0), CORNER)
            for one in (mu, slack)
        )
        bound = [-on_slack[:, None] * fall, np.diag(on_mu) - on_slack[:, None] * own]
        return np.block([supply, bound])
