"""Turning points of plain functions, and those of a small balance."""

from __future__ import annotations

from dataclasses import replace
from math import log

import pytest

import toy_balance
from tula.errors import UnknownNameError
from tula.numbers.quantity import Quantity
from tula.strategy.balance.break_even import break_evens, outlets, price_of, surface
from tula.strategy.balance.found import BreakEven
from tula.strategy.balance.inputs import Rule
from tula.strategy.balance.levers import levers, mean_premium, told_discount
from tula.strategy.balance.model import Draw, Game, Node
from tula.strategy.balance.turning import SearchRangeError, turning_point
from tula.ties.settlement import Network, Rail, SettlementTie, carriage
from tula.ties.settlement import Node as Place

RULE = Rule(name="main", access=0.75, loss=0.02)


def _tie(rails: float, outlet: float = 7.0) -> SettlementTie:
    """Sixty are bought and ten sold; forty pass through dollars, which others can close.

    The rest passes an account in local currency, whose balances can rise by ten.
    """
    network = Network(
        source="buyers",
        sink="sellers",
        nodes=(
            Place(name="buyers"), Place(name="dollars", exposed=True),
            Place(name="account", local_currency=True), Place(name="sellers"),
        ),
        rails=(
            Rail(start="buyers", end="dollars", capacity=40.0, cost=0.0),
            Rail(start="dollars", end="sellers", capacity=40.0, cost=0.0),
            Rail(start="buyers", end="account", capacity=rails, cost=0.0, architecture=True),
            Rail(start="account", end="sellers", capacity=100.0, cost=0.0),
        ),
    )  # fmt: skip
    return SettlementTie(
        pivot="IND", partner="RUS", exports=10.0, imports=60.0, local_share=0.5, outlet=outlet,
        placement_rate=0.0, ceiling=10.0, opening=0.0, network=network, closures=1, hazard=0.1,
        sectors=("goods",), replacement_time=2.0,
    )  # fmt: skip


def test_a_root_is_found_to_a_millionth_of_the_range() -> None:
    found = turning_point(lambda x: x**3 - 2.0, 0.0, 4.0, near=3.0)
    assert found is not None
    assert found.at == pytest.approx(2.0 ** (1 / 3), abs=4e-6)
    assert found.until is None


def test_a_step_is_found_at_its_place() -> None:
    found = turning_point(lambda x: 1.0 if x > 0.3217 else -2.0, 0.0, 1.0, near=0.9)
    assert found is not None
    assert found.at == pytest.approx(0.3217, abs=2e-6)


def test_of_several_turning_points_the_nearest_is_told() -> None:
    found = turning_point(lambda x: (x - 1.0) * (x - 9.0), 0.0, 10.0, near=8.0)
    assert found is not None
    assert found.at == pytest.approx(9.0, abs=1e-5)


@pytest.mark.parametrize(
    ("near", "upward", "at", "until"),
    [
        (4.0, None, 3.0, 1.0),
        (4.0, True, 3.0, 6.0),
        (5.5, None, 6.0, 9.0),
        (5.5, False, 6.0, 3.0),
        (8.0, None, 9.0, None),
        (8.0, False, 9.0, 6.0),
    ],
)
def test_the_next_turn_beyond_is_told_away_from_the_start_or_on_the_side_asked(
    near: float, upward: bool | None, at: float, until: float | None
) -> None:
    def wave(x: float) -> float:
        return (x - 1.0) * (x - 3.0) * (x - 6.0) * (x - 9.0)

    found = turning_point(wave, 0.0, 10.0, near=near, upward=upward)
    assert found is not None
    assert found.at == pytest.approx(at, abs=1e-5)
    assert found.until == (None if until is None else pytest.approx(until, abs=1e-5))


def test_a_turn_beyond_is_narrowed_from_the_points_already_tried() -> None:
    tried: list[float] = []

    def window(x: float) -> float:
        tried.append(x)
        return 1.0 if 0.3 < x < 0.8 else -1.0

    found = turning_point(window, 0.0, 1.0, near=0.1)
    assert found is not None
    assert (found.at, found.until) == (
        pytest.approx(0.3, abs=2e-6),
        pytest.approx(0.8, abs=2e-6),
    )
    assert len(tried) == len(set(tried))


