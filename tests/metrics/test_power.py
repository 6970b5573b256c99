"""Power: exact for a small CES buyer, convex, joint over a coalition, refused where infinite."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tula.equilibrium import BalancedTrade, BuyerElasticity, Technology, calibrate, solve
from tula.equilibrium.calibration import Calibration
from tula.errors import UnknownNameError
from tula.metrics.parties import EmptyPartyError
from tula.metrics.power import (
    InelasticDemandError,
    import_dependence,
    market_power_by_sector,
    power,
    power_by_sector,
    sector_concentration,
)
from tula.policy.instruments import Embargo
from tula.world.economy import Economy, Provenance
from tula.world.labels import Labels


def small_buyer(omega: float, theta: float) -> Economy:
    """A nation of size one buys only from two of size a million, the share omega from POW."""
    big = 1e6
    sales = np.array(
        [[big, big / 10, omega], [big / 10, big, 1.0 - omega], [omega, 1.0 - omega, 0.0]]
    )
    return Economy(
        labels=Labels(("POW", "OTH", "SML"), ("ONE",)),
        intermediate=np.zeros((3, 1, 3, 1)),
        final=sales[:, None, :],
        tariff=np.zeros((1, 3, 3)),
        export_tax=np.zeros((1, 3, 3)),
        trade_elasticity=np.array([theta]),
        elasticity_source="chosen for tests",
        provenance=Provenance("small buyer", "2000"),
    )


@pytest.mark.parametrize(("omega", "theta"), [(0.36, 5.0), (0.36, 1.0), (0.8, 2.0), (0.95, 5.0)])
def test_power_over_a_small_buyer_is_its_price_rise_under_an_exact_embargo(
    omega: float, theta: float
) -> None:
    world = small_buyer(omega, theta)
    embargo = Embargo(importer="SML", exporter="POW", sectors="all")
    cut = solve(world, [embargo], closure=BalancedTrade())
    rise = 100.0 * np.log(cut.price_hat[2, 0] / cut.cost_hat[1, 0])
    found = power(world, powers="POW", buyers="SML")
    assert float(found.squeeze()) == pytest.approx(rise, rel=1e-5)


@pytest.mark.parametrize(("omega", "cost"), [(0.36, 8.9), (0.8, 32.0), (0.95, 60.0)])
def test_power_rises_out_of_proportion_as_a_supplier_nears_the_whole_market(
    omega: float, cost: float
) -> None:
    found = power(small_buyer(omega, 5.0), powers="POW", buyers="SML")
    assert float(found.squeeze()) == pytest.approx(cost, rel=0.01)


def test_power_by_sector_is_the_formula_on_all_purchases(toy_economy: Economy) -> None:
    base = calibrate(toy_economy)
    found = power_by_sector(base).sel(region="IND", partner="USA")
    omega = base.trade_share[:, 0, 2]
    weight = base.expenditure[0] / base.final_spending[0]
    expected = 100.0 * weight * -np.log(1.0 - omega) / base.trade_elasticity
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    np.testing.assert_allclose(power(base).sel(region="IND", partner="USA"), expected.sum())


def test_nobody_has_power_over_itself(toy_economy: Economy) -> None:
    found = power(toy_economy)
    assert bool(np.isnan(np.diag(found)).all())
    assert bool(found.notnull().sum() == 12)


def test_a_coalition_threatens_more_than_its_members_apart(toy_economy: Economy) -> None:
    joint = power(toy_economy, powers={"both": ("USA", "RUS")}, buyers="IND")
    apart = power(toy_economy, powers=("USA", "RUS"), buyers="IND")
    assert float(joint.squeeze()) > float(apart.sum())


def test_members_of_the_buyer_are_taken_out_of_a_coalition(toy_economy: Economy) -> None:
    without = power(toy_economy, powers={"club": ("IND", "USA")}, buyers="IND")
    alone = power(toy_economy, powers="USA", buyers="IND")
    assert float(without.squeeze()) == float(alone.squeeze())
    with pytest.raises(EmptyPartyError, match="not part of the other side"):
        power(toy_economy, powers="IND", buyers="IND")


def test_a_group_of_buyers_bears_its_members_losses_in_money(toy_economy: Economy) -> None:
    spending = calibrate(toy_economy).final_spending[:2]
    members = power(toy_economy, powers="USA", buyers=("IND", "RUS")).squeeze().values
    joint = power(toy_economy, powers="USA", buyers="first_two")
    assert float(joint.squeeze()) == pytest.approx(members @ spending / spending.sum(), rel=1e-12)


def test_a_sigma_may_be_given_for_all_sectors_or_for_some(toy_economy: Economy) -> None:
    own = power_by_sector(toy_economy, powers="USA", buyers="IND").squeeze()
    short = power_by_sector(toy_economy, powers="USA", buyers="IND", sigma=2.0).squeeze()
    np.testing.assert_allclose(short, own * toy_economy.trade_elasticity, rtol=1e-12)
    some = power_by_sector(toy_economy, powers="USA", buyers="IND", sigma={"OIL": 2.0}).squeeze()
    assert float(some.sel(sector="OIL")) == float(short.sel(sector="OIL"))
    assert float(some.sel(sector="MAN")) == float(own.sel(sector="MAN"))


@pytest.mark.parametrize("sigma", [1.0, 0.5])
def test_a_sigma_of_one_or_less_is_refused_with_the_reason_and_the_way_out(
    toy_economy: Economy, sigma: float
) -> None:
    with pytest.raises(InelasticDemandError, match=rf"OIL {sigma:g}.*without limit.*rationing"):
        power(toy_economy, sigma={"OIL": sigma})


def test_the_only_supplier_has_power_without_limit() -> None:
    assert float(power(small_buyer(1.0, 4.0), powers="POW", buyers="SML").squeeze()) == np.inf


def test_power_is_gone_once_the_embargo_is_in_force(toy_economy: Economy) -> None:
    cut = solve(toy_economy, [Embargo(importer="IND", exporter="USA", sectors="all")])
    after = power(cut, powers=("USA", "ROW"), buyers="IND").squeeze()
    before = power(toy_economy, powers=("USA", "ROW"), buyers="IND").squeeze()
    assert float(after.sel(partner="USA")) == 0.0
    assert float(after.sel(partner="ROW")) > float(before.sel(partner="ROW"))


def test_losing_a_market_lowers_the_price_until_the_others_take_the_whole_quantity(
    toy_economy: Economy,
) -> None:
    base = calibrate(toy_economy)
    found = market_power_by_sector(base, markets="USA", sellers="IND").squeeze().values
    sold = base.border_trade[:, :, 0]
    weight = sold.sum(axis=1) / base.final_spending[0]
    price = np.exp(-found / 100.0 / weight)
    left = sold.sum(axis=1) - sold[:, 2]
    sigma = base.trade_elasticity + 1.0
    np.testing.assert_allclose(left * price**-sigma, sold.sum(axis=1), rtol=1e-12)


def test_the_herfindahl_index_of_power_is_one_for_one_sector_and_falls_with_more(
    toy_economy: Economy,
) -> None:
    found = power_by_sector(toy_economy)
    alone = found.sel(sector=["OIL"])
    assert np.nanmax(np.abs(sector_concentration(alone) - 1.0)) < 1e-12
    spread = found.copy(data=np.where(np.isnan(found), np.nan, 1.0))
    np.testing.assert_allclose(sector_concentration(spread).sel(region="IND", partner="USA"), 1 / 3)
    assert bool(np.isnan(sector_concentration(found).sel(region="IND", partner="IND")))


def test_net_dependence_turns_its_sign_with_the_side_and_follows_power_where_shares_are_small(
    toy_economy: Economy,
) -> None:
    net = import_dependence(toy_economy)
    np.testing.assert_allclose(net, -net.values.T, atol=1e-12)
    base = _thin(calibrate(toy_economy))
    both = power(base).values
    np.testing.assert_allclose(import_dependence(base), both - both.T, rtol=2e-3, atol=1e-9)


def _thin(base: Calibration) -> Calibration:
    """The same world with a thousandth of its trade."""
    share = base.trade_share * 1e-3
    home = np.arange(share.shape[1])
    share[:, home, home] += 1.0 - share.sum(axis=2)
    return replace(base, trade_share=share)


def test_an_unknown_partner_is_refused_with_the_nearest_name(toy_economy: Economy) -> None:
    with pytest.raises(UnknownNameError, match="'USA'"):
        power(toy_economy, powers="USS")


def test_power_says_unit_base_sign_and_whose_elasticities(toy_economy: Economy) -> None:
    attrs = power(toy_economy).attrs
    assert attrs["units"] == "log points x 100, % of final spending"
    assert attrs["sign"] == "plus = the region loses if the partner withdraws"
    assert attrs["elasticities"] == toy_economy.elasticity_source
    assert "prices given" in attrs["base"]


def test_power_reads_the_elasticity_of_the_buyer_that_is_hit() -> None:
    stiff = Technology(buyers=(BuyerElasticity("SML", "ONE", 1.5),))
    world = calibrate(small_buyer(0.36, 5.0), stiff)
    embargo = Embargo(importer="SML", exporter="POW", sectors="all")
    cut = solve(world, [embargo], closure=BalancedTrade())
    rise = 100.0 * np.log(cut.price_hat[2, 0] / cut.cost_hat[1, 0])
    found = power(world, powers="POW", buyers=("SML", "OTH")).squeeze()
    assert float(found.sel(region="SML")) == pytest.approx(rise, rel=1e-5)
    free = power(small_buyer(0.36, 5.0), powers="POW", buyers="OTH")
    assert float(found.sel(region="OTH")) == float(free.squeeze())


def test_a_buyer_whose_own_elasticity_is_one_or_less_is_refused(toy_economy: Economy) -> None:
    world = calibrate(toy_economy, Technology(buyers=(BuyerElasticity("IND", "OIL", -0.4),)))
    assert float(power(world, powers="USA", buyers="RUS").squeeze()) > 0.0
    with pytest.raises(InelasticDemandError, match=r"OIL 0\.6"):
        power(world, powers="USA", buyers="IND")


def test_a_home_nest_passes_the_rise_of_import_prices_on(toy_economy: Economy) -> None:
    alike = replace(toy_economy, trade_elasticity=np.full(3, 4.0))
    plain, nested = (
        power_by_sector(calibrate(alike, technology), powers="USA", buyers="IND").squeeze()
        for technology in (Technology(), Technology(home_and_imports=5.0))
    )
    np.testing.assert_allclose(nested, plain, rtol=1e-10)
    unit = calibrate(alike, Technology(home_and_imports=1.0))
    abroad = 1.0 - unit.trade_share[:, 0, 0]
    lost = -np.log(1.0 - unit.trade_share[:, 0, 2] / abroad) / 4.0
    weight = unit.expenditure[0] / unit.final_spending[0]
    found = power_by_sector(unit, powers="USA", buyers="IND").squeeze()
    np.testing.assert_allclose(found, 100.0 * weight * abroad * lost, rtol=1e-10)


def test_a_lost_market_is_valued_at_the_elasticities_of_the_buyers_that_remain(
    toy_economy: Economy,
) -> None:
    stiff = calibrate(toy_economy, Technology(buyers=(BuyerElasticity("USA", "all", 0.5),)))
    lost, kept = (
        market_power_by_sector(world, markets="USA", sellers="IND").squeeze()
        for world in (stiff, toy_economy)
    )
    np.testing.assert_allclose(lost, kept, rtol=1e-12)
    other = market_power_by_sector(stiff, markets="RUS", sellers="IND").squeeze()
    free = market_power_by_sector(toy_economy, markets="RUS", sellers="IND").squeeze()
    assert bool((other > free).all())
