"""The cleared market: volumes add up, discounts are formed, firms leave in order."""

from __future__ import annotations

from typing import Any

import pytest

from tula.ties.oil.equilibrium import clear
from tula.ties.oil.market import OilMarket
from tula.ties.oil.parts import NO_PRESSURE, PriceCap, Regime
from tula.ties.oil.world_price import world_price_hat

REGIMES = {
    "none": NO_PRESSURE,
    "designation": Regime(designated=("Rosneft", "Lukoil")),
    "one seller": Regime(designated=("Rosneft",)),
    "price cap": Regime(price_cap=PriceCap(ceiling=47.6)),
    "pivot leaves": Regime(ceilings={"IND": 0.0}),
    "most leave": Regime(ceilings={"IND": 0.0, "CHN": 1.0, "TUR": 0.1}),
    "dearer world": Regime(benchmark_hat=1.5, lost_elsewhere=2.0),
}


@pytest.mark.parametrize("name", REGIMES)
def test_what_buyers_take_is_what_the_partner_sells(market: OilMarket, name: str) -> None:
    found = clear(market, REGIMES[name])
    assert abs(found.supply_residual) < 1e-9
    bought = sum(found.volume(buyer.region) for buyer in market.buyers)
    sold = sum(found.clearing.supply(found.fob_price))
    assert bought + found.afloat == pytest.approx(sold, abs=1e-9)


def test_no_pressure_returns_the_base(market: OilMarket) -> None:
    found = clear(market)
    assert found.fob_price == pytest.approx(67.4 - 5.13, abs=1e-9)
    assert found.world_price_hat == pytest.approx(1.0, abs=1e-12)
    assert found.volume("IND") == pytest.approx(1.728, rel=1e-9)
    assert found.discount("IND") == pytest.approx(5.13 - 3.38, abs=1e-9)


def test_without_premia_freight_or_refiners_every_buyer_pays_one_price(
    described: dict[str, Any], designation: Regime
) -> None:
    for buyer in described["buyers"]:
        buyer |= {"premium": 0.0, "freight": 3.0, "refiners": []}
    described["intermediation"] = 0.0
    found = clear(OilMarket.model_validate(described), designation)
    discounts = [found.discount(buyer["region"]) for buyer in described["buyers"]]
    assert discounts == pytest.approx([2.13] * 5, abs=1e-9)
    assert found.change("IND") == pytest.approx(0.0, abs=1e-9)


def test_a_premium_on_buyers_widens_the_discount_they_get(
    described: dict[str, Any], designation: Regime
) -> None:
    found = []
    for premium in (1.0, 3.0, 5.0):
        for buyer in described["buyers"][1:]:
            buyer["premium"] = premium
        found.append(clear(OilMarket.model_validate(described), designation).discount("IND"))
    assert found == sorted(found)
    assert found[2] - found[0] > 2.0


def test_a_cost_that_all_pay_comes_out_of_the_price_at_the_port_where_supply_is_flat(
    described: dict[str, Any], designation: Regime
) -> None:
    found = []
    for cost in (5.0, 9.0):
        described["intermediation"] = cost
        found.append(clear(OilMarket.model_validate(described), designation))
    assert found[0].fob_price - found[1].fob_price == pytest.approx(4.0, abs=1e-6)
    assert found[0].discount("IND") == pytest.approx(found[1].discount("IND"), abs=1e-6)


def test_below_the_floor_barrels_are_lost_and_the_world_price_rises(
    described: dict[str, Any], designation: Regime
) -> None:
    described["intermediation"] = 25.0
    found = clear(OilMarket.model_validate(described), designation)
    assert 30.0 < found.fob_price < 40.0
    assert found.lost > 0.1
    lost = found.lost / 103.0
    assert found.world_price_hat == pytest.approx((1.0 - lost) ** (-1.0 / 0.5), rel=1e-12)
    assert found.redirected < 1.0


def test_an_indifferent_firm_clears_the_market_with_part_of_its_barrels(
    described: dict[str, Any], designation: Regime
) -> None:
    described["elasticity"] = 5.0
    for buyer in described["buyers"][1:]:
        buyer["premium"] = 5.0
    found = clear(OilMarket.model_validate(described), designation)
    parts = {firm.name: firm.stays for firm in found.firms}
    assert 0.0 < parts["Reliance"] < 1.0
    assert found.discount("IND") == pytest.approx(9.0, abs=1e-6)
    assert abs(found.supply_residual) < 1e-9


