"""A ban on part of a sector is that on a whole one, in a world whose sector is really in two."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import tula as tl
from factories import make_economy
from tula.equilibrium import Anderson, Solution, Technology, calibrate, gradient
from tula.equilibrium.readings import real_income as read_income
from tula.equilibrium.solve import compile_policy
from tula.equilibrium.store import load_solution, save_solution
from tula.market.clear import clear
from tula.market.structure import Market
from tula.metrics import real_income
from tula.policy import Embargo, EssentialSupplierError, ImportCap, compile_shock
from tula.world.economy import Economy

THETA, PART = 3.0, 0.3
#: Buyers turn from kind to kind, and from sector to sector, as easily as from seller to seller.
FLAT = Technology(among_final=1.0 + THETA, among_inputs=1.0 + THETA)


def world(sectors: int = 3) -> Economy:
    """Return a world with one trade elasticity."""
    economy = make_economy(4, sectors, 5, export_taxes=True)
    return replace(economy, trade_elasticity=np.full(sectors, THETA))


def split(economy: Economy, part: float) -> Economy:
    """Return the world with a last sector that is part of the first one, made and used as it is."""
    labels, first = economy.labels, economy.labels.sectors[0]
    weight = np.ones(len(labels.sectors))
    weight[0] = 1.0 - part

    def parted(values: np.ndarray, axis: int, level: bool) -> np.ndarray:
        moved = np.moveaxis(values, axis, 0)
        scale = weight.reshape(-1, *[1] * (moved.ndim - 1)) if level else 1.0
        last = moved[:1] * (part if level else 1.0)
        return np.moveaxis(np.concatenate([moved * scale, last]), 0, axis)

    return replace(
        economy,
        labels=replace(
            labels,
            sectors=(*labels.sectors, "KIND"),
            sector_names={**labels.sector_names, "KIND": f"a kind of {first}"},
        ),
        intermediate=parted(parted(economy.intermediate, 1, True), 3, True),
        final=parted(economy.final, 1, True),
        tariff=parted(economy.tariff, 0, False),
        export_tax=parted(economy.export_tax, 0, False),
        trade_elasticity=parted(economy.trade_elasticity, 0, False),
    )


def solved(economy: Economy, technology: Technology, **ban: object) -> Solution:
    """Return the world in which R00 may not buy some of R01's goods."""
    policy = [Embargo(importer="R00", exporter="R01", **ban)]
    return tl.solve(calibrate(economy, technology), policy)


def together(values: np.ndarray) -> np.ndarray:
    """Add the last sector to the first of which it is part."""
    return np.concatenate([values[:1] + values[-1:], values[1:-1]])


@pytest.mark.parametrize("sectors", [1, 3])
def test_it_is_that_of_a_world_in_two_where_kinds_are_as_close_as_sellers(sectors: int) -> None:
    economy = world(sectors)
    first = economy.labels.sectors[0]
    part = solved(economy, FLAT, sectors=first, coverage=PART)
    whole = solved(split(economy, PART), FLAT, sectors="KIND")
    assert real_income(part).values == pytest.approx(real_income(whole).values, abs=1e-9)
    one, two = part.border_trade, together(whole.border_trade)
    assert one == pytest.approx(two, rel=1e-7)
    assert part.wage_hat == pytest.approx(whole.wage_hat, abs=1e-9)
    assert np.abs(real_income(part).values).max() > 1e-3
    assert 0.0 < one[0, 0, 1] < 0.8 * economy_trade(economy)[0, 0, 1]


def economy_trade(economy: Economy) -> np.ndarray:
    """Return base trade at the border (S, N, I)."""
    return calibrate(economy).border_trade


def test_where_kinds_keep_their_shares_the_loss_is_the_same_but_for_second_order() -> None:
    """Fixed shares: c/theta log(1 - pi) for 1/theta log(1 - c pi), c(1 - c)pi^2 apart."""
    economy = world()
    first = economy.labels.sectors[0]
    calibration = calibrate(economy)
    pi = float(calibration.trade_share[0, 0, 1])
    plain = Technology()
    part = float(real_income(solved(economy, plain, sectors=first, coverage=PART))[0])
    whole = float(real_income(solved(split(economy, PART), plain, sectors="KIND"))[0])
    assert part < 0.0
    assert whole == pytest.approx(part, rel=2.0 * pi)


