"""Whom to buy from: the efficient frontier between cost and dependence, readiness, concentration.

Cost and every linear aim make a two-objective linear programme: its frontier is found exactly, as
the list of its corners (Aneja and Nair 1979). Concentration is quadratic: solved in closed form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tula.errors import TulaError, UnknownNameError
from tula.shapes import Float
from tula.ties.arms.stock import require

Array = np.ndarray
#: Differences that count as none, of shares, and of aims beside their size.
SAME, LIKE = 1e-9, 1e-5


class InfeasibleOrderError(TulaError):
    """No split of the order meets the limits: the suppliers allowed cannot fill it.

    Raise a limit, or a capacity. The message gives how much of the order can be placed.
    """


@dataclass(frozen=True)
class Offer:
    """What one supplier can deliver, and what it already holds.

    * ``cost``: billion USD if it had the whole order; ``capacity``: largest share it can fill;
    * ``held``: its share of the stock before the order (shares of all offers sum to one);
    * ``loss_rate``: expected readiness loss per unit of stock, h (1 - substitutability) exp(-m/D).
    """

    supplier: str
    cost: float
    capacity: float
    held: float
    loss_rate: float


@dataclass(frozen=True)
class Order:
    """An order of ``size``, as a fraction of the stock before it, open to several suppliers.

    Suppliers that hold stock but cannot deliver have capacity 0. Raises ``RateError``.
    """

    offers: tuple[Offer, ...]
    size: float

    def __post_init__(self) -> None:
        held = sum(offer.held for offer in self.offers)
        capacities = [offer.capacity for offer in self.offers]
        names = [offer.supplier for offer in self.offers]
        require(
            (self.size > 0.0, f"size {self.size} is not above 0"),
            (abs(held - 1.0) < 1e-6, f"shares held sum to {held}, not 1"),
            (all(0.0 <= c <= 1.0 for c in capacities), "a capacity is not in 0 to 1"),
            (len(set(names)) == len(names), f"a supplier is named twice: {names}"),
        )

    def column(self, name: str) -> Float[Array, " S"]:
        """Return one field of the offers."""
        return self._columns[name]

    @cached_property
    def _columns(self) -> dict[str, Float[Array, " S"]]:
        names = ("cost", "capacity", "held", "loss_rate")
        return {
            name: np.array([getattr(one, name) for one in self.offers], float) for name in names
        }

    def stock_after(self, shares: Float[Array, " S"]) -> Float[Array, " S"]:
        """Return supplier shares of the stock once the order is delivered."""
        after: Array = (self.column("held") + self.size * shares) / (1.0 + self.size)
        return after


@dataclass(frozen=True)
class Allocation:
    """One split of an order.

    * ``shares`` of the order; ``stock`` shares after it, by supplier;
    * ``cost``: billion USD; ``readiness_loss``: share of the fleet a year; ``concentration``: HHI
      of the stock after.
    """

    shares: dict[str, float]
    stock: dict[str, float]
    cost: float
    readiness_loss: float
    concentration: float


def allocate(order: Order, shares: Float[Array, " S"]) -> Allocation:
    """Return what a split of the order costs and leaves behind."""
    names, after = [offer.supplier for offer in order.offers], order.stock_after(shares)
    return Allocation(
        shares=dict(zip(names, shares.tolist(), strict=True)),
        stock=dict(zip(names, after.tolist(), strict=True)),
        cost=float(order.column("cost") @ shares),
        readiness_loss=float(order.column("loss_rate") @ after),
        concentration=float(after @ after),
    )


def ceilings(order: Order, limits: Mapping[str, float]) -> Float[Array, " S"]:
    """Return the largest share of the order for each supplier, under caps on stock shares after.

    Raises ``UnknownNameError``, and ``InfeasibleOrderError`` where the order cannot be placed.
    """
    names = [offer.supplier for offer in order.offers]
    for unknown in set(limits) - set(names):
        raise UnknownNameError("supplier", unknown, names)
    caps = np.array([limits.get(name, 1.0) for name in names])
    room = ((1.0 + order.size) * caps - order.column("held")) / order.size
    if (room < -SAME).any():
        over = [name for name, space in zip(names, room, strict=True) if space < -SAME]
        raise InfeasibleOrderError(f"over the limit even without this order: {', '.join(over)}")
    upper: Array = np.clip(room, 0.0, order.column("capacity"))
    if upper.sum() < 1.0 - SAME:
        raise InfeasibleOrderError(f"only {upper.sum():.4f} of the order can be placed")
    return upper


def _corner(
    first: Float[Array, " S"], then: Float[Array, " S"], upper: Float[Array, " S"]
) -> Float[Array, " S"]:
    """Minimise one aim, and among its optima the other: fill by lexicographic order."""
    shares, left = np.zeros_like(first), 1.0
    for place in np.lexsort((then, first)):
        shares[place] = min(upper[place], left)
        left -= shares[place]
    return shares


def frontier(
    order: Order, *, against: str = "readiness_loss", limits: Mapping[str, float] | None = None
) -> list[Allocation]:
    """Return the corners of the frontier between cost and another aim, cheapest first.

    ``against``: ``"readiness_loss"``, or a supplier whose share of the stock should fall. Between
    neighbouring corners the frontier is a straight line, mixing both splits: its slope is the
    price of the aim. ``limits`` caps suppliers' shares of the stock after the order.
    """
    upper, cost = ceilings(order, limits or {}), order.column("cost")
    other = _aim(order, against)
    ends = _corner(cost, other, upper), _corner(other, cost, upper)
    aims = np.array([[cost @ shares, other @ shares] for shares in ends])
    if (np.abs(aims[0] - aims[1]) <= SAME + LIKE * np.abs(aims[1])).all():
        return [allocate(order, ends[0])]
    corners = [ends[0], *_between(*ends, cost, other, upper), ends[1]]
    return [allocate(order, shares) for shares in corners]


def _aim(order: Order, against: str) -> Float[Array, " S"]:
    if against == "readiness_loss":
        return order.column("loss_rate")
    names = [offer.supplier for offer in order.offers]
    if against not in names:
        raise UnknownNameError("aim", against, ["readiness_loss", *names])
    return np.array([float(name == against) for name in names])


def _between(
    left: Float[Array, " S"],
    right: Float[Array, " S"],
    cost: Float[Array, " S"],
    other: Float[Array, " S"],
    upper: Float[Array, " S"],
) -> Sequence[Float[Array, " S"]]:
    """Return the corners strictly between two, by weights normal to the line that joins them."""
    dearer, safer = float(cost @ (right - left)), float(other @ (left - right))
    weights = safer * cost + dearer * other
    found = _corner(weights, cost, upper)
    scale = max(abs(safer), abs(dearer), SAME) * max(np.abs(cost).max(), np.abs(other).max(), 1.0)
    if float(weights @ (left - found)) <= SAME * scale:
        return []
    before = _between(left, found, cost, other, upper)
    return [*before, found, *_between(found, right, cost, other, upper)]


def diversified(
    order: Order, price: float, *, limits: Mapping[str, float] | None = None
) -> Allocation:
    """Return the split that minimises cost + price * HHI of the stock after the order.

    ``price``: billion USD per unit of HHI, above 0; running it from small to large traces the
    frontier between cost and concentration. Closed form: supplier i gets
    clip((mu - c_i)/(a q) - k_i/q, 0, cap_i), a = 2 price q/(1+q)^2, mu so that shares sum to one.
    """
    require((price > 0.0, f"price of concentration {price} is not above 0"))
    upper, cost, held, q = (
        ceilings(order, limits or {}),
        order.column("cost"),
        order.column("held"),
        order.size,
    )
    a = 2.0 * price * q / (1.0 + q) ** 2
    turns = np.unique(np.concatenate([cost + a * held, cost + a * (held + q * upper)]))
    placed = [_water_filled(mu, a, q, cost, held, upper).sum() for mu in turns]
    mu = float(np.interp(1.0, placed, turns))
    return allocate(order, _water_filled(mu, a, q, cost, held, upper))


def _water_filled(
    mu: float,
    a: float,
    q: float,
    cost: Float[Array, " S"],
    held: Float[Array, " S"],
    upper: Float[Array, " S"],
) -> Float[Array, " S"]:
    filled: Array = np.clip((mu - cost) / (a * q) - held / q, 0.0, upper)
    return filled
