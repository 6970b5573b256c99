"""Routes by which value passes from a payer to a payee: banks, currencies, insurers, capacities.

Capacities are throughput in billion USD a year (or any one unit throughout) and are scenario
inputs: no public source states them. A messaging system moves no value. It is listed apart, and a
rail may depend on it; it never adds capacity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import inf

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from tula.errors import TulaError, did_you_mean
from tula.numbers.quantity import NotNegative, Quantity
from tula.numbers.record import Record


class NetworkNameError(TulaError):
    """A name is not in the network. Use a node or messaging system that it lists."""


class Node(Record):
    """A bank, a currency, an exchange, an insurer: where value must pass.

    ``capacity`` is its own throughput (none: only its rails limit it); ``exposed`` says that a
    third country can close it; ``local_currency`` that it is an account in the payer's own
    currency, so that what passes must be spent, placed or held by who is paid.
    """

    name: str
    capacity: NotNegative | None = None
    exposed: bool = False
    local_currency: bool = False


class Messaging(Record):
    """A system that carries payment orders, not value; ``exposed`` to a third country or not."""

    name: str
    exposed: bool = False


class Rail(Record):
    """A way from one node to another.

    * ``capacity``: throughput a year; ``cost``: share of the value that passing it uses up
      (conversion, fees, premiums);
    * ``messaging``: systems any one of which it needs to work (none: it needs none);
    * ``architecture``: it exists only through the arrangement under study.
    """

    start: str
    end: str
    capacity: NotNegative
    cost: NotNegative
    messaging: tuple[str, ...] = ()
    architecture: bool = False

    @property
    def name(self) -> str:
        """Start and end, as reports show the rail."""
        return f"{self.start} -> {self.end}"


class Network(Record):
    """Nodes and rails between ``source`` (who pays) and ``sink`` (who is paid)."""

    source: str
    sink: str
    nodes: tuple[Node, ...]
    rails: tuple[Rail, ...]
    messaging: tuple[Messaging, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Network:
        problems = [
            *self._repeated(), *self._ends(), *self._rail_problems(), *self._source_open(),
            *self._local_twice(),
        ]  # fmt: skip
        if problems:
            raise PydanticCustomError("tie", "{why}", {"why": "; ".join(problems)})
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

    def _repeated(self) -> list[str]:
        names = Counter([*self.node_names, *(system.name for system in self.messaging)])
        return [f"name {name!r} stands {count} times" for name, count in names.items() if count > 1]

    def _ends(self) -> list[str]:
        valid = self.node_names
        problems = [
            f"{role} {name!r} is no node{did_you_mean(name, valid)}"
            for role, name in (("source", self.source), ("sink", self.sink))
            if name not in valid
        ]
        return [*problems, *(["source and sink are the same"] if self.source == self.sink else [])]

    def _rail_problems(self) -> list[str]:
        problems = []
        systems = [system.name for system in self.messaging]
        for rail in self.rails:
            for end in (rail.start, rail.end):
                if end in systems:
                    problems.append(
                        f"rail {rail.name}: {end!r} is a messaging system, which settles nothing; "
                        "name it under messaging of the rails that depend on it"
                    )
                elif end not in self.node_names:
                    problems.append(
                        f"rail {rail.name}: no node {end!r}{did_you_mean(end, self.node_names)}"
                    )
            problems += [
                f"rail {rail.name}: no messaging system {name!r}{did_you_mean(name, systems)}"
                for name in rail.messaging
                if name not in systems
            ]
            if rail.start == rail.end:
                problems.append(f"rail {rail.name} leads nowhere")
        return problems

    def _source_open(self) -> list[str]:
        return [
            f"{node.name!r} is source or sink and cannot be exposed"
            for node in self.nodes
            if node.exposed and node.name in (self.source, self.sink)
        ]

    def _local_twice(self) -> list[str]:
        local = [node.name for node in self.nodes if node.local_currency]
        return [f"{', '.join(local)}: one node at most is of local_currency"] if local[1:] else []


def _bounded(node: Node, room: float) -> Node:
    if not node.local_currency or room == inf:
        return node
    own = inf if node.capacity is None else node.capacity.value
    return node.model_copy(update={"capacity": Quantity.model_validate(min(own, room))})
