"""What a cleared market is worth to each region: four lines of money, at base wages.

* consumers: what is made of the commodity costs more or less, in every region that uses it;
* sellers: what is tied to the sector earns;
* kept: duties, export taxes and rents of ceilings;
* terms: what is no longer earned abroad must be earned by other goods, at the price of the terms of
  trade. With balances held, a wage moves until it is, to first order (Marshall and Lerner):

      terms_n = dB_n M_n / sum_k [X_kn theta_k (1 - pi_kn) + M_kn (1 + theta_k home_kn)]
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.market.errors import MarketClearingError
from tula.shapes import Float

Array = np.ndarray
#: Rounds in which costs are passed on, and the step in logs at which that ends.
ROUNDS, SETTLED = 1000, 1e-13


class Books(NamedTuple):
    """What is paid in cells (N, I), million USD: by buyers, at the border, and to sellers."""

    spent: Float[Array, "N I"]
    border: Float[Array, "N I"]
    received: Float[Array, "N I"]

    @property
    def kept(self) -> Float[Array, " N"]:
        """Duties and rents of importers, export taxes and rents of exporters, by region."""
        home, away = self.spent - self.border, self.border - self.received
        return np.asarray(home.sum(axis=1) + away.sum(axis=0))

    @property
    def balance(self) -> Float[Array, " N"]:
        """What each region sells abroad less what it buys there."""
        return _balance(self.border)


def _balance(border: Float[Array, "*K N I"]) -> Float[Array, " N"]:
    flow = border.reshape(-1, *border.shape[-2:]).sum(axis=0)
    return np.asarray(flow.sum(axis=0) - flow.sum(axis=1))


def passed_on(
    world: Calibration, place: int, price: Float[Array, " N"]
) -> tuple[Float[Array, " N"], Float[Array, "N S"]]:
    """Return what final buyers gain, million USD, and the log change of all producers' costs.

    ``price``: log change of what buyers pay for the commodity at ``place``; costs move with it at
    base wages and base shares.
    """
    paid = np.zeros_like(world.expenditure)
    for _ in range(ROUNDS):
        cost = (paid[:, None, :] @ world.input_share)[:, 0]
        next_ = (world.trade_share @ cost.T[:, :, None])[:, :, 0].T
        next_[:, place] = price
        step, paid = float(np.abs(next_ - paid).max()), next_
        if step < SETTLED:
            worth = np.expm1(-(world.final_share * paid).sum(axis=1))
            return np.asarray(world.final_spending * worth), cost
    raise MarketClearingError(f"costs are still passed on after {ROUNDS} rounds: {step:.1e}")


def terms(
    world: Calibration, place: int, moved: Float[Array, " N"], cost: Float[Array, "N S"]
) -> Float[Array, " N"]:
    """Return the worth of the terms of trade, million USD, once balances are restored.

    ``moved`` is the change of what the commodity earns abroad; ``cost`` that of producers' costs,
    with which buyers of other goods turn elsewhere. Raises ``MarketClearingError`` where no wage
    restores a balance.
    """
    theta, share, flow = world.placed.trade_elasticity, world.trade_share, world.border_trade
    abroad = flow * ~np.eye(flow.shape[1], dtype=bool)
    part = share * np.exp(-theta[:, :, None] * cost.T[:, None, :])
    turned = np.divide(part, part.sum(axis=2, keepdims=True) * share, where=share > 0.0,
                       out=np.ones_like(share))  # fmt: skip
    turned[place] = 1.0
    missing = moved + _balance(flow * (turned - 1.0))
    bought = abroad.sum(axis=2)
    home = np.einsum("knn->kn", share)
    free = np.ones(len(theta))[:, None] * np.ones(flow.shape[1])
    free[place] = 1.0 - world.placed.specific_share[:, place]
    sold = (abroad * theta[:, :, None] * (1.0 - share)).sum(axis=1) * free
    answer = (sold + bought * (1.0 + theta * home)).sum(axis=0)
    if (answer <= 0.0).any():
        lost = world.labels.regions[int(np.argmin(answer))]
        raise MarketClearingError(
            f"no wage restores what {lost} earns abroad: its trade hardly answers prices"
        )
    return np.asarray(missing * bought.sum(axis=0) / answer)
