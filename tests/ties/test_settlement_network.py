"""Networks of rails: largest flow, smallest cut, worst closures, least cost."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tula.ties.settlement import (
    EnumerationError,
    Network,
    NetworkNameError,
    largest_flow,
    resilience,
    settle,
)
from tula.ties.settlement.flows import arcs_of


def rail(start: str, end: str, capacity: float, **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "capacity": capacity, "cost": 0.0} | more


def toy(**more: Any) -> Network:
    """Five currencies and one pool of banks; invented capacities, billion USD a year."""
    nodes = [
        {"name": "buyer"},
        {"name": "seller"},
        {"name": "pool", "capacity": 45.0},
        {"name": "USD", "exposed": True},
        {"name": "AED", "exposed": True},
        {"name": "CNY", "exposed": True},
        {"name": "own"},
    ]
    rails = [
        rail("buyer", "USD", 25.0, cost=0.001),
        rail("buyer", "AED", 25.0, cost=0.01),
        rail("USD", "pool", 25.0),
        rail("AED", "pool", 25.0),
        rail("pool", "seller", 60.0),
        rail("buyer", "CNY", 8.0, cost=0.02),
        rail("CNY", "seller", 9.0),
        rail("buyer", "own", 32.0, cost=0.005, messaging=["msg"], architecture=True),
        rail("own", "seller", 40.0),
    ]
    given = {
        "source": "buyer",
        "sink": "seller",
        "nodes": nodes,
        "rails": rails,
        "messaging": [{"name": "msg"}],
    }
    return Network.model_validate(given | more)


def random_network(seed: int) -> Network:
    draw = np.random.default_rng(seed)
    names = ["s", "a", "b", "c", "t"]
    nodes = [{"name": n, "exposed": n in "abc"} for n in names]
    nodes[1]["capacity"] = float(draw.uniform(2.0, 8.0))
    rails = [
        rail(one, two, float(np.round(draw.uniform(0.5, 6.0), 3)), cost=float(draw.uniform(0, 0.1)))
        for one, two in product(names[:-1], names[1:])
        if one != two
    ]
    return Network.model_validate({"source": "s", "sink": "t", "nodes": nodes, "rails": rails})


def smallest_cut_by_brute_force(network: Network) -> float:
    arcs = arcs_of(network)
    inner = [place for place in range(arcs.places) if place not in (arcs.source, arcs.sink)]
    best = np.inf
    for chosen in product([False, True], repeat=len(inner)):
        side = np.zeros(arcs.places, dtype=bool)
        side[arcs.source] = True
        side[inner] = chosen
        best = min(best, float(arcs.capacity[side[arcs.tail] & ~side[arcs.head]].sum()))
    return best


def test_flow_falls_as_currencies_close_until_only_the_own_rail_is_left() -> None:
    closed = [(), ("USD",), ("USD", "AED"), ("USD", "AED", "CNY")]
    assert [largest_flow(toy(), names).value for names in closed] == [85.0, 65.0, 40.0, 32.0]


def test_the_worst_closures_of_the_toy_break_its_need_with_the_second_node() -> None:
    found = resilience(toy(), need=63.84, size=3)
    assert [closure.flow for closure in found.worst] == [85.0, 65.0, 40.0, 32.0]
    assert found.worst[2].closed == ("USD", "AED")
    assert found.breaking_size == 2
    assert found.coverage[0] == 1.0
    assert found.coverage[3] == pytest.approx(32.0 / 63.84)


def test_the_cut_names_what_must_be_protected() -> None:
    assert largest_flow(toy()).cut == ("pool", "buyer -> CNY", "buyer -> own")
    closed = largest_flow(toy(), ["USD", "AED", "CNY"])
    assert closed.cut == ("buyer -> own",)
    assert closed.gain["buyer -> own"] == 1.0


@pytest.mark.parametrize("seed", range(6))
def test_the_largest_flow_equals_the_smallest_cut(seed: int) -> None:
    network = random_network(seed)
    flow = largest_flow(network)
    assert flow.value == pytest.approx(flow.carried, abs=1e-5)
    assert flow.value == pytest.approx(smallest_cut_by_brute_force(network), abs=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_worth_of_capacity_agrees_with_finite_differences(seed: int) -> None:
    network = random_network(seed)
    flow, step = largest_flow(network), 1e-3
    for place, one in enumerate(network.rails):
        for sign, claimed in ((1.0, flow.gain), (-1.0, flow.loss)):
            capacity = one.capacity.value + sign * step
            changed = [each.model_dump() for each in network.rails]
            changed[place]["capacity"] = capacity
            other = Network.model_validate(network.model_dump() | {"rails": changed})
            difference = sign * (largest_flow(other).value - flow.value) / step
            assert difference == pytest.approx(claimed[one.name], abs=1e-2), one.name


def test_two_cuts_of_one_size_leave_no_gain_in_widening_either() -> None:
    nodes = [{"name": "s"}, {"name": "m"}, {"name": "t"}]
    rails = [rail("s", "m", 0.3), rail("m", "t", 0.1), rail("m", "t", 0.2)]
    chain = Network.model_validate({"source": "s", "sink": "t", "nodes": nodes, "rails": rails})
    flow = largest_flow(chain)
    assert flow.gain["s -> m"] == flow.gain["m -> t"] == 0.0
    assert flow.loss["s -> m"] == flow.loss["m -> t"] == 1.0


def test_large_capacities_do_not_overflow_the_count() -> None:
    nodes = [{"name": "s"}, {"name": "t"}]
    rails = [rail("s", "t", 5000.0)]
    wide = Network.model_validate({"source": "s", "sink": "t", "nodes": nodes, "rails": rails})
    flow = largest_flow(wide)
    assert flow.value == 5000.0
    assert flow.carried == pytest.approx(5000.0)


def test_messaging_adds_no_capacity() -> None:
    more = [{"name": "msg"}, {"name": "another"}]
    assert largest_flow(toy(messaging=more)).value == largest_flow(toy()).value


def test_a_rail_stops_once_every_messaging_system_it_could_use_is_closed() -> None:
    nodes = [{"name": "s"}, {"name": "t"}]
    rails = [rail("s", "t", 5.0, messaging=["one", "two"])]
    systems = [{"name": "one", "exposed": True}, {"name": "two", "exposed": True}]
    network = Network.model_validate(
        {"source": "s", "sink": "t", "nodes": nodes, "rails": rails, "messaging": systems}
    )
    assert largest_flow(network, ["one"]).value == 5.0
    assert largest_flow(network, ["one", "two"]).value == 0.0


def test_a_messaging_system_cannot_be_the_end_of_a_rail() -> None:
    with pytest.raises(ValidationError, match="messaging system, which settles nothing"):
        toy(rails=[rail("buyer", "msg", 10.0), rail("own", "seller", 10.0)])


def test_every_error_of_a_network_is_told_at_once_with_the_nearest_name() -> None:
    with pytest.raises(ValidationError) as caught:
        toy(sink="seler", rails=[rail("buyer", "ownn", 1.0, messaging=["mgs"])])
    for told in (
        "sink: unknown node 'seler'; did you mean 'seller'",
        "rails.0.end: unknown node 'ownn'; did you mean 'own'",
        "rails.0.messaging.0: unknown messaging system 'mgs'; did you mean 'msg'",
    ):
        assert told in str(caught.value)


def test_unknown_keys_and_ranges_are_told_with_their_place() -> None:
    with pytest.raises(ValidationError) as caught:
        toy(rails=[rail("buyer", "own", -1.0, capcity=3.0)])
    assert "rails.0.capacity" in str(caught.value)
    assert "did you mean 'capacity'" in str(caught.value)


def test_an_unknown_name_to_close_is_refused_with_the_nearest() -> None:
    with pytest.raises(NetworkNameError, match="did you mean 'AED'"):
        largest_flow(toy(), ["AEDD"])


def test_more_closures_than_exposed_nodes_are_refused() -> None:
    with pytest.raises(EnumerationError, match="cannot close 4 of 3"):
        resilience(toy(), need=1.0, size=4)


def test_the_cheapest_rails_are_filled_first() -> None:
    assert settle(toy(), need=20.0).cost == pytest.approx(0.001)
    found = settle(toy(), need=85.0)
    by_hand = (25 * 0.001 + 20 * 0.01 + 8 * 0.02 + 32 * 0.005) / 85
    assert found.cost == pytest.approx(by_hand)
    assert found.unsettled == 0.0


def test_what_the_network_cannot_carry_is_left_unsettled() -> None:
    found = settle(toy(), need=63.84, closed=["USD", "AED", "CNY"])
    assert (found.settled, found.unsettled) == (32.0, pytest.approx(31.84))
    assert found.cost == pytest.approx(0.005)


def test_without_the_architecture_its_rails_are_gone() -> None:
    assert largest_flow(toy().without_architecture).value == 53.0
