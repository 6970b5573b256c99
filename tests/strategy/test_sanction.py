"""Closed forms of the sanction tariff against brute force."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

from tula.strategy.sanction import (
    SanctionError,
    residual_supply_elasticity,
    sanction_tariff,
    sanction_tariff_with_bystanders,
)


@dataclass(frozen=True)
class OneGood:
    """A market in partial equilibrium: supply p^e, demands a q^-n (sender) and b p^-m."""

    supply: float
    sender: tuple[float, float]
    bystander: tuple[float, float] = (0.0, 1.0)

    def price(self, rate: float) -> float:
        def excess(price: float) -> float:
            return price**self.supply - sum(self.bought(price, rate))

        return float(brentq(excess, 1e-6, 1e3, xtol=1e-14, rtol=1e-14))

    def bought(self, price: float, rate: float) -> tuple[float, float]:
        (size, slope), (other, other_slope) = self.sender, self.bystander
        return size * (price * (1.0 + rate)) ** -slope, other * price**-other_slope

    def objective(self, rate: float, rho: float) -> float:
        """Consumers' surplus and duty, less rho times the seller's surplus."""
        price, (size, slope) = self.price(rate), self.sender
        surplus = size * (price * (1.0 + rate)) ** (1.0 - slope) / (slope - 1.0)
        duty = rate * price * self.bought(price, rate)[0]
        return surplus + duty - rho * price ** (1.0 + self.supply) / (1.0 + self.supply)

    def best(self, rho: float) -> float:
        found = minimize_scalar(
            lambda rate: -self.objective(float(rate), rho),
            bounds=(0.0, 20.0),
            method="bounded",
            options={"xatol": 1e-9},
        )
        return float(found.x)


@pytest.mark.parametrize("rho", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("supply", [0.8, 2.0, 5.0])
def test_the_tariff_on_one_good_is_what_brute_force_finds(rho: float, supply: float) -> None:
    market = OneGood(supply, (1.0, 2.5))
    assert sanction_tariff(rho, supply) == pytest.approx(market.best(rho), rel=1e-4)


@pytest.mark.parametrize("rho", [0.0, 0.7, 2.0])
@pytest.mark.parametrize("demand", [0.5, 1.5, 6.0])
def test_the_tariff_beside_bystanders_is_what_brute_force_finds(rho: float, demand: float) -> None:
    market = OneGood(1.2, (1.0, 2.5), (0.8, demand))
    best = market.best(rho)
    bought = market.bought(market.price(best), best)
    formula = sanction_tariff_with_bystanders(rho, *bought, 1.2, demand)
    assert formula == pytest.approx(best, rel=1e-4)


def test_without_bystanders_the_two_closed_forms_are_one() -> None:
    alone = sanction_tariff(0.7, 3.0)
    assert sanction_tariff_with_bystanders(0.7, 2.0, 0.0, 3.0, 4.0) == pytest.approx(alone)


def test_bystanders_who_answer_prices_more_blunt_the_sanction() -> None:
    rates = sanction_tariff_with_bystanders(1.0, 1.0, 0.5, 2.0, np.array([0.0, 1.0, 5.0, 50.0]))
    assert (np.diff(rates) < 0).all()
    left = residual_supply_elasticity(1.0, 0.5, 2.0, 1.0)
    assert left == pytest.approx((1.5 * 2.0 + 0.5 * 1.0) / 1.0)


def test_numbers_out_of_range_are_refused_by_the_closed_forms() -> None:
    with pytest.raises(SanctionError, match="willingness to pay must not be negative"):
        sanction_tariff(-0.1, 2.0)
    with pytest.raises(SanctionError, match="supply elasticity must be above zero"):
        sanction_tariff(0.5, 0.0)
    with pytest.raises(SanctionError, match="sender's purchases must be above zero"):
        sanction_tariff_with_bystanders(0.5, 0.0, 1.0, 2.0, 1.0)
    with pytest.raises(SanctionError, match="a positive number"):
        residual_supply_elasticity(1.0, 1.0, 2.0, -1.0)
