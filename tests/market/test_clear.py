"""A market by itself is what closed forms and other methods say it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

import tula as tl
from strategy.answer import made
from tula.equilibrium import Calibration, Technology, calibrate, solve
from tula.equilibrium.solve import compile_policy
from tula.market.clear import Cleared, clear
from tula.market.commodity import Commodity, technology_of
from tula.market.equations import Equations
from tula.market.errors import MarketError
from tula.market.structure import Market
from tula.policy.instruments import Instrument

GAS = {"importer": "PIV", "exporter": "TWO", "sectors": "GAS"}
STOP = [tl.Embargo(**GAS)]


def market(sigma: float = 4.0, supply: float | None = None, **changes: Any) -> Market:
    """Return the gas market of a made world in which the pivot buys much of it from Two."""
    economy = made.world(one=0.02, two=0.05, **changes)
    theta = np.ones(3)
    theta[economy.labels.sector_index("GAS")] = sigma - 1.0
    gas = Commodity.model_validate(
        {"sector": "GAS", "replace": sigma, "grades": sigma, "supply": supply}
    )
    world = economy.with_elasticity(theta, "made")
    return Market(calibrate(world, technology_of([gas], world, {})), "GAS")


def struck(asked: Market, policy: Sequence[Instrument]) -> Cleared:
    return clear(asked, compile_policy(asked.world, policy))


def place(asked: Market, code: str) -> int:
    return asked.world.labels.region_index(code)


def test_without_any_policy_nothing_moves() -> None:
    found = struck(market(supply=0.3), [])
    assert found.price == pytest.approx(1.0, abs=1e-12)
    assert found.money == pytest.approx(0.0, abs=1e-3)


def test_a_lost_seller_costs_what_the_share_and_the_elasticity_say() -> None:
    """With free supply no price moves, so that P = (1 - share) ^ (-1 / theta)."""
    asked = market(sigma=4.0)
    pivot, share = place(asked, "PIV"), asked.share[place(asked, "PIV"), place(asked, "TWO")]
    found = struck(asked, STOP)
    assert found.price[pivot] == pytest.approx((1.0 - share) ** (-1.0 / 3.0), rel=1e-12)
    expected = -asked.spending[pivot] * np.log(found.price[pivot])
    assert found.consumers[pivot] == pytest.approx(expected, rel=0.02)
    assert found.sellers == pytest.approx(0.0, abs=1e-9)


def test_a_seller_whose_supply_is_tied_clears_where_demand_meets_its_curve() -> None:
    """All buyers tax one seller alike: its price is the root of one equation."""
    asked = market(sigma=3.0, supply=0.5)
    two = place(asked, "TWO")
    duty = [tl.Tariff(importer="all", exporter="TWO", sectors="GAS", add=0.2)]
    abroad = np.arange(4) != two
    own = struck(asked, duty).cost
    others = np.delete(own, two)

    def excess(price: float) -> float:
        cost = np.insert(others, two, price)
        paid = np.where(abroad[:, None] & (np.arange(4) == two)[None, :], 1.2, 1.0) * cost
        part = asked.share * paid**-2.0
        new = part / part.sum(axis=1, keepdims=True) * asked.spending[:, None] / paid * cost
        output = (new / price)[:, two].sum() / asked.received[:, two].sum()
        return float(output - price**0.5)

    assert own[two] == pytest.approx(brentq(excess, 0.5, 1.5), rel=1e-8)
    assert own[two] < 1.0


def test_a_ceiling_and_the_premium_it_amounts_to_do_the_same() -> None:
    """Shunned to a volume, or shunned by a premium that is spent: one is the other's dual."""
    asked = market(supply=0.2)
    capped = struck(asked, [tl.ImportCap(**GAS, at=0.5, rent_to="nobody")])
    premium = capped.premium("PIV", "TWO")
    assert premium > 0.1
    shunned = struck(asked, [tl.TradeCost(**GAS, add=premium)])
    assert shunned.volume("PIV", "TWO") == pytest.approx(0.5, rel=1e-8)
    assert shunned.price == pytest.approx(capped.price, rel=1e-8)
    assert shunned.money == pytest.approx(capped.money, rel=1e-6, abs=1e-3)


@pytest.mark.parametrize(("keeper", "gains"), [("importer", "PIV"), ("exporter", "TWO")])
def test_whoever_is_named_keeps_the_rent(keeper: Any, gains: str) -> None:
    asked = market()
    kept, lost = (
        struck(asked, [tl.ImportCap(**GAS, at=0.5, rent_to=who)]) for who in (keeper, "nobody")
    )
    assert kept.price == pytest.approx(lost.price, rel=1e-9)
    step = kept.kept - lost.kept
    spent = 0.5 * asked.share[place(asked, "PIV"), place(asked, "TWO")]
    rent = spent * asked.spending[place(asked, "PIV")] * kept.premium("PIV", "TWO")
    assert step[place(asked, gains)] == pytest.approx(rent, rel=1e-8)
    assert np.abs(np.delete(step, place(asked, gains))).max() < 1e-6 * rent


