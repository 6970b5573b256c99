"""One set of parameters for both windows of 2025: a duty alone, then two sellers designated."""

from __future__ import annotations

import pytest

import tula as tl
from tula.ties.oil.engine_prices import quantity_hat
from tula.ties.oil.equilibrium import OilEquilibrium, clear
from tula.ties.oil.market import OilMarket
from tula.ties.oil.parts import Regime

#: Monthly imports by refiner: December, January, February; mb/d [O11].
OUTCOMES = {"December": 1.274, "January": 1.192, "February": 1.117}


@pytest.fixture(scope="module")
def duty_alone() -> tl.Solution:
    """The engine's answer to 25 points on India's goods, the duty for buying Russian oil [F01]."""
    world = tl.load_world("icio-2024")
    duty = tl.Tariff(
        importer="USA",
        exporter="IND",
        sectors="goods",
        except_sectors=["PHA", "ELE", "PET", "OIL"],
        add="25 pp",
    )
    return tl.solve(world, [duty])


@pytest.fixture(scope="module")
def designated(market: OilMarket, designation: Regime) -> OilEquilibrium:
    return clear(market, designation)


def test_a_duty_alone_brings_no_visible_fall(duty_alone: tl.Solution, market: OilMarket) -> None:
    need_hat = quantity_hat(duty_alone, "OIL", "IND", "RUS")
    found = clear(market, Regime(need_hat={"IND": need_hat}))
    assert found.gross_exit("IND") == 0.0
    assert abs(found.change("IND")) < 0.01


def test_after_two_sellers_are_designated_half_of_the_volume_leaves(
    designated: OilEquilibrium,
) -> None:
    assert 0.4 <= designated.gross_exit("IND") <= 0.6
    left = {firm.name for firm in designated.firms if firm.stays == 0.0}
    assert left == {"Reliance", "HMEL", "MRPL"}


def test_the_discount_formed_is_the_one_observed(designated: OilEquilibrium) -> None:
    assert 6.0 <= designated.discount("IND") <= 7.0  # D09, D10


def test_others_step_in_so_that_the_net_fall_is_smaller_than_the_exit(
    designated: OilEquilibrium,
) -> None:
    assert -0.45 < designated.change("IND") < -0.25
    observed = sum(OUTCOMES.values()) / len(OUTCOMES)
    assert designated.volume("IND") == pytest.approx(observed, abs=0.2)
    stays = {firm.name: firm for firm in designated.firms if firm.stays == 1.0}
    assert all(firm.volume > firm.volume_before for firm in stays.values())


def test_the_price_at_the_port_stays_above_the_floor_so_no_well_is_shut(
    designated: OilEquilibrium,
) -> None:
    assert designated.fob_price > 40.0
    assert designated.lost == pytest.approx(designated.afloat, abs=1e-9)
    assert 1.0 < designated.world_price_hat < 1.01


def test_what_the_model_makes_leave_is_what_exits_reveal(
    designated: OilEquilibrium, market: OilMarket
) -> None:
    volumes = {one.name: one.volume for one in market.pivot_buyer.refiners}
    left = [firm.name for firm in designated.firms if firm.stays == 0.0]
    gone = sum(volumes[name] for name in left) / market.pivot_buyer.volume
    assert designated.gross_exit("IND") == pytest.approx(gone)
    for firm in designated.firms:
        assert firm.premium >= 6.0 if firm.name in left else firm.premium <= 7.0


def test_without_premia_the_same_designation_makes_nobody_leave(
    market: OilMarket, designation: Regime
) -> None:
    fearless = market.model_copy(
        update={
            "buyers": tuple(
                buyer.model_copy(
                    update={
                        "refiners": tuple(
                            one.model_copy(update={"premium": market.pivot_buyer.alternative})
                            for one in buyer.refiners
                        )
                    }
                )
                for buyer in market.buyers
            )
        }
    )
    assert clear(fearless, designation).gross_exit("IND") == 0.0


def test_a_waiver_brings_the_barrels_back(market: OilMarket, designation: Regime) -> None:
    waived = clear(market, designation.model_copy(update={"waiver": True, "benchmark_hat": 1.5}))
    assert 1.5 <= waived.volume("IND") <= 2.0  # O17, O18
