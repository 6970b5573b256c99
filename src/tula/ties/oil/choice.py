"""How a buyer's share of the partner's crude answers its delivered cost."""

from __future__ import annotations

import numpy as np

from tula.shapes import Float
from tula.ties.oil.parts import BILLION_BARRELS

Array = np.ndarray


def delivered_cost(
    fob_price: float, freight: Float[Array, " U"], premium: Float[Array, " U"]
) -> Float[Array, " U"]:
    """Cost of a barrel at the buyer's port, USD: c_b = P_FOB + freight_b + kappa_b."""
    return np.asarray(fob_price + freight + premium)


def share(
    base_share: Float[Array, " U"],
    cost: Float[Array, " U"],
    alternative: Float[Array, " U"],
    base_cost: Float[Array, " U"],
    base_alternative: Float[Array, " U"],
    elasticity: float,
    form: str,
) -> Float[Array, " U"]:
    """Share of need bought from the partner at a delivered cost and an alternative's price.

    The odds s / (1 - s) start at the base and move with the cost relative to the alternative:
    by a constant elasticity (``"ces"``) or exponentially in the difference in USD a barrel
    (``"logit"``, with mu = elasticity / base price of the alternative). A base share of 1 stays 1.
    """
    if form == "ces":
        relative = np.log(cost / alternative) - np.log(base_cost / base_alternative)
    else:
        relative = ((cost - alternative) - (base_cost - base_alternative)) / base_alternative
    against = (1.0 - base_share) * np.exp(elasticity * relative)
    return np.asarray(base_share / (base_share + against))


def replacement_cost(share: float, need: float, alternative: float, elasticity: float) -> float:
    """What doing without the partner costs an average buyer, bn USD a year.

    Log-sum of a logit choice: -ln(1 - s) / mu a barrel of need, with mu = elasticity / price of
    the alternative. Above discount times volume, as most barrels fit better than the marginal
    one. It is the loss that the engine finds for the same limit with theta = elasticity - 1: the
    two must not be added. ``share`` under 1, ``need`` in mb/d, prices USD a barrel.
    """
    return float(-np.log1p(-share) * alternative / elasticity * need * BILLION_BARRELS)
