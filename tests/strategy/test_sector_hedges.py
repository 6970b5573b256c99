"""Hedges by sector on a world's shares bound the power they are asked to bound."""

from __future__ import annotations

import numpy as np
import pytest

from tula.equilibrium import calibrate
from tula.metrics.parties import EmptyPartyError
from tula.metrics.power import power
from tula.strategy.sector_hedges import sector_hedges
from tula.world.economy import Economy


def test_before_hedging_the_loss_is_the_partners_power(toy_economy: Economy) -> None:
    threat = float(power(toy_economy, powers="USA", buyers="IND", sigma=2.0).squeeze())
    loose = sector_hedges(toy_economy, "IND", "USA", loss_cap=10 * threat, sigma_short=2.0)
    assert float(loose["loss"].sum()) == pytest.approx(threat, rel=1e-12)
    assert float(loose["cost"].sum()) == 0.0


def test_half_the_threat_costs_something_and_moves_every_sector(toy_economy: Economy) -> None:
    threat = float(power(toy_economy, powers="USA", buyers="IND", sigma=2.0).squeeze())
    found = sector_hedges(toy_economy, "IND", "USA", loss_cap=threat / 2, sigma_short=2.0)
    assert float(found["loss"].sum()) == pytest.approx(threat / 2, rel=1e-9)
    assert bool((found["share"] < found["unhedged_share"]).all())
    assert bool((found["cost"] > 0.0).all())
    np.testing.assert_allclose(
        found["unhedged_share"], calibrate(toy_economy).trade_share[:, 0, 2], rtol=1e-12
    )


def test_partners_are_taken_together_and_the_pivot_is_left_out(toy_economy: Economy) -> None:
    both = sector_hedges(toy_economy, "IND", ["RUS", "USA"], loss_cap=50.0, sigma_short=2.0)
    joint = power(toy_economy, powers={"both": ("RUS", "USA")}, buyers="IND", sigma=2.0)
    assert float(both["loss"].sum()) == pytest.approx(float(joint.squeeze()), rel=1e-12)
    with pytest.raises(EmptyPartyError, match="not part of IND"):
        sector_hedges(toy_economy, "IND", "IND", loss_cap=1.0, sigma_short=2.0)
