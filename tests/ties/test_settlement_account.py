"""The settlement arrangement as a tie: ships and insurers, wedges in the engine, the account."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tula.equilibrium import calibrate, solve
from tula.policy import Embargo, TradeCost
from tula.ties.inputs import TieNameError
from tula.ties.settlement import (
    Carriage,
    IdleNetworkError,
    NetworkNameError,
    SettlementTie,
    Shipping,
    Wedges,
    account,
    carriage,
    instruments,
    paid,
    throughput,
)
from tula.world.economy import Economy

NETWORK: dict[str, Any] = {
    "source": "buyer",
    "sink": "seller",
    "nodes": [
        {"name": "buyer"},
        {"name": "seller"},
        {"name": "dollar", "exposed": True},
        {"name": "third", "exposed": True},
        {"name": "local"},
    ],
    "rails": [
        {"start": "buyer", "end": "dollar", "capacity": 30.0, "cost": 0.001},
        {"start": "dollar", "end": "seller", "capacity": 30.0, "cost": 0.0},
        {"start": "buyer", "end": "third", "capacity": 20.0, "cost": 0.01},
        {"start": "third", "end": "seller", "capacity": 20.0, "cost": 0.0},
        {"start": "buyer", "end": "local", "capacity": 25.0, "cost": 0.02, "architecture": True},
        {"start": "local", "end": "seller", "capacity": 25.0, "cost": 0.0},
    ],
}
TIE: dict[str, Any] = {
    "pivot": "IND",
    "partner": "RUS",
    "exports": 5.0,
    "imports": 60.0,
    "local_share": 0.5,
    "outlet": {"value": 7.0, "low": 3.0, "high": 20.0},
    "placement_rate": 0.0,
    "ceiling": 10.0,
    "opening": 0.0,
    "network": NETWORK,
    "closures": 1,
    "hazard": {"value": 0.2, "low": 0.1, "high": 0.3},
    "sectors": ["OIL", "MAN"],
    "replacement_time": 2.0,
}


def tie(**more: Any) -> SettlementTie:
    return SettlementTie.model_validate(TIE | more)


def shipping(**more: Any) -> Shipping:
    insurers = [
        {"name": f"club {number}", "cover": 0.25, "until": "2026-03-20" if number < 4 else None}
        for number in range(8)
    ]
    given = {"need": 1.8, "tankers": 1.9, "inspection": 2.5, "insurers": insurers}
    return Shipping.model_validate(given | more)


def test_an_open_network_changes_nothing(toy_economy: Economy) -> None:
    assert carriage(tie()) == Carriage(1.0, 1.0)
    assert instruments(tie(), carriage(tie()), calibrate(toy_economy)) == []


def test_a_closure_makes_the_rest_dearer_until_what_still_passes_fits(toy_economy: Economy) -> None:
    state = carriage(tie(), ("dollar",))
    assert state.remaining == pytest.approx(45.0 / 60.0)
    open_cost = (30 * 0.001 + 20 * 0.01 + 10 * 0.02) / 60
    closed_cost = (20 * 0.01 + 25 * 0.02) / 45
    assert state.cost == pytest.approx((1 + closed_cost) / (1 + open_cost))
    (wedge,) = instruments(tie(), state, calibrate(toy_economy))
    assert isinstance(wedge, TradeCost) and wedge.ratio > state.cost
    assert paid(tie(), solve(toy_economy, [wedge])) == pytest.approx(0.75, rel=1e-5)


def local(**more: Any) -> SettlementTie:
    """The tie with its account in local currency marked as one."""
    nodes = [
        {**node, "local_currency": True} if node["name"] == "local" else node
        for node in NETWORK["nodes"]
    ]
    return tie(network={**NETWORK, "nodes": nodes}, **more)


def test_local_currency_pays_for_sales_outlets_and_what_the_pile_still_holds() -> None:
    assert local().local_room() == 5.0 + 7.0 + 10.0
    assert local(opening=4.0).local_room() == 5.0 + 7.0 + 6.0
    assert local().local_room(np.inf) == 5.0 + 7.0
    assert carriage(local(), ("dollar",)).remaining == pytest.approx((20.0 + 22.0) / 60.0)
    later = carriage(local(), ("dollar",), years=np.inf)
    assert later.remaining == pytest.approx((20.0 + 12.0) / 60.0)


def test_rails_narrower_than_the_balances_still_bound_what_passes() -> None:
    assert carriage(local(outlet=30.0), ("dollar",)).remaining == pytest.approx(45.0 / 60.0)


def test_who_sells_more_than_he_buys_is_not_bound_by_balances() -> None:
    assert local(exports=70.0).routes() == local(exports=70.0).network


def test_one_account_at_most_is_in_local_currency() -> None:
    nodes = [{**node, "local_currency": True} for node in NETWORK["nodes"][3:]]
    with pytest.raises(ValidationError, match=r"4\.local_currency: one node at most"):
        tie(network={**NETWORK, "nodes": [*NETWORK["nodes"][:3], *nodes]})


def test_capacity_to_spare_leaves_the_cost_of_routing_alone(toy_economy: Economy) -> None:
    (wedge,) = instruments(tie(), Carriage(1.0, 1.02), calibrate(toy_economy))
    assert isinstance(wedge, TradeCost) and wedge.ratio == 1.02


def test_a_cost_that_deters_enough_needs_no_scarcity_besides(toy_economy: Economy) -> None:
    (wedge,) = instruments(tie(), Carriage(0.999, 1.5), calibrate(toy_economy))
    assert isinstance(wedge, TradeCost) and wedge.ratio == pytest.approx(1.5)


def test_a_network_that_carries_nothing_is_an_embargo(toy_economy: Economy) -> None:
    (move,) = instruments(tie(), Carriage(0.0, 1.0), calibrate(toy_economy))
    assert isinstance(move, Embargo)


def test_what_was_asked_before_changes_no_wedge(toy_economy: Economy) -> None:
    world = calibrate(toy_economy)
    asked = [Carriage(0.6, 1.01), Carriage(0.9, 1.0), Carriage(0.75, 1.02), Carriage(0.74, 1.0)]
    memory = Wedges(tie(), world)
    for state in asked:
        log_wedge = memory.find(state)
        assert log_wedge == pytest.approx(Wedges(tie(), world).find(state), rel=1e-5)
        assert memory.at(log_wedge).log_paid == pytest.approx(np.log(state.remaining), abs=1e-6)


def test_a_wedge_asked_for_again_is_not_solved_again(toy_economy: Economy) -> None:
    memory = Wedges(tie(), calibrate(toy_economy))
    assert memory.answer(Carriage(0.8, 1.01)) is memory.answer(Carriage(0.8, 1.01))
    assert memory.answer(Carriage(0.0, 1.0)) is memory.answer(Carriage(0.0, 1.5))


def test_the_account_equals_the_engine_solved_by_hand(toy_economy: Economy) -> None:
    found = account(tie(hazard=0.2), toy_economy, draws=1)

    world = calibrate(toy_economy)

    def worth(closed: tuple[str, ...], architecture: bool) -> float:
        moves = instruments(tie(), carriage(tie(), closed, architecture=architecture), world)
        solution = solve(toy_economy, moves)
        spending = solution.calibration.final_spending[0]
        return float((solution.real_income_hat[0] - 1.0) * spending)

    hit = worth(("dollar",), True)
    expected = 0.8 * (0.0 - worth((), False)) + 0.2 * (hit - worth(("dollar",), False))
    assert found.value_to_pivot.central == pytest.approx(expected, rel=1e-6)
    assert found.exposure.central == pytest.approx(-0.2 * hit, rel=1e-6)
    assert found.value_to_pivot.central > 0.0


def test_the_account_names_the_worst_closure_and_what_to_protect(toy_economy: Economy) -> None:
    found = account(tie(), toy_economy, draws=2)
    assert found.notes[0].startswith("Worst to lose, if 1 channel closes: dollar. ")
    assert "buyer -> local" in found.notes[0]
    assert found.dependence.central == pytest.approx(1.0 - 50.0 / 60.0)
    assert found.details["worst_flow"].central == 45_000.0


def test_without_hazard_nothing_is_exposed(toy_economy: Economy) -> None:
    assert account(tie(hazard=0.0), toy_economy, draws=1).exposure.central == 0.0


def test_ranges_of_inputs_become_intervals(toy_economy: Economy) -> None:
    found = account(tie(), toy_economy, draws=4)
    assert found.exposure.low < found.exposure.central < found.exposure.high
    share = found.details["sustainable_share"]
    assert share.low < 7.0 / 55.0 < share.high


def test_regions_and_sectors_the_world_lacks_are_told_at_once(toy_economy: Economy) -> None:
    with pytest.raises(TieNameError) as caught:
        account(tie(partner="RUSS", sectors=["OILS"]), toy_economy)
    assert "partner: unknown region 'RUSS'; did you mean 'RUS'" in str(caught.value)
    assert "sectors: unknown sector 'OILS'; did you mean 'OIL'" in str(caught.value)


def test_a_network_without_capacity_is_refused() -> None:
    rails = [rail | {"capacity": 0.0} for rail in NETWORK["rails"]]
    with pytest.raises(IdleNetworkError, match="buyer to seller"):
        carriage(tie(network=NETWORK | {"rails": rails}))


def test_what_does_not_fit_together_is_told_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        tie(closures=3, opening=11.0, on="2026-03-01")
    for told in ("closures is 3", "opening can exceed ceiling", "give shipping and on"):
        assert told in str(caught.value)


def test_throughput_is_the_least_of_tankers_cover_and_inspection() -> None:
    found = throughput(shipping(), date(2026, 3, 1))
    assert (found.value, found.limit, found.coverage) == (1.9, "tankers", 1.0)
    assert throughput(shipping(inspection=0.5), date(2026, 3, 1)).limit == "inspection"


def test_cover_falls_on_the_day_after_licences_end() -> None:
    last, after = date(2026, 3, 20), date(2026, 3, 21)
    assert throughput(shipping(), last).limit == "tankers"
    found = throughput(shipping(), after)
    assert (found.value, found.limit) == (1.0, "insurance")
    assert found.coverage == pytest.approx(1.0 / 1.8)


def test_an_unknown_insurer_is_refused_with_the_nearest() -> None:
    with pytest.raises(NetworkNameError, match="did you mean 'club 1'"):
        throughput(shipping(), date(2026, 3, 1), ["club1"])


def test_shipping_bounds_what_the_rails_could_carry() -> None:
    bound = tie(shipping=shipping().model_dump(), on="2026-04-01")
    np.testing.assert_allclose(carriage(bound).remaining, 1.0 / 1.8)
