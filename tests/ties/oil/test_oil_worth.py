"""The tie's account and the world answer the same questions about one market, side by side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tula.equilibrium import Calibration, solve
from tula.equilibrium.solve import compile_policy
from tula.market import agreement
from tula.market.agreement import Compared, compare, require_agreement
from tula.market.errors import MarketDisagreementError
from tula.market.structure import Market
from tula.policy import Instrument
from tula.ties.oil.equilibrium import clear
from tula.ties.oil.parts import BILLION_BARRELS, Regime
from tula.ties.oil.routes import Chokepoint
from tula.ties.oil.tie import OilTie, account, ended, read_tie
from tula.ties.oil.worth import YEAR, InWorld, closure_loss, shut


@pytest.fixture(scope="module")
def tie(tie: OilTie) -> OilTie:
    """The tie at the short-run elasticity at which a lost seller is replaced."""
    elasticity = tie.market.elasticity.model_copy(update={"value": 6.0})
    market = tie.market.model_copy(update={"elasticity": elasticity})
    return tie.model_copy(update={"market": market})


@pytest.fixture(scope="module")
def inside(tie: OilTie, world: Calibration) -> InWorld:
    return InWorld(world, tie.sector, clear(tie.market), tie.rent_lost.value)


def strait(tie: OilTie) -> Chokepoint:
    assert tie.supply_set is not None
    return tie.supply_set.chokepoints[0]


def beside(inside: InWorld, policy: list[Instrument]) -> Compared:
    world = inside.market.world
    rest, done = compile_policy(world, []), compile_policy(world, policy)
    return compare(world, "OIL", "IND", rest, {"asked": done})[0]


@pytest.mark.parametrize("question", ["stop", "designation", "closure"])
def test_account_and_world_agree_on_a_stop_a_designation_and_a_closed_strait(
    tie: OilTie, inside: InWorld, question: str
) -> None:
    """They once told 2.6 and 0.31 bn of a closure, and 3.3 and 0.6 of a stop."""
    policy = {
        "stop": inside.policy(clear(tie.market, ended(tie)), "importer"),
        "designation": inside.policy(clear(tie.market, tie.pressure), "nobody"),
        "closure": shut(strait(tie), "OIL"),
    }[question]
    found = beside(inside, policy)
    require_agreement([found], 0.25)
    assert found.account < 0.0
    assert found.world < 0.0
    assert found.price == pytest.approx(found.world_price, rel=0.02)
    if question == "stop":  # the published range, as below, by the world's own solves
        assert 14.0 < -found.world / (BILLION_BARRELS * tie.market.pivot_buyer.volume) < 18.0


def test_two_months_of_a_closed_strait_cost_what_a_year_of_it_does_in_proportion(
    tie: OilTie, inside: InWorld
) -> None:
    place = inside.world.labels.region_index("IND")
    cost = closure_loss(inside, inside.base, strait(tie))[place]
    solution = solve(inside.market.world, shut(strait(tie), "OIL"))
    in_world = solution.calibration.final_spending[place] * (1.0 - solution.real_income_hat[place])
    assert cost == pytest.approx(in_world / 1e3 * 60.0 / YEAR, rel=0.3)
    assert 1.0 < cost < 4.0


def test_a_strait_that_nothing_passes_costs_nothing(inside: InWorld, tie: OilTie) -> None:
    dry = strait(tie).model_copy(update={"exporters": {}})
    assert closure_loss(inside, inside.base, dry) == pytest.approx(np.zeros(33), abs=1e-9)


def test_the_loss_a_barrel_of_a_full_stop_lies_in_the_published_range(
    tie: OilTie, world: Calibration
) -> None:
    """For a year: 9 bn USD on 1.8 mb/d (Kpler) to 11.7 on 1.75 (State Bank of India)."""
    assert 14.0 < read_tie(tie, world)["loss_a_barrel"] < 18.0


def test_who_keeps_the_gap_on_shunned_barrels_decides_what_shunning_costs(
    tie: OilTie, inside: InWorld
) -> None:
    place = inside.world.labels.region_index("IND")
    pressed = clear(tie.market, Regime(designated=("Rosneft", "Lukoil")))
    kept, part, lost = (
        InWorld(inside.world, "OIL", inside.base, share).money(pressed)[place]
        for share in (0.0, 0.5, 1.0)
    )
    assert kept > part > lost
    assert part == pytest.approx(0.5 * (kept + lost))


def test_an_account_that_the_world_does_not_bear_out_is_refused(
    tie: OilTie, world: Calibration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cleared at another elasticity than the world's, as it once was, it may not be told."""
    assert account(tie, world, draws=1).value_to_pivot.central > 5.0
    other = InWorld(world, tie.sector, clear(tie.market), 0.7)
    theta = np.array(other.market.world.trade_elasticity)
    theta[world.labels.sector_index("OIL")] = 29.0
    loose = Market(replace(other.market.world, trade_elasticity=theta), "OIL")
    monkeypatch.setattr(agreement, "Market", lambda *_: loose)
    with pytest.raises(MarketDisagreementError, match="the tie ended: IND gains"):
        account(tie, world, draws=1)
