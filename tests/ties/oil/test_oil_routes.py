"""Chokepoints are scored on the whole supply set, not on the partner alone."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tula.ties.oil.errors import OilMarketError
from tula.ties.oil.routes import SupplySet, share_through, without
from tula.ties.oil.tie import OilTie


@pytest.fixture
def supply(tie: OilTie) -> SupplySet:
    assert tie.supply_set is not None
    return tie.supply_set


def test_leaving_one_partner_raises_the_share_through_the_strait(supply: SupplySet) -> None:
    assert share_through(supply, "Hormuz") == pytest.approx(0.43)
    less = without(supply, "RUS", 0.212)  # O13; observed: 40 to 52 per cent [O19]
    assert share_through(less, "Hormuz") == pytest.approx(0.52, abs=0.015)


def test_shares_still_add_up_after_a_source_is_reweighed(supply: SupplySet) -> None:
    assert sum(one.share for one in without(supply, "RUS", 0.0).sources) == pytest.approx(1.0)


def test_a_pipeline_round_the_strait_lowers_the_share(supply: SupplySet) -> None:
    data = supply.model_dump()
    data["sources"][1]["through"] = 0.5
    assert share_through(SupplySet.model_validate(data), "Hormuz") == pytest.approx(0.36)


def test_everything_wrong_in_a_supply_set_is_told_at_once(supply: SupplySet) -> None:
    data = supply.model_dump()
    first, *rest = data["sources"]
    data["sources"] = [{**first, "share": 0.5, "via": ["Hormus"]}, *rest]
    with pytest.raises(ValidationError) as caught:
        SupplySet.model_validate(data)
    told = str(caught.value)
    assert "shares add up to 1.3, not 1" in told
    assert "unknown chokepoint 'Hormus'; did you mean 'Hormuz'?" in told


def test_an_unknown_source_or_chokepoint_is_refused_with_the_nearest(supply: SupplySet) -> None:
    with pytest.raises(OilMarketError, match="did you mean 'Iraq'"):
        without(supply, "Irak", 0.1)
    with pytest.raises(OilMarketError, match="did you mean 'Hormuz'"):
        share_through(supply, "Ormuz")