def test_a_waiver_undoes_a_designation(market: OilMarket, designation: Regime) -> None:
    waived = clear(market, designation.model_copy(update={"waiver": True}))
    assert waived.volume("IND") == pytest.approx(clear(market).volume("IND"), rel=1e-9)
    assert waived.risk_borne("IND") == 0.0


def test_a_government_ceiling_binds_and_others_take_the_barrels(market: OilMarket) -> None:
    found = clear(market, Regime(ceilings={"IND": 1.0}))
    assert found.volume("IND") == pytest.approx(1.0, rel=1e-12)
    assert found.discount("CHN") > clear(market).discount("CHN")


def test_barrels_that_reach_nobody_in_time_are_lost_to_the_world_at_the_published_price(
    described: dict[str, Any],
) -> None:
    for part in (0.0, 0.5, 1.0):
        described["redirectable"] = part
        found = clear(OilMarket.model_validate(described), Regime(ceilings={"IND": 0.0}))
        assert found.redirected == pytest.approx(part, abs=2e-6)
        assert found.afloat == pytest.approx((1.0 - part) * 1.728, abs=4e-6)
        by_formula = world_price_hat(1.728, part, 103.0, 0.15, -0.35)
        assert found.world_price_hat == pytest.approx(by_formula, rel=1e-7)


def test_a_price_cap_pays_buyers_and_leaves_volumes_above_the_floor(
    described: dict[str, Any],
) -> None:
    described["buyers"][0]["coalition_services"] = 0.5
    market = OilMarket.model_validate(described)
    free, capped = clear(market), clear(market, Regime(price_cap=PriceCap(ceiling=47.6)))
    assert capped.exports == pytest.approx(free.exports, rel=1e-9)
    rent = 0.365 * 0.5 * 1.728 * (capped.fob_price - 47.6)
    assert capped.cap_rent("IND") == pytest.approx(rent, rel=1e-6)
    assert capped.cap_rent("CHN") == 0.0
    assert free.partner_revenue - capped.partner_revenue == pytest.approx(rent, rel=1e-6)


def test_a_price_cap_under_the_floor_takes_barrels_off_the_market(
    described: dict[str, Any],
) -> None:
    described["buyers"][0]["coalition_services"] = 0.5
    market = OilMarket.model_validate(described)
    found = clear(market, Regime(price_cap=PriceCap(ceiling=30.0)))
    assert found.lost > 0.5
    assert found.world_price_hat > 1.01


def test_logit_and_ces_buyers_agree_closely(described: dict[str, Any], designation: Regime) -> None:
    ces = clear(OilMarket.model_validate(described), designation)
    logit = clear(OilMarket.model_validate({**described, "choice": "logit"}), designation)
    assert logit.discount("IND") == pytest.approx(ces.discount("IND"), abs=0.3)


def test_the_order_of_buyers_and_refiners_changes_nothing(
    described: dict[str, Any], designation: Regime
) -> None:
    straight = clear(OilMarket.model_validate(described), designation)
    described["buyers"] = described["buyers"][::-1]
    described["buyers"][-1]["refiners"] = described["buyers"][-1]["refiners"][::-1]
    turned = clear(OilMarket.model_validate(described), designation)
    assert turned.fob_price == pytest.approx(straight.fob_price, rel=1e-12)
    assert turned.volume("IND") == pytest.approx(straight.volume("IND"), rel=1e-10)


def test_new_names_for_everybody_change_nothing(
    described: dict[str, Any], designation: Regime
) -> None:
    found = clear(OilMarket.model_validate(described), designation).discount("IND")
    described |= {"pivot": "X", "partner": "Y"}
    described["buyers"][0]["region"] = "X"
    described["sellers"] = [{"name": "A", "share": 0.45}, {"name": "B", "share": 0.25}]
    renamed = clear(OilMarket.model_validate(described), Regime(designated=("A", "B")))
    assert renamed.discount("X") == found


def test_a_premium_may_be_given_by_what_the_firm_stands_to_lose(
    described: dict[str, Any], designation: Regime
) -> None:
    given = clear(OilMarket.model_validate(described), designation)
    nayara, reliance = (described["buyers"][0]["refiners"][place] for place in (1, 0))
    del nayara["premium"], reliance["premium"]
    nayara |= {"loss": 0.0, "probability": 1.0}
    reliance |= {"loss": 9.0 * 0.365 * 0.595 / 0.1, "probability": 0.1}
    by_loss = clear(OilMarket.model_validate(described), designation)
    assert by_loss.fob_price == pytest.approx(given.fob_price, rel=1e-9)
    assert by_loss.gross_exit("IND") == given.gross_exit("IND")