def test_more_of_it_costs_more_up_to_all_and_none_costs_nothing() -> None:
    economy = world()
    first = economy.labels.sectors[0]
    losses = [
        float(real_income(solved(economy, Technology(), sectors=first, coverage=part))[0])
        for part in (0.2, 0.6, 1.0 - 1e-9, 1.0)
    ]
    assert 0.0 > losses[0] > losses[1] > losses[2]
    assert losses[2] == pytest.approx(losses[3], abs=1e-6)
    none = solved(economy, Technology(), sectors=first, coverage=0.0)
    assert none.shock.ledger[0].idle == "no change is asked for"
    assert real_income(none).values == pytest.approx(0.0, abs=1e-9)


def test_two_bans_on_one_cell_each_take_their_part_of_what_the_other_leaves() -> None:
    base = calibrate(world())
    trade = {"importer": "R00", "exporter": "R01", "sectors": "S00"}
    bans = [Embargo(**trade, coverage=part) for part in (0.5, 0.4)]
    shock = compile_shock(base.labels, base.tariff, base.export_tax, bans)
    assert shock.banned[0, 0, 1] == pytest.approx(0.7)
    assert np.count_nonzero(shock.banned) == 1
    assert not shock.embargo.any()
    assert "each takes its part of what the other leaves" in shock.ledger[0].note
    assert shock.ledger[0].instrument == "R00: no purchases of 50.0% of S00 from R01"


def test_no_ban_has_an_answer_where_no_price_makes_up_for_a_lost_kind() -> None:
    economy = replace(world(), trade_elasticity=np.full(3, -0.2))
    with pytest.raises(EssentialSupplierError, match="S00"):
        solved(economy, Technology(), sectors="S00", coverage=PART)


@pytest.mark.gradients
def test_derivatives_under_a_ban_are_the_finite_differences() -> None:
    base = calibrate(world())
    ban = [Embargo(importer="R00", exporter="R01", sectors="S00", coverage=PART)]
    shock = compile_shock(base.labels, base.tariff, base.export_tax, ban)
    solver = Anderson(tolerance=1e-12)
    exact = gradient(base, shock, read_income("R00"), solver=solver)
    cell, step = (0, 0, 1), 1e-4

    def income(rate: float) -> float:
        tariff = shock.tariff.copy()
        tariff[cell] += rate
        found = tl.solve(base, shock.replace(tariff=tariff), solver=solver)
        return float(found.real_income_hat[0])

    slope = (income(step) - income(-step)) / (2.0 * step)
    assert exact.tariff[cell] == pytest.approx(slope, rel=1e-5)
    none = gradient(base, shock.replace(banned=np.zeros_like(shock.banned)), read_income("R00"))
    assert none.tariff[cell] != pytest.approx(slope, rel=1e-2)


def test_it_is_saved_with_the_solution(tmp_path: Path) -> None:
    found = solved(world(), Technology(), sectors="S00", coverage=PART)
    again = load_solution(save_solution(found, tmp_path / "ban.nc"))
    assert again.shock.banned[0, 0, 1] == found.shock.banned[0, 0, 1]
    assert again.shock.banned[0, 0, 1] == pytest.approx(PART)


def test_a_market_by_itself_has_the_ban_where_prices_stand_still() -> None:
    """Its share is 1 - c times the base share pi, over what is left of all, 1 - c pi."""
    base = calibrate(world())
    ban = [Embargo(importer="R00", exporter="R01", sectors="S00", coverage=PART)]
    alone = clear(Market(base, "S00"), compile_policy(base, ban))
    pi = float(base.trade_share[0, 0, 1])
    assert alone.volume("R00", "R01") == pytest.approx((1.0 - PART) / (1.0 - PART * pi))


@pytest.mark.parametrize(
    "technology",
    [
        Technology(),
        Technology(transformation=2.0),
        Technology(home_and_imports=2.0, transformation=5.0),
    ],
    ids=["plain", "rigid", "home-nest"],
)
@pytest.mark.parametrize("theta", [(3.0, 3.0, 3.0), (3.0, 0.0, 2.0)], ids=["theta", "unit-theta"])
def test_a_ceiling_on_what_a_ban_leaves_counts_from_the_base(
    technology: Technology, theta: tuple[float, ...]
) -> None:
    base = calibrate(world().with_elasticity(np.array(theta), "stated"), technology)
    place = {"importer": "R00", "exporter": "R01", "sectors": "S00"}
    ban, tight = Embargo(**place, coverage=0.5), ImportCap(**place, at=0.3)
    alone = tl.solve(base, ban)
    slack = tl.solve(base, [ban, ImportCap(**place, at=0.9)])
    both, capped = (tl.solve(base, asked) for asked in ([ban, tight], tight))
    assert np.abs(slack.real_income_hat - alone.real_income_hat).max() < 1e-9
    assert not slack.limits[0].binds
    assert 1.0 < both.limits[0].shadow_price < capped.limits[0].shadow_price
