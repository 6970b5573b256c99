"""Tariff quotas of two rates: inside, at the quantity, beyond it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from equilibrium.independent import solve_independently
from equilibrium.test_technology_against_independent import COMPARED, NESTS
from tula.equilibrium import Calibration, Solution, Technology, calibrate, solve, solve_batch
from tula.equilibrium.batch import Library
from tula.equilibrium.finish import certify
from tula.policy import ImportCap, Tariff, TariffQuota, Transfer
from tula.world.economy import Economy

KEEPERS = ("importer", "exporter", "nobody")
#: Quantities of the toy world's quota that leave it inside, at the limit, and beyond.
INSIDE, LIMIT, BEYOND = 3.0, 0.4, 0.1
TRADE = {"importer": "USA", "exporter": "IND", "sectors": "MAN"}
LOW, HIGH = 0.10, 0.50
MakeEconomy = Callable[..., Economy]


@pytest.fixture
def base(toy_economy: Economy) -> Calibration:
    return calibrate(toy_economy)


def quota(at: float, rent_to: str = "importer", **more: object) -> TariffQuota:
    fields = {**TRADE, "inside": LOW, "beyond": HIGH, "at": at, "rent_to": rent_to, **more}
    return TariffQuota(**fields)  # type: ignore[arg-type]


def same(one: Solution, other: Solution) -> None:
    for name in COMPARED:
        np.testing.assert_allclose(
            getattr(one, name), getattr(other, name), rtol=1e-8, atol=1e-7, err_msg=name
        )


@pytest.mark.parametrize("keeper", KEEPERS)
def test_inside_the_quota_only_the_lower_rate_is_due(base: Calibration, keeper: str) -> None:
    found = solve(base, [quota(INSIDE, keeper)])
    same(found, solve(base, [Tariff(**TRADE, set=LOW)]))
    (one,) = found.limits
    assert not one.binds and one.rent == 0.0 and one.used == 1.0


@pytest.mark.parametrize("keeper", KEEPERS)
def test_at_the_limit_it_is_a_cap_beside_the_lower_rate(base: Calibration, keeper: str) -> None:
    found = solve(base, [quota(LIMIT, keeper)])
    capped = solve(base, [Tariff(**TRADE, set=LOW), ImportCap(**TRADE, at=LIMIT, rent_to=keeper)])
    same(found, capped)
    (one,), (cap,) = found.limits, capped.limits
    assert 1.0 < one.shadow_price < one.beyond == pytest.approx(1.5 / 1.1)
    assert one.rent == pytest.approx(cap.rent, rel=1e-8) and one.used == 1.0


def test_beyond_the_quota_the_importers_rent_makes_it_the_higher_duty(base: Calibration) -> None:
    found, plain = solve(base, [quota(BEYOND)]), solve(base, [Tariff(**TRADE, set=HIGH)])
    same(found, plain)
    (one,), usa = found.limits, base.labels.region_index("USA")
    assert one.shadow_price == one.beyond and one.used > 1.0
    assert found.cap_rent[usa] == pytest.approx(one.rent, rel=1e-10)
    revenue = found.tariff_revenue[usa] + one.rent
    assert revenue == pytest.approx(plain.tariff_revenue[usa], rel=1e-9)


def test_licences_earn_the_difference_of_the_two_rates_on_the_quota(base: Calibration) -> None:
    found = solve(base, [quota(BEYOND)])
    usa, india = map(base.labels.region_index, ("USA", "IND"))
    cell = base.labels.sector_index("MAN"), usa, india
    inside = found.border_trade[cell] / found.limits[0].used
    assert found.limits[0].rent == pytest.approx((HIGH - LOW) * inside, rel=1e-9)
    paid = LOW * inside + HIGH * (found.border_trade[cell] - inside)
    assert found.duty[cell] * found.border_trade[cell] == pytest.approx(paid, rel=1e-9)


def test_the_exporters_rent_beyond_is_the_higher_duty_and_a_gift_of_the_rent(
    base: Calibration,
) -> None:
    found = solve(base, [quota(BEYOND, "exporter")])
    (one,) = found.limits
    gift = Transfer(payer="USA", receiver="IND", amount_musd=one.rent)
    plain = solve(base, [Tariff(**TRADE, set=HIGH), gift])
    np.testing.assert_allclose(found.real_income_hat, plain.real_income_hat, rtol=1e-8)
    india = base.labels.region_index("IND")
    assert found.export_rent[india] == pytest.approx(one.rent, rel=1e-10)
    assert found.real_income_hat[india] > solve(base, [quota(BEYOND)]).real_income_hat[india]


@pytest.mark.parametrize(
    ("technology", "keeper", "at"),
    [
        *product([Technology(), Technology(transformation=1.5)], KEEPERS, [LIMIT, BEYOND]),
        (NESTS, "exporter", BEYOND),
        (Technology(home_and_imports=1.8), "exporter", BEYOND),
    ],
)
def test_an_independent_solver_agrees(
    make_economy: MakeEconomy, technology: Technology, keeper: str, at: float
) -> None:
    world = make_economy(3, 2, 1, export_taxes=True)
    small = calibrate(world, technology)
    one, other, _ = world.labels.regions
    asked = TariffQuota(
        importer=one, exporter=other, sectors="S01", inside=0.1, beyond=0.4, at=at, rent_to=keeper
    )
    found = solve(small, [asked])
    theirs = solve_independently(small, found.shock)
    for name in COMPARED:
        np.testing.assert_allclose(
            getattr(found, name), getattr(theirs, name), rtol=1e-7, atol=1e-6, err_msg=name
        )
    np.testing.assert_allclose([found.limits[0].rent], theirs.rent, rtol=1e-6)
    np.testing.assert_allclose([found.limits[0].shadow_price], theirs.shadow_price, rtol=1e-7)


def test_one_quota_over_several_goods_fills_with_their_sum(base: Calibration) -> None:
    both = quota(LIMIT, sectors=["MAN", "OIL"], together=True)
    found = solve(base, [both])
    capped = solve(
        base,
        [
            Tariff(**TRADE | {"sectors": ["MAN", "OIL"]}, set=LOW),
            ImportCap(**TRADE | {"sectors": ["MAN", "OIL"]}, at=LIMIT, together=True),
        ],
    )
    assert found.limits[0].cells == 2 and 1.0 < found.limits[0].shadow_price < 1.5 / 1.1
    same(found, capped)


def test_a_cap_at_or_below_the_quota_leaves_the_rate_inside_and_its_own_rent(
    base: Calibration,
) -> None:
    cap = ImportCap(**TRADE, at=LIMIT, rent_to="exporter")
    found = solve(base, [quota(LIMIT, "importer"), cap])
    same(found, solve(base, [Tariff(**TRADE, set=LOW), cap]))
    assert [one.rent_to for one in found.limits] == ["exporter"]
    looser = solve(base, [quota(BEYOND), ImportCap(**TRADE, at=LIMIT)])
    same(looser, solve(base, [Tariff(**TRADE, set=HIGH)]))


def test_points_added_count_inside_and_beyond(base: Calibration) -> None:
    more = Tariff(**TRADE, add="10 pp")
    found = solve(base, [quota(BEYOND / 2), more])
    same(found, solve(base, [Tariff(**TRADE, set=HIGH + 0.1)]))
    assert found.limits[0].beyond == pytest.approx(1.6 / 1.2)


@pytest.mark.parametrize("at", [INSIDE, LIMIT, BEYOND])
def test_the_certificate_covers_the_quota(base: Calibration, at: float) -> None:
    found = solve(base, [quota(at, "exporter")])
    assert certify(found).holds
    (one,) = found.limits
    for wrong in (
        replace(one, used=one.used * 1.01),
        replace(one, shadow_price=one.shadow_price * 1.01),
        replace(one, rent=one.rent + 1.0),
    ):
        assert not certify(replace(found, limits=(wrong,))).holds


@pytest.mark.parametrize("library", ["numpy", pytest.param("jax", marks=pytest.mark.slow)])
def test_batches_solve_quotas_in_either_library(base: Calibration, library: Library) -> None:
    asked = [[quota(at, keeper)] for at, keeper in product((INSIDE, LIMIT, BEYOND), KEEPERS)]
    batch = solve_batch(base, asked, library=library)
    for place, policy in enumerate(asked):
        alone, found = solve(base, policy), batch.solution(place)
        np.testing.assert_allclose(found.real_income_hat, alone.real_income_hat, rtol=1e-8)
        assert found.limits[0].rent == pytest.approx(alone.limits[0].rent, rel=1e-7, abs=1e-9)
