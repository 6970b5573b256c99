"""What an oil market refuses, all at once and with the nearest valid names."""

from __future__ import annotations

from typing import Any

import pytest

from tula.errors import UnknownNameError
from tula.ties.oil.equilibrium import clear
from tula.ties.oil.errors import OilClearingError, OilMarketError
from tula.ties.oil.market import OilMarket, read_market
from tula.ties.oil.parts import NO_PRESSURE, PriceCap, Regime
from tula.ties.oil.world_price import elasticity_set


def problems(described: dict[str, Any]) -> str:
    with pytest.raises(OilMarketError) as caught:
        read_market(described)
    return str(caught.value)


def test_every_contradiction_is_told_in_one_message(described: dict[str, Any]) -> None:
    described["pivot"] = "INDIA"
    described["sellers"][0]["share"] = 0.9
    described["buyers"][0]["freight"] = -1.0
    described["buyers"][0]["refiners"][0]["volume"] = 1.1
    described["buyers"][1]["volume"] = 20.0
    told = problems(described)
    assert "unknown buyer 'INDIA'; did you mean 'IND'?" in told
    assert "sellers: shares add up to 1.15; expected 1 at most" in told
    assert "buyers.IND.freight: expected zero or more; got -1 at least" in told
    assert "buyers.IND.refiners: volumes add up to 2.166 mb/d, more than the 1.728" in told
    assert "buyers.CHN: volume 20 mb/d exceeds its need" in told


def test_an_unknown_key_is_refused_with_the_nearest_valid(described: dict[str, Any]) -> None:
    described["buyers"][0]["fright"] = 3.0
    assert "buyers.0.fright: unknown key; did you mean 'freight'?" in problems(described)


def test_an_unknown_elasticity_set_is_refused_with_the_nearest(described: dict[str, Any]) -> None:
    described["world"]["elasticities"] = "BH71"
    assert "unknown oil elasticity set 'BH71'; did you mean 'BH17'?" in problems(described)


def test_a_refiner_needs_exactly_one_way_to_state_its_premium(described: dict[str, Any]) -> None:
    refiners = described["buyers"][0]["refiners"]
    refiners[0]["loss"] = 5.0
    del refiners[1]["premium"]
    told = problems(described)
    assert "buyers.IND.refiners.Reliance: give premium, or loss and probability, not both" in told
    assert "buyers.IND.refiners.Nayara: give premium, or both loss and probability" in told


def test_a_floor_above_the_price_at_the_port_is_refused(described: dict[str, Any]) -> None:
    described["supply"] = {"flat_above": 80.0, "zero_below": 70.0}
    assert "where it sells nothing" in problems(described)


def test_the_same_name_twice_is_refused(described: dict[str, Any]) -> None:
    described["buyers"].append(described["buyers"][1])
    assert "buyers: CHN stands more than once" in problems(described)


def test_every_unknown_name_of_a_regime_is_told_at_once(market: OilMarket) -> None:
    regime = Regime(
        designated=("Rosnef",), ceilings={"INDI": 1.0}, price_cap=PriceCap(ceiling=-1.0)
    )
    with pytest.raises(OilMarketError) as caught:
        clear(market, regime)
    told = str(caught.value)
    assert "unknown seller 'Rosnef'; did you mean 'Rosneft'?" in told
    assert "unknown buyer 'INDI'; did you mean 'IND'?" in told
    assert "price_cap: expected USD a barrel above 0" in told


def test_a_market_whose_buyers_need_the_partner_at_any_price_cannot_clear(
    described: dict[str, Any],
) -> None:
    for buyer in described["buyers"]:
        buyer["refiners"], buyer["need"] = [], buyer["volume"]
    regime = Regime(need_hat={"IND": 2.0})
    with pytest.raises(OilClearingError, match="whatever the price"):
        clear(read_market(described), regime)


def test_a_region_that_buys_nothing_of_the_partner_is_not_known(market: OilMarket) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'CHN'"):
        clear(market, NO_PRESSURE).volume("CHNN")


def test_published_elasticities_carry_their_source() -> None:
    found = elasticity_set("KM14")
    assert (found.supply, found.demand) == (0.015, -0.26)
    assert "Kilian and Murphy" in found.source
