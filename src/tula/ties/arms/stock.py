"""The fleet: platform stock by supplier, orders that arrive late, spares, and lock-in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tula.errors import TulaError
from tula.shapes import Float

Array = np.ndarray


class RateError(TulaError):
    """A rate, delay or price is outside its domain.

    Rates and delays are zero or more a year or years; a retirement rate is above 0, at most 1.
    """


def require(*conditions: tuple[bool | np.bool_, str]) -> None:
    """Raise one ``RateError`` that names every condition not met."""
    broken = [message for met, message in conditions if not met]
    if broken:
        raise RateError("; ".join(broken))


def delivered(
    orders: Float[Array, " T"], delay: float, *, horizon: int | None = None
) -> Float[Array, " H"]:
    """Return deliveries a year from orders a year, ``delay`` years later.

    A broken delay (2.5) splits each order between the years before and after. ``horizon`` is the
    number of years returned, by default long enough for every order to arrive.
    """
    require((math.isfinite(delay) and delay >= 0.0, f"delay {delay} is not zero or more years"))
    whole, part = int(delay), delay - int(delay)
    arrivals = np.zeros(len(orders) + whole + 1)
    arrivals[whole : whole + len(orders)] += (1.0 - part) * orders
    arrivals[whole + 1 : whole + 1 + len(orders)] += part * orders
    length = len(arrivals) if horizon is None else horizon
    return np.pad(arrivals, (0, max(0, length - len(arrivals))))[:length]


def platform_stock(
    deliveries: Float[Array, "T S"], retirement: float, initial: Float[Array, " S"]
) -> Float[Array, "T S"]:
    """Return the stock at each year's end: k = (1 - retirement) k_before + deliveries.

    Perpetual inventory, supplier by supplier, in the unit of the deliveries.
    """
    require((0.0 < retirement <= 1.0, f"retirement {retirement} is not in (0, 1]"))
    stock, path = initial, []
    for arrived in deliveries:
        stock = (1.0 - retirement) * stock + arrived
        path.append(stock)
    return np.array(path)


def spares_flow(stock: Mapping[str, float], retirement: float) -> dict[str, float]:
    """Return what each supplier's fleet consumes a year to stand still: retirement * stock."""
    return {supplier: retirement * value for supplier, value in stock.items()}


def stock_share(initial: float, of_deliveries: float, retirement: float, years: float) -> float:
    """Return a supplier's share of a fleet of constant size after a change in its deliveries.

    share(t) = f + (k - f) exp(-retirement t): k the share now, f its share of deliveries. The
    half-life of the adjustment is ln 2 / retirement.
    """
    return of_deliveries + (initial - of_deliveries) * math.exp(-retirement * years)


@dataclass(frozen=True)
class LockIn:
    """Whether to change supplier for a unit of stock.

    * ``gain``: what the other supplier is worth more, per unit of stock a year;
    * ``cost``: training, workshops, integration, once per unit of stock;
    * ``discount``, ``retirement``: a year.
    """

    gain: float
    cost: float
    discount: float
    retirement: float

    def __post_init__(self) -> None:
        require(
            (self.discount + self.retirement > 0.0, "discount + retirement is not above 0"),
            (self.cost >= 0.0, f"switching cost {self.cost} is negative"),
        )

    @property
    def value(self) -> float:
        """Present value of switching now, per unit of stock: gain/(discount+retirement) - cost."""
        return self.gain / (self.discount + self.retirement) - self.cost

    @property
    def switches(self) -> bool:
        """Whether switching pays."""
        return self.value > 0.0
