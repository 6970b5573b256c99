"""Orders under a threat: break-even hazards, the option to wait, the efficient frontier."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from tula.errors import UnknownNameError
from tula.ties.arms import (
    Allocation,
    InfeasibleOrderError,
    Offer,
    OptionToWait,
    Order,
    RateError,
    allocate,
    annuity,
    break_even_hazard,
    break_even_surcharge,
    diversified,
    frontier,
)

GDP = 4270.0  # billion USD: the base at which 0.1% of GDP is 6.5 USD on 1.8 mb/d for a year
ORDER = Order(
    offers=(
        Offer("RUS", cost=5.0, capacity=1.0, held=0.55, loss_rate=0.09),
        Offer("FRA", cost=6.5, capacity=0.5, held=0.20, loss_rate=0.02),
        Offer("USA", cost=6.2, capacity=0.6, held=0.10, loss_rate=0.05),
        Offer("own", cost=7.5, capacity=0.4, held=0.15, loss_rate=0.00),
    ),
    size=0.25,
)


def test_a_hazard_of_seven_per_cent_equals_a_tenth_more_on_the_price() -> None:
    hazard = break_even_hazard(6.25, 0.10, 0.002 * GDP)
    assert round(hazard, 2) == 0.07


def test_break_even_hazard_and_surcharge_are_inverse() -> None:
    hazard = break_even_hazard(6.25, 0.10, 8.5, years=5.0, discount=0.06)
    assert break_even_surcharge(6.25, hazard, 8.5, years=5.0, discount=0.06) == pytest.approx(0.1)


def test_an_annuity_is_the_sum_of_its_discounted_payments() -> None:
    assert annuity(7.0, 0.06) == pytest.approx(sum(1.06**-year for year in range(1, 8)))
    assert annuity(7.0, 0.0) == 7.0


def option(**changes: float) -> OptionToWait:
    given = {
        "value": 10.0,
        "cost": 6.0,
        "loss": 8.0,
        "later_value": 9.0,
        "later_cost": 6.0,
        "later_loss": 8.0,
        "wait_discount": 0.95,
    }
    return OptionToWait(**{**given, **changes})


def test_the_option_is_worth_the_better_of_ordering_and_waiting() -> None:
    found = option()
    for hazard in (0.0, 0.2, 0.7, 1.0):
        now, later = 10.0 - 6.0 - 8.0 * hazard, 0.95 * ((1 - hazard) * 3.0 + hazard * 0.0)
        assert found.worth(hazard) == pytest.approx(max(now, later))


def test_at_the_break_even_hazard_ordering_and_waiting_are_worth_the_same() -> None:
    found = option()
    hazard = found.break_even_hazard
    assert hazard is not None
    assert found.order_now(hazard) == pytest.approx(found.wait(hazard))
    assert found.order_now(hazard - 0.01) > found.wait(hazard - 0.01)


def test_waiting_that_always_loses_has_no_break_even() -> None:
    assert option(loss=0.0, later_loss=0.0).break_even_hazard is None
    assert option(loss=1.0).break_even_hazard is None


def test_waiting_keeps_the_right_not_to_buy() -> None:
    assert option(later_loss=1e6).wait(1.0) == 0.0


def grid_best(order: Order, ceiling: float, aim: str) -> float:
    """Cheapest cost on a fine grid of splits with an aim no higher than ``ceiling``."""
    steps = 50
    parts = np.indices((steps + 1,) * 3).reshape(3, -1).T
    parts = np.c_[parts, steps - parts.sum(axis=1)]
    shares = parts[parts[:, 3] >= 0] / steps
    shares = shares[(shares <= order.column("capacity") + 1e-12).all(axis=1)]
    after = (order.column("held") + order.size * shares) / (1.0 + order.size)
    weights = order.column("loss_rate") if aim == "readiness_loss" else np.array([1.0, 0, 0, 0])
    allowed = after @ weights <= ceiling + 1e-12
    return float((shares @ order.column("cost"))[allowed].min(initial=np.inf))


def reached(corner: Allocation, aim: str) -> float:
    return corner.readiness_loss if aim == "readiness_loss" else corner.stock[aim]


@pytest.mark.parametrize("aim", ["readiness_loss", "RUS"])
def test_no_split_on_a_grid_beats_the_frontier(aim: str) -> None:
    corners = frontier(ORDER, against=aim)
    levels, costs = [reached(c, aim) for c in corners], [c.cost for c in corners]
    for ceiling in np.linspace(levels[-1], levels[0], 7):
        line = float(np.interp(ceiling, levels[::-1], costs[::-1]))
        assert grid_best(ORDER, ceiling, aim) >= line - 1e-9


@pytest.mark.parametrize("aim", ["readiness_loss", "RUS"])
def test_the_frontier_rises_ever_more_steeply(aim: str) -> None:
    corners = frontier(ORDER, against=aim)
    levels = np.array([reached(corner, aim) for corner in corners])
    costs = np.array([corner.cost for corner in corners])
    assert (np.diff(levels) < 0).all() and (np.diff(costs) > 0).all()
    slopes = np.diff(costs) / -np.diff(levels)
    assert (np.diff(slopes) > 0).all()
    assert len(corners) >= 3


def test_the_cheapest_corner_buys_all_from_the_cheapest() -> None:
    first = frontier(ORDER)[0]
    assert first.cost == pytest.approx(5.0)
    assert first.shares["RUS"] == pytest.approx(1.0)
    assert first.stock["RUS"] == pytest.approx((0.55 + 0.25) / 1.25)


def test_a_cap_on_the_stock_share_binds() -> None:
    for corner in frontier(ORDER, limits={"RUS": 0.5}):
        assert corner.stock["RUS"] <= 0.5 + 1e-9
        assert sum(corner.shares.values()) == pytest.approx(1.0)
    assert frontier(ORDER, limits={"RUS": 0.5})[0].cost > 5.0


def test_a_supplier_both_cheapest_and_safest_leaves_one_point() -> None:
    offers = (Offer("A", 1.0, 1.0, 0.5, 0.01), Offer("B", 2.0, 1.0, 0.5, 0.02))
    assert len(frontier(Order(offers, 0.1))) == 1


def test_suppliers_that_differ_in_nothing_leave_one_point() -> None:
    offers = tuple(Offer(name, 1.0, 0.8, 0.5, 0.01) for name in "AB")
    assert len(frontier(Order(offers, 0.1))) == 1


@pytest.mark.parametrize("price", [0.5, 5.0, 50.0])
def test_the_closed_form_of_diversification_is_the_quadratic_optimum(price: float) -> None:
    def burden(shares: np.ndarray) -> float:
        found = allocate(ORDER, shares)
        return found.cost + price * found.concentration

    bounds = [(0.0, float(c)) for c in ORDER.column("capacity")]
    whole = {"type": "eq", "fun": lambda shares: shares.sum() - 1.0}
    start = np.array([0.25, 0.25, 0.25, 0.25])
    options = {"ftol": 1e-14, "maxiter": 500}
    brute = minimize(
        burden, start, bounds=bounds, constraints=[whole], method="SLSQP", options=options
    )
    exact = diversified(ORDER, price)
    assert sum(exact.shares.values()) == pytest.approx(1.0, abs=1e-12)
    assert exact.cost + price * exact.concentration <= brute.fun + 1e-9
    np.testing.assert_allclose(list(exact.shares.values()), brute.x, atol=1e-4)


def test_a_higher_price_of_concentration_buys_less_of_it() -> None:
    found = [diversified(ORDER, price) for price in (0.1, 1.0, 10.0, 1000.0)]
    assert np.all(np.diff([split.concentration for split in found]) <= 1e-12)
    assert np.all(np.diff([split.cost for split in found]) >= -1e-12)
    assert found[-1].concentration < found[0].concentration


def test_an_order_nobody_can_fill_is_refused() -> None:
    offers = (Offer("A", 1.0, 0.3, 0.5, 0.0), Offer("B", 2.0, 0.3, 0.5, 0.0))
    with pytest.raises(InfeasibleOrderError, match=r"only 0\.6000"):
        frontier(Order(offers, 0.1))
    with pytest.raises(InfeasibleOrderError, match="RUS"):
        frontier(ORDER, limits={"RUS": 0.2})


def test_unknown_suppliers_are_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'RUS'"):
        frontier(ORDER, limits={"RUSS": 0.4})
    with pytest.raises(UnknownNameError, match="did you mean 'FRA'"):
        frontier(ORDER, against="FRAN")


def test_an_order_out_of_its_domain_names_every_fault() -> None:
    with pytest.raises(RateError) as caught:
        Order((Offer("A", 1.0, 2.0, 0.5, 0.0), Offer("A", 1.0, 1.0, 0.4, 0.0)), 0.0)
    for word in ("size 0", "0.9", "capacity", "twice"):
        assert word in str(caught.value)
