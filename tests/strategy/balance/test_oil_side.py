"""What the oil market adds to the world economy: no price effect, and no barrel, twice.

``tula.ties.oil.engine.feed_engine`` meets the oil market's world price in the engine exactly, by
finding an export tax of all exporters. The game adds the same first-order, without that search:
on the small world the two differ by 0.1% of the effect for a cut of 10% or less, 0.6% at a half,
and 1.1% when the pivot buys nothing.
"""

from __future__ import annotations

import pytest

import rivalry
from tula.equilibrium import solve
from tula.policy import ExportTax
from tula.strategy.balance.engine_side import Elasticity, EngineSide, Moves, Reading
from tula.strategy.balance.oil_side import OilSide
from tula.ties.oil.engine import feed_engine
from tula.ties.oil.engine_prices import world_oil_price
from tula.ties.oil.parts import Regime
from tula.ties.oil.tie import OilTie

USUAL = Elasticity(1.0, 9.0)
BARRELS = 0.365


@pytest.fixture(scope="module")
def engine() -> EngineSide:
    return rivalry.engine_side(rivalry.inputs())


def _sensitivity(engine: EngineSide, price: float) -> float:
    """What a dollar on the world oil price costs the pivot in the engine, bn USD a year."""
    tax = ExportTax(importer="all", exporter="all", sectors="OIL", add=1e-3)
    dearer = solve(engine.calibration(USUAL), [tax], closure=engine.closure)
    spending = float(dearer.calibration.final_spending[0]) / 1000.0
    rise = price * (world_oil_price(dearer, "OIL", "RUS") - 1.0)
    return spending * (1.0 - float(dearer.real_income_hat[0])) / rise


@pytest.fixture(scope="module")
def tie(engine: EngineSide) -> OilTie:
    plain = rivalry.oil_fields()
    cost = _sensitivity(engine, plain["market"]["benchmark"])
    assert cost > 0.0
    return OilTie.model_validate({**plain, "import_sensitivity": cost})


@pytest.fixture(scope="module")
def oil(tie: OilTie) -> OilSide:
    return OilSide(tie)


def _income(engine: EngineSide, oil: OilSide, ceiling: float) -> float:
    limited = engine.read(USUAL, Moves(bought=oil.bought(ceiling, False)))
    free = engine.read(USUAL, Moves())
    return limited.income["IND"] + oil.worth(ceiling, False, limited, free)


def _fed(engine: EngineSide, oil: OilSide, ceiling: float) -> float:
    found = feed_engine(
        engine.calibration(USUAL), oil.base, oil.cleared(ceiling, False), sector="OIL",
        closure=engine.closure,
    ).solution  # fmt: skip
    spending = float(found.calibration.final_spending[0]) / 1000.0
    return spending * (float(found.real_income_hat[0]) - 1.0)


@pytest.mark.parametrize(
    ("ceiling", "within"), [(0.99, 2e-3), (0.9, 2e-3), (0.5, 1e-2), (0.0, 2e-2)]
)
def test_the_pivots_income_agrees_to_first_order_with_the_world_that_meets_the_price_exactly(
    engine: EngineSide, oil: OilSide, ceiling: float, within: float
) -> None:
    ours, exact = _income(engine, oil, ceiling), _fed(engine, oil, ceiling)
    assert abs(exact) > 1e-3
    assert ours == pytest.approx(exact, rel=within)


def test_no_ceiling_and_no_pressure_add_nothing_whatever_else_is_in_force(
    engine: EngineSide, oil: OilSide
) -> None:
    assert oil.bought(None, False) == 1.0
    for moves in (Moves(), Moves(("duty", "shun"))):
        reading = engine.read(USUAL, moves)
        assert oil.worth(None, False, reading, reading) == 0.0
    assert engine.read(USUAL, Moves(("duty", "shun"))).oil_world != pytest.approx(1.0, abs=1e-4)


def _found_by_itself(oil: OilSide, ceiling: float | None, pressed: bool) -> Reading:
    """A solve whose oil prices moved just as the oil market's."""
    held, base = oil.cleared(ceiling, pressed), oil.base
    dearer = held.benchmark - base.benchmark
    at_port = held.fob_price - base.fob_price
    return Reading({}, {}, 1.0 + dearer / base.benchmark, 1.0 + at_port / base.benchmark)


