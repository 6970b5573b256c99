"""The ways to an equilibrium: how many evaluations they take, and that hard ones are found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tula.equilibrium import (
    CLOSURES,
    Calibration,
    NegativeError,
    SpecificFactor,
    Technology,
    calibrate,
    solve,
)
from tula.equilibrium.anderson import Anderson, accelerated
from tula.equilibrium.approach import base_blocks, iterate
from tula.equilibrium.solve import pose
from tula.equilibrium.steps import coupled_blocks, region_blocks, violation_at
from tula.equilibrium.system import evaluate, start, state_of
from tula.policy.shock import Shock, no_shock
from tula.world.economy import Economy
from tula.world.store import load_world

ShockMaker = Callable[[Calibration, int], Shock]


@pytest.fixture(scope="module")
def world() -> Calibration:
    return calibrate(load_world())


def _more(base: Calibration, points: float, importer: str | None = None) -> Shock:
    """Points more on all trade between regions, or on all that one region imports."""
    still = no_shock(base.labels, base.tariff, base.export_tax)
    abroad = np.broadcast_to(~np.eye(len(base.labels.regions), dtype=bool), base.tariff.shape)
    tariff = np.array(base.tariff) + points * abroad
    if importer is not None:
        row = base.labels.region_index(importer)
        tariff = np.array(base.tariff)
        tariff[:, row] += points * abroad[:, row]
    return still.replace(tariff=tariff)


@pytest.mark.parametrize(
    ("points", "importer"), [(0.5, "USA"), (0.1, None), (0.3, None)], ids=["one", "ten", "thirty"]
)
def test_region_blocks_find_the_same_equilibrium_in_half_the_evaluations(
    world: Calibration, points: float, importer: str | None
) -> None:
    system = pose(world, _more(world, points, importer), None, Anderson()).system
    plain, blocks = iterate(system, Anderson()), iterate(system, Anderson(), base_blocks(world))
    assert plain.met and blocks.met
    assert blocks.evaluations <= (0.5 if points < 0.3 or importer else 0.6) * plain.evaluations
    here, there = state_of(system, plain.point), state_of(system, blocks.point)
    for one, other in ((here.income, there.income), (here.price_hat, there.price_hat)):
        np.testing.assert_allclose(one, other, rtol=1e-9)


def test_blocks_that_couple_tied_wells_find_the_same_equilibrium_sooner(
    world: Calibration,
) -> None:
    wells = Technology(specific_factors=(SpecificFactor("OIL", 0.5),))
    tied = calibrate(load_world(), wells)
    near = pose(tied, _more(tied, 0.1, "USA"), None, Anderson())
    found = iterate(near.system, Anderson(), base_blocks(tied))
    coupled = coupled_blocks(base_blocks(tied), near.system, found.vector)
    system = pose(tied, _more(tied, 0.5, "USA"), None, Anderson()).system
    before, after = (iterate(system, Anderson(), one) for one in (base_blocks(tied), coupled))
    assert before.met and after.met and after.evaluations < before.evaluations
    here, there = state_of(system, before.point), state_of(system, after.point)
    np.testing.assert_allclose(here.income, there.income, rtol=1e-9)


@pytest.mark.parametrize(
    ("points", "importer"),
    [(1.0, None), (5.0, "USA"), (10.0, "IND")],
    ids=["all add 100", "the US adds 500 on all", "India adds 1000 on all"],
)
def test_large_shocks_fall_back_on_plain_steps(
    world: Calibration, points: float, importer: str | None
) -> None:
    found = solve(world, _more(world, points, importer))
    assert found.certificate.holds and found.certificate.iterations <= 120


def test_giants_may_stop_trading_with_each_other(world: Calibration) -> None:
    embargo = np.zeros(world.tariff.shape, dtype=bool)
    giants = [world.labels.region_index(code) for code in ("USA", "CHN")]
    embargo[:, giants[0], giants[1]] = embargo[:, giants[1], giants[0]] = True
    still = no_shock(world.labels, world.tariff, world.export_tax)
    assert solve(world, still.replace(embargo=embargo)).certificate.iterations <= 20


def test_exact_blocks_are_the_jacobians_own_blocks(toy_economy: Economy) -> None:
    technology = Technology(
        among_inputs=0.5, specific_factors=(SpecificFactor("OIL", 0.4),), transformation=2.0
    )
    base = calibrate(toy_economy, technology)
    still = no_shock(base.labels, base.tariff, base.export_tax)
    system = pose(base, still, None, Anderson()).system
    regions, each = system.size
    measured = np.empty((regions, each, each))
    for region in range(regions):
        for unknown in range(each):
            step = np.zeros(regions * each)
            step[region * each + unknown] = 1e-6
            slope = (violation_at(system, step) - violation_at(system, -step)) / 2e-6
            measured[region, :, unknown] = slope.reshape(regions, each)[region]
    own = -np.linalg.inv(region_blocks(system, exact=True).own)
    # what reaches all earnings through the numeraire is left out of blocks
    np.testing.assert_allclose(own[:, :, 1:7], measured[:, :, 1:7], atol=1e-6)
    np.testing.assert_allclose(own[:, :, 7:], measured[:, :, 7:], atol=0.1)


def _nearly_closed(seed: int, home: float) -> Calibration:
    """Three regions that buy from abroad a part 1 / home of what they use."""
    draw = np.random.default_rng(seed)
    base = calibrate(_drawn(draw, home))
    return replace(base, trade_elasticity=draw.uniform(2.0, 6.0, 2))


def _drawn(draw: np.random.Generator, home: float) -> Economy:
    from factories import make_economy

    drawn = make_economy(3, 2, int(draw.integers(100)))
    regions = np.arange(3)
    intermediate, final = drawn.intermediate.copy(), drawn.final.copy()
    intermediate[regions, :, regions, :] *= home
    final[regions, :, regions] *= home
    return replace(drawn, intermediate=intermediate, final=final)


@pytest.mark.parametrize("home", [1e2, 1e4, 1e6])
@pytest.mark.parametrize("closure", CLOSURES.values(), ids=CLOSURES)
def test_economies_that_hardly_trade_have_their_equilibrium_found(
    home: float, closure: object
) -> None:
    base = _nearly_closed(3, home)
    draw = np.random.default_rng(7)
    still = no_shock(base.labels, base.tariff, base.export_tax)
    shock = still.replace(
        tariff=base.tariff + draw.uniform(0.0, 0.5, base.tariff.shape) * ~np.eye(3, dtype=bool),
        productivity_hat=np.exp(draw.normal(0.0, 0.3, base.output.shape)),
    )
    assert solve(base, shock, closure=closure).certificate.holds  # type: ignore[arg-type]


def test_a_payment_that_hardly_any_trade_must_carry_is_found_in_parts() -> None:
    base = _nearly_closed(3, 1e5)
    paid = 0.02 * float(base.value_added.min())
    still = no_shock(base.labels, base.tariff, base.export_tax)
    found = solve(base, still.replace(transfer=np.array([-paid, paid, 0.0])))
    assert found.certificate.holds
    assert (found.income > 0.0).all()


@pytest.mark.parametrize("sigma", [0.5, 0.56, 0.62, 0.76])
@pytest.mark.parametrize("tied", [False, True], ids=["free", "tied wells"])
def test_low_elasticities_take_few_evaluations(
    world: Calibration, sigma: float, tied: bool
) -> None:
    technology = Technology(specific_factors=(SpecificFactor("OIL", 0.8),) if tied else ())
    theta = np.full(len(world.labels.sectors), sigma - 1.0)
    theta[world.labels.sectors.index("OIL")] = 9.0
    base = replace(world, trade_elasticity=theta, technology=technology)
    found = solve(base, _more(base, 0.1))
    assert found.certificate.iterations <= 3 * 37


def test_a_certificate_missed_by_rounding_is_met_by_a_finer_goal(
    toy_economy: Economy, everything_shock: ShockMaker
) -> None:
    base = calibrate(toy_economy)
    shock = everything_shock(base, 3)
    rough = Anderson(tolerance=1e-13)
    assert solve(base, shock, solver=rough).certificate.worst.value <= 1e-13


def test_an_income_that_falls_below_zero_is_an_error_that_names_the_region(
    world: Calibration,
) -> None:
    still = no_shock(world.labels, world.tariff, world.export_tax)
    payer, receiver = (world.labels.region_index(code) for code in ("CAN", "USA"))
    for part in (1.0, 2.0):
        transfer = np.zeros(len(world.labels.regions))
        transfer[receiver] = part * world.final_spending[payer]
        transfer[payer] = -transfer[receiver]
        with pytest.raises(NegativeError, match=r"CAN\b.*spend.*Take less from it"):
            solve(world, still.replace(transfer=transfer))


def test_an_iteration_outlives_an_evaluation_that_is_not_finite() -> None:
    calls = 0

    def look(vector: np.ndarray, by_blocks: bool) -> tuple[np.ndarray, np.ndarray]:
        nonlocal calls
        calls += 1
        move = 0.5 * np.tanh(1.0 - vector)
        move = np.full_like(move, np.nan) if calls == 4 else move
        return move, np.abs(move).max()

    found, evaluations, met = accelerated(look, np.zeros(3), Anderson())
    assert met and evaluations < 60
    np.testing.assert_allclose(found, 1.0, atol=1e-9)


def test_the_base_year_is_where_an_iteration_begins_and_ends(world: Calibration) -> None:
    still = no_shock(world.labels, world.tariff, world.export_tax)
    system = pose(world, still, None, Anderson()).system
    found = iterate(system, Anderson(), base_blocks(world))
    assert found.evaluations == 1
    np.testing.assert_array_equal(found.vector, start(system))
    assert np.abs(evaluate(system, found.vector)[0].price).max() < 1e-12
