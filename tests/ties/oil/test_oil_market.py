"""What an oil market refuses, all at once and with the nearest valid names."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tula.errors import UnknownNameError
from tula.ties.oil.equilibrium import clear
from tula.ties.oil.errors import OilClearingError, OilMarketError
from tula.ties.oil.market import OilMarket
from tula.ties.oil.parts import NO_PRESSURE, Regime
from tula.ties.oil.world_price import elasticity_set


def problems(described: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        OilMarket.model_validate(described)
    return str(caught.value)


def test_every_number_outside_its_domain_is_told_at_once(described: dict[str, Any]) -> None:
    described["benchmark"] = 0.0
    described["spillover"] = 1.5
    described["sellers"][0]["share"] = 1.2
    described["buyers"][0]["freight"] = -1.0
    described["buyers"][1]["volume"] = 0.0
    told = problems(described)
    for place in ("benchmark", "spillover", "sellers.0.share", "buyers.0.freight"):
        assert f"\n{place}\n" in told
    assert "buyers.1.volume\n  Input should be greater than 0" in told


def test_every_buyer_and_refiner_that_contradicts_itself_is_told_at_once(
    described: dict[str, Any],
) -> None:
    described["buyers"][0]["refiners"][0]["volume"] = 0.9
    described["buyers"][1]["volume"] = 20.0
    described["buyers"][2]["refiners"] = [{"name": "A", "volume": 0.5, "need": 0.4, "premium": 0.0}]
    told = problems(described)
    assert "refiners: volumes add up to 1.966 mb/d, more than the 1.728 mb/d that IND" in told
    assert "volume: volume 20 mb/d exceeds its need" in told
    assert "volume: volume 0.5 mb/d exceeds its need (0.4 at least)" in told


def test_every_contradiction_of_a_market_is_told_at_its_place(described: dict[str, Any]) -> None:
    described["pivot"] = "INDIA"
    described["partner"] = "TUR"
    described["sellers"][0]["share"] = 0.9
    described["world"]["volume"] = 4.0
    described["buyers"][1]["refiners"] = described["buyers"][0]["refiners"][:1]
    told = problems(described)
    assert "buyers: the pivot 'INDIA' is not among them; did you mean 'IND'?" in told
    assert "buyers.2.region: TUR cannot buy from itself" in told
    assert "sellers: shares add up to 1.15; expected 1 at most" in told
    assert "world.volume: expected more than the partner's exports" in told
    assert "buyers.1.refiners.0.name: 'Reliance' stands twice" in told


def test_an_unknown_key_is_refused_with_the_nearest_valid(described: dict[str, Any]) -> None:
    described["buyers"][0]["fright"] = 3.0
    assert "unknown key; did you mean 'freight'?" in problems(described)


def test_an_unknown_elasticity_set_is_refused_with_the_nearest(described: dict[str, Any]) -> None:
    described["world"]["elasticities"] = "BH71"
    assert "unknown oil elasticity set 'BH71'; did you mean 'BH17'?" in problems(described)


def test_a_refiner_needs_exactly_one_way_to_state_its_premium(described: dict[str, Any]) -> None:
    refiners = described["buyers"][0]["refiners"]
    refiners[0]["loss"] = 5.0
    del refiners[1]["premium"]
    told = problems(described)
    assert "premium: Reliance: give premium, or loss and probability, not both" in told
    assert "Nayara: give premium, or both loss and probability" in told


def test_a_floor_above_the_price_at_the_port_is_refused(described: dict[str, Any]) -> None:
    described["supply"] = {"flat_above": 80.0, "zero_below": 70.0}
    assert "where it sells nothing" in problems(described)


def test_the_same_name_twice_is_refused(described: dict[str, Any]) -> None:
    described["buyers"].append(described["buyers"][1])
    assert "buyers.5.region: 'CHN' stands twice" in problems(described)


def test_every_unknown_name_of_a_regime_is_told_at_once(market: OilMarket) -> None:
    regime = Regime(designated=("Rosnef",), ceilings={"INDI": 1.0}, lost_elsewhere=200.0)
    with pytest.raises(OilMarketError) as caught:
        clear(market, regime)
    told = str(caught.value)
    assert "unknown seller 'Rosnef'; did you mean 'Rosneft'?" in told
    assert "unknown buyer 'INDI'; did you mean 'IND'?" in told
    assert "lost_elsewhere: expected less than the world's 101 mb/d; got 200" in told


def test_a_regime_holds_only_numbers_that_can_be() -> None:
    with pytest.raises(ValidationError) as caught:
        Regime.model_validate(
            {"price_cap": {"ceiling": -1.0}, "need_hat": {"IND": -1.0}, "benchmark_hat": 0.0}
        )
    told = {".".join(map(str, fault["loc"])) for fault in caught.value.errors()}
    assert told == {"price_cap.ceiling", "need_hat.IND", "benchmark_hat"}


def test_a_market_whose_buyers_need_the_partner_at_any_price_cannot_clear(
    described: dict[str, Any],
) -> None:
    for buyer in described["buyers"]:
        buyer["refiners"], buyer["need"] = [], buyer["volume"]
    regime = Regime(need_hat={"IND": 2.0})
    with pytest.raises(OilClearingError, match="whatever the price"):
        clear(OilMarket.model_validate(described), regime)


def test_a_region_that_buys_nothing_of_the_partner_is_not_known(market: OilMarket) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'CHN'"):
        clear(market, NO_PRESSURE).volume("CHNN")


def test_published_elasticities_carry_their_source() -> None:
    found = elasticity_set("KM14")
    assert (found.supply, found.demand) == (0.015, -0.26)
    assert "Kilian and Murphy" in found.source
