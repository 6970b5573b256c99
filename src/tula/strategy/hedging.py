"""What it costs to lean less on one supplier, what that is worth, and how far to go.

Putty-clay: before anything happens the share of a supplier can be moved along a long-run CES
(sigma_long); once it withdraws, what is left is a short-run CES (sigma_short) calibrated at the
share then held: capital, contracts and skills are made for the suppliers one has. Our own
derivation. That re-calibration is the assumption which creates the value of hedging: with one
technology for both, the severed state costs the same whatever was bought before, and hedging is
worth exactly nothing (``recalibrated=False``).

Shares are a supplier's part in a buyer's spending on one sector; costs and losses are log points
times 100 of that spending, unless a weight on total spending or GDP is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, expm1, inf, log, log1p

import numpy as np
import xarray as xr
from scipy.optimize import brentq

from tula.errors import TulaError
from tula.shapes import Float

Array = np.ndarray
#: Log odds below the unconstrained ones within which an optimum is sought.
WIDEST = 200.0


class HedgingError(TulaError):
    """A hedge is asked for outside its range.

    Shares lie strictly between 0 and 1; both elasticities of substitution are above 1 (at one or
    below, a withdrawal costs without limit: use ``tula.metrics.rationing``); hazards and caps on
    losses are not negative.
    """


@dataclass(frozen=True)
class Hedge:
    """How far to move away from a supplier that may withdraw, and what for.

    ``share`` is the chosen cost share, from ``unhedged_share``. ``wedge`` is the ad-valorem charge
    on the supplier that implements it (0.066 = 6.6%), ``log_wedge`` its log, ``wedge_rule`` the
    rule of thumb h/((sigma_short - 1)(1 - share)), and ``policy_wedge`` the part of ``wedge`` left
    to a government when firms already act on part of the loss. ``cost`` is paid every year,
    ``loss`` and ``unhedged_loss`` when the supplier withdraws, ``value`` is the fall in cost plus
    expected loss: log points times 100 of spending on the sector.
    """

    unhedged_share: float
    share: float
    wedge: float
    log_wedge: float
    wedge_rule: float
    policy_wedge: float
    cost: float
    loss: float
    unhedged_loss: float
    value: float


def diversion_cost(unhedged_share: float, share: float, sigma_long: float) -> float:
    """Return the rise in cost from holding a supplier at another share than the cheapest one.

    100 ln c(share), c = [w^(1/s) x^r + (1 - w)^(1/s) (1 - x)^r]^(-1/r), r = (s - 1)/s: what one
    unit costs at given prices when the supplier has the cost share x and the CES weight w.
    """
    _refuse(("unhedged share", unhedged_share), ("share", share), sigma=("sigma_long", sigma_long))
    rho = (sigma_long - 1.0) / sigma_long
    own = unhedged_share ** (1.0 / sigma_long) * share**rho
    rest = (1.0 - unhedged_share) ** (1.0 / sigma_long) * (1.0 - share) ** rho
    return -100.0 * log(own + rest) / rho


def severance_loss(share: float, sigma_short: float) -> float:
    """Return 100 (-ln(1 - share))/(sigma_short - 1): what a supplier's withdrawal adds to cost."""
    _refuse(("share", share), sigma=("sigma_short", sigma_short))
    return -100.0 * log1p(-share) / (sigma_short - 1.0)


