"""Flows of dollars beside flows of billions: no rate on them is proven, none decides a proof."""

from __future__ import annotations

import numpy as np
import pytest

from pure_trade import pure_economy, two_regions
from tula.equilibrium import readings
from tula.strategy.duty_game import nash
from tula.strategy.optimal import optimal_tariffs
from tula.strategy.space import PolicySpace
from tula.world.economy import Economy

pytestmark = pytest.mark.gradients


def _world(tiny: float) -> Economy:
    flows = np.array(
        [
            [[900.0, 30.0, tiny], [30.0, 800.0, 40.0], [tiny, 40.0, 700.0]],
            [[800.0, 60.0, 50.0], [60.0, 900.0, 60.0], [50.0, 60.0, 900.0]],
        ]
    )
    return pure_economy(flows, np.array([9.0, 3.0]))


@pytest.mark.parametrize("start", [None, 0.0, 0.6, 2.0])
@pytest.mark.parametrize("tiny", [1e-6, 1e-7, 1e-9, 1e-12])
def test_a_flow_of_dollars_decides_no_proof(tiny: float, start: float | None) -> None:
    found = optimal_tariffs(_world(tiny), "A", by="cell", sectors="all", start=start)
    sound = optimal_tariffs(_world(1e-3), "A", by="cell", sectors="all")
    assert found.proof.proven and found.proof.curvature.bends_down
    assert found.gain == pytest.approx(sound.gain, abs=1e-5)
    np.testing.assert_allclose(found.rates, sound.rates, atol=0.03)
    np.testing.assert_allclose(np.delete(found.rates, 1), np.delete(sound.rates, 1), atol=1e-3)
    assert found.proof.held == (("tariff on G0 from C",) if tiny < 5e-7 else ())
    assert ("held for want of trade" in str(found.proof)) is bool(found.proof.held)


def test_a_war_names_the_levers_that_it_holds() -> None:
    found = nash(_world(1e-9), "all", by="cell", sectors="all")
    assert found.proof.proven
    assert found.proof.held == (("A", "tariff on G0 from C"), ("C", "tariff on G0 from A"))
    assert "held for want of trade: A tariff on G0 from C" in str(found.proof)


def test_a_lever_that_the_objective_counts_is_not_held() -> None:
    space = PolicySpace(
        "A", by="cell", sectors="all", objective=readings.imports("A", "C", "G0"), bounds=(0.0, 1.0)
    )
    found = optimal_tariffs(_world(1e-9), space)
    assert found.proof.held == ()
    assert ("tariff on G0 from C", "lower") in [(b.lever, b.side) for b in found.proof.binding]


def test_where_no_lever_moves_anything_nothing_is_proven() -> None:
    found = optimal_tariffs(pure_economy(two_regions(trade=1e-9)), "A")
    assert not found.proof.proven
    assert found.proof.reason == "no lever moves the objective of A above rounding"
    assert str(found.proof).startswith("none, no lever moves the objective of A above rounding")
    war = nash(pure_economy(two_regions(trade=1e-9)), "all")
    assert war.proof.reason == "no lever moves the objective of A, B above rounding"
