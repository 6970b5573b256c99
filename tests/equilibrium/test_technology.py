"""Nests and rigid destinations: limits in which they vanish, closed forms, and symmetry."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from equilibrium.independent import solve_independently
from equilibrium.moderate import limit, moderate_shock, quiet
from pure_trade import pure_economy, two_regions
from tula.equilibrium import (
    BalancedTrade,
    BuyerElasticity,
    FixedBalance,
    Solution,
    Technology,
    TechnologyError,
    calibrate,
    solve,
)
from tula.equilibrium.markets import Access
from tula.equilibrium.prepare import prepare
from tula.equilibrium.production import CostNests, cost, input_demand, value_added_share
from tula.world.economy import Economy

Array = np.ndarray
NESTS = Technology(0.4, 0.3, 0.8, ("OIL", "MAN"), 0.7)
HOME = Technology(home_and_imports=1.6)
RIGID = Technology(transformation=2.0)
BUYERS = Technology(buyers=(BuyerElasticity("IND", "OIL", 0.5),))


def _same(one: Solution, other: Solution, rtol: float) -> None:
    for name in ("real_income_hat", "wage_hat", "price_hat", "trade_share"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=rtol)


def _under(economy: Economy, technology: Technology, seed: int = 3) -> Solution:
    base = calibrate(economy, technology)
    return solve(base, moderate_shock(base, seed))


@pytest.fixture(scope="module")
def plain(toy_economy: Economy) -> Solution:
    """The Cobb-Douglas economy after the same shock."""
    return _under(toy_economy, Technology())


@pytest.mark.parametrize(
    "technology", [NESTS, HOME, RIGID, BUYERS], ids=["nests", "home", "rigid", "buyers"]
)
def test_without_a_shock_every_technology_returns_the_base_year(
    toy_economy: Economy, technology: Technology
) -> None:
    base = calibrate(toy_economy, technology)
    found = solve(base, quiet(base))
    np.testing.assert_allclose(found.real_income_hat, 1.0, rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(found.trade_share, base.trade_share, rtol=1e-12)


def test_a_bundle_of_one_carrier_is_cobb_douglas_at_any_elasticity_within_it(
    toy_economy: Economy, plain: Solution
) -> None:
    one_carrier = Technology(among_energy=0.2, energy="OIL", among_final=1.0 + 1e-12)
    _same(_under(toy_economy, one_carrier), plain, 1e-10)


@pytest.mark.parametrize("off", [-1e-7, 1e-7])
def test_answers_are_continuous_around_an_elasticity_of_one(
    toy_economy: Economy, plain: Solution, off: float
) -> None:
    near = Technology(1.0 + off, 1.0 - off, 1.0 + off, ("OIL", "MAN"), 1.0 - off)
    _same(_under(toy_economy, near), plain, 1e-7)


def test_cost_nests_at_one_are_cobb_douglas_to_rounding(toy_economy: Economy) -> None:
    base = calibrate(toy_economy)
    draw = np.random.default_rng(0)
    prices, factor = (np.asarray(draw.normal(0.0, 0.3, (3, 4))) for _ in range(2))
    own, inputs = np.asarray(base.value_added_share.T), np.asarray(base.input_share)
    output, zero = np.asarray(base.output.T), np.asarray(0.0)
    nests = CostNests(zero, zero, zero, np.asarray([1.0, 1.0, 0.0]), inputs[:, :2].sum(axis=1).T)
    nested, flat = (cost(kind, factor, prices, own, inputs) for kind in (nests, None))
    np.testing.assert_allclose(nested.total, flat.total, atol=1e-14)
    np.testing.assert_allclose(value_added_share(nests, own, nested), own, rtol=1e-14)
    bought = [
        input_demand(kind, found, prices, inputs, output)
        for kind, found in ((nests, nested), (None, flat))
    ]
    np.testing.assert_allclose(bought[0], bought[1], rtol=1e-13)


def test_home_apart_from_imports_at_the_sectors_own_elasticity_is_one_origin_among_many(
    toy_economy: Economy,
) -> None:
    even = replace(toy_economy, trade_elasticity=np.full(3, 4.0))
    _same(_under(even, Technology(home_and_imports=5.0)), _under(even, Technology()), 1e-9)


def test_home_apart_from_imports_at_an_elasticity_of_exactly_one_agrees_with_the_root_finder(
    toy_economy: Economy,
) -> None:
    found = _under(toy_economy, Technology(home_and_imports=1.0))
    other = solve_independently(found.calibration, found.shock)
    np.testing.assert_allclose(found.real_income_hat, other.real_income_hat, rtol=1e-9)
    np.testing.assert_allclose(found.border_trade, other.border_trade, rtol=1e-8)


def test_infinite_transformation_is_one_price_everywhere(
    toy_economy: Economy, plain: Solution
) -> None:
    _same(_under(toy_economy, Technology(transformation=1e9)), plain, 1e-7)
    np.testing.assert_allclose(plain.seller_wedge, 1.0, rtol=1e-12)


def test_rigid_destinations_make_prices_fall_where_a_duty_is_raised(toy_economy: Economy) -> None:
    base = calibrate(toy_economy, RIGID)
    tariff = np.array(base.tariff)
    tariff[0, 2, 0] += 0.3
    found = solve(base, replace(quiet(base), tariff=tariff))
    assert found.seller_wedge[0, 2, 0] < 0.97
    assert found.seller_wedge[0, 1, 0] > 0.999


def test_an_embargo_under_rigid_destinations_agrees_with_the_root_finder(
    toy_economy: Economy,
) -> None:
    base = calibrate(toy_economy, RIGID)
    closed = np.zeros(base.tariff.shape, dtype=bool)
    closed[0, 0, 1] = closed[1, 2, 0] = True
    shock = replace(moderate_shock(base, 3), embargo=closed)
    found, other = solve(base, shock), solve_independently(base, shock)
    np.testing.assert_allclose(found.real_income_hat, other.real_income_hat, rtol=1e-9)
    assert (found.border_trade[closed] == 0.0).all()


def test_buyers_of_the_worlds_elasticity_change_nothing(
    toy_economy: Economy, plain: Solution
) -> None:
    theta = float(toy_economy.trade_elasticity[0])
    _same(
        _under(toy_economy, Technology(buyers=(BuyerElasticity("IND", "OIL", theta),))),
        plain,
        1e-10,
    )


def test_a_buyer_who_cannot_look_elsewhere_loses_more_from_an_iceberg_cost(
    toy_economy: Economy, plain: Solution
) -> None:
    def loss(technology: Technology) -> float:
        base = calibrate(toy_economy, technology)
        dearer = np.ones(base.tariff.shape)
        dearer[0, 0, 1] = 1.5
        found = solve(base, replace(quiet(base), trade_cost_hat=dearer))
        return 1.0 - float(found.real_income_hat[0])

    assert loss(BUYERS) > loss(Technology()) > 0.0


def test_what_exporters_bring_is_told_buyer_by_buyer(toy_economy: Economy) -> None:
    few = [("IND", "OIL", 0.5), ("USA", "OIL", 0.5), ("RUS", "MAN", 0.5), ("ROW", "MAN", 2.5)]
    base = calibrate(toy_economy, Technology(buyers=tuple(BuyerElasticity(*one) for one in few)))
    trade = prepare(base, quiet(base), FixedBalance()).trade
    theta, log_cost = base.placed.trade_elasticity, np.linspace(-1.0, 1.0, 12).reshape(3, 4)
    found = Access.strength(log_cost, trade.theta, trade.kinds)
    expected = np.exp(-theta[:, :, None] * log_cost[:, None, :])
    np.testing.assert_allclose(found, expected, rtol=1e-15)


@pytest.mark.parametrize("technology", [NESTS, RIGID], ids=["nests", "rigid"])
def test_doubling_all_values_changes_no_ratio(toy_economy: Economy, technology: Technology) -> None:
    doubled = replace(
        toy_economy, intermediate=2 * toy_economy.intermediate, final=2 * toy_economy.final
    )
    base, large = calibrate(toy_economy, technology), calibrate(doubled, technology)
    shock = replace(moderate_shock(base, 3), transfer=np.zeros(4))
    _same(solve(base, shock), solve(large, shock), 1e-9)


def test_a_country_whose_imports_are_cut_loses_what_the_embargo_formula_says() -> None:
    """d ln W = sigma/(sigma-1) ln[(1-s) h^((sigma-1)/sigma) + s (E/E0)^((sigma-1)/sigma)].

    The home good's quantity h rises a little above one, as less is exported to pay for imports.
    """
    sigma, share, cut = 0.3, 0.04, 0.5
    flows = np.zeros((2, 2, 2))
    flows[0] = [[96.0, 0.0], [4.0, 1e6]]
    flows[1] = [[0.0, 4.0], [0.0, 1e6]]
    world = calibrate(pure_economy(flows), Technology(among_final=sigma))
    found = solve(world, replace(quiet(world), limits=(limit([(1, 0, 1)], cut),)))
    home = found.trade_share[0, 0, 0] * found.expenditure[0, 0] / 96.0 / found.cost_hat[0, 0]
    power = (sigma - 1.0) / sigma
    expected = np.log((1.0 - share) * home**power + share * cut**power) / power
    assert np.log(found.real_income_hat[0]) == pytest.approx(expected, rel=1e-9)
    alone = np.log(1.0 - share + share * cut**power) / power
    assert alone < expected < alone + share


def test_autarky_under_nests_costs_what_the_root_finder_says(toy_economy: Economy) -> None:
    base = calibrate(toy_economy, NESTS)
    apart = np.zeros(base.tariff.shape, dtype=bool)
    apart[:, 0, 1:] = apart[:, 1:, 0] = True
    found = solve(base, replace(quiet(base), embargo=apart), closure=BalancedTrade())
    assert found.calibration.imbalance.max() == 0.0
    other = solve_independently(found.calibration, found.shock)
    np.testing.assert_allclose(found.real_income_hat, other.real_income_hat, rtol=1e-9)


def test_the_world_purged_under_nests_stands_still_without_a_shock(toy_economy: Economy) -> None:
    base = calibrate(toy_economy, NESTS)
    found = solve(base, quiet(base), closure=BalancedTrade())
    np.testing.assert_allclose(found.real_income_hat, 1.0, rtol=0.0, atol=1e-10)
    assert found.certificate.iterations <= 2


def test_one_sector_autarky_depends_on_the_home_nest_alone() -> None:
    world = calibrate(pure_economy(two_regions()), Technology(home_and_imports=3.0))
    apart = np.broadcast_to(~np.eye(2, dtype=bool), (1, 2, 2)).copy()
    found = solve(world, replace(quiet(world), embargo=apart))
    home = world.trade_share[0, [0, 1], [0, 1]]
    np.testing.assert_allclose(found.real_income_hat, home ** (1.0 / 2.0), rtol=1e-10)


@pytest.mark.parametrize(
    "wrong",
    [
        {"among_inputs": -0.1},
        {"among_final": float("inf")},
        {"transformation": float("nan")},
        {"buyers": (BuyerElasticity("IND", "OIL", -1.0),)},
    ],
)
def test_elasticities_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(TechnologyError, match="cannot be used"):
        Technology(**wrong)  # type: ignore[arg-type]


def test_unknown_places_of_a_technology_are_all_named_at_once(toy_economy: Economy) -> None:
    wrong = Technology(among_energy=0.5, energy="OLI", buyers=(BuyerElasticity("IDN", "MAN", 1.0),))
    with pytest.raises(TechnologyError, match=r"(?s)IDN.*OLI"):
        calibrate(toy_economy, wrong).placed  # noqa: B018