def test_nothing_is_found_where_nothing_turns() -> None:
    assert turning_point(lambda x: x + 1.0, 0.0, 1.0, near=0.5) is None


def test_ranges_of_many_orders_are_searched_by_their_logarithm() -> None:
    found = turning_point(lambda x: log(x / 0.02), 1e-3, 1e3, near=1.0, by_log=True)
    assert found is not None
    assert found.at == pytest.approx(0.02, abs=2e-3)


@pytest.mark.parametrize(("low", "high", "near"), [(0.0, 1.0, 2.0), (1.0, 0.0, 0.5)])
def test_a_range_without_the_central_value_is_refused(low: float, high: float, near: float) -> None:
    with pytest.raises(SearchRangeError, match="is not inside"):
        turning_point(lambda x: x, low, high, near=near)


def test_a_logarithmic_range_from_zero_is_refused() -> None:
    with pytest.raises(SearchRangeError, match="above zero"):
        turning_point(lambda x: x, 0.0, 1.0, near=0.5, by_log=True)


@pytest.fixture(scope="module")
def contested() -> Game:
    """A game in which giving in is surely rewarded, so that a lasting penalty decides."""
    game = toy_balance.game()
    draw = replace(game.draw, honoured={"penalty": 1.0}, chance={"designation": 0.1})
    return replace(game, draw=draw)


@pytest.fixture(scope="module")
def found(contested: Game) -> dict[str, BreakEven]:
    return {one.name: one for one in break_evens(contested)}


def test_the_price_of_autonomy_is_zero_at_the_persistence_found(
    contested: Game, found: dict[str, BreakEven]
) -> None:
    share = found["persistence.penalty"].found
    assert share is not None
    draw = replace(contested.draw, persistence={"penalty": share})
    assert price_of(contested, draw) == pytest.approx(0.0, abs=1e-5)


def test_access_is_as_sure_as_asked_at_the_chance_found(
    contested: Game, found: dict[str, BreakEven]
) -> None:
    chance = found["chance.designation:crude"].found
    assert chance is not None
    draw = replace(contested.draw, chance={"designation": chance})
    access = replace(contested, draw=draw).access(contested.inputs.courses[0])
    assert access["main"]["crude"] == pytest.approx(contested.inputs.confidence, abs=1e-6)


def test_firms_leave_at_the_premium_found(contested: Game, found: dict[str, BreakEven]) -> None:
    told = found["premiums:crude"]
    lever = next(one for one in levers(contested) if one.name == "premiums")
    assert told.found is not None
    times = told.found / told.central
    kept = [_crude(contested, lever.draw(times * move)) for move in (0.999, 1.001)]
    assert kept[0] > RULE.access > kept[1]


def test_a_discount_beyond_which_less_is_sold_again_is_told(contested: Game) -> None:
    rule = Rule(name="main", access=0.99, loss=0.02)
    told = {one.name: one for one in break_evens(contested, rule)}["discount:crude"]
    lever = next(one for one in levers(contested) if one.name == "discount")
    assert told.found is not None and told.until is not None
    assert told.meaning == "while sellers listed, at least 99% is left of crude"
    shift = lever.central - told.central
    kept = [_crude(contested, lever.draw(told.until + shift + move)) for move in (-0.01, 0.01)]
    assert told.found < told.until < told.high
    assert kept[0] > rule.access > kept[1]
    assert told.why == "beyond that RUS sells less, as its port price is low"


def test_the_meaning_of_a_turn_tells_what_holds_above_it(found: dict[str, BreakEven]) -> None:
    dear = found["premiums:crude"]
    assert dear.meaning == "while sellers listed, less than 75% is left of crude"
    likely = found["chance.designation:crude"]
    assert likely.meaning == "access is not sure enough for crude"


def test_a_turn_of_the_price_leaves_its_meaning_to_the_side_of_the_study(
    found: dict[str, BreakEven],
) -> None:
    assert {one.meaning for one in found.values() if ":" not in one.name} == {""}


