"""Best duties, tariff wars and agreements in worlds that do not adjust as easily as the default."""

from __future__ import annotations

import numpy as np
import pytest

from factories import make_economy
from tula.equilibrium import Calibration, SpecificFactor, Technology, calibrate, solve
from tula.policy import ExportCap, ImportCap, Tariff
from tula.strategy.agreement import cooperative
from tula.strategy.duty_game import Nash, nash
from tula.strategy.errors import UnfinishedSearchError
from tula.strategy.optimal import optimal_tariffs

pytestmark = [pytest.mark.gradients, pytest.mark.slow]

#: Inputs that replace each other badly, home supply apart from imports, a part of S00 that stays.
STIFF = Technology(
    value_added_and_inputs=0.6,
    among_inputs=0.4,
    home_and_imports=2.5,
    specific_factors=(SpecificFactor("S00", 0.4),),
)


@pytest.fixture(scope="module")
def stiff() -> Calibration:
    return calibrate(make_economy(3, 2, 5), STIFF)


@pytest.fixture(scope="module")
def war(stiff: Calibration) -> Nash:
    return nash(stiff, ["R00", "R01"])


def test_no_rate_on_a_grid_does_better_and_the_proof_holds(stiff: Calibration) -> None:
    found = optimal_tariffs(stiff, "R00")
    best = float(found.rates[0])
    for rate in (0.0, 0.1, 0.4, best - 0.02, best + 0.02):
        duty = Tariff(importer="R00", exporter="all", sectors="goods", set=rate)
        assert solve(stiff, [duty]).real_income_hat[0] < found.solution.real_income_hat[0]
    assert found.proof.slope_norm <= found.proof.tolerance
    assert found.proof.curvature.largest < 0.0
    assert all(start.apart < 1e-5 for start in found.proof.starts)
    assert found.proof.certificate.holds


def test_the_technology_moves_the_best_rate(stiff: Calibration) -> None:
    free = optimal_tariffs(make_economy(3, 2, 5), "R00", other_starts=0)
    assert abs(optimal_tariffs(stiff, "R00", other_starts=0).rates[0] - free.rates[0]) > 0.01


def test_weights_value_a_sector_by_what_it_earns_under_the_technology(stiff: Calibration) -> None:
    """The search refuses its answer unless the solution shows the payoff that it maximised."""
    found = optimal_tariffs(stiff, "R00", weights={"S00": 1.3}, other_starts=0)
    earned = found.solution.sector_value_added[0, 0]
    deflator = stiff.final_spending[0] * found.solution.final_price_hat[0]
    expected = found.solution.real_income_hat[0] + 0.3 * earned / deflator
    assert found.value == pytest.approx(expected, rel=1e-8)


def test_a_war_is_a_mutual_best_answer(stiff: Calibration, war: Nash) -> None:
    assert 0.0 <= war.proof.largest_gain <= war.proof.gain_tolerance
    assert all(one.curvature.largest < 0.0 for one in war.proof.responses)
    assert war.proof.certificate.holds
    for player, place in (("R00", 0), ("R01", 1)):
        other = 1 - place
        answer = optimal_tariffs(
            stiff,
            player,
            policy=[
                Tariff(
                    importer=f"R0{other}",
                    exporter="all",
                    sectors="goods",
                    set=float(war.rates[other][0]),
                )
            ],
            other_starts=0,
        )
        np.testing.assert_allclose(answer.rates, war.rates[place], atol=1e-5)


def test_an_agreement_is_worth_more_than_war_and_proven(stiff: Calibration, war: Nash) -> None:
    found = cooperative(stiff, ["R00", "R01"], start=0.1)
    assert found.proof.slope_norm <= found.proof.tolerance
    assert found.proof.curvature.bends_down
    incomes = [np.log(one.solution.real_income_hat[:2]).sum() for one in (found, war)]
    assert incomes[0] > incomes[1]


@pytest.mark.parametrize("at, binds", [(0.6, True), (1.2, False)])
def test_under_a_base_policy_with_a_quota_the_best_rate_is_proven_on_its_side(
    at: float, binds: bool
) -> None:
    quota = ImportCap(importer="R00", exporter="R01", sectors="S00", at=at)
    found = optimal_tariffs(make_economy(3, 2, 5), "R00", policy=[quota])
    assert found.solution.limits[0].binds is binds
    assert found.proof.slope_norm <= found.proof.tolerance
    assert all(start.apart < 1e-5 for start in found.proof.starts)


def test_a_best_rate_at_the_edge_of_a_quota_is_refused_with_the_reason() -> None:
    """A duty takes the exporters' rent until the quota is slack, and hurts from there on."""
    quota = ExportCap(importer="R00", exporter="all", sectors="S00", at=0.65)
    with pytest.raises(UnfinishedSearchError, match="edge at which no slope vanishes"):
        optimal_tariffs(make_economy(3, 2, 5), "R00", policy=[quota], other_starts=0)
