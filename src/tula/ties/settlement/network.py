"""Routes by which value passes from a payer to a payee: banks, currencies, insurers, capacities.

Capacities are throughput in billion USD a year (or any one unit throughout) and are scenario
inputs: no public source states them. A messaging system moves no value. It is listed apart, and a
rail may depend on it; it never adds capacity.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf
from typing import Annotated

from pydantic import model_validator

from tula.errors import TulaError, did_you_mean
from tula.numbers.quantity import NotNegative, Quantity
from tula.numbers.record import Record, Unit, refuse
from tula.ties.inputs import repeated, unknown
from tula.world.named import Fault


class NetworkNameError(TulaError):
    """A name is not in the network. Use a node or messaging system that it lists."""


class Node(Record):
    """A bank, a currency, an exchange, an insurer: where value must pass."""

    name: str
    """What it is called."""
    capacity: Annotated[NotNegative | None, Unit("bn USD a year", 40.0)] = None
    """Its own throughput; left out, only its rails limit it."""
    exposed: bool = False
    """Whether a third country can close it."""
    local_currency: bool = False
    """Whether it is an account in the payer's own currency, so that what passes must be spent,
    placed or held by who is paid."""


class Messaging(Record):
    """A system that carries payment orders, not value."""

    name: str
    """What it is called."""
    exposed: bool = False
    """Whether a third country can close it."""


class Rail(Record):
    """A way from one node to another."""

    start: str
    """Node from which value comes."""
    end: str
    """Node to which it goes."""
    capacity: Annotated[NotNegative, Unit("bn USD a year", 25.0)]
    """Throughput."""
    cost: Annotated[NotNegative, Unit("share of value", 0.01)]
    """What passing it uses up: conversion, fees, premiums."""
    messaging: tuple[str, ...] = ()
    """Messaging systems any one of which it needs to work; empty: it needs none."""
    architecture: bool = False
    """Whether it exists only through the arrangement under study."""

    @property
    def name(self) -> str:
        """Start and end, as reports show the rail."""
        return f"{self.start} -> {self.end}"


class Network(Record):
    """Nodes, and rails between them, from who pays to who is paid."""

    source: str
    """Node of who pays."""
    sink: str
    """Node of who is paid."""
    nodes: tuple[Node, ...]
    """Where value must pass."""
    rails: tuple[Rail, ...]
    """Ways from node to node."""
    messaging: tuple[Messaging, ...] = ()
    """Systems that carry payment orders."""

    @model_validator(mode="after")
    def _consistent(self) -> Network:
        nodes = self.node_names
        found = repeated(self, "nodes", "messaging")
        found += unknown(("source",), "node", self.source, nodes)
        found += unknown(("sink",), "node", self.sink, nodes)
        if self.source == self.sink:
            found.append((("sink",), "source and sink are the same: name two nodes"))
        refuse([*found, *self._rail_faults(), *self._node_faults()])
        return self

    @property
    def node_names(self) -> tuple[str, ...]:
        """Names of the nodes in the order given."""
        return tuple(node.name for node in self.nodes)

    @property
    def exposed(self) -> tuple[str, ...]:
        """Names of the nodes and messaging systems that a third country can close."""
        parts: tuple[Node | Messaging, ...] = (*self.nodes, *self.messaging)
        return tuple(part.name for part in parts if part.exposed)

    @property
    def local_account(self) -> str | None:
        """Name of the account in the payer's own currency; None without one."""
        return next((node.name for node in self.nodes if node.local_currency), None)

    @property
    def without_architecture(self) -> Network:
        """The same network without the rails that only the arrangement provides."""
        return self.model_copy(
            update={"rails": tuple(rail for rail in self.rails if not rail.architecture)}
        )

    def with_local_room(self, room: float) -> Network:
        """The same network with the account in local currency passing no more than ``room``."""
        return self.model_copy(update={"nodes": tuple(_bounded(node, room) for node in self.nodes)})

    def require(self, names: Iterable[str]) -> None:
        """Raise ``NetworkNameError`` for every name that is no node and no messaging system."""
        valid = [*self.node_names, *(system.name for system in self.messaging)]
        unknown = [name for name in names if name not in valid]
        if unknown:
            raise NetworkNameError(
                "; ".join(f"unknown node {name!r}{did_you_mean(name, valid)}" for name in unknown)
            )

    def _rail_faults(self) -> Iterator[Fault]:
        systems = [system.name for system in self.messaging]
        for place, rail in enumerate(self.rails):
            for key, end in (("start", rail.start), ("end", rail.end)):
                if end in systems:
                    why = (
                        f"{end!r} is a messaging system, which settles nothing; "
                        "name it under messaging of the rails that depend on it"
                    )
                    yield ("rails", place, key), why
                else:
                    yield from unknown(("rails", place, key), "node", end, self.node_names)
            for order, name in enumerate(rail.messaging):
                at = ("rails", place, "messaging", order)
                yield from unknown(at, "messaging system", name, systems)
            if rail.start == rail.end:
                yield ("rails", place, "end"), f"rail {rail.name} leads nowhere"

    def _node_faults(self) -> Iterator[Fault]:
        local = self.local_account
        for place, node in enumerate(self.nodes):
            if node.exposed and node.name in (self.source, self.sink):
                why = f"{node.name!r} is source or sink and cannot be exposed"
                yield ("nodes", place, "exposed"), why
            if node.local_currency and node.name != local:
                why = f"one node at most is of local_currency, and {local!r} is already"
                yield ("nodes", place, "local_currency"), why


def _bounded(node: Node, room: float) -> Node:
    if not node.local_currency or room == inf:
        return node
    own = inf if node.capacity is None else node.capacity.value
    return node.model_copy(update={"capacity": Quantity.model_validate(min(own, room))})
