"""The world economy at the nodes of a game: what is solved, what is read, what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

import rivalry
from tula.equilibrium import solve
from tula.policy import Embargo, Tariff, TradeCost
from tula.strategy.balance.engine_side import (
    Elasticity,
    EngineSide,
    Moves,
    NoTradeError,
    ThreatSizeError,
    scaled,
)
from tula.strategy.balance.inputs import CriticalTie
from tula.ties.oil.engine_prices import quantity_hat
from tula.world.economy import Economy

USUAL = Elasticity(1.0, 9.0)
DUTY = Tariff(importer="USA", exporter="IND", sectors="MAN", add=0.25)


@pytest.fixture(scope="module")
def world() -> Economy:
    return rivalry.world()


@pytest.fixture(scope="module")
def side() -> EngineSide:
    return rivalry.engine_side(rivalry.inputs())


def test_nothing_in_force_leaves_every_income_and_flow_as_it_was(side: EngineSide) -> None:
    found = side.read(USUAL, Moves())
    assert set(found.income) == {"IND", "USA", "RUS"}
    assert list(found.income.values()) == pytest.approx([0.0] * 3, abs=1e-6)
    assert list(found.flows.values()) == pytest.approx([1.0] * 2)
    assert (found.oil_world, found.oil_partner) == pytest.approx((1.0, 1.0))


def test_gdp_is_value_added_in_billions(side: EngineSide, world: Economy) -> None:
    place = world.labels.region_index("IND")
    assert side.gdp("IND") == pytest.approx(world.value_added[place].sum() / 1000.0)


def test_elasticities_are_those_of_the_world_scaled_but_for_the_one_sector(
    side: EngineSide, world: Economy
) -> None:
    theta = side.calibration(Elasticity(0.5, 7.0)).trade_elasticity
    assert theta == pytest.approx([7.0, *(0.5 * world.trade_elasticity[1:])])


def test_a_threat_of_twice_the_size_is_a_duty_of_twice_the_rate(side: EngineSide) -> None:
    twice = side.read(USUAL, Moves((), (("penalty", 2.0),)))
    doubled = DUTY.model_copy(update={"add": 0.5})
    solution = solve(side.calibration(USUAL), [doubled], closure=side.closure)
    spending = float(solution.calibration.final_spending[0])
    gained = spending * (float(solution.real_income_hat[0]) - 1.0) / 1000.0
    assert twice.income["IND"] == pytest.approx(gained, rel=1e-9)
    assert twice.income["IND"] < side.read(USUAL, Moves((), (("penalty", 1.0),))).income["IND"] < 0


def test_the_limit_on_oil_is_the_share_bought_in_quantity(side: EngineSide) -> None:
    policy = [*side.policy(Moves(bought=0.7)), *side._limit(0.7)]
    solution = solve(side.calibration(USUAL), policy, closure=side.closure)
    assert quantity_hat(solution, "OIL", "IND", "RUS") == pytest.approx(0.7, rel=1e-6)


def test_an_embargo_of_all_trade_swallows_the_limit_on_oil(side: EngineSide) -> None:
    stop = (Embargo(importer="IND", exporter="RUS", sectors="all", both_ways=True),)
    whole, limited = (side.read(USUAL, Moves(bought=b), stop).income for b in (1.0, 0.6))
    assert limited == pytest.approx(whole, rel=1e-9)
    assert whole["IND"] < 0.0


def test_without_an_oil_tie_nothing_limits_oil(world: Economy) -> None:
    block = rivalry.inputs()
    bare = replace(rivalry.engine_side(block, economy=world), oil=None)
    found = bare.read(USUAL, Moves(bought=0.5))
    assert found.income == pytest.approx(dict.fromkeys(found.income, 0.0), abs=1e-6)
    assert found.oil_world == 1.0


def test_flows_are_read_from_the_side_that_sells(side: EngineSide, world: Economy) -> None:
    found = side.read(USUAL, Moves(("duty",)))
    solution = solve(side.calibration(USUAL), [DUTY.model_copy(update={"add": 0.1})],
                     closure=side.closure)  # fmt: skip
    good, pivot, west = world.labels.sector_index("MAN"), 0, 2
    hat = solution.border_trade / solution.calibration.border_trade
    assert found.flows["market"] == pytest.approx(hat[good, west, pivot], rel=1e-9)
    assert found.flows["machines"] == pytest.approx(hat[good, pivot, west], rel=1e-9)
    assert found.flows["market"] < 0.7 < found.flows["machines"] < 1.0


def test_a_node_is_solved_once_and_again_after_forgetting() -> None:
    fresh = rivalry.engine_side(rivalry.inputs())
    first = fresh.read(USUAL, Moves(("duty",)))
    assert fresh.read(USUAL, Moves(("duty",))) is first
    assert fresh.solves == 1
    fresh.forget()
    assert fresh.read(USUAL, Moves(("duty",))) == first
    assert fresh.solves == 2


def test_the_worst_residual_of_all_solves_is_kept() -> None:
    fresh = rivalry.engine_side(rivalry.inputs())
    assert fresh.worst == 0.0
    fresh.read(USUAL, Moves(("duty",)))
    assert 0.0 < fresh.worst < 1e-9


def test_size_multiplies_added_rates_and_nothing_else() -> None:
    assert scaled(DUTY, 2.0).add == 0.5
    cost = TradeCost(importer="USA", exporter="IND", sectors="MAN", factor=1.2)
    assert scaled(cost, 1.0) is cost
    for instrument in (cost, DUTY.model_copy(update={"add": None, "set": 0.3})):
        with pytest.raises(ThreatSizeError, match=r"size of 1\.5"):
            scaled(instrument, 1.5)


def test_a_critical_tie_without_trade_is_refused_by_name(world: Economy) -> None:
    tie = CriticalTie(id="none", title="n", rival="RUS", flow="imports", sectors=("SER",))
    final, inputs = world.final.copy(), world.intermediate.copy()
    final[1, 2, 0] = 0.0
    inputs[1, 2, 0] = 0.0
    empty = replace(world, final=final, intermediate=inputs)
    side = replace(rivalry.engine_side(rivalry.inputs(), economy=empty), critical=(tie,))
    with pytest.raises(NoTradeError, match="none: RUS sells IND nothing of SER"):
        side.read(USUAL, Moves())
