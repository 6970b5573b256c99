"""The account of an oil tie."""

from __future__ import annotations

from dataclasses import fields

import pytest
from pydantic import ValidationError

from tula.equilibrium import Calibration
from tula.ties.account import TieAccount
from tula.ties.oil.tie import MEANINGS, OilTie, account
from tula.ties.quantity import Estimate


@pytest.fixture(scope="module")
def found(tie: OilTie, world: Calibration) -> TieAccount:
    return account(tie, world, draws=8)


def test_every_line_has_a_range_in_order(found: TieAccount) -> None:
    lines = [getattr(found, one.name) for one in fields(found)]
    estimates = [line for line in [*lines, *found.details.values()] if isinstance(line, Estimate)]
    assert len(estimates) == len(MEANINGS)
    assert all(line.low <= line.high for line in estimates)


def test_the_discount_saves_one_to_two_billion_in_the_middle_of_2025(found: TieAccount) -> None:
    saving = found.details["discount_saving"]
    assert saving.central == pytest.approx(365.0 * 1.728 * 1.75, rel=1e-6)
    assert 900.0 < saving.low < saving.high < 1400.0


def test_the_tie_is_worth_much_to_both(found: TieAccount) -> None:
    assert found.value_to_pivot.low > 2.0
    assert found.value_to_partner.low > 2.0


def test_the_partner_covers_a_third_of_the_pivots_crude(found: TieAccount) -> None:
    assert found.dependence.central == pytest.approx(1.728 / 5.3)


def test_pressure_moves_firms_but_its_money_cost_to_the_pivot_is_small(found: TieAccount) -> None:
    assert found.details["gross_exit_under_pressure"].central == pytest.approx(0.496, abs=1e-3)
    gain = found.details["pressure_gain"]
    assert -0.5 * found.value_to_pivot.central < gain.central < 0.0


def test_the_duty_for_keeping_the_tie_is_its_largest_exposure(found: TieAccount) -> None:
    fine = found.details["penalty"]
    assert fine.central == pytest.approx(3.0 * 0.5 * 4270.0)
    assert fine.central <= found.exposure.central < 1.5 * fine.central


def test_leaving_adds_chokepoint_risk(found: TieAccount) -> None:
    assert found.details["chokepoint_loss_added_on_leaving"].central > 0.0


def test_the_same_seed_gives_the_same_account(tie: OilTie, world: Calibration) -> None:
    assert account(tie, world, draws=2, seed=3) == account(tie, world, draws=2, seed=3)
    assert account(tie, world, draws=2, seed=3) != account(tie, world, draws=2, seed=4)


def test_names_of_every_regime_and_route_are_checked_at_once(tie: OilTie) -> None:
    data = tie.model_dump()
    data["pressure"]["designated"] = ("Lukoi",)
    data["regime"]["ceilings"] = {"IND": 0.0}
    data["supply_set"]["sources"][3]["name"] = "Russia"
    with pytest.raises(ValidationError) as caught:
        OilTie.model_validate(data)
    told = str(caught.value)
    assert "pressure.designated.0: unknown seller 'Lukoi'; did you mean 'Lukoil'?" in told
    assert "regime.ceilings.IND: the tie is already cut; put it in pressure" in told
    assert "supply_set.sources: RUS is not among them" in told
