"""Oil fields that stay where they are, beside the oil market."""

from __future__ import annotations

import pytest

from tula import load_world
from tula.equilibrium import Calibration, Technology, calibrate, solve
from tula.market.supply import tied_supply
from tula.policy import ImportCap
from tula.ties.oil.engine import limits
from tula.ties.oil.engine_prices import implied_elasticity, quantities_sold
from tula.ties.oil.equilibrium import clear
from tula.ties.oil.market import OilMarket
from tula.ties.oil.parts import Regime
from tula.world.economy import Economy

LESS = ImportCap(importer="IND", exporter="RUS", sectors="OIL", at=0.5)


def tied(economy: Economy, elasticity: float) -> Calibration:
    found = tied_supply(economy, "OIL", elasticity)
    return calibrate(economy, Technology(specific_factors=found.factors))


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
