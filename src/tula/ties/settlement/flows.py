"""Largest flow through a network, the cut that limits it, and what more capacity is worth.

Maximum flow equals the capacity of the smallest cut (Ford and Fulkerson 1956). Every node is
split in two, joined by an arc with the node's capacity. Routing is found in whole parts of the unit
(a thousand USD where the unit is a billion); values are sums of the capacities as given.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from tula.shapes import Bool, Float, Int
from tula.ties.settlement.network import Network, Rail

Array = np.ndarray

#: Largest number of parts into which one unit of capacity is divided.
MOST_PARTS = 1_000_000
#: The routing counts in 32-bit numbers, whatever it is given.
LARGEST_COUNT = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Arcs:
    """A network as arcs A between split nodes: node k enters at 2k and leaves at 2k + 1.

    ``names`` (A,) are those of the network's nodes and rails; ``capacity`` (A,) at central values,
    infinite for a node without its own; ``cost`` (A,) a share of value, zero inside nodes.
    """

    names: tuple[str, ...]
    tail: Int[Array, " A"]
    head: Int[Array, " A"]
    capacity: Float[Array, " A"]
    cost: Float[Array, " A"]
    source: int
    sink: int

    @property
    def places(self) -> int:
        """Number of split nodes."""
        return int(max(self.tail.max(), self.head.max())) + 1


def arcs_of(network: Network, closed: Collection[str] = ()) -> Arcs:
    """Return the arcs of a network with some nodes and messaging systems closed.

    A rail that needs messaging is closed once every system it could use is. Raises
    ``NetworkNameError`` for a name the network does not have.
    """
    network.require(closed)
    place = {name: 2 * order for order, name in enumerate(network.node_names)}
    own = [np.inf if node.capacity is None else node.capacity.value for node in network.nodes]
    passing = [
        0.0 if node.name in closed else value
        for node, value in zip(network.nodes, own, strict=True)
    ]
    entries = np.array(list(place.values()))
    return Arcs(
        names=(*place, *(rail.name for rail in network.rails)),
        tail=np.array([*entries, *(place[rail.start] + 1 for rail in network.rails)]),
        head=np.array([*(entries + 1), *(place[rail.end] for rail in network.rails)]),
        capacity=np.array([*passing, *(_working(rail, closed) for rail in network.rails)]),
        cost=np.array([*np.zeros(len(entries)), *(rail.cost.value for rail in network.rails)]),
        source=place[network.source],
        sink=place[network.sink] + 1,
    )


def _working(rail: Rail, closed: Collection[str]) -> float:
    silenced = bool(rail.messaging) and all(system in closed for system in rail.messaging)
    return 0.0 if silenced else rail.capacity.value


@dataclass(frozen=True, eq=False)
class Flow:
    """The largest flow and its proof.

    ``value`` is the capacity of the smallest cut next to the source; ``carried`` the flow found
    independently of it, equal to it but for rounding.
    """

    arcs: Arcs
    carried: float
    spare: csr_array

    @property
    def value(self) -> float:
        """Largest flow, in the unit of the capacities."""
        return float(self.arcs.capacity[self._crossing].sum())

    @property
    def cut(self) -> tuple[str, ...]:
        """Nodes and rails whose closing ends all flow at the least capacity: protect these.

        Those closed already, or without capacity, are left out.
        """
        working = self._crossing & (self.arcs.capacity > 0.0)
        return tuple(self.arcs.names[place] for place in np.flatnonzero(working))

    @property
    def gain(self) -> dict[str, float]:
        """Flow gained per unit of added capacity, by node and rail: 1 or 0.

        One where the arc leads from what the source still reaches to what still reaches the sink.
        """
        opens = self._reached[self.arcs.tail] & self._reaching[self.arcs.head]
        return dict(zip(self.arcs.names, opens.astype(float).tolist(), strict=True))

    @property
    def loss(self) -> dict[str, float]:
        """Flow lost per unit of capacity taken away, by node and rail: 1 or 0.

        One where the arc is full and nothing can pass round it, so that some smallest cut holds it.
        """
        return {name: float(self._held(place)) for place, name in enumerate(self.arcs.names)}

    @cached_property
    def _reached(self) -> Bool[Array, " P"]:
        return _reachable(self.spare, self.arcs.source)

    @cached_property
    def _reaching(self) -> Bool[Array, " P"]:
        return _reachable(csr_array(self.spare.T), self.arcs.sink)

    @property
    def _crossing(self) -> Bool[Array, " A"]:
        return np.asarray(self._reached[self.arcs.tail] & ~self._reached[self.arcs.head])

    def _held(self, place: int) -> bool:
        if self.arcs.capacity[place] == 0.0:
            return False
        tail, head = int(self.arcs.tail[place]), int(self.arcs.head[place])
        return not _reachable(self.spare, tail)[head]


def largest_flow(network: Network, closed: Collection[str] = ()) -> Flow:
    """Return the largest flow from source to sink with some nodes and messaging systems closed."""
    from scipy.sparse.csgraph import maximum_flow

    arcs = arcs_of(network, closed)
    limited = np.isfinite(arcs.capacity)
    total = arcs.capacity[limited].sum() + 1.0
    parts = min(float(MOST_PARTS), 10.0 ** np.floor(np.log10(LARGEST_COUNT / total)))
    whole = np.rint(np.where(limited, arcs.capacity, total) * parts).astype(np.int32)
    shape = (arcs.places, arcs.places)
    graph = csr_array((whole, (arcs.tail, arcs.head)), shape=shape)
    found = maximum_flow(graph, arcs.source, arcs.sink)
    spare = csr_array(graph - found.flow)
    spare.eliminate_zeros()
    return Flow(arcs, found.flow_value / parts, spare)


def _reachable(graph: csr_array, start: int) -> Bool[Array, " P"]:
    from scipy.sparse.csgraph import breadth_first_order

    order = breadth_first_order(graph, start, return_predecessors=False)
    reached = np.zeros(graph.shape[0], dtype=bool)
    reached[order] = True
    return reached