def test_inputs_are_told_as_nouns_with_regions_as_codes(found: dict[str, BreakEven]) -> None:
    assert found["size.penalty"].title == "the extra duty"
    assert found["honoured.penalty"].title == (
        "the chance that USA lifts more duty once its demand is met"
    )
    assert found["discount"].title == "the delivered discount on crude from RUS"


def test_every_break_even_lies_within_the_range_it_names(found: dict[str, BreakEven]) -> None:
    for one in found.values():
        assert one.low <= one.central <= one.high
        assert one.found is None or one.low <= one.found <= one.high


def test_the_discount_lever_tells_the_discount_that_forms() -> None:
    game = toy_balance.game()
    lever = next(one for one in levers(game) if one.name == "discount")
    draw = lever.draw(lever.central + 2.0)
    assert told_discount(draw) == pytest.approx(told_discount(game.draw) + 2.0)


def test_elasticities_move_over_the_range_the_study_announces() -> None:
    game = toy_balance.game()
    ranged = Quantity(value=9.0, low=4.0, high=39.0)
    elasticities = game.inputs.elasticities.model_copy(update={"grades": ranged})
    inputs = game.inputs.model_copy(update={"elasticities": elasticities})
    (lever,) = [one for one in levers(replace(game, inputs=inputs)) if one.name == "grades"]
    assert (lever.low, lever.high, lever.draw(12.0).grades) == (4.0, 39.0, 12.0)


def test_elasticities_held_to_be_exact_are_no_levers() -> None:
    assert not {"scale", "grades"} & {one.name for one in levers(toy_balance.game())}


def test_the_mean_premium_weighs_firms_by_volume() -> None:
    oil = toy_balance.game().draw.oil
    assert oil is not None
    assert mean_premium(oil.tie.market) == pytest.approx((1.0 * 9.0 + 0.5 * 2.0) / 1.5)


def test_the_surface_holds_the_price_at_the_study_s_own_values() -> None:
    game = toy_balance.game()
    drawn = surface(game, factors=(0.0, 1.0), shares=(0.0, 0.6))
    assert drawn is not None
    assert drawn.x == (0.0, 25.0)
    assert drawn.price[1][1] == pytest.approx(price_of(game, game.draw), abs=1e-9)


def test_a_penalty_that_never_stays_costs_the_same_whatever_its_size() -> None:
    drawn = surface(toy_balance.game(), shares=(0.0,))
    assert drawn is not None
    assert max(drawn.price[0]) == pytest.approx(min(drawn.price[0]), abs=1e-9)


def test_a_threat_that_adds_no_duty_has_no_surface() -> None:
    game = toy_balance.game()
    threat = game.inputs.threats[0].model_copy(update={"scenarios": ("set low",)})
    inputs = game.inputs.model_copy(update={"threats": (threat,)})
    assert surface(replace(game, inputs=inputs)) is None


def test_a_threat_that_is_not_listed_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="penalty"):
        surface(toy_balance.game(), "penalti")


def test_outlets_take_what_neither_exports_nor_balances_pay_for() -> None:
    found = outlets(_tie(rails=50.0), RULE)
    assert found.found == pytest.approx(0.75 * 60.0 - 10.0 - 10.0)
    assert found.central == 7.0
    assert found.meaning == "with dollars closed for a year, at least 75% of payments passes"


def test_with_the_outlets_found_the_network_carries_the_share_asked() -> None:
    found = outlets(_tie(rails=50.0), RULE).found
    assert found is not None
    kept = [carriage(_tie(50.0, found * f), ("dollars",)).remaining for f in (0.96, 1.0, 1.04)]
    assert kept[1] == pytest.approx(0.75)
    assert kept[0] < 0.75 < kept[2]


def test_no_outlets_help_where_the_rails_are_too_narrow() -> None:
    found = outlets(_tie(rails=30.0), RULE)
    assert found.found is None
    assert found.high == pytest.approx(10.0)
    assert found.meaning == "with dollars closed for a year, less than 75% of payments passes"


def _crude(game: Game, draw: Draw) -> float:
    """Share of the crude that is bought once sellers are listed."""
    inputs = game.inputs
    node = Node(inputs.courses[0], events=frozenset(("designation",)))
    return replace(game, draw=draw).kept(inputs.critical[0], node)
