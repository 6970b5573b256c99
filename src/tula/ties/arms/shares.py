"""Who supplies: shares over windows of years, concentration, and how fast a share falls."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from tula.errors import TulaError

#: One delivery record: (supplier, year, volume), volume in any one unit.
Delivery = tuple[str, int, float]


class DeliveryError(TulaError):
    """Deliveries cannot be read: a negative or undefined volume, or a window with none.

    Correct the rows named; a year without deliveries needs no row.
    """


class ShareFitError(TulaError):
    """A decay cannot be fitted: fewer than two dates, dates that repeat, or a share not above 0.

    Give shares in (0, 1] at two dates or more, at most one a date.
    """


@dataclass(frozen=True)
class Decay:
    """A share that falls (or rises) at a constant rate: share(t) = exp(log_level - rate * t).

    * ``log_level``: logarithm of the fitted share at year 0 of the calendar used;
    * ``rate`` a year, plus = falling;
    * ``rate_error``: standard error of ``rate`` (least squares), NaN with two dates only;
    * ``half_life``: ln 2 / rate, years; infinite or negative where the share does not fall.
    """

    log_level: float
    rate: float
    rate_error: float

    @property
    def half_life(self) -> float:
        """Years in which the share halves; infinite where it stays, negative where it grows."""
        return math.inf if self.rate == 0.0 else math.log(2.0) / self.rate

    def share(self, year: float) -> float:
        """Return the fitted share at a date."""
        return math.exp(self.log_level - self.rate * year)


def supplier_shares(
    deliveries: Iterable[Delivery], first: int, last: int, *, same: Mapping[str, str] | None = None
) -> dict[str, float]:
    """Return each supplier's share of all deliveries from ``first`` to ``last``, both included.

    ``same`` maps names of predecessors to successors (``{"Soviet Union": "Russia"}``): nothing is
    merged unless said. Largest first. Raises ``DeliveryError``.
    """
    rows = list(deliveries)
    bad = [row for row in rows if not (math.isfinite(row[2]) and row[2] >= 0.0)]
    if bad:
        raise DeliveryError("volumes must be finite and not negative: " + "; ".join(map(str, bad)))
    names, totals = same or {}, dict[str, float]()
    for supplier, year, volume in rows:
        if first <= year <= last:
            name = names.get(supplier, supplier)
            totals[name] = totals.get(name, 0.0) + volume
    whole = sum(totals.values())
    if whole <= 0.0:
        raise DeliveryError(f"no deliveries from {first} to {last}")
    ordered = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    return {name: volume / whole for name, volume in ordered}


def concentration(shares: Mapping[str, float]) -> float:
    """Return the Herfindahl-Hirschman index of shares that sum to one: 1/n to 1."""
    values = np.array(list(shares.values()))
    if not (np.isfinite(values).all() and (values >= 0).all() and abs(values.sum() - 1.0) < 1e-6):
        raise DeliveryError(
            f"shares must be non-negative and sum to 1; their sum is {values.sum()}"
        )
    return float(values @ values)


def fit_decay(shares: Mapping[float, float]) -> Decay:
    """Fit a constant rate of decay to shares by date, by least squares on their logarithms.

    A window of years stands for its middle: 2011-15 is 2013. Raises ``ShareFitError``.
    """
    if len(shares) < 2 or not all(0.0 < share <= 1.0 for share in shares.values()):
        raise ShareFitError(f"expected shares in (0, 1] at two dates or more; got {dict(shares)}")
    years, logs = np.array(list(shares)), np.log(list(shares.values()))
    centred = years - years.mean()
    rate = -float(centred @ (logs - logs.mean())) / float(centred @ centred)
    log_level = float(logs.mean()) + rate * float(years.mean())
    residual = logs - (log_level - rate * years)
    free = len(years) - 2
    variance = float(residual @ residual) / free / float(centred @ centred) if free else math.nan
    return Decay(log_level, rate, math.sqrt(variance))
