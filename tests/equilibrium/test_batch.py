"""Many scenarios in one call."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import cast

import numpy as np
import pytest

from factories import import_limits
from tula.equilibrium import (
    CLOSURES,
    Anderson,
    BalancedTrade,
    CalibrationError,
    Closure,
    ConvergenceError,
    FixedBalance,
    MultipleEquilibriaWarning,
    calibrate,
    purge_imbalances,
    solve,
    solve_batch,
)
from tula.equilibrium.batch import Library
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.readings import Reading, real_income
from tula.errors import UnknownNameError
from tula.policy import NoSupplierError, Tariff
from tula.policy.shock import Limit, Shock
from tula.world.economy import Economy

Quiet = Callable[[Economy | Calibration], Shock]
ShockMaker = Callable[[Calibration, int], Shock]


@pytest.mark.parametrize(
    "closure", [FixedBalance(), BalancedTrade()], ids=lambda closure: closure.name
)
def test_a_batch_equals_its_single_solves(
    toy_economy: Economy, everything_shock: ShockMaker, closure: Closure
) -> None:
    base = calibrate(toy_economy)
    shocks = [everything_shock(base, seed) for seed in range(4)]
    batch = solve_batch(base, shocks, closure=closure)
    for row, shock in enumerate(shocks):
        alone = solve(base, shock, closure=closure)
        np.testing.assert_allclose(batch.real_income_hat[row], alone.real_income_hat, rtol=1e-9)
        np.testing.assert_allclose(batch.state.wage_hat[row], alone.wage_hat, rtol=1e-8)


@pytest.mark.gradients
@pytest.mark.parametrize("backend", ["cpu", "gpu"])
def test_scenarios_iterated_by_jax_equal_those_iterated_one_by_one(
    toy_economy: Economy,
    everything_shock: ShockMaker,
    monkeypatch: pytest.MonkeyPatch,
    backend: str,
) -> None:
    monkeypatch.setattr("jax.default_backend", lambda: backend)
    base = calibrate(toy_economy)
    shocks = [everything_shock(base, seed) for seed in range(3)]
    together, apart = (solve_batch(base, shocks, library=name) for name in ("jax", "numpy"))
    for name in ("wage_hat", "income", "price_hat", "expenditure", "output"):
        np.testing.assert_allclose(
            getattr(together.state, name), getattr(apart.state, name), rtol=1e-11
        )


def test_the_numbers_of_a_batch_do_not_depend_on_who_computes_them(
    toy_economy: Economy, everything_shock: ShockMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tula.equilibrium.batch.CHUNK", 2)
    base = calibrate(toy_economy)
    shocks = [everything_shock(base, seed) for seed in range(5)]
    alone = solve_batch(base, shocks).state
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        spread = solve_batch(base, shocks, executor=executor).state
    for one, other in zip(alone, spread, strict=True):
        np.testing.assert_array_equal(one, other)


def test_an_iterator_with_a_reading_keeps_only_what_was_read(
    toy_economy: Economy, everything_shock: ShockMaker
) -> None:
    base = calibrate(toy_economy)
    whole = solve_batch(base, [everything_shock(base, seed) for seed in range(3)])
    read = solve_batch(
        base, (everything_shock(base, seed) for seed in range(3)), reading=real_income("IND")
    )
    place = base.labels.region_index("IND")
    np.testing.assert_array_equal(read.values, whole.real_income_hat[:, place])
    np.testing.assert_array_equal(read.worst, whole.worst)
    assert read.state is None and read.certificates == ()


def test_caps_of_one_scenario_do_not_touch_another(toy_economy: Economy, quiet: Quiet) -> None:
    base = calibrate(toy_economy)
    tariff = np.array(base.tariff)
    tariff[1, 2, 0] += 0.5
    shocks = [
        replace(quiet(base), limits=import_limits({(0, 0, 1): 0.4})),
        replace(quiet(base), tariff=tariff),
    ]
    batch = solve_batch(base, shocks)
    for row, shock in enumerate(shocks):
        alone = solve(base, shock)
        np.testing.assert_allclose(batch.real_income_hat[row], alone.real_income_hat, rtol=1e-9)


def test_every_scenario_of_a_batch_carries_its_own_certificate(
    toy_economy: Economy, everything_shock: ShockMaker
) -> None:
    base = calibrate(toy_economy)
    batch = solve_batch(base, [everything_shock(base, seed) for seed in range(3)])
    assert batch.failures == {}
    for certificate in batch.certificates:
        assert certificate is not None
        assert certificate.worst.value < 1e-9


def test_a_scenario_without_an_answer_is_named_and_its_numbers_are_not_a_number(
    toy_economy: Economy, quiet: Quiet
) -> None:
    base = calibrate(toy_economy)
    ruin = np.zeros(4)
    ruin[0] = -2.0 * (base.value_added[0] + abs(base.imbalance[0]))
    ruin[1] = -ruin[0]
    batch = solve_batch(base, [quiet(base), replace(quiet(base), transfer=ruin)])
    assert list(batch.failures) == [1]
    assert batch.certificates[1] is None
    assert np.isnan(batch.real_income_hat[1]).all()
    np.testing.assert_allclose(batch.real_income_hat[0], 1.0, rtol=1e-12)


@pytest.mark.parametrize("library", ["numpy", pytest.param("jax", marks=pytest.mark.gradients)])
@pytest.mark.parametrize("reading", [None, real_income("IND")])
def test_a_buyer_without_supplier_fails_by_itself(
    toy_economy: Economy, quiet: Quiet, reading: Reading | None, library: Library
) -> None:
    base = calibrate(toy_economy)
    shut = np.zeros(base.trade_share.shape, dtype=bool)
    shut[0, 1] = True
    policies = [quiet(base), replace(quiet(base), embargo=shut), quiet(base)]
    batch = solve_batch(base, policies, reading=reading, library=library)
    assert list(batch.failures) == [1]
    assert isinstance(batch.failures[1], NoSupplierError)
    found = batch.real_income_hat if batch.values is None else batch.values
    assert np.isnan(found[1]).all()
    np.testing.assert_allclose(found[[0, 2]], 1.0, rtol=1e-12)
    assert np.isnan(batch.worst).tolist() == [False, True, False]


@pytest.mark.parametrize("closure", CLOSURES.values(), ids=CLOSURES)
def test_a_scenario_of_a_batch_is_the_solution_it_has_alone(
    toy_economy: Economy, everything_shock: ShockMaker, quiet: Quiet, closure: Closure
) -> None:
    base = calibrate(toy_economy)
    cap = Limit("price cap", np.array([[0, 0, 1]]), "price", 0.5, "importer")
    policies = [
        everything_shock(base, 0),
        replace(quiet(base), limits=(cap,)),
        [Tariff(importer="USA", exporter="IND", sectors="all", add=0.25)],
    ]
    batch = solve_batch(base, policies, closure=closure)
    assert batch.failures == {}
    for number, policy in enumerate(policies):
        whole, alone = batch.solution(number), solve(base, policy, closure=closure)
        assert whole.limits == alone.limits
        assert whole.certificate == alone.certificate
        for name in ("real_income_hat", "border_trade", "price_hat", "cap_rent", "tariff_revenue"):
            np.testing.assert_array_equal(getattr(whole, name), getattr(alone, name))
    assert batch.solution(1).limits[0].ends_trade


def test_a_failure_or_a_reading_gives_no_solution(toy_economy: Economy, quiet: Quiet) -> None:
    base = calibrate(toy_economy)
    ruin = np.zeros(4)
    ruin[:2] = np.array([-2.0, 2.0]) * (base.value_added[0] + abs(base.imbalance[0]))
    policies = [quiet(base), replace(quiet(base), transfer=ruin)]
    with pytest.raises(ConvergenceError):
        solve_batch(base, policies).solution(1)
    for how in (
        {"policies": policies, "reading": real_income("IND")},
        {"policies": iter(policies)},
    ):
        with pytest.raises(CalibrationError, match="pass a list of policies, and no reading"):
            solve_batch(base, **how).solution(0)


def test_scenarios_that_must_descend_are_solved_whichever_library_is_asked_for(
    toy_economy: Economy, quiet: Quiet
) -> None:
    base = replace(calibrate(toy_economy), trade_elasticity=np.full(3, -0.2))
    with pytest.warns(MultipleEquilibriaWarning):
        batch = solve_batch(base, [quiet(base)], library="jax")
    np.testing.assert_allclose(batch.real_income_hat, 1.0, rtol=1e-9)


def test_a_world_without_imbalances_is_purged_already(toy_economy: Economy) -> None:
    base = calibrate(toy_economy)
    purged = purge_imbalances(base)
    assert purge_imbalances(base, Anderson()) is purged
    assert purge_imbalances(purged) is purged
    still = solve(replace(purged, provenance=base.provenance), closure=BalancedTrade())
    np.testing.assert_allclose(still.real_income_hat, 1.0, rtol=1e-12)


def test_a_batch_of_nothing_is_refused(toy_economy: Economy) -> None:
    with pytest.raises(CalibrationError, match="at least one"):
        solve_batch(toy_economy, [])


def test_a_batch_tells_its_length_and_what_failed(toy_economy: Economy, quiet: Quiet) -> None:
    base = calibrate(toy_economy)
    batch = solve_batch(base, [quiet(base)] * 2)
    assert len(batch) == 2
    told = repr(batch).splitlines()
    assert told[0] == f"Batch of 2 scenarios on {toy_economy.provenance.name} (2000)"
    assert told[-1].split() == ["not", "solved", "none"]
    with pytest.raises(UnknownNameError, match="unknown library 'torch'"):
        solve_batch(base, [()], library=cast(Library, "torch"))
