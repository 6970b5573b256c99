"""Logistics pacts: what signalling costs elsewhere, and access as counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from tula.equilibrium import Calibration, calibrate, solve
from tula.policy import TradeAgreement
from tula.ties.inputs import TieNameError
from tula.ties.logistics import LogisticsPact, account, signalling_cost, signals, yearly_gain
from tula.world.economy import Economy

#: The cap of five ships is fact A10; everything else is chosen for the tests.
PACT: dict[str, Any] = {
    "pivot": "IND",
    "partner": "RUS",
    "term": 5.0,
    "facilities": [{"kind": "warships", "gained": 5.0, "granted": 5.0}],
    "services": [{"name": "port call", "uses": 10.0, "saving": 0.2}],
    "at_risk": [
        {
            "name": "west",
            "members": ["USA"],
            "sectors": ["goods"],
            "coverage": 0.9,
            "use": 0.8,
            "reform": 0.0,
            "chance": {"value": 0.1, "low": 0.0, "high": 0.2},
            "delay": 1.5,
        }
    ],
    "dependence": 0.2,
    "replacement_time": 1.0,
}


def pact(**more: Any) -> LogisticsPact:
    return LogisticsPact.model_validate(PACT | more)


def at_risk(**more: Any) -> list[dict[str, Any]]:
    return [PACT["at_risk"][0] | more]


@pytest.fixture(scope="module")
def world(toy_economy: Economy) -> Calibration:
    return calibrate(toy_economy)


def test_signalling_costs_chance_times_delay_times_gain() -> None:
    assert signalling_cost(0.2, 1.5, 4.0) == pytest.approx(1.2)
    assert signalling_cost(0.0, 1.5, 4.0) == 0.0
    assert signalling_cost(0.2, 1.5, -4.0) == 0.0


def test_the_gain_at_risk_is_the_engines(world: Calibration) -> None:
    agreement = pact().at_risk[0]
    deal = TradeAgreement(members=[["IND"], ["USA"]], sectors=["goods"], coverage=0.72)
    by_hand = (solve(world, [deal]).real_income_hat[0] - 1.0) * world.final_spending[0] / 1000.0
    assert yearly_gain("IND", agreement, world) == pytest.approx(by_hand, rel=1e-9)


def test_reform_of_other_costs_adds_to_what_is_at_risk(world: Calibration) -> None:
    (bare,), (reformed,) = (
        signals(pact(at_risk=at_risk(reform=share)), world) for share in (0.0, 0.02)
    )
    assert reformed.gain > bare.gain


def test_delaying_an_agreement_that_costs_the_pivot_is_no_cost(toy_economy: Economy) -> None:
    """The pivot would give up a fifth on what it buys, and the other side nothing."""
    tariff = toy_economy.tariff.copy()
    tariff[:2, 0, 2], tariff[:2, 2, 0] = 0.2, 0.0
    (signal,) = signals(pact(), replace(toy_economy, tariff=tariff))
    assert signal.gain < 0.0
    assert signal.cost == 0.0
    assert signal.break_even_chance is None


def test_the_cost_grows_in_proportion_to_chance_and_delay(world: Calibration) -> None:
    (one,) = signals(pact(), world)
    (twice,) = signals(pact(at_risk=at_risk(chance=0.2)), world)
    (longer,) = signals(pact(at_risk=at_risk(delay=3.0)), world)
    assert one.gain != 0.0
    assert twice.cost == pytest.approx(2.0 * one.cost)
    assert longer.cost == pytest.approx(2.0 * one.cost)


def test_at_the_break_even_chance_the_pact_is_worth_nothing(world: Calibration) -> None:
    cheap = [{"name": "port call", "uses": 10.0, "saving": 1e-4}]
    (signal,) = signals(pact(services=cheap), world)
    assert signal.break_even_chance is not None
    even = pact(services=cheap, at_risk=at_risk(chance=signal.break_even_chance))
    found = account(even, world, draws=1)
    assert found.value_to_pivot.central == pytest.approx(0.0, abs=1e-9)


def test_savings_beyond_any_cost_have_no_break_even_chance(world: Calibration) -> None:
    rich = [{"name": "port call", "uses": 1000.0, "saving": 1000.0}]
    assert signals(pact(services=rich), world)[0].break_even_chance is None


def test_the_account_counts_access_and_spreads_the_cost_over_the_term(world: Calibration) -> None:
    found = account(pact(), world, draws=8)
    cost = found.details["signalling_cost"].central
    assert found.exposure.central == pytest.approx(cost / 5.0)
    assert found.value_to_pivot.central == pytest.approx(2.0 - cost / 5.0)
    assert found.details["warships gained"].central == 5.0
    assert found.exposure.low < found.exposure.high
    saving = found.details["break_even_saving"].central
    assert saving == pytest.approx(cost / 5.0 / 10.0)


def test_without_services_no_worth_is_claimed(world: Calibration) -> None:
    found = account(pact(services=[]), world, draws=1)
    assert found.value_to_pivot.central == pytest.approx(-found.exposure.central)
    assert "no worth of access is claimed" in found.value_to_pivot.counted


def test_every_name_the_world_lacks_is_told_at_once(world: Calibration) -> None:
    wrong = pact(partner="RUSS", at_risk=at_risk(members=["USAA"], sectors=["godds"]))
    with pytest.raises(TieNameError) as caught:
        signals(wrong, world)
    for told in ("partner", "'USAA'; did you mean 'USA'", "'godds'; did you mean 'goods'"):
        assert told in str(caught.value)


def test_a_name_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"at_risk\.1\.name: 'west' stands twice"):
        pact(at_risk=[*at_risk(), *at_risk()])