CALM = Reading({}, {}, 1.0, 1.0)


@pytest.mark.parametrize("ceiling", [0.9, 0.4, 0.0])
def test_where_the_engine_found_both_prices_a_ceiling_adds_nothing(
    oil: OilSide, ceiling: float
) -> None:
    same = _found_by_itself(oil, ceiling, False)
    assert oil.worth(ceiling, False, same, CALM) == pytest.approx(0.0, abs=1e-9)
    assert abs(oil.worth(ceiling, False, CALM, CALM)) > 1e-3


def test_where_the_engine_found_both_prices_pressure_adds_risk_and_what_dealers_take(
    oil: OilSide,
) -> None:
    held = oil.cleared(None, True)
    dealers = held.clearing.shunned * oil.tie.market.intermediation.value
    lost = held.risk_borne("IND") + BARRELS * held.volume("IND") * dealers
    same = _found_by_itself(oil, None, True)
    assert lost > 0.1
    assert oil.worth(None, True, same, CALM) == pytest.approx(-lost, rel=1e-9)


def test_barrels_no_longer_bought_are_left_to_the_engine(oil: OilSide) -> None:
    gone, base = oil.cleared(0.0, False), oil.base
    dearer = gone.benchmark - base.benchmark
    found = oil.worth(0.0, False, CALM, CALM)
    assert found == pytest.approx(-oil.tie.import_sensitivity.value * dearer)
    assert base.discount("IND") > 1.0


def test_a_pivot_that_buys_nothing_bears_no_risk_under_pressure(oil: OilSide) -> None:
    assert oil.cleared(None, True).risk_borne("IND") > 0.0
    assert oil.cleared(0.0, True).risk_borne("IND") == 0.0


def test_a_wider_discount_on_the_barrels_still_bought_is_a_gain(oil: OilSide) -> None:
    held, base = oil.cleared(0.5, False), oil.base
    wider = held.discount("IND") - base.discount("IND")
    dearer = held.benchmark - base.benchmark
    expected = BARRELS * held.volume("IND") * wider - oil.tie.import_sensitivity.value * dearer
    assert wider > 0.0
    assert oil.worth(0.5, False, CALM, CALM) == pytest.approx(expected)


def test_what_other_moves_did_to_the_engines_prices_is_taken_off(oil: OilSide) -> None:
    moved, unlimited = Reading({}, {}, 1.1 * 1.02, 0.9 * 0.97), Reading({}, {}, 1.1, 0.9)
    alone = Reading({}, {}, 1.02, 0.97)
    assert oil.worth(0.5, False, moved, unlimited) == pytest.approx(
        oil.worth(0.5, False, alone, CALM), rel=1e-12
    )


def test_the_share_bought_falls_with_the_ceiling_and_no_ceiling_is_raised_by_pressure(
    oil: OilSide,
) -> None:
    assert [oil.bought(ceiling, False) for ceiling in (0.0, 0.3, 0.65)] == pytest.approx(
        [0.0, 0.3, 0.65]
    )
    assert oil.bought(None, True) < 1.0
    assert oil.bought(0.99, True) == pytest.approx(oil.bought(None, True))
    assert oil.bought(0.2, True) == pytest.approx(0.2)


def test_a_ceiling_is_a_share_of_what_is_bought_today_and_never_lifts_one_in_force(
    tie: OilTie,
) -> None:
    halved = tie.model_copy(update={
        "regime": Regime(ceilings={"IND": 0.5 * rivalry.BARRELS}),
        "pressure": Regime(ceilings={"IND": 0.3 * rivalry.BARRELS}),
    })  # fmt: skip
    side = OilSide(halved)
    assert side.bought(None, False) == 1.0
    assert side.bought(0.8, False) == pytest.approx(0.8)
    assert side.cleared(0.8, False).volume("IND") == pytest.approx(0.4 * rivalry.BARRELS)
    assert side.cleared(0.8, True).volume("IND") == pytest.approx(0.3 * rivalry.BARRELS)


def test_a_market_is_cleared_once_for_each_ceiling_and_state_of_pressure(oil: OilSide) -> None:
    assert oil.cleared(0.4, True) is oil.cleared(0.4, True)
    assert oil.cleared(0.4, True) is not oil.cleared(0.4, False)