def test_a_ceiling_that_is_not_reached_does_nothing() -> None:
    found = struck(market(), [tl.ImportCap(**GAS, at=1.1, rent_to="importer")])
    assert found.premium("PIV", "TWO") == pytest.approx(0.0, abs=1e-9)
    assert found.price == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(
    "policy",
    [
        STOP,
        [tl.ImportCap(**GAS, at=0.4, rent_to="nobody")],
        [tl.ImportCap(**GAS, at=0.4, rent_to="importer")],
        [tl.ExportCap(importer="all", exporter="RES", sectors="GAS", at=0.7, rent_to="exporter")],
    ],
)
def test_a_commodity_that_hardly_counts_clears_in_the_world_as_it_does_alone(
    policy: list[Instrument],
) -> None:
    """Wages and incomes answer with its weight: as that goes to nothing, so does the difference."""
    gaps = []
    for weight in (1.0, 0.1):
        asked = market(sigma=3.0, supply=0.3, weight=weight)
        alone, world = struck(asked, policy), solve(asked.world, policy)
        gaps.append(np.abs(np.log(alone.price / world.price_hat[:, asked.place])).max())
        gain = asked.world.final_spending * (world.real_income_hat - 1.0)
        pivot = place(asked, "PIV")
        size = abs(alone.consumers[pivot]) + abs(alone.kept[pivot]) + abs(alone.sellers[pivot])
        gaps.append(abs(alone.money[pivot] - gain[pivot]) / size)
    assert gaps[0] < 0.01
    assert gaps[2] < 0.25 * gaps[0]
    assert gaps[1] < 0.4


def test_names_orders_and_units_of_money_move_nothing() -> None:
    plain = market(supply=0.3)
    moved = market(
        supply=0.3, regions=("TWO", "RES", "PIV", "ONE"), sectors=("SRV", "GAS", "GDS"), unit=1e3
    )
    one, two = (struck(asked, STOP) for asked in (plain, moved))
    for code in made.REGIONS:
        a, b = place(plain, code), place(moved, code)
        assert two.price[b] == pytest.approx(one.price[a], rel=1e-10)
        assert two.money[b] == pytest.approx(1e3 * one.money[a], rel=1e-8)


def test_the_world_price_rises_with_what_is_lost_and_the_less_supply_answers() -> None:
    closed = [tl.ExportCap(importer="all", exporter="RES", sectors="GAS", at=0.5, rent_to="nobody")]
    free, tied = (struck(market(supply=supply), closed) for supply in (None, 0.1))
    assert free.world_price(("RES",)) == pytest.approx(1.0)
    assert tied.world_price(("RES",)) > 1.005


def test_what_a_market_by_itself_cannot_know_is_refused() -> None:
    low = calibrate(made.world().with_elasticity(np.full(3, -0.1), "made"))
    with pytest.raises(MarketError, match="PIV loses a seller at a sigma of"):
        struck(Market(low, "GAS"), STOP)
    nested = calibrate(made.world(), Technology(among_inputs=0.5, labour_mobility=1.0))
    with pytest.raises(MarketError) as told:
        Market(nested, "GAS")
    assert len(told.value.problems) == 2
    together = [tl.ImportCap(**{**GAS, "sectors": ["GAS", "GDS"]}, at=0.5, together=True)]
    with pytest.raises(MarketError, match="state one for each"):
        struck(market(), together)


def test_the_room_of_markets_knows_no_commodity_by_name() -> None:
    room = Path(tl.__file__).parent / "market"
    words = re.compile(r"\b(oil|crude|barrel|well|petrol|tanker|refiner)s?\b", re.IGNORECASE)
    found = {
        path.name: words.findall(path.read_text(encoding="utf-8")) for path in room.glob("*.py")
    }
    assert found
    assert not any(found.values())


def test_a_calibration_is_read_and_never_changed() -> None:
    asked = market()
    assert isinstance(asked.world, Calibration)
    before = asked.world.trade_share.copy()
    struck(asked, STOP)
    assert np.array_equal(asked.world.trade_share, before)


def test_slopes_of_the_equations_are_those_of_finite_differences() -> None:
    asked = market(sigma=3.0, supply=0.3)
    capped = [
        tl.ImportCap(**GAS, at=0.5, rent_to="importer"),
        tl.ExportCap(importer="all", exporter="RES", sectors="GAS", at=0.7, rent_to="nobody"),
        tl.Tariff(importer="ONE", exporter="PIV", sectors="GAS", add=0.1),
    ]
    posed = Equations(asked, compile_policy(asked.world, capped))
    at = np.array([0.03, -0.02, 0.05, 0.01, 0.2, 0.1])
    steps = 1e-6 * np.eye(6)
    found = [(posed.residual(at + h) - posed.residual(at - h)) / 2e-6 for h in steps]
    np.testing.assert_allclose(posed.slopes(at), np.array(found).T, atol=1e-7)
