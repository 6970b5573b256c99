"""The oil market and the engine: each answers its part, and no price effect is counted twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tula import load_world
from tula.equilibrium import Calibration, calibrate, solve
from tula.policy import Tariff
from tula.ties.inputs import TieNameError
from tula.ties.oil.choice import replacement_cost
from tula.ties.oil.engine import OilFeed, discount_transfers, feed_engine, intermediation, limits
from tula.ties.oil.engine_prices import (
    implied_elasticity,
    quantities_sold,
    quantity_hat,
    world_oil_price,
)
from tula.ties.oil.equilibrium import OilEquilibrium, clear
from tula.ties.oil.errors import OilMarketError
from tula.ties.oil.market import OilMarket
from tula.ties.oil.parts import Regime
from tula.ties.oil.world_price import world_price_hat
from tula.world.economy import Economy


@pytest.fixture(scope="module")
def small() -> OilMarket:
    """Two buyers whose codes the small world holds; supply steep under the base price."""
    buyers: list[dict[str, Any]] = [
        {"region": "IND", "need": 5.3, "volume": 1.728, "freight": 3.38, "premium": 6.0},
        {"region": "ROW", "need": 20.0, "volume": 3.0, "freight": 2.0, "premium": 3.0},
    ]
    return OilMarket.model_validate(
        {
            "pivot": "IND",
            "partner": "RUS",
            "benchmark": 67.4,
            "fob_discount": 5.13,
            "supply": {"flat_above": 58.0, "zero_below": 30.0},
            "elasticity": 10.0,
            "world": {"volume": 103.0, "elasticities": "BH17"},
            "sellers": [{"name": "A", "share": 1.0}],
            "buyers": buyers,
        }
    )


@pytest.fixture(scope="module")
def before(small: OilMarket) -> OilEquilibrium:
    return clear(small)


@pytest.fixture(scope="module")
def after(small: OilMarket) -> OilEquilibrium:
    return clear(small, Regime(designated=("A",), ceilings={"IND": 0.5}))


@pytest.fixture(scope="module")
def toy(toy_economy: Economy, small: OilMarket) -> Calibration:
    """The small world, with India's purchases of Russian oil at the market's value."""
    base = calibrate(toy_economy)
    place = base.labels.sector_index("OIL"), *map(base.labels.region_index, ("IND", "RUS"))
    factor = 365.0 * 62.27 * small.pivot_buyer.volume / base.border_trade[place]
    flows = {name: getattr(toy_economy, name) * factor for name in ("intermediate", "final")}
    return calibrate(replace(toy_economy, **flows))


@pytest.fixture(scope="module")
def fed(toy: Calibration, before: OilEquilibrium, after: OilEquilibrium) -> OilFeed:
    return feed_engine(toy, before, after, sector="OIL")


def test_the_world_price_after_the_feed_is_the_oil_markets(fed: OilFeed) -> None:
    assert fed.target.world > 1.002
    assert fed.joint.world == pytest.approx(fed.target.world, rel=1e-7)
    assert fed.solution.certificate.holds


def test_the_engines_own_part_and_the_rent_make_up_the_whole_effect_once(fed: OilFeed) -> None:
    assert (1.0 + fed.rent_rate) * fed.engine.world == pytest.approx(fed.target.world, rel=5e-3)
    assert 1.0 < fed.engine.world < fed.target.world


def test_quantities_in_the_engine_are_the_oil_markets(
    fed: OilFeed, before: OilEquilibrium, after: OilEquilibrium
) -> None:
    ratio = quantity_hat(fed.solution, "OIL", "IND", "RUS")
    assert ratio == pytest.approx(after.volume("IND") / before.volume("IND"), rel=1e-6)


def test_no_change_in_the_oil_market_hands_nothing_to_the_engine(
    toy: Calibration, before: OilEquilibrium
) -> None:
    found = feed_engine(toy, before, before, sector="OIL")
    assert found.rent_rate == pytest.approx(0.0, abs=1e-9)
    assert np.allclose(found.solution.real_income_hat, 1.0, atol=1e-9)
    assert found.transfers == {"IND": 0.0, "ROW": 0.0}


def test_the_discount_costs_the_partner_what_it_pays_the_buyers(
    fed: OilFeed, before: OilEquilibrium, after: OilEquilibrium
) -> None:
    gained = discount_transfers(before, after)
    widened = after.discount("IND") - before.discount("IND")
    assert gained["IND"] == pytest.approx(0.365 * after.volume("IND") * widened)
    assert sum(fed.transfers.values()) < sum(gained.values())
    assert float(fed.solution.shock.transfer.sum()) == pytest.approx(0.0, abs=1e-6)


def test_dealers_earn_their_share_of_intermediation(described: dict[str, Any]) -> None:
    market = OilMarket.model_validate(described)
    base, struck = clear(market), clear(market, Regime(designated=("Rosneft", "Lukoil")))
    assert intermediation(base, struck) == pytest.approx(0.365 * 11.5 * struck.exports)
    plain, paid = (discount_transfers(base, struck, 0.0, who) for who in ({}, {"ARE": 0.25}))
    assert paid == {**plain, "ARE": pytest.approx(0.25 * intermediation(base, struck))}


def test_other_policy_is_solved_with_it_and_not_counted_as_oil(
    toy: Calibration, before: OilEquilibrium, after: OilEquilibrium
) -> None:
    duty = Tariff(importer="USA", exporter="IND", sectors="MAN", add=0.25)
    found = feed_engine(toy, before, after, sector="OIL", policy=[duty])
    alone = solve(toy, [duty])
    assert world_oil_price(found.reference, "OIL", "RUS") == world_oil_price(alone, "OIL", "RUS")
    assert found.joint.world == pytest.approx(found.target.world, rel=1e-7)


def test_with_the_engines_own_elasticity_both_give_the_same_world_price(
    toy: Calibration, before: OilEquilibrium, small: OilMarket
) -> None:
    rest = solve(toy, [])
    halved, gone = (
        solve(toy, limits(before, clear(small, Regime(ceilings={"IND": most})), "OIL"))
        for most in (0.864, 0.0)
    )
    elasticity = implied_elasticity(rest, halved, "OIL", "RUS")
    lost = (quantities_sold(rest, "OIL", "RUS") - quantities_sold(gone, "OIL", "RUS")).sum()
    output = rest.output[:, rest.labels.sector_index("OIL")].sum()
    by_formula = world_price_hat(float(lost), 0.0, float(output), elasticity, 0.0)
    by_engine = world_oil_price(gone, "OIL", "RUS") / world_oil_price(rest, "OIL", "RUS")
    assert by_formula - 1.0 == pytest.approx(by_engine - 1.0, rel=0.15)


def test_the_engine_alone_answers_with_far_more_elastic_oil_than_published(
    toy: Calibration, before: OilEquilibrium, after: OilEquilibrium
) -> None:
    limited = solve(toy, limits(before, after, "OIL"))
    assert implied_elasticity(solve(toy, []), limited, "OIL", "RUS") > 2.0


def test_both_put_the_loss_of_the_partner_at_the_same_size_under_one_elasticity(
    market: OilMarket,
) -> None:
    world = load_world("icio-2024")
    place = world.labels.sector_index("OIL")
    theta = np.where(np.arange(len(world.labels.sectors)) == place, 9.0, world.trade_elasticity)
    calibrated = calibrate(world.with_elasticity(theta, "crude: odds elasticity less one"))
    base, gone = clear(market), clear(market, Regime(ceilings={"IND": 0.0}))
    limited = solve(calibrated, limits(base, gone, "OIL"))
    india = world.labels.region_index("IND")
    spending = calibrated.final_spending[india] / 1000.0
    by_engine = spending * (1.0 - float(limited.real_income_hat[india]))
    by_market = replacement_cost(1.728 / 5.3, 5.3, 67.4, 10.0)
    assert by_market == pytest.approx(5.1, abs=0.1)
    assert 0.6 < by_engine / by_market < 1.4


def test_the_embedded_world_meets_the_oil_markets_world_price(
    market: OilMarket, designation: Regime
) -> None:
    found = feed_engine(
        load_world("icio-2024"), clear(market), clear(market, designation), sector="OIL"
    )
    assert found.joint.world == pytest.approx(found.target.world, rel=1e-7)
    assert found.engine.world - 1.0 < 0.2 * (found.target.world - 1.0)
    assert 1.0 < found.coverage < 1.5


def test_every_region_the_world_does_not_hold_is_told_at_once(
    toy: Calibration, market: OilMarket, designation: Regime
) -> None:
    with pytest.raises(TieNameError) as caught:
        feed_engine(toy, clear(market), clear(market, designation), sector="OIL")
    assert "buyers.CHN" in str(caught.value)
    assert "buyers.REU" in str(caught.value)


def test_equilibria_of_two_markets_and_shares_that_are_none_are_refused(
    toy: Calibration, before: OilEquilibrium, market: OilMarket
) -> None:
    with pytest.raises(OilMarketError) as caught:
        feed_engine(toy, before, clear(market), sector="OIL", crude_share=1.5, dealers={"ROW": 2.0})
    told = str(caught.value)
    assert "different markets" in told
    assert "crude_share: expected above 0 to 1; got 1.5" in told
    assert "dealers: expected shares that add up to 1 at most" in told


def test_a_world_and_a_market_of_different_sizes_are_refused(
    toy_economy: Economy, before: OilEquilibrium, after: OilEquilibrium
) -> None:
    with pytest.raises(OilMarketError, match="about the same year"):
        feed_engine(toy_economy, before, after, sector="OIL")


def test_a_risk_premium_paid_out_costs_the_buyer_what_it_would_otherwise_keep(
    toy: Calibration, before: OilEquilibrium, after: OilEquilibrium
) -> None:
    kept, spent = (
        solve(toy, limits(before, after, "OIL", rent_to=keeper))
        for keeper in ("importer", "nobody")
    )
    india = toy.labels.region_index("IND")
    assert spent.real_income_hat[india] < kept.real_income_hat[india]
    hats = [quantity_hat(one, "OIL", "IND", "RUS") for one in (kept, spent)]
    assert hats[0] == pytest.approx(hats[1], rel=1e-6)
    lost = kept.income[india] * (1.0 - spent.real_income_hat[india] / kept.real_income_hat[india])
    rent = {one.importer: one.rent for one in spent.limits}["IND"]
    assert lost == pytest.approx(rent, rel=0.5)
