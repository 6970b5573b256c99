"""Trade wars in which nobody regrets his own duty: one against all, together or each alone."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from replicate.small_gravity import small_world
from tula.equilibrium import ConvergenceError
from tula.replicate.liberation_day_model import Duties, no_duties, solve
from tula.replicate.liberation_day_nash import TradeWar, war_of_all, war_of_two
from tula.replicate.liberation_day_optimal import best_duties, joint_weight, pivot_weight


@pytest.fixture(scope="module")
def alone() -> TradeWar:
    return war_of_all(small_world())


@pytest.fixture(scope="module")
def together() -> TradeWar:
    return war_of_two(small_world())


def moved(rates: Duties, side: str, place: int, step: float) -> Duties:
    return rates._replace(**{side: getattr(rates, side) + step * np.eye(4)[place]})


@pytest.mark.parametrize("step", [-0.02, 0.02])
def test_no_country_gains_by_moving_its_own_rate(alone: TradeWar, step: float) -> None:
    world, stay = alone.equilibrium.world, alone.equilibrium.state.welfare_hat
    for place in (1, 2, 3):
        left = solve(world, moved(alone.duties, "suffered", place, step)).state.welfare_hat
        assert float(left[place]) < stay[place]
        left = solve(world, moved(alone.duties, "imposed", place, step)).state.welfare_hat
        assert float(left[0]) < stay[0]


def test_partners_who_act_as_one_ask_more_and_hurt_the_pivot_more(
    alone: TradeWar, together: TradeWar
) -> None:
    assert (together.duties.suffered[1:] > alone.duties.suffered[1:]).all()
    pivot = [float(war.equilibrium.state.welfare_hat[0]) for war in (together, alone)]
    assert pivot[0] < pivot[1]


def test_best_answers_found_by_search_are_the_rates_of_the_war(together: TradeWar) -> None:
    world = together.equilibrium.world
    mine = best_duties(world, pivot_weight(world), "imposed", together.duties)
    theirs = best_duties(world, joint_weight(world), "suffered", together.duties)
    assert mine.duties.imposed[1:] == pytest.approx(together.duties.imposed[1:], abs=1e-5)
    assert theirs.duties.suffered[1:] == pytest.approx(together.duties.suffered[1:], abs=1e-5)


def test_a_bound_on_the_rates_is_kept() -> None:
    world = small_world()
    found = best_duties(world, pivot_weight(world), "imposed", no_duties(world), most=0.05)
    assert found.duties.imposed[1:] == pytest.approx(np.full(3, 0.05))


def test_a_start_beyond_any_equilibrium_is_reported() -> None:
    with pytest.raises(ConvergenceError):
        war_of_two(small_world(), start=float("nan"))


def test_the_sides_are_kept_apart() -> None:
    world = small_world()
    one = solve(world, Duties(np.full(4, 0.2), np.zeros(4))).state.welfare_hat
    other = solve(world, Duties(np.zeros(4), np.full(4, 0.2))).state.welfare_hat
    assert float(one[0]) > 1.0 > float(other[0])


def test_a_trade_war_needs_no_jax() -> None:
    lines = (
        f"import sys; sys.path[:] = {sys.path!r}",
        "from replicate.small_gravity import small_world",
        "from tula.replicate.liberation_day_nash import war_of_all",
        "war_of_all(small_world())",
        "assert 'jax' not in sys.modules",
    )
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True, timeout=300)
