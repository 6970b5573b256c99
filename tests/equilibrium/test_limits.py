"""Embargoes, quantity caps, and what happens when there is no answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from factories import import_limits
from tula.equilibrium import (
    Anderson,
    Certificate,
    ConvergenceError,
    Residual,
    Solution,
    calibrate,
    solve,
)
from tula.equilibrium.calibration import Calibration
from tula.policy import NoSupplierError
from tula.policy.shock import Shock
from tula.world.economy import Economy

Quiet = Callable[[Economy | Calibration], Shock]
CELL = (0, 0, 1)


def _embargo(base: Calibration, quiet: Quiet) -> Shock:
    cells = np.zeros(base.tariff.shape, dtype=bool)
    cells[CELL] = True
    return replace(quiet(base), embargo=cells)


def _iceberg(base: Calibration, quiet: Quiet, factor: float) -> Shock:
    cost = np.ones(base.tariff.shape)
    cost[CELL] = factor
    return replace(quiet(base), trade_cost_hat=cost)


def _cap(base: Calibration, quiet: Quiet, ratio: float) -> Shock:
    return replace(quiet(base), limits=import_limits({CELL: ratio}))


def _quantity_hat(found: Solution) -> float:
    """Ratio of new to old quantity bought in the cell: value over price, rent included."""
    s, n, i = CELL
    base, shock = found.calibration, found.shock
    value = found.trade_share[CELL] * found.expenditure[n, s]
    old = base.trade_share[CELL] * base.expenditure[n, s]
    tax = (1 + shock.tariff[CELL]) * (1 + shock.export_tax[CELL])
    was = (1 + base.tariff[CELL]) * (1 + base.export_tax[CELL])
    price = tax / was * shock.trade_cost_hat[CELL] * found.cap_wedge[CELL] * found.cost_hat[i, s]
    return float(value / old / price)


def test_an_embargo_leaves_exactly_nothing(toy_economy: Economy, quiet: Quiet) -> None:
    base = calibrate(toy_economy)
    found = solve(base, _embargo(base, quiet))
    assert found.trade_share[CELL] == 0.0
    assert found.border_trade[CELL] == 0.0


def test_an_iceberg_cost_of_ten_understates_an_embargo(toy_economy: Economy, quiet: Quiet) -> None:
    base = calibrate(toy_economy)
    embargo = solve(base, _embargo(base, quiet)).real_income_hat[0]
    tenfold = solve(base, _iceberg(base, quiet, 10.0)).real_income_hat[0]
    assert embargo < tenfold < 1.0


def test_an_ever_larger_iceberg_cost_tends_to_the_embargo(
    toy_economy: Economy, quiet: Quiet
) -> None:
    base = calibrate(toy_economy)
    embargo = solve(base, _embargo(base, quiet)).real_income_hat
    gaps = [
        np.abs(solve(base, _iceberg(base, quiet, factor)).real_income_hat - embargo).max()
        for factor in (10.0, 1e2, 1e4)
    ]
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] < 1e-9


def test_an_embargo_that_leaves_a_buyer_without_a_supplier_is_refused(
    toy_economy: Economy, quiet: Quiet
) -> None:
    base = calibrate(toy_economy)
    cells = np.zeros(base.tariff.shape, dtype=bool)
    cells[1, 2, :] = True
    with pytest.raises(NoSupplierError, match=r"(?s)USA.*MAN|MAN.*USA"):
        solve(base, replace(quiet(base), embargo=cells))


def test_tariffs_on_an_embargoed_cell_change_nothing(toy_economy: Economy, quiet: Quiet) -> None:
    base = calibrate(toy_economy)
    embargo = _embargo(base, quiet)
    tariff = np.array(base.tariff)
    tariff[CELL] = 9.0
    one, other = solve(base, embargo), solve(base, replace(embargo, tariff=tariff))
    np.testing.assert_allclose(one.real_income_hat, other.real_income_hat, rtol=1e-12)


@pytest.mark.parametrize("ratio", [0.9, 0.5, 0.1])
def test_a_binding_cap_gives_exactly_the_capped_quantity(
    toy_economy: Economy, quiet: Quiet, ratio: float
) -> None:
    base = calibrate(toy_economy)
    found = solve(base, _cap(base, quiet, ratio))
    assert found.cap_wedge[CELL] > 1.0
    assert _quantity_hat(found) == pytest.approx(ratio, rel=1e-9)
    assert found.certificate.worst.value < 1e-9


def test_a_slack_cap_equals_no_cap(toy_economy: Economy, quiet: Quiet) -> None:
    base = calibrate(toy_economy)
    tariff = np.array(base.tariff)
    tariff[0, 0, 2] += 0.1
    free = solve(base, replace(quiet(base), tariff=tariff))
    slack = solve(base, replace(_cap(base, quiet, 3.0), tariff=tariff))
    assert slack.cap_wedge[CELL] == 1.0
    np.testing.assert_allclose(slack.real_income_hat, free.real_income_hat, rtol=1e-10)


def test_a_binding_cap_equals_the_tariff_that_has_the_same_effect(
    toy_economy: Economy, quiet: Quiet
) -> None:
    base = calibrate(toy_economy)
    capped = solve(base, _cap(base, quiet, 0.6))
    tariff = np.array(base.tariff)
    tariff[CELL] = (1.0 + tariff[CELL]) * capped.cap_wedge[CELL] - 1.0
    taxed = solve(base, replace(quiet(base), tariff=tariff))
    np.testing.assert_allclose(capped.real_income_hat, taxed.real_income_hat, rtol=1e-9)


def test_the_scarcity_rent_stays_with_the_importer(toy_economy: Economy, quiet: Quiet) -> None:
    base = calibrate(toy_economy)
    found = solve(base, _cap(base, quiet, 0.5))
    assert found.cap_rent[0] > 0.0
    np.testing.assert_allclose(np.delete(found.cap_rent, 0), 0.0, atol=1e-12)


def test_a_cap_tending_to_zero_tends_to_the_embargo(toy_economy: Economy, quiet: Quiet) -> None:
    base = calibrate(toy_economy)
    embargo = solve(base, _embargo(base, quiet)).real_income_hat
    tight = solve(base, _cap(base, quiet, 1e-6)).real_income_hat
    loose = solve(base, _cap(base, quiet, 1e-2)).real_income_hat
    assert np.abs(tight - embargo).max() < np.abs(loose - embargo).max()
    np.testing.assert_allclose(tight, embargo, rtol=1e-4)


def test_too_few_steps_raise_an_error_that_names_equation_and_region(
    toy_economy: Economy, quiet: Quiet
) -> None:
    base = calibrate(toy_economy)
    with pytest.raises(ConvergenceError, match=r"equation of (IND|RUS|USA|ROW)\b.* is off by"):
        solve(base, _iceberg(base, quiet, 2.0), solver=Anderson(max_steps=2))


def test_too_few_steps_raise_an_error_that_names_the_sector_of_a_price_or_market(
    make_economy: Callable[..., Economy], quiet: Quiet
) -> None:
    base = calibrate(make_economy(2, 4, 8))
    made = np.array([[1.5, 0.5, 1.0, 2.0], [1.0, 3.0, 0.5, 1.0]])
    with pytest.raises(ConvergenceError, match=r"equation of R0[01], sector S0[0-3] is off by"):
        solve(base, replace(quiet(base), productivity_hat=made), solver=Anderson(max_steps=1))


def test_numbers_that_stop_being_finite_are_an_error_not_an_answer(
    toy_economy: Economy, quiet: Quiet
) -> None:
    base = calibrate(toy_economy)
    ruin = np.zeros(4)
    ruin[0] = -2.0 * (base.value_added[0] + abs(base.imbalance[0]))
    ruin[1] = -ruin[0]
    with pytest.raises(ConvergenceError):
        solve(base, replace(quiet(base), transfer=ruin))


def _without_home_sales_of_the_first_good(economy: Economy) -> Economy:
    """Region 0 makes no sector 0, neither for itself nor for others: it only imports it."""
    intermediate, final = economy.intermediate.copy(), economy.final.copy()
    intermediate[0, 0], final[0, 0] = 0.0, 0.0
    return replace(economy, intermediate=intermediate, final=final)


def test_two_caps_bind_where_the_first_good_of_the_first_region_is_not_made(
    toy_economy: Economy, quiet: Quiet
) -> None:
    base = calibrate(_without_home_sales_of_the_first_good(toy_economy))
    caps = import_limits({(0, 0, 1): 0.7, (1, 0, 1): 0.7})
    found = solve(base, replace(quiet(base), limits=caps))
    assert found.certificate.holds
    assert (found.cap_wedge[[0, 1], 0, 1] > 1).all()


def test_a_residual_that_is_not_a_number_is_the_worst_and_proves_nothing() -> None:
    residuals = (Residual("price index", 1e-12, "IND"), Residual("sales", float("nan"), "RUS"))
    certificate = Certificate(1, 1e-10, residuals, 0.0, "fixed", "Anderson")
    assert certificate.worst.equation == "sales"
    assert not certificate.holds


def test_a_solution_that_breaks_walras_law_does_not_hold() -> None:
    residual = Residual("price index", 1e-12, "IND")
    assert Certificate(1, 1e-10, (residual,), 1e-12, "fixed", "Anderson").holds
    assert not Certificate(1, 1e-10, (residual,), 1e-3, "fixed", "Anderson").holds
