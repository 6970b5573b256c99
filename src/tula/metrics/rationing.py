"""Rationing: the cost of a shortage of an input that prices alone cannot make good.

Where the elasticity of substitution is one or less, losing a supplier for good costs without limit;
what counts is the quantity that remains, after stocks and other suppliers, and for how long.
"""

from __future__ import annotations

import numpy as np

from tula.errors import TulaError
from tula.shapes import Float

Array = np.ndarray
Amount = float | Float[Array, "*shape"]


class ShortageError(TulaError):
    """A shortage is stated outside its range. Shares lie between 0 and 1, quantities at or above
    0, elasticities of substitution above 0."""


def rationing_loss(share: Amount, remaining: Amount, sigma: float) -> Float[Array, "*shape"]:
    """Return the exact log change in output when an input is rationed; negative for a loss.

    ``share`` is the input's share in spending, ``remaining`` the ratio of new to old quantity and
    ``sigma`` the elasticity of substitution with everything else (below one allowed; one is the
    Cobb-Douglas limit): sigma/(sigma - 1) ln[(1 - s) + s q^((sigma - 1)/sigma)] (Baqaee and Farhi
    2019; Bachmann et al. 2022). Minus infinity for an essential input that is gone.
    """
    _refuse_shares(share, remaining, sigma)
    kept = np.asarray(remaining, dtype=float)
    if sigma == 1.0:
        with np.errstate(divide="ignore"):
            return np.asarray(np.where(np.asarray(share) > 0, share * np.log(kept), 0.0))
    exponent = (sigma - 1.0) / sigma
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        spent = np.where(np.asarray(share) > 0, share * kept**exponent, 0.0)
        return np.asarray(np.log((1.0 - np.asarray(share)) + spent) / exponent)


def rationing_loss_second_order(
    share: Amount, remaining: Amount, sigma: float
) -> Float[Array, "*shape"]:
    """Return the second-order form of ``rationing_loss``; wrong by far for large cuts.

    s ln q + s(1 - s)(1 - 1/sigma)(ln q)^2 / 2.
    """
    _refuse_shares(share, remaining, sigma)
    s, step = np.asarray(share), np.log(np.asarray(remaining))
    return np.asarray(s * step + 0.5 * s * (1.0 - s) * (1.0 - 1.0 / sigma) * step**2)


def remaining_supply(
    supplier_share: Amount, replaced: float, stocks: float = 0.0
) -> Float[Array, "*shape"]:
    """Return the quantity that remains when a supplier goes: what production needs, by ratio.

    ``supplier_share`` is its share in the quantity, ``replaced`` the part of it that others
    deliver, ``stocks`` what stocks give over the period, as a share of its normal use.
    """
    if not (0.0 <= replaced <= 1.0 and stocks >= 0.0):
        raise ShortageError(
            f"replaced is between 0 and 1, stocks not negative: got {replaced}, {stocks}"
        )
    left = 1.0 - np.asarray(supplier_share) * (1.0 - replaced) + stocks
    return np.asarray(np.minimum(1.0, left))


def _refuse_shares(share: Amount, remaining: Amount, sigma: float) -> None:
    s, kept = np.asarray(share, dtype=float), np.asarray(remaining, dtype=float)
    if not ((s >= 0) & (s <= 1)).all() or not (kept >= 0).all() or not sigma > 0:
        raise ShortageError(
            f"share is between 0 and 1, remaining at least 0, sigma above 0: "
            f"got {share}, {remaining}, {sigma}"
        )
