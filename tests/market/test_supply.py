"""How much of value added stays in a sector, and how its output then answers prices."""

from __future__ import annotations

import numpy as np
import pytest

from tula.equilibrium import Calibration, Technology, calibrate, solve
from tula.errors import UnknownNameError
from tula.market.errors import MarketError
from tula.market.supply import specific_share, supply_elasticity, tied_supply
from tula.policy import ImportCap
from tula.world.economy import Economy


def tied(economy: Economy, elasticity: float) -> Calibration:
    found = tied_supply(economy, "OIL", elasticity)
    return calibrate(economy, Technology(specific_factors=found.factors))


@pytest.mark.parametrize("substitution", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("elasticity", [0.5, 1.0, 3.0])
def test_the_share_and_the_elasticity_are_each_others_inverse(
    elasticity: float, substitution: float
) -> None:
    share = np.array([0.7, 0.86, 0.99])
    part = specific_share(elasticity, share, substitution)
    assert (part < 1.0).all()
    np.testing.assert_allclose(supply_elasticity(part, share, substitution), elasticity)


def test_the_engines_output_answers_its_price_with_the_elasticity_asked_for(
    toy_economy: Economy,
) -> None:
    """A duty on a far buyer's purchases moves demand; wages and inputs are taken off the price."""
    world = tied(toy_economy, 1.0)
    moved = solve(world, [ImportCap(importer="USA", exporter="ROW", sectors="OIL", at=0.97)])
    place, sector = world.labels.region_index("ROW"), world.labels.sector_index("OIL")
    wage = np.log(moved.wage_hat[place])
    value, cost = (
        np.log(moved.factor_price_hat[place, sector]),
        np.log(moved.cost_hat[place, sector]),
    )
    share = world.value_added_share[place, sector]
    inputs = (cost - share * value) / (1.0 - share)
    output = np.log(moved.output[place, sector] / world.output[place, sector]) - cost
    part = specific_share(1.0, np.array([share]), 1.0)[0]
    expected = (value - wage) * (1.0 - part) / part + (1.0 - share) * (value - inputs)
    assert output == pytest.approx(expected, rel=1e-3)
    assert abs(output) > 1e-4


def test_where_even_what_is_tied_whole_answers_more_the_region_is_named(
    toy_economy: Economy,
) -> None:
    found = tied_supply(toy_economy, "OIL", 0.15)
    assert set(found.short_of) <= set(toy_economy.labels.regions)
    for code in found.short_of:
        assert found.elasticity[code] > 0.15
        assert {one.regions: one.share for one in found.factors}[code] == 1.0
    rigid = tied_supply(toy_economy, "OIL", 0.15, substitution=0.0)
    assert rigid.short_of == ()
    assert rigid.world == pytest.approx(0.15)


def test_numbers_and_sectors_that_are_none_are_refused(toy_economy: Economy) -> None:
    with pytest.raises(MarketError) as caught:
        tied_supply(toy_economy, "OIL", 0.0, substitution=-1.0)
    assert "elasticity: expected above zero" in str(caught.value)
    assert "substitution: expected zero or more" in str(caught.value)
    with pytest.raises(UnknownNameError, match="did you mean 'OIL'"):
        tied_supply(toy_economy, "OILS", 1.0)
