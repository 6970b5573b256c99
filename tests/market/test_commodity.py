"""What a study states of a commodity is what its market and the world both take."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

import tula as tl
from strategy.answer import made
from tula.equilibrium import solve
from tula.equilibrium.calibration import Calibration, calibrate
from tula.equilibrium.solve import compile_policy
from tula.market.agreement import Compared, compare, require_agreement
from tula.market.clear import Cleared, clear
from tula.market.commodity import Commodity, standing, technology_of
from tula.market.errors import MarketDisagreementError
from tula.market.structure import Market
from tula.numbers.quantity import Quantity
from tula.policy.instruments import Instrument
from tula.world.economy import Economy
from tula.world.labels import Labels

#: A port by which two thirds more than in the base year can leave, and all that it leads to.
PORT = {
    "name": "the port",
    "exporter": "PIV",
    "importers": ["ONE", "RES"],
    "capacity": 1.2,
    "rent_to": "exporter",
}


def canola(**changes: Any) -> Commodity:
    """Return a crop whose fields are sown, sold through a port."""
    base = {"sector": "CANOLA", "replace": 3.0, "grades": 6.0, "supply": 0.2, "outlets": [PORT]}
    return Commodity.model_validate({**base, **changes})


def world(commodity: Commodity, age: float = 0.5) -> Calibration:
    """Return a made world in which the pivot sells the crop to Two above all, at an age."""
    economy = made.world(one=0.03, two=0.08)
    labels = Labels(economy.labels.regions, ("CANOLA", "GDS", "SRV"))
    crop: Economy = replace(economy, labels=labels)
    theta = np.array([commodity.sigma(age, {}, 3.5) - 1.0, 1.0, 1.0])
    crop = crop.with_elasticity(theta, "made")
    return calibrate(crop, technology_of([commodity], crop, {}))


BAN = tl.Embargo(importer="TWO", exporter="PIV", sectors="CANOLA")


def struck(commodity: Commodity, *done: Instrument, age: float = 0.5) -> Cleared:
    base = world(commodity, age)
    policy = compile_policy(base, [*standing([commodity], {}), *done])
    return clear(Market(base, "CANOLA"), policy)


def test_an_outlet_carries_no_more_than_it_can_and_its_rent_goes_where_it_is_said() -> None:
    bound, wide = canola(), canola(outlets=[])
    calm = struck(bound)
    assert calm.premium("ONE", "PIV") == pytest.approx(0.0, abs=1e-9)
    full, free = struck(bound, BAN), struck(wide, BAN)
    assert free.volume("RES", "PIV") > 1.2
    assert full.premium("ONE", "PIV") == pytest.approx(full.premium("RES", "PIV"))
    assert full.premium("RES", "PIV") > 0.05
    labels = full.market.world.labels
    sold = full.market.received[:, labels.region_index("PIV")]
    through = [labels.region_index(code) for code in ("ONE", "RES")]
    carried = (full.bought[through, labels.region_index("PIV")] * sold[through]).sum()
    assert carried / sold[through].sum() == pytest.approx(1.2)
    assert full.kept[labels.region_index("PIV")] > 0.0


def test_the_world_holds_the_same_outlet_and_the_two_agree() -> None:
    commodity = canola()
    base = world(commodity)
    policy = [*standing([commodity], {}), BAN]
    alone = clear(Market(base, "CANOLA"), compile_policy(base, policy))
    found = solve(base, policy)
    assert found.limits[0].shadow_price - 1.0 == pytest.approx(alone.premium("RES", "PIV"), rel=0.1)
    compared = compare(
        base, "CANOLA", "PIV", compile_policy(base, policy[:-1]),
        {"ban": compile_policy(base, policy)},
    )  # fmt: skip
    assert compared[0].account < 0.0
    assert compared[0].world < 0.0
    assert compared[0].apart < 0.25


@pytest.mark.parametrize("commodity", ["stop", "closure"])
def test_the_loss_of_a_stop_and_of_a_closure_falls_with_time(commodity: str) -> None:
    """Sellers replace each other better later; where they never did, nothing would fall."""
    stop = tl.Embargo(importer="PIV", exporter="TWO", sectors="CANOLA")
    closed = tl.ExportCap(
        importer="all", exporter="RES", sectors="CANOLA", at=0.4, rent_to="nobody"
    )
    done: Instrument = stop if commodity == "stop" else closed
    place = world(canola()).labels.region_index("PIV")
    losses = [-struck(canola(), done, age=age).money[place] for age in (0.5, 1.0, 2.0, 5.0, 20.0)]
    assert losses[0] == pytest.approx(losses[1])
    assert losses[1] > losses[2] > losses[3] > losses[4] > 0.0
    same = canola(grades=3.0)
    never = [-struck(same, done, age=age).money[place] for age in (0.5, 20.0)]
    assert never[0] == pytest.approx(never[1])


def test_grades_that_replace_each_other_worse_in_the_end_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"grades: is 2, below replace \(3\)"):
        canola(grades=2.0)


def test_sellers_never_replace_each_other_worse_with_time_where_both_are_drawn() -> None:
    one = Commodity(
        sector="OIL",
        replace=Quantity(value=6.0, low=3.0, high=12.0, belief="replace"),
        grades=Quantity(value=10.0, low=5.0, high=40.0, belief="grades"),
    )
    drawn = {"replace": 11.0, "grades": 7.0}
    assert [one.sigma(age, drawn, 3.2) for age in (0.5, 2.0, 20.0)] == [11.0] * 3
    assert one.sigma(20.0, {"replace": 3.0, "grades": 7.0}, 3.2) > 6.9


def told(account: float, in_world: float) -> Compared:
    return Compared("a stop", "CANOLA", "PIV", account, in_world, 10.0, 1.1, 1.1)


@pytest.mark.parametrize("in_world", [-8.0, -10.4, -5.6])
def test_what_lies_within_the_error_passes(in_world: float) -> None:
    require_agreement([told(-8.0, in_world)], 0.25)


@pytest.mark.parametrize("in_world", [-10.6, -5.4, 8.0])
def test_what_lies_beyond_it_on_either_side_is_refused_by_name(in_world: float) -> None:
    with pytest.raises(MarketDisagreementError, match="a stop: PIV gains -8 bn USD a year") as said:
        require_agreement([told(-8.0, -8.0), told(-8.0, in_world)], 0.25)
    assert str(said.value).count("a stop") == 1
    assert "agree" in str(said.value)


def test_a_market_of_other_beliefs_than_the_worlds_is_found_out() -> None:
    """The old account had an elasticity of its own: such a pair may not pass."""
    own, other = world(canola()), world(canola(replace=30.0, grades=30.0))
    question = {"ban": compile_policy(own, [BAN])}
    rest = compile_policy(own, [])
    mine, others = (compare(base, "CANOLA", "PIV", rest, question)[0] for base in (own, other))
    require_agreement([mine, others], 0.25)
    with pytest.raises(MarketDisagreementError):
        require_agreement([replace(mine, account=others.account)], 0.25)