def hedge(
    unhedged_share: float,
    hazard: float,
    *,
    sigma_short: float,
    sigma_long: float,
    internalised: float = 0.0,
    recalibrated: bool = True,
) -> Hedge:
    """Return the share that minimises yearly cost plus expected loss, by one root.

    ``hazard`` is the probability of withdrawal in a year; ``internalised`` the part of the loss
    that firms already act on. With ``recalibrated=False`` the short-run technology keeps the
    long-run weights: nothing is gained by moving, and the optimum is not to. Raises
    ``HedgingError``.
    """
    _refuse(("unhedged share", unhedged_share), sigma=("sigma_long", sigma_long))
    _refuse(sigma=("sigma_short", sigma_short))
    if not (0.0 <= hazard <= 1.0 and 0.0 <= internalised <= 1.0):
        raise HedgingError(
            f"hazard and internalised lie between 0 and 1: got {hazard}, {internalised}"
        )
    pull = hazard / (sigma_short - 1.0) if recalibrated else 0.0
    log_wedge = _log_wedge(unhedged_share, pull, sigma_long)
    share = _moved(unhedged_share, log_wedge, sigma_long)
    unhedged_loss = severance_loss(unhedged_share, sigma_short)
    loss = severance_loss(share, sigma_short) if recalibrated else unhedged_loss
    cost = diversion_cost(unhedged_share, share, sigma_long) if log_wedge else 0.0
    return Hedge(
        unhedged_share=unhedged_share,
        share=share,
        wedge=expm1(log_wedge),
        log_wedge=log_wedge,
        wedge_rule=pull / (1.0 - share),
        policy_wedge=(1.0 - internalised) * expm1(log_wedge),
        cost=cost,
        loss=loss,
        unhedged_loss=unhedged_loss,
        value=hazard * (unhedged_loss - loss) - cost,
    )


def share_under_cap(loss_cap: float, weight: float, sigma_short: float) -> float:
    """Return the largest share at which a withdrawal costs no more than a cap.

    1 - exp(-(sigma_short - 1) cap/weight), ``loss_cap`` and ``weight`` (spending on the sector) in
    the same unit, such as % of GDP.
    """
    _refuse(sigma=("sigma_short", sigma_short))
    if not (loss_cap >= 0.0 and weight > 0.0):
        raise HedgingError(f"a cap is not negative, a weight above 0: got {loss_cap}, {weight}")
    return -expm1(-(sigma_short - 1.0) * loss_cap / weight)


def hedging_frontier(
    unhedged_share: float,
    weight: float,
    loss_caps: Sequence[float],
    *,
    sigma_short: float,
    sigma_long: float,
) -> xr.Dataset:
    """Return share and yearly cost for each cap on the loss from one supplier's withdrawal.

    ``weight`` is spending on the sector in % of GDP (or of any other base), ``loss_caps`` in the
    same unit; so are ``loss`` and ``cost``. A cap of zero needs a share of zero.
    """
    held = [min(unhedged_share, share_under_cap(cap, weight, sigma_short)) for cap in loss_caps]
    if min(held, default=1.0) <= 0.0:
        raise HedgingError("a cap of zero leaves no share for the supplier: ask for one above 0")
    costs = [weight * diversion_cost(unhedged_share, share, sigma_long) / 100.0 for share in held]
    losses = [weight * severance_loss(share, sigma_short) / 100.0 for share in held]
    return xr.Dataset(
        {
            "share": ("loss_cap", held, {"units": "fraction of spending on the sector"}),
            "cost": ("loss_cap", costs, {"units": "as weight", "sign": "plus = costs a year"}),
            "loss": ("loss_cap", losses, {"units": "as weight", "sign": "plus = loss if severed"}),
        },
        coords={"loss_cap": list(loss_caps)},
        attrs={
            "unhedged_share": unhedged_share,
            "weight": weight,
            "sigma_short": sigma_short,
            "sigma_long": sigma_long,
        },
    )


