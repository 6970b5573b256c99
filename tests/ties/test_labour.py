"""Labour accords: neutrality, first-order formulas against the engine, who gains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tula.equilibrium import calibrate, solve
from tula.policy import Labour, Remittance
from tula.ties.inputs import TieNameError
from tula.ties.labour import (
    LabourAccord,
    account,
    gains,
    immigration_surplus,
    remittance_gain,
)
from tula.world.economy import Economy

#: Permits of 2024 and 2025 are fact L03; earnings and shares are chosen for the tests.
ACCORD: dict[str, Any] = {
    "pivot": "IND",
    "partner": "RUS",
    "permits": {"value": 56.5, "low": 36.2, "high": 71.8},
    "quota": 71.8,
    "stay": 1.0,
    "home_earnings": 3000.0,
    "host_earnings": 12000.0,
    "remitted": {"value": 0.6, "low": 0.4, "high": 0.8},
    "gap": {"value": 3100.0, "low": 1500.0, "high": 11000.0},
    "labour_share": 0.5,
    "wage_elasticity": 0.3,
    "workers_abroad": 17500.0,
    "replacement_time": 2.0,
    "hazard": 0.05,
}


def accord(**more: Any) -> LabourAccord:
    return LabourAccord.model_validate(ACCORD | more)


def duty_free(economy: Economy) -> Economy:
    none = np.zeros_like(economy.tariff)
    return replace(economy, tariff=none, export_tax=none)


def test_no_workers_change_nothing(toy_economy: Economy) -> None:
    found = gains(accord(permits=0.0), toy_economy)
    np.testing.assert_allclose(
        [found.stayers, found.migrants, found.natives, found.others], 0.0, atol=1e-9
    )


def test_without_duties_the_world_gains_the_difference_of_earnings(toy_economy: Economy) -> None:
    small = accord(permits=0.01)
    found = gains(small, duty_free(toy_economy))
    assert found.world == pytest.approx((small.host_value - small.home_value) / 1000.0, rel=1e-3)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_world_gains_if_the_host_pays_more(
    seed: int, make_economy: Callable[..., Economy]
) -> None:
    world = make_economy(4, 3, seed, regions=("IND", "RUS", "USA", "ROW"))
    assert gains(accord(permits=0.5), world).world > 0.0
    assert gains(accord(permits=0.5, host_earnings=1500.0), world).world < 0.0


def test_gains_of_all_groups_add_up_to_those_of_all_regions(toy_economy: Economy) -> None:
    one, other = accord(permits=0.1, remitted=0.0), accord(permits=0.1, remitted=0.9)
    for each in (one, other):
        found = gains(each, duty_free(toy_economy))
        parts = found.stayers + found.migrants + found.natives + found.others
        assert parts == pytest.approx(found.world, rel=1e-12)
    first, second = (gains(each, duty_free(toy_economy)) for each in (one, other))
    assert second.stayers > first.stayers
    assert second.migrants < first.migrants


def test_remittances_are_the_first_order_gain_of_those_who_stay(toy_economy: Economy) -> None:
    """With equal earnings on both sides, terms of trade move little; transfers do the rest."""
    sent = accord(permits=0.01, remitted=0.8)
    kept = accord(permits=0.01, remitted=0.0)
    world = duty_free(toy_economy)
    difference = gains(sent, world).stayers - gains(kept, world).stayers
    assert difference == pytest.approx(sent.sent_home / 1000.0, rel=0.1)


def apart(moved: LabourAccord, world: Economy) -> float:
    """Largest difference to the gains by separate moves of labour and a fixed remittance."""
    base = calibrate(world)
    labels, found = base.labels, gains(moved, base)
    pivot, partner = labels.region_index("IND"), labels.region_index("RUS")
    left, came = moved.home_value, moved.host_value
    solution = solve(
        base,
        [
            Labour(region="RUS", change=came / float(base.value_added[partner])),
            Labour(region="IND", change=-left / float(base.value_added[pivot])),
            Remittance(from_="RUS", to="IND", amount_musd=moved.sent_home),
        ],
    )
    resident = (solution.real_income_hat - 1.0) * base.final_spending / 1000.0
    home, host, kept = resident[pivot], resident[partner], moved.spent_in_host / 1000.0
    gave_up = left / 1000.0
    others = resident.sum() - home - host
    expected = np.array([home + gave_up, kept - gave_up, host - kept, others])
    told = np.array([found.stayers, found.migrants, found.natives, found.others])
    return float(np.abs(told - expected).max())


def test_the_corridor_does_what_separate_moves_of_labour_do_to_first_order(
    toy_economy: Economy,
) -> None:
    """The difference is of second order: it falls by four where the workers are halved."""
    whole, half = accord(permits=0.4), accord(permits=0.2)
    differences = apart(whole, toy_economy), apart(half, toy_economy)
    assert differences[0] < 0.01 * whole.host_value / 1000.0
    assert differences[0] / differences[1] == pytest.approx(4.0, rel=0.1)


def test_fewer_ask_where_the_wage_gap_narrows_and_the_quota_stays_unfilled(
    toy_economy: Economy,
) -> None:
    slack = {"permits": 8.0, "quota": 10.0}
    rigid = gains(accord(**slack), toy_economy)
    answering = gains(accord(**slack, elasticity=3.0), toy_economy)
    assert rigid.quota_used == pytest.approx(0.8)
    assert answering.quota_used < 0.8
    assert answering.workers == pytest.approx(10.0 * answering.quota_used)
    assert answering.permit_value == answering.quota_rent == 0.0


def test_a_full_quota_has_the_price_at_which_just_enough_would_go(toy_economy: Economy) -> None:
    """With real wages hardly moved, asked (1 - v)^elasticity = granted gives v = 1 - 2^(-1/2)."""
    small = {"permits": 0.02, "quota": 0.01}
    found = gains(accord(**small, elasticity=2.0), toy_economy)
    assert found.quota_used == 1.0
    assert found.permit_value == pytest.approx(1.0 - 0.5**0.5, rel=1e-3)
    assert found.quota_rent == pytest.approx(found.permit_value * 0.01 * 12000.0 / 1e6, rel=1e-3)
    assert np.isnan(gains(accord(**small), toy_economy).permit_value)


def test_the_account_tells_the_quotas_shadow_value_where_the_wish_to_go_answers_wages(
    toy_economy: Economy,
) -> None:
    narrow = {"permits": 0.5, "quota": {"value": 0.2, "low": 0.1, "high": 0.3}}
    plain = account(accord(**narrow), toy_economy, draws=4)
    priced = account(accord(**narrow, elasticity=2.0), toy_economy, draws=4)
    assert "quota_rent" not in plain.details
    worth = priced.details["quota_rent"]
    assert 0.0 < worth.low < worth.central < worth.high
    assert priced.value_to_pivot.central == pytest.approx(plain.value_to_pivot.central, rel=1e-6)


@pytest.mark.parametrize(
    "workers, sent, percent", [(56.5, 5000.0, 0.0075), (71.8, 10000.0, 0.0190)]
)
def test_remittances_of_permit_holders_are_about_a_hundredth_of_a_percent_of_gdp(
    workers: float, sent: float, percent: float
) -> None:
    """India's GDP of 3,784.5 billion USD is fact M67; permits L02 and L03."""
    assert 100 * remittance_gain(workers, sent, 3784.5) == pytest.approx(percent, abs=5e-5)


