"""Oil fields: how much of their value added stays in them, and how output then answers prices."""

from __future__ import annotations

import numpy as np
import pytest
from tula.ties.oil.engine_supply import oil_fields, specific_share, supply_elasticity

from tula import load_world
from tula.equilibrium import Calibration, Technology, calibrate, solve
from tula.policy import ImportCap
from tula.ties.inputs import TieNameError
from tula.ties.oil.engine import limits
from tula.ties.oil.engine_prices import implied_elasticity, quantities_sold
from tula.ties.oil.equilibrium import clear
from tula.ties.oil.errors import OilMarketError
from tula.ties.oil.market import OilMarket
from tula.ties.oil.parts import Regime
from tula.world.economy import Economy

LESS = ImportCap(importer="IND", exporter="RUS", sectors="OIL", at=0.5)


def tied(economy: Economy, elasticity: float) -> Calibration:
    found = oil_fields(economy, "OIL", elasticity)
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


def test_where_even_a_whole_field_answers_more_the_region_is_named(toy_economy: Economy) -> None:
    found = oil_fields(toy_economy, "OIL", 0.15)
    assert set(found.short_of) <= set(toy_economy.labels.regions)
    for code in found.short_of:
        assert found.elasticity[code] > 0.15
        assert {one.regions: one.share for one in found.factors}[code] == 1.0
    rigid = oil_fields(toy_economy, "OIL", 0.15, substitution=0.0)
    assert rigid.short_of == ()
    assert rigid.world == pytest.approx(0.15)


def test_tied_fields_send_more_of_the_barrels_elsewhere_and_move_the_world_price_more(
    toy_economy: Economy,
) -> None:
    ratios, elasticities = [], []
    for world in (calibrate(toy_economy), tied(toy_economy, 0.5)):
        rest, less = solve(world, []), solve(world, [LESS])
        change = quantities_sold(less, "OIL", "RUS") - quantities_sold(rest, "OIL", "RUS")
        ratios.append(change[change > 0.0].sum() / -change[change < 0.0].sum())
        elasticities.append(implied_elasticity(rest, less, "OIL", "RUS"))
    assert ratios[1] > ratios[0] + 0.1
    assert elasticities[1] < 0.5 * elasticities[0]


def test_the_embedded_world_with_tied_fields_redirects_barrels_as_the_oil_market_does(
    market: OilMarket, designation: Regime
) -> None:
    """The figures that the page shows for a supply elasticity of one; 16% with free fields."""
    world = tied(load_world("icio-2024"), 1.0)
    rest, less = (
        solve(world, moves)
        for moves in ([], limits(clear(market), clear(market, designation), "OIL"))
    )
    change = quantities_sold(less, "OIL", "RUS") - quantities_sold(rest, "OIL", "RUS")
    redirected = change[change > 0.0].sum() / -change[change < 0.0].sum()
    assert redirected == pytest.approx(0.70, abs=0.01)
    assert redirected == pytest.approx(market.redirectable.value, abs=0.05)
    assert implied_elasticity(rest, less, "OIL", "RUS") == pytest.approx(2.05, abs=0.05)


def test_numbers_and_sectors_that_are_none_are_refused(toy_economy: Economy) -> None:
    with pytest.raises(OilMarketError) as caught:
        oil_fields(toy_economy, "OIL", 0.0, substitution=-1.0)
    assert "elasticity: expected above zero" in str(caught.value)
    assert "substitution: expected zero or more" in str(caught.value)
    with pytest.raises(TieNameError, match="did you mean 'OIL'"):
        oil_fields(toy_economy, "OILS", 1.0)
