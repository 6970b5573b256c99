"""Below an elasticity of one there may be several equilibria; other starts find them.

Two countries that are mirror images and sell each other a tenth of what they make have one relative
wage at which trade balances, or three: those of the closed form, found by a root search.
"""

from __future__ import annotations

import warnings
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import brentq

from pure_trade import pure_economy
from tula.equilibrium import MultipleEquilibriaWarning, equilibria, solve
from tula.policy import Tariff
from tula.world.economy import Economy

HOME = 0.9


def mirror(sigma: float) -> Economy:
    foreign = 100.0 * (1.0 - HOME)
    flows = np.array([[[100.0 - foreign, foreign], [foreign, 100.0 - foreign]]])
    return pure_economy(flows, sigma - 1.0)


def duty(rate: float) -> list[Tariff]:
    return [Tariff(importer="A", exporter="B", sectors="all", add=rate)]


def balancing_wages(sigma: float, rate: float) -> list[float]:
    """Wages of B in units of A's at which trade balances, between a hundredth and a hundred."""

    def surplus(log_wage: float) -> float:
        wage = np.exp(log_wage)
        bought = (1.0 - HOME) * (wage * (1.0 + rate)) ** (1.0 - sigma)
        share_of_a = bought / (HOME + bought)
        share_of_b = (1.0 - HOME) / (HOME * wage ** (1.0 - sigma) + 1.0 - HOME)
        income = 100.0 / (1.0 - share_of_a * rate / (1.0 + rate))
        return float(np.log(share_of_b * 100.0 * wage / (share_of_a * income / (1.0 + rate))))

    grid = np.linspace(np.log(0.01), np.log(100.0), 1201) + 1e-4
    ends = [(a, b) for a, b in pairwise(grid) if surplus(a) * surplus(b) < 0]
    return [float(np.exp(brentq(surplus, a, b, xtol=1e-13))) for a, b in ends]


@pytest.mark.parametrize(("sigma", "rate", "count"), [(0.44, 0.0, 3), (0.4, 0.1, 3), (0.6, 0.1, 1)])
def test_what_is_found_are_balancing_wages_and_more_than_one_where_there_are(
    sigma: float, rate: float, count: int
) -> None:
    found = equilibria(mirror(sigma), duty(rate))
    wages = sorted(float(one.wage_hat[1] / one.wage_hat[0]) for one in found.solutions)
    known = balancing_wages(sigma, rate)
    assert len(known) == count
    assert len(wages) > 1 if count > 1 else len(wages) == 1
    for wage in wages:
        assert min(abs(np.log(wage / one)) for one in known) < 1e-8
    assert (found.apart > 1e-3) == (count > 1)


def test_three_are_told_where_there_are_three_each_with_its_proof() -> None:
    found = equilibria(mirror(0.44))
    wages = sorted(float(one.wage_hat[1] / one.wage_hat[0]) for one in found.solutions)
    np.testing.assert_allclose(wages, balancing_wages(0.44, 0.0), rtol=1e-8)
    assert all(one.certificate.holds for one in found.solutions)


def test_the_first_is_the_one_that_solve_returns_and_every_start_says_where_it_led() -> None:
    found = equilibria(mirror(0.44))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MultipleEquilibriaWarning)
        first = solve(mirror(0.44))
    np.testing.assert_allclose(found.solutions[0].real_income_hat, first.real_income_hat, rtol=1e-9)
    assert found.starts[0][1] == 0
    led = {number for _, number in found.starts if number is not None}
    assert led == set(range(len(found.solutions)))
    assert any(name.startswith("earnings of A") for name, _ in found.starts)


def test_above_one_there_is_no_second_start(toy_economy: Economy) -> None:
    found = equilibria(
        toy_economy, [Tariff(importer="USA", exporter="IND", sectors="all", add=0.1)]
    )
    assert (len(found.solutions), len(found.starts), found.apart) == (1, 1, 0)


def test_a_region_whose_demand_for_labour_does_not_rise_is_not_moved(toy_economy: Economy) -> None:
    found = equilibria(toy_economy.with_elasticity(np.full(3, -0.1), "chosen for tests"), [])
    assert [name for name, _ in found.starts[1:]] == ["the base year"]
    assert len(found.solutions) == 1
