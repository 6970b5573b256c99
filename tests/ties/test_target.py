"""Trade targets: what they require, what a deal adds, the odds of meeting them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.stats import triang

from tula.equilibrium import Calibration, calibrate
from tula.study.load import load_study
from tula.ties.inputs import TieNameError
from tula.ties.kinds import Agreement
from tula.ties.target import (
    NoTradeError,
    SurfaceError,
    TargetError,
    TradeDeal,
    TradeTarget,
    account,
    central_requirement,
    duty_response,
    effect,
    exports_needed,
    fit_surface,
    reach_told,
    required_exports,
    required_growth,
    sector_needs,
    target_odds,
)
from tula.world.economy import Economy

GOODS = ("OIL", "MAN")
DEAL: dict[str, Any] = {
    "pivot": "IND",
    "partner": "RUS",
    "bloc": ["RUS"],
    "coverage": {"value": 0.8, "low": 0.6, "high": 0.9},
    "use": {"value": 0.7, "low": 0.5, "high": 0.9},
    "sectors": GOODS,
    "reform": {"value": 0.02, "low": 0.0, "high": 0.04},
    "elasticity_scale": {"value": 1.0, "low": 0.7, "high": 1.3},
    "replacement_time": 3.0,
    "hazard": 0.1,
}
#: India and Russia, year to March 2025: facts T06 and T08; the target is fact T11.
TARGET: dict[str, Any] = {
    "deal": DEAL,
    "target": 100.0,
    "years": 5.0,
    "exports": 4.88,
    "imports": 63.84,
    "fuel_imports": 57.0,
    "export_growth": {"value": 0.1, "low": 0.0, "high": 0.6},
    "import_growth": 0.0,
    "fuel_change": 0.0,
    "sectors": GOODS,
    "fuels": ["OIL"],
}


def deal(**more: Any) -> TradeDeal:
    return TradeDeal.model_validate(DEAL | more)


def target(**more: Any) -> TradeTarget:
    return TradeTarget.model_validate(TARGET | more)


def certain(**more: Any) -> dict[str, Any]:
    """A deal without ranges, so that the engine is solved at one point only."""
    exact = {"coverage": 0.8, "use": 0.7, "reform": 0.02, "elasticity_scale": 1.0}
    return DEAL | exact | more


@pytest.fixture(scope="module")
def world(toy_economy: Economy) -> Calibration:
    return calibrate(toy_economy)


def test_a_hundred_billion_requires_thirty_six_of_exports_at_todays_imports() -> None:
    assert required_exports(100.0, 63.84) == pytest.approx(36.16)
    needed, growth = central_requirement(target())
    assert needed == pytest.approx(36.16)
    assert growth == pytest.approx(0.4926, abs=1e-4)


def test_with_crude_down_two_fifths_it_requires_fifty_nine() -> None:
    needed, _ = central_requirement(target(fuel_change=-0.4))
    assert needed == pytest.approx(58.96)


def test_required_growth_compounds_to_what_is_required() -> None:
    rate = required_growth(4.88, 36.16, 5.0)
    assert 4.88 * (1.0 + rate) ** 5 == pytest.approx(36.16)


@pytest.mark.parametrize("wrong", [(0.0, 1.0, 5.0), (1.0, -1.0, 5.0), (1.0, 2.0, 0.0)])
def test_growth_from_or_to_nothing_is_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(TargetError, match="above zero"):
        required_growth(*wrong)


@pytest.mark.parametrize("sigma, rise", [(2.0, 0.65), (8.0, 3.2)])
def test_free_entry_adds_between_half_a_billion_and_three_and_a_half(
    sigma: float, rise: float
) -> None:
    """The common tariff of 6.5 per cent lies between the rates of fact E05."""
    assert duty_response(4.88, 0.065, sigma) == pytest.approx(rise, abs=0.05)


def test_the_engine_gives_the_first_order_rise_where_the_seller_is_small(
    toy_economy: Economy,
) -> None:
    ind, rus = 0, 1
    intermediate, final = toy_economy.intermediate.copy(), toy_economy.final.copy()
    for one, other in ((ind, rus), (rus, ind)):
        intermediate[one, :, other] *= 1e-5
        final[one, :, other] *= 1e-5
    tariff = toy_economy.tariff.copy()
    tariff[1, rus, ind] = 0.065
    small = calibrate(replace(toy_economy, intermediate=intermediate, final=final, tariff=tariff))
    found = effect(deal(sectors=["MAN"]), small, counted=("MAN",), cut=0.56, reform=0.0)
    sigma = 1.0 + float(small.trade_elasticity[1])
    assert found.exports - 1.0 == pytest.approx(duty_response(1.0, 0.065, sigma, 0.56), rel=1e-3)


def test_a_deal_nobody_uses_changes_nothing(world: Calibration) -> None:
    found = effect(deal(use=0.0, reform=0.0), world, counted=GOODS, fuels=("OIL",))
    assert (found.exports, found.imports, found.fuels) == pytest.approx((1.0, 1.0, 1.0))
    assert found.gain_pivot == pytest.approx(0.0, abs=1e-9)


def test_wider_coverage_adds_exports_and_diverts_more(world: Calibration) -> None:
    narrow = effect(deal(), world, counted=GOODS, cut=0.3, reform=0.0)
    wide = effect(deal(), world, counted=GOODS, cut=0.9, reform=0.0)
    assert 1.0 < narrow.exports < wide.exports
    assert wide.diverted_partner < narrow.diverted_partner < 0.0
    assert wide.duties_pivot < 0.0


def test_reform_costs_no_duties_and_raises_trade_further(world: Calibration) -> None:
    without = effect(deal(), world, counted=GOODS, reform=0.0)
    with_reform = effect(deal(), world, counted=GOODS, reform=0.03)
    assert with_reform.exports > without.exports
    assert with_reform.gain_pivot > without.gain_pivot


def test_sectors_share_out_what_is_required(world: Calibration) -> None:
    needs = sector_needs(world, "IND", "RUS", GOODS, exports=4.88, needed=36.16)
    assert sum(need.needed for need in needs) == pytest.approx(36.16)
    assert sum(need.now for need in needs) == pytest.approx(4.88)
    assert [need.needed for need in needs] == sorted((need.needed for need in needs), reverse=True)
    for need in needs:
        rise = need.needed - need.now
        assert need.share_needed - need.share_now == pytest.approx(rise / need.market)


def test_a_cubic_response_is_interpolated_exactly() -> None:
    def cubic(x: float, y: float, z: float) -> tuple[float, float]:
        return x**3 * y - 2.0 * z**2 * y**3 + 1.0, x * y * z

    surface = fit_surface(cubic, [(0.0, 2.0), (-1.0, 1.0), (3.0, 3.0)], tolerance=1e-9)
    points = np.array([[0.3, 0.7, 3.0], [1.9, -0.2, 3.0]])
    np.testing.assert_allclose(surface(points), [cubic(*point) for point in points], atol=1e-12)


def test_a_response_too_curved_for_the_grid_is_refused() -> None:
    with pytest.raises(SurfaceError, match="held-out"):
        fit_surface(
            lambda x, y, z: (np.sin(40.0 * x),),
            [(0.0, 1.0), (0.0, 0.0), (0.0, 0.0)],
            tolerance=1e-3,
        )


def test_the_chance_agrees_with_the_distribution_of_its_one_uncertain_input(
    world: Calibration,
) -> None:
    found = target_odds(target(deal=certain()), world, draws=20_000)
    rises = effect(deal(**certain()), world, counted=GOODS, fuels=("OIL",))
    imports = 6.84 * rises.imports + 57.0 * rises.fuels
    growth = required_growth(4.88 * rises.exports, 100.0 - imports, 5.0)
    exact = triang.sf(growth, 0.1 / 0.6, loc=0.0, scale=0.6)
    chance = found.chance["reform"]
    assert 0.01 < exact < 0.99
    assert abs(chance.value - exact) < 4.0 * chance.error
    assert chance.low < chance.value < chance.high


def test_monte_carlo_error_halves_with_four_times_the_draws(world: Calibration) -> None:
    few = target_odds(target(deal=certain()), world, draws=2_000).chance["growth"]
    many = target_odds(target(deal=certain()), world, draws=8_000).chance["growth"]
    assert many.error / few.error == pytest.approx(0.5, abs=0.05)


def test_each_measure_adds_to_the_chance_and_the_seed_fixes_it(world: Calibration) -> None:
    first, second = (target_odds(target(), world, draws=4_000, seed=7) for _ in range(2))
    assert first == second
    values = [first.chance[name].value for name in ("growth", "agreement", "reform")]
    assert values[0] < values[1] < values[2]
    assert first.surface_error < 5e-3


def test_a_chance_of_nothing_still_has_an_upper_bound(world: Calibration) -> None:
    found = target_odds(target(deal=certain(), target=5000.0), world, draws=1_000)
    chance = found.chance["reform"]
    assert chance.value == 0.0
    assert 0.0 < chance.high < 0.01


def test_falling_fuel_raises_what_is_required_of_exports(world: Calibration) -> None:
    steady = target_odds(target(deal=certain()), world, draws=1_000)
    falling = target_odds(target(deal=certain(), fuel_change=-0.4), world, draws=1_000)
    assert falling.told["required_exports"][1] > steady.told["required_exports"][1] + 20.0
    assert falling.chance["reform"].value < steady.chance["reform"].value


def test_the_account_has_gains_diversion_and_ranges(world: Calibration) -> None:
    found = account(deal(), world, sectors=GOODS, draws=8)
    assert found.value_to_pivot.low < found.value_to_pivot.high
    assert found.details["exports"].central > 0.0
    assert found.details["diverted_partner"].central < 0.0
    assert 0.0 < found.dependence.central < 1.0
    assert "56% of the duty" in found.notes[0]


def test_all_names_the_world_lacks_are_told_at_once(world: Calibration) -> None:
    with pytest.raises(TieNameError) as caught:
        account(deal(partner="RUSS", bloc=["RUSS"], sectors=["OLI"]), world)
    for told in ("partner: unknown region", "bloc: unknown region", "did you mean 'OIL'"):
        assert told in str(caught.value)


def test_a_bloc_without_its_partner_is_refused(world: Calibration) -> None:
    with pytest.raises(NoTradeError, match="must hold partner RUS"):
        account(deal(bloc=["USA"]), world)


def test_fuel_beyond_all_imports_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"fuel_imports: .* can exceed imports"):
        target(fuel_imports=70.0)


def test_what_a_target_asks_adds_up_over_sectors_and_is_reached_year_by_year(
    world: Calibration,
) -> None:
    goal = target(deal=certain())
    lines = exports_needed(goal, target_odds(goal, world, draws=1_000), world)
    asked = lines["exports needed"]
    assert asked.central == pytest.approx(1000.0 * central_requirement(goal)[0])
    assert lines["exports needed, year 5"].central == pytest.approx(asked.central)
    sectors = [line.numbers for name, line in lines.items() if "needed:" in name]
    np.testing.assert_allclose(np.sum(sectors, axis=0), asked.numbers, rtol=1e-12)
    assert asked.central / 4880.0 == pytest.approx(
        (lines["exports needed, year 1"].central / 4880.0) ** 5
    )


def test_no_draw_lies_beyond_the_ends_of_all_beliefs(world: Calibration) -> None:
    odds = target_odds(target(), world, draws=5_000)
    low, middle, high = odds.told["total"]
    reach = odds.reach
    assert reach.least < low < middle < high < reach.most
    assert reach.least < reach.central < reach.most
    assert 0.0 < reach.exports < reach.most


def test_a_target_that_good_ends_meet_says_the_fewest_of_them_that_do(world: Calibration) -> None:
    """Exports of 4.88 that grow by 40% for five years are 26, by 10% they are 8; 64 are bought."""
    growth = {"value": 0.1, "low": 0.0, "high": 0.4}
    goal = target(export_growth=growth, fuel_change={"value": -0.3, "low": -0.6, "high": 0.1})
    odds = target_odds(goal, world, draws=1_000)
    reach = odds.reach
    assert reach.most > 100.0 > reach.central and reach.short == 0.0
    assert odds.chance["reform"].high > 0.0
    assert reach.enough == {"export_growth": 0.4, "fuel_change": 0.1}
    told = reach_told(goal, odds)
    assert "the target of 100 is met there. With all others in the middle it takes no fewer" in told
    assert "than 2 of them: growth of exports without any deal (0.4)" in told
    low = target(target=30.0)
    assert "with all of them in the middle" in reach_told(low, target_odds(low, world, draws=1_000))


def test_a_target_beyond_all_beliefs_is_told_as_out_of_reach_and_by_how_much(
    world: Calibration,
) -> None:
    """Nothing grows and fuel falls: what is bought and sold now is all there is."""
    goal = target(deal=certain(), export_growth=0.0, fuel_change=-0.3)
    odds = target_odds(goal, world, draws=1_000)
    reach = odds.reach
    assert reach.most == pytest.approx(reach.least)
    assert reach.most < 100.0
    assert reach.short == pytest.approx(100.0 - reach.most)
    assert reach.enough == {}
    assert odds.chance["reform"].value == 0.0
    assert f"out of reach of these beliefs by {reach.short:.0f}" in reach_told(goal, odds)


@pytest.mark.slow
def test_the_target_of_the_summit_is_met_at_the_good_end_of_the_studys_beliefs() -> None:
    """It was impossible by construction: all good ends together gave 91 billion dollars."""
    study = load_study("india-2025")
    (tie,) = (one.model for one in study.ties if one.kind == "trade_agreement")
    assert isinstance(tie, Agreement) and tie.target is not None
    deal = TradeDeal(**{name: getattr(tie, name) for name in TradeDeal.model_fields})
    goal = TradeTarget(deal=deal, **dict(tie.target))
    odds = target_odds(goal, study.economy, seed=study.file.seed)
    assert odds.reach.target == 100.0
    assert odds.reach.short == 0.0
    assert odds.chance["reform"].value > 0.0
    assert odds.reach.central < 100.0
    assert {"export_growth", "fuel_change"} <= set(odds.reach.enough)
