"""What must not matter does not matter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tula.equilibrium import BalancedTrade, Closure, FixedBalance, ProportionalBalance, solve
from tula.policy.shock import Shock, no_shock
from tula.world.economy import Economy
from tula.world.labels import Labels

Array = np.ndarray
CLOSURES = (FixedBalance(), ProportionalBalance(), BalancedTrade())
#: Rounding only, except where the base is itself a solution (imbalances purged to tolerance).
NOTHING = {"fixed": 1e-12, "proportional": 1e-12, "balanced": 1e-9}
HATS = ("wage_hat", "cost_hat", "price_hat", "real_income_hat")


def _shock(economy: Economy) -> Shock:
    """A duty, an export tax and an iceberg cost of different size on every foreign cell."""
    s, n, _ = economy.tariff.shape
    abroad = ~np.eye(n, dtype=bool)[None]
    size = np.random.default_rng(5).uniform(0.0, 0.5, (3, s, n, n)) * abroad
    return replace(
        no_shock(economy.labels, economy.tariff, economy.export_tax),
        tariff=economy.tariff + size[0],
        export_tax=economy.export_tax + 0.3 * size[1],
        trade_cost_hat=1.0 + size[2],
    )


def _reordered(economy: Economy, regions: Array, sectors: Array) -> Economy:
    labels = economy.labels
    return replace(
        economy,
        labels=Labels(
            tuple(labels.regions[i] for i in regions), tuple(labels.sectors[i] for i in sectors)
        ),
        intermediate=economy.intermediate[np.ix_(regions, sectors, regions, sectors)],
        final=economy.final[np.ix_(regions, sectors, regions)],
        tariff=economy.tariff[np.ix_(sectors, regions, regions)],
        export_tax=economy.export_tax[np.ix_(sectors, regions, regions)],
        trade_elasticity=economy.trade_elasticity[sectors],
    )


def _split(economy: Economy, region: int) -> Economy:
    """Cut one region into two identical halves, the second placed last."""
    n = len(economy.regions)
    take = np.append(np.arange(n), region)
    part = np.ones(n + 1)
    part[[region, n]] = 0.5
    codes = (*economy.regions, "HALF")
    return replace(
        economy,
        labels=Labels(codes, economy.sectors),
        intermediate=economy.intermediate[take][:, :, take]
        * part[:, None, None, None]
        * part[None, None, :, None],
        final=economy.final[take][:, :, take] * part[:, None, None] * part,
        tariff=economy.tariff[:, take][:, :, take],
        export_tax=economy.export_tax[:, take][:, :, take],
    )


@pytest.mark.parametrize("closure", CLOSURES, ids=lambda closure: closure.name)
def test_without_a_shock_every_hat_is_exactly_one(
    make_economy: Callable[..., Economy], closure: Closure
) -> None:
    economy = make_economy(4, 3, 3, export_taxes=True)
    found = solve(
        economy, no_shock(economy.labels, economy.tariff, economy.export_tax), closure=closure
    )
    for hat in HATS:
        assert np.abs(getattr(found, hat) - 1.0).max() < NOTHING[closure.name], hat


def test_the_empty_list_of_instruments_is_no_shock(toy_economy: Economy) -> None:
    found = solve(toy_economy, [])
    assert np.abs(found.real_income_hat - 1.0).max() < 1e-12


@pytest.mark.parametrize("closure", CLOSURES, ids=lambda closure: closure.name)
@pytest.mark.parametrize("factor", [2.0, 1e-6, 3e5])
def test_the_unit_of_money_does_not_matter(
    toy_economy: Economy, closure: Closure, factor: float
) -> None:
    scaled = replace(
        toy_economy,
        intermediate=factor * toy_economy.intermediate,
        final=factor * toy_economy.final,
    )
    shock = _shock(toy_economy)
    one, other = solve(toy_economy, shock, closure=closure), solve(scaled, shock, closure=closure)
    for hat in HATS:
        np.testing.assert_allclose(getattr(other, hat), getattr(one, hat), rtol=1e-9)
    np.testing.assert_allclose(other.income, factor * one.income, rtol=1e-9)


def test_other_names_give_the_same_bits(toy_economy: Economy) -> None:
    renamed = replace(toy_economy, labels=Labels(("Z", "Y", "X", "W"), ("c", "b", "a")))
    one = solve(toy_economy, _shock(toy_economy))
    other = solve(renamed, _shock(renamed))
    for hat in HATS:
        assert np.array_equal(getattr(one, hat), getattr(other, hat)), hat


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_regions_and_sectors_does_not_matter(
    make_economy: Callable[..., Economy], seed: int
) -> None:
    economy = make_economy(4, 3, seed, export_taxes=True)
    draw = np.random.default_rng(seed)
    regions, sectors = draw.permutation(4), draw.permutation(3)
    shock = _shock(economy)
    shuffled = _reordered(economy, regions, sectors)
    axes = np.ix_(sectors, regions, regions)
    same = replace(
        no_shock(shuffled.labels, shuffled.tariff, shuffled.export_tax),
        tariff=shock.tariff[axes],
        export_tax=shock.export_tax[axes],
        trade_cost_hat=shock.trade_cost_hat[axes],
    )
    one, other = solve(economy, shock), solve(shuffled, same)
    np.testing.assert_allclose(other.real_income_hat, one.real_income_hat[regions], rtol=1e-11)
    np.testing.assert_allclose(other.wage_hat, one.wage_hat[regions], rtol=1e-10)
    np.testing.assert_allclose(other.price_hat, one.price_hat[np.ix_(regions, sectors)], rtol=1e-10)


@pytest.mark.parametrize("closure", CLOSURES[:2], ids=lambda closure: closure.name)
def test_splitting_a_country_into_identical_halves_changes_nothing(
    toy_economy: Economy, closure: Closure
) -> None:
    whole = toy_economy
    halves = _split(whole, 1)
    take = np.array([0, 1, 2, 3, 1])
    shock = _shock(whole)
    same = replace(
        no_shock(halves.labels, halves.tariff, halves.export_tax),
        tariff=shock.tariff[:, take][:, :, take],
        export_tax=shock.export_tax[:, take][:, :, take],
        trade_cost_hat=shock.trade_cost_hat[:, take][:, :, take],
    )
    one, other = solve(whole, shock, closure=closure), solve(halves, same, closure=closure)
    for hat in HATS:
        np.testing.assert_allclose(getattr(other, hat), getattr(one, hat)[take], rtol=1e-9)


def test_the_same_question_asked_twice_gives_the_same_bits(toy_economy: Economy) -> None:
    one, other = solve(toy_economy, _shock(toy_economy)), solve(toy_economy, _shock(toy_economy))
    for hat in HATS:
        assert np.array_equal(getattr(one, hat), getattr(other, hat)), hat
