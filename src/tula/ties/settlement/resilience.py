"""What is left when third countries close parts of a network, and what must be protected."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb

import numpy as np

from tula.errors import TulaError
from tula.ties.settlement.flows import Flow, largest_flow
from tula.ties.settlement.network import Network

#: Sets of closed nodes beyond which enumeration is refused.
MOST_SETS = 50_000


class EnumerationError(TulaError):
    """Too many sets of nodes to try, or more to be closed than are exposed.

    Ask for fewer closures, or mark fewer nodes as exposed.
    """


class LeastCostError(TulaError):
    """The least-cost routing was not solved. The message carries the solver's own words."""


@dataclass(frozen=True)
class Closure:
    """The worst closure of a given size: which names, what still flows, what then limits it."""

    closed: tuple[str, ...]
    flow: float
    cut: tuple[str, ...]


@dataclass(frozen=True)
class Resilience:
    """Least flow over all sets of 0, 1, ... k closed nodes, against a need in the same unit.

    ``breaking_size`` is the smallest number of closures that leaves less than the need; None if
    none up to k does.
    """

    need: float
    worst: tuple[Closure, ...]

    @property
    def breaking_size(self) -> int | None:
        """Smallest number of closures that leaves less than the need."""
        short = [size for size, closure in enumerate(self.worst) if closure.flow < self.need]
        return short[0] if short else None

    @property
    def coverage(self) -> tuple[float, ...]:
        """Share of the need still met at each size, at most 1."""
        return tuple(min(1.0, closure.flow / self.need) for closure in self.worst)


def resilience(network: Network, need: float, size: int) -> Resilience:
    """Return the worst closures of up to ``size`` exposed nodes and messaging systems.

    Exact: every set is tried. Among equally bad sets the first in the order given is named.
    Raises ``EnumerationError``.
    """
    exposed = network.exposed
    _require_countable(len(exposed), size, need)
    return Resilience(need, tuple(_worst(network, exposed, count) for count in range(size + 1)))


def worst_closure(network: Network, size: int) -> Closure:
    """Return the closure of exactly ``size`` exposed names that leaves the least flow."""
    _require_countable(len(network.exposed), size, 1.0)
    return _worst(network, network.exposed, size)


def _worst(network: Network, exposed: tuple[str, ...], count: int) -> Closure:
    tried = ((closed, largest_flow(network, closed)) for closed in combinations(exposed, count))
    closed, flow = min(tried, key=lambda pair: pair[1].value)
    return Closure(closed, flow.value, flow.cut)


def _require_countable(exposed: int, size: int, need: float) -> None:
    if not need > 0.0:
        raise EnumerationError(f"the need must be above zero; got {need}")
    if not 0 <= size <= exposed:
        raise EnumerationError(f"cannot close {size} of {exposed} exposed nodes")
    sets = sum(comb(exposed, count) for count in range(size + 1))
    if sets > MOST_SETS:
        raise EnumerationError(
            f"{sets} sets of up to {size} of {exposed} nodes; at most {MOST_SETS}"
        )


@dataclass(frozen=True, eq=False)
class Settled:
    """A need routed at least cost: ``settled`` and ``unsettled`` in its unit; ``flow`` could be."""

    settled: float
    unsettled: float
    flow: Flow

    @cached_property
    def cost(self) -> float:
        """Share of the settled value that routing uses up; zero where nothing settles.

        Raises ``LeastCostError``.
        """
        return _least_cost(self.flow, self.settled) if self.settled > 0.0 else 0.0


def settle(network: Network, need: float, closed: Collection[str] = ()) -> Settled:
    """Route as much of the need as the network carries, over the cheapest routes.

    A minimum-cost flow, by linear programming once its cost is read.
    """
    flow = largest_flow(network, closed)
    settled = max(0.0, min(need, flow.value))
    return Settled(settled, need - settled, flow)


def _least_cost(flow: Flow, settled: float) -> float:
    """Return the least cost of a flow as a share of it."""
    from scipy.optimize import linprog

    arcs = flow.arcs
    columns = np.arange(len(arcs.names))
    conservation = np.zeros((arcs.places, len(columns)))
    conservation[arcs.tail, columns] = 1.0
    conservation[arcs.head, columns] -= 1.0
    supply = np.zeros(arcs.places)
    supply[arcs.source], supply[arcs.sink] = 1.0, -1.0
    bounds = [(0.0, None if np.isinf(limit) else limit / settled) for limit in arcs.capacity]
    found = linprog(arcs.cost, A_eq=conservation, b_eq=supply, bounds=bounds, method="highs")
    if not found.success:
        raise LeastCostError(f"{settled} of {flow.value} could not be routed: {found.message}")
    return float(found.fun)