def cheapest_hedge(
    unhedged_shares: Float[Array, " S"],
    weights: Float[Array, " S"],
    loss_cap: float,
    *,
    sigma_short: Float[Array, " S"],
    sigma_long: Float[Array, " S"],
) -> xr.Dataset:
    """Return shares by sector that keep one power's joint threat under a cap at least cost.

    ``weights`` (S,) is spending by sector, ``loss_cap`` in their unit. The Lagrange multiplier of
    the cap acts as a common hazard: ``hazard`` is what the cap implies, zero where it does not
    bind. Variables ``share``, ``wedge``, ``cost`` and ``loss`` by sector. Sectors without the
    supplier stay as they are. Raises ``HedgingError``.
    """
    held, short, long = (
        np.asarray(a, dtype=float) for a in (unhedged_shares, sigma_short, sigma_long)
    )

    def at(hazard: float) -> Float[Array, "S 4"]:
        sectors = zip(held, short, long, strict=True)
        return np.array([_sector(share, low, high, hazard) for share, low, high in sectors])

    def excess(hazard: float) -> float:
        return float(weights @ at(hazard)[:, 3]) / 100.0 - loss_cap

    if not loss_cap > 0.0:
        raise HedgingError(f"a cap on the loss is above 0: got {loss_cap}")
    hazard = 0.0 if excess(0.0) <= 0.0 else _root_above(excess)
    share, wedge, cost, loss = at(hazard).T
    return xr.Dataset(
        {
            "share": ("sector", share),
            "wedge": ("sector", wedge),
            "cost": ("sector", weights * cost / 100.0),
            "loss": ("sector", weights * loss / 100.0),
        },
        attrs={"hazard": hazard, "loss_cap": loss_cap, "units": "as weights"},
    )


def _sector(
    share: float, sigma_short: float, sigma_long: float, hazard: float
) -> tuple[float, float, float, float]:
    """Share, wedge, cost and loss of one sector at a common hazard, which may exceed one."""
    if share == 0.0:
        return 0.0, 0.0, 0.0, 0.0
    _refuse(("share", share), sigma=("sigma_long", sigma_long))
    _refuse(sigma=("sigma_short", sigma_short))
    log_wedge = _log_wedge(share, hazard / (sigma_short - 1.0), sigma_long)
    held = _moved(share, log_wedge, sigma_long)
    cost = diversion_cost(share, held, sigma_long) if log_wedge else 0.0
    return held, expm1(log_wedge), cost, severance_loss(held, sigma_short)


def _root_above(excess: Callable[[float], float]) -> float:
    """Return the hazard at which the excess is zero, widening the bracket from one."""
    top = 1.0
    while excess(top) > 0.0:
        top *= 4.0
    return float(brentq(excess, 0.0, top, xtol=1e-14, rtol=1e-13))


def _log_wedge(unhedged_share: float, pull: float, sigma_long: float) -> float:
    """Return the log wedge at which its marginal cost equals the marginal fall in expected loss.

    With t the wedge and x the share it leads to: t/(1 + x t) = pull/(1 - x).
    """
    if pull == 0.0:
        return 0.0

    def excess(log_wedge: float) -> float:
        share = _moved(unhedged_share, log_wedge, sigma_long)
        wedge = expm1(log_wedge)
        return wedge * (1.0 - share) - pull * (1.0 + share * wedge)

    top = 1.0
    while excess(top) < 0.0:
        top *= 2.0
        if top > WIDEST:
            raise HedgingError(f"no wedge answers a hazard this large: pull {pull:g}")
    return float(brentq(excess, 0.0, top, xtol=1e-15, rtol=1e-13))


def _moved(share: float, log_wedge: float, sigma_long: float) -> float:
    """Return the cost share net of the wedge: its odds fall by sigma_long times the log wedge."""
    if log_wedge == 0.0:
        return share
    odds = exp(-sigma_long * log_wedge) * share / (1.0 - share)
    return odds / (1.0 + odds)


def _refuse(*shares: tuple[str, float], sigma: tuple[str, float] = ("sigma", inf)) -> None:
    wrong = [f"{name} {value:g}" for name, value in shares if not 0.0 < value < 1.0]
    if wrong:
        raise HedgingError(f"shares lie strictly between 0 and 1: got {', '.join(wrong)}")
    if not sigma[1] > 1.0:
        raise HedgingError(f"{sigma[0]} is {sigma[1]:g}: a withdrawal costs without limit at one")