def test_the_permits_of_2025_fill_under_four_percent_of_any_estimate_of_the_gap() -> None:
    assert accord().share_of_gap == pytest.approx(0.0182, abs=5e-5)
    assert accord(gap=1500.0).share_of_gap == pytest.approx(0.0377, abs=5e-5)
    assert accord(gap=11000.0).share_of_gap == pytest.approx(0.0051, abs=5e-5)


def test_the_quota_caps_the_workers() -> None:
    bound = accord(permits=200.0, quota=70.0)
    assert bound.quota_binds
    assert bound.workers == 70.0
    assert accord(stay=3.0).workers == pytest.approx(169.5)


def test_the_immigration_surplus_is_the_triangle_under_the_demand_for_labour() -> None:
    share, elasticity, inflow, steps = 0.6, 0.3, 0.02, 20001
    path = np.linspace(0.0, inflow, steps)
    wage_fall = elasticity * path
    triangle = share * float(np.trapezoid(elasticity * inflow - wage_fall, path))
    assert immigration_surplus(share, elasticity, inflow) == pytest.approx(triangle, rel=1e-6)


def test_the_account_tells_both_countries_gains_with_ranges(toy_economy: Economy) -> None:
    found = account(accord(permits={"value": 0.5, "low": 0.2, "high": 0.9}), toy_economy, draws=8)
    assert found.value_to_pivot.low < found.value_to_pivot.central < found.value_to_pivot.high
    assert found.dependence.central == pytest.approx(0.5 / 17500.5)
    assert found.exposure.central == pytest.approx(0.05 * found.value_to_pivot.central)
    assert found.details["share_of_gap"].high > found.details["share_of_gap"].central
    assert found.details["world"].central > 0.0


def test_unknown_regions_are_refused_with_the_nearest(toy_economy: Economy) -> None:
    with pytest.raises(TieNameError, match="partner: unknown region 'RUSS'; did you mean 'RUS'"):
        gains(accord(partner="RUSS"), toy_economy)


def test_every_wrong_input_is_told_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        accord(remitted=60, quota=-1.0, permitts=3.0)
    for told in ("remitted", "5% is 0.05", "quota", "did you mean 'permits'"):
        assert told in str(caught.value)


def test_a_country_cannot_admit_its_own_workers() -> None:
    with pytest.raises(ValidationError, match="cannot admit its own workers"):
        accord(partner="IND")
