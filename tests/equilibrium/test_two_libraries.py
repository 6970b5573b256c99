"""The same equations in numpy and in jax: one evaluation, one proof, one equilibrium."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from factories import import_limits
from tula.equilibrium import (
    Anderson,
    BuyerElasticity,
    Calibration,
    SpecificFactor,
    Technology,
    WageFloor,
    calibrate,
    solve_batch,
)
from tula.equilibrium.cells import counted
from tula.equilibrium.certificate import gaps
from tula.equilibrium.solve import pose
from tula.equilibrium.steps import violation_at
from tula.equilibrium.system import evaluate, start, state_of
from tula.equilibrium.traced import load_jax, on_device, on_host, sweep
from tula.policy.shock import Shock
from tula.world.economy import Economy

pytestmark = pytest.mark.gradients
ShockMaker = Callable[[Calibration, int], Shock]

TECHNOLOGIES = {
    "plain": Technology(),
    "nests": Technology(value_added_and_inputs=0.5, among_inputs=0.3, among_final=0.8),
    "home nest": Technology(home_and_imports=2.0),
    "rigid destinations": Technology(transformation=2.0),
    "rigid and nested": Technology(transformation=2.0, home_and_imports=1.5),
    "tied factors": Technology(labour_mobility=1.0, specific_factors=(SpecificFactor("OIL", 0.4),)),
    "wage floors": Technology(wage_floors=(WageFloor("IND", 1.0, 0.5),)),
    "buyers of their own": Technology(buyers=(BuyerElasticity("IND", "OIL", 1.5),)),
    "theta of zero": Technology(buyers=(BuyerElasticity("all", "SER", 0.0),)),
}


def _shock(base: Calibration, maker: ShockMaker, technology: Technology) -> Shock:
    shock = maker(base, 4)
    if any(buyer.trade_elasticity <= 0.0 for buyer in technology.buyers):
        shock = replace(shock, embargo=np.zeros_like(shock.embargo))
    return replace(shock, limits=import_limits({(1, 0, 2): 0.6, (0, 2, 3): 0.7}))


@pytest.mark.parametrize("technology", TECHNOLOGIES.values(), ids=TECHNOLOGIES)
def test_an_evaluation_and_a_proof_agree_to_twelve_digits(
    toy_economy: Economy, everything_shock: ShockMaker, technology: Technology
) -> None:
    base = calibrate(toy_economy, technology)
    shock = _shock(base, everything_shock, technology)
    system = pose(base, shock, None, Anderson()).system
    vector = np.random.default_rng(1).normal(0.0, 0.05, len(start(system)))
    vector[len(vector) - system.wedges :] = 0.1
    here = violation_at(system, vector), *state_of(system, evaluate(system, vector)[1])
    moved, at = on_device((system, vector))
    there = on_host((violation_at(moved, at), *state_of(moved, evaluate(moved, at)[1])))
    for one, other in zip(here, there, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)
    state = state_of(system, evaluate(system, vector)[1])
    ours = gaps(system, state, counted(system, state))
    state = on_device(state)
    theirs = on_host(gaps(moved, state, counted(moved, state)))
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    "name", ["tied factors", pytest.param("rigid and nested", marks=pytest.mark.slow)]
)
def test_equilibria_agree_to_a_billionth_of_a_point(
    toy_economy: Economy, everything_shock: ShockMaker, name: str
) -> None:
    technology = TECHNOLOGIES[name]
    base = calibrate(toy_economy, technology)
    shocks = [
        _shock(base, lambda base, _, seed=seed: everything_shock(base, seed), technology)
        for seed in (4, 5)
    ]
    here, there = (solve_batch(base, shocks, library=name) for name in ("numpy", "jax"))
    assert here.failures == there.failures == {}
    gap = 100.0 * np.abs(here.real_income_hat - there.real_income_hat).max()
    assert gap <= 1e-9


ASK = """
import tula as tl
from tula.equilibrium.traced import load_jax
{before}
try:
    load_jax()
    print("loaded")
except tl.TulaError as told:
    print(type(told).__name__, told)
"""


@pytest.mark.parametrize(
    ("setting", "before", "told"),
    [
        ("JAX_PLATFORMS=cuda", "", "unset JAX_PLATFORMS or set it to cpu"),
        ("JAX_ENABLE_X64=0", "", "loaded"),
        ("A=B", "load_jax().config.update('jax_enable_x64', False)", "jax_enable_x64"),
    ],
    ids=["no such device", "single precision before", "single precision after"],
)
def test_jax_set_up_so_that_it_cannot_serve_is_told_in_a_sentence(
    setting: str, before: str, told: str
) -> None:
    done = subprocess.run(
        ["env", setting, sys.executable, "-c", ASK.format(before=before)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told in done.stdout
    assert "Traceback" not in done.stderr


def test_the_remedy_for_single_precision_serves() -> None:
    jax = load_jax()
    jax.config.update("jax_enable_x64", False)
    try:
        with pytest.raises(Exception, match=r"jax\.config\.update") as told:
            load_jax()
        exec(str(told.value).split("call ")[1].split(", or")[0], {"jax": jax})
        assert load_jax().numpy.ones(1).dtype == np.float64
    finally:
        jax.config.update("jax_enable_x64", True)


def test_the_folder_of_compiled_code_keeps_to_its_size(tmp_path: Path) -> None:
    folder = tmp_path
    for number in range(5):
        (folder / f"code-{number}").write_bytes(b"x" * 100)
    sweep(folder, most=250)
    assert sum(file.stat().st_size for file in folder.iterdir()) <= 250
    sweep(folder / "absent")
