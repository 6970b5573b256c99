"""Who bears duties, as customs records have it and as general equilibrium does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pure_trade import pure_economy
from tula.equilibrium import Solution, Technology, calibrate, solve
from tula.metrics.burden import burden
from tula.metrics.incidence import UnchangedTariffError
from tula.policy import Embargo, Tariff
from tula.world.economy import Economy

RATE = 0.2


def economy(sectors: int = 1) -> Economy:
    """A buys of B, C and D; final goods alone, one factor in each region."""
    flows = np.array([[[90.0, 8, 6, 4], [9, 150, 5, 7], [5, 6, 80, 3], [4, 6, 5, 60]]])
    scale = np.linspace(1.0, 2.0, sectors)[:, None, None]
    return pure_economy(flows * scale, 1.0)


def taxed(
    world: Economy, exporters: tuple[str, ...], sectors: str = "all", tied: float | None = None
) -> Solution:
    technology = Technology() if tied is None else Technology(transformation=tied)
    duty = Tariff(importer="A", exporter=exporters, sectors=sectors, add=RATE)
    return solve(calibrate(world, technology), [duty])


def test_with_two_prices_the_slope_is_the_line_through_them() -> None:
    world = economy()
    found = taxed(world, ("B",))
    price = np.log(found.cost_hat[:, 0])
    trade = calibrate(world).border_trade[0, 0, 1:]
    untaxed = (trade[1:] * price[2:]).sum() / trade[1:].sum()
    borne = burden(found, "A", "all")
    assert borne.relative == pytest.approx((untaxed - price[1]) / np.log1p(RATE), rel=1e-9)


def test_the_whole_sets_prices_against_the_importers_own_costs() -> None:
    found = taxed(economy(), ("B",))
    fall = np.log(found.wage_hat[0]) - np.log(found.wage_hat[1])
    borne = burden(found, "A", "all")
    assert borne.whole == pytest.approx(fall / np.log1p(RATE), rel=1e-9)
    assert borne.common == pytest.approx(borne.whole - borne.relative)
    assert 0.0 < borne.relative < borne.whole
    assert borne.wage == pytest.approx(100.0 * (found.wage_hat[0] - 1.0))


def test_duty_and_volume_are_means_over_foreign_suppliers() -> None:
    world = economy()
    found = taxed(world, ("B", "C", "D"))
    borne = burden(found, "A", "all")
    assert borne.duty == pytest.approx(100.0 * RATE)
    bought = calibrate(world).border_trade[0, 0, 1:]
    volume = found.border_trade[0, 0, 1:] / found.cost_hat[1:, 0]
    assert borne.volume == pytest.approx(100.0 * (volume.sum() / bought.sum() - 1.0), rel=1e-9)


def test_one_duty_on_everything_leaves_nothing_to_compare_with() -> None:
    borne = burden(taxed(economy(), ("B", "C", "D")), "A", "all")
    assert np.isnan(borne.relative)
    assert np.isnan(borne.within)
    assert borne.whole > 0.0


def test_sellers_with_one_price_everywhere_bear_nothing_within_a_seller() -> None:
    found = taxed(economy(2), ("B",), "G0")
    borne = burden(found, "A", "all")
    assert borne.within == pytest.approx(0.0, abs=1e-9)
    assert borne.relative > 0.001


def test_sellers_who_cannot_turn_elsewhere_bear_more() -> None:
    free, tied = (burden(taxed(economy(2), ("B",), "G0", slow), "A", "all") for slow in (None, 1.0))
    assert tied.within > 0.1
    assert tied.relative > free.relative


def test_the_unit_of_money_does_not_matter() -> None:
    world = economy(2)
    scaled = replace(world, final=1e4 * world.final)
    one, other = (burden(taxed(each, ("B", "C")), "A", "all") for each in (world, scaled))
    for name in ("whole", "duty", "volume", "wage"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-8)


def test_embargoed_cells_are_left_out() -> None:
    moves = [
        Tariff(importer="A", exporter="B", sectors="all", add=RATE),
        Embargo(importer="A", exporter="D", sectors="all"),
    ]
    borne = burden(solve(economy(), moves), "A", "all")
    assert np.isfinite([borne.relative, borne.whole, borne.volume]).all()


def test_without_a_changed_duty_there_is_no_burden() -> None:
    with pytest.raises(UnchangedTariffError, match="no duty of B"):
        burden(taxed(economy(), ("C",)), "B", "all")
