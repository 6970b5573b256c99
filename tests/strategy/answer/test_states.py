"""States of the world are those of the engine, with everybody's duties, on the source's path."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

import tula as tl
from strategy.answer import made
from tula.equilibrium.calibration import calibrate
from tula.market.commodity import sigma
from tula.numbers.record import quantities
from tula.policy.duties import DutyTable, Layer
from tula.strategy.answer import walk
from tula.strategy.answer.beliefs import draw
from tula.strategy.answer.calendar import calendar
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.policies import Duties, Situation, situations
from tula.strategy.answer.scenarios import Scenario
from tula.strategy.answer.second import seconds
from tula.strategy.answer.states import Task, buyers_moved, interpolated, solve_draw, solve_draws
from tula.strategy.answer.worlds import ages_of, nodes, sigmas
from tula.world.horizon import sigma_at

NOTHING: frozenset[str] = frozenset()
KEEP = Situation("keep", NOTHING, NOTHING)
STOP = Situation("stop", NOTHING, NOTHING)


def task(
    *found: Situation, table: DutyTable | None = None, slow: str = "first-year", **changes: Any
) -> Task:
    """Return what is solved of a made study, in the world in which everybody is slow."""
    inputs = made.block(**{"options": [made.KEEP, made.STOP], **changes})
    economy = made.world()
    scenarios = {name: Scenario(tuple(one)) for name, one in made.scenarios().items()}
    duties = Duties(calibrate(economy), inputs, table)
    return Task(
        inputs,
        economy,
        scenarios,
        duties,
        found or (KEEP,),
        {},
        slow,
        nodes(ages_of(inputs.since, inputs.announced, inputs.months)),
    )


def path(first: float, long: float) -> dict[str, float]:
    """Return an elasticity path."""
    return {"first_year": first, "long_run": long, "speed": 3.5}


def test_the_first_years_elasticity_stands_through_month_twelve() -> None:
    """The estimate is a yearly one: a path that leaves it at once reads it at no month at all."""
    assert sigma(0.9, 0.76, 2.0, 3.5) == 0.76
    assert sigma(1.0, 0.76, 2.0, 3.5) == 0.76
    assert sigma(4.5, 0.76, 2.0, 3.5) == pytest.approx(sigma_at(3.5, 2.0, 0.76))
    assert sigma_at(0.9, 2.0, 0.76) > 1.0


def test_the_long_run_does_not_move_the_first_year() -> None:
    duty = Situation("keep", frozenset({"duty"}), NOTHING)
    near, far = (
        solve_draw(
            task(duty, threats=[made.THREAT], elasticity=path(0.8, long), since="2025-01-01"), {}
        )
        for long in (2.0, 5.0)
    )
    assert near.read.tolist() == far.read.tolist()


def test_every_state_is_the_one_that_the_engine_finds_by_itself() -> None:
    found = solve_draw(
        task(
            KEEP,
            STOP,
            Situation("keep", frozenset({"duty"}), NOTHING),
            Situation("keep", frozenset({"shunned"}), NOTHING),
            threats=[made.THREAT],
            events=[{**made.SHUNNED, "rent_lost": 0.0}],
            elasticity=path(0.8, 2.0),
            commodities=[{"sector": "GAS", "replace": 3.0, "grades": 3.0}],
        ),
        {},
    )
    assert found.failures == ()
    economy = made.world()
    theta = np.array([2.0, -0.2, -0.2])
    base = calibrate(economy.with_elasticity(theta, "alone"))
    pivot = base.labels.region_index("PIV")
    done = made.scenarios()
    for row, name in enumerate((None, "stop", "duty", "shunned")):
        with pytest.warns(tl.equilibrium.MultipleEquilibriaWarning):
            alone = tl.solve(base, done[name] if name else [])
        change = alone.real_income_hat[pivot] - 1.0
        income = base.final_spending[pivot] * change / 1e3
        assert found.read[0, row, 2] == pytest.approx(income, abs=1e-6)


def test_what_arrives_under_a_ceiling_is_the_ceiling_whoever_keeps_the_rent() -> None:
    shunned = Situation("keep", frozenset({"shunned"}), NOTHING)
    kept, lost = (
        solve_draw(task(shunned, events=[{**made.SHUNNED, "rent_lost": part}]), {}).read[0, 0]
        for part in (0.0, 1.0)
    )
    assert kept[1] == pytest.approx(0.3, abs=1e-8)
    assert lost[1] == pytest.approx(0.3, abs=1e-8)
    assert lost[2] < kept[2]
    half = solve_draw(task(shunned, events=[{**made.SHUNNED, "rent_lost": 0.5}]), {}).read[0, 0]
    assert half[2] == pytest.approx(0.5 * (kept[2] + lost[2]))


def test_the_loss_from_giving_a_commodity_up_falls_with_time() -> None:
    """Sellers replace each other better later: with one constant value the loss would grow."""
    asked = {
        "commodities": [{"sector": "GAS", "replace": 2.0, "grades": 10.0, "supply": 0.15}],
        "elasticity": path(0.8, 2.0),
    }
    losses = []
    for since in ("2024-12-01", "2022-12-01", "2015-12-01"):
        read = solve_draw(task(KEEP, STOP, since=since, **asked), {}).read[0]
        losses.append(read[0, 2] - read[1, 2])
    assert losses[0] > losses[1] > losses[2] > 0.0


def layers(*partners: str, layer: str = "emergency") -> DutyTable:
    """Return a table with 20 points of One on the goods of partners."""
    rows = [Layer(layer, "ONE", partner, "GDS", 20.0, date(2024, 12, 1)) for partner in partners]
    begun = Layer("none", "ONE", "PIV", "GDS", 0.0, date(2020, 1, 1))
    return DutyTable((begun, *rows), {}, {}, "made")


def test_duties_on_others_stand_beside_those_on_the_pivot() -> None:
    """Duties that only the pivot pays make its loss larger than it is."""
    asked = {"duties": "day", "elasticity": path(2.0, 2.0)}
    alone = solve_draw(task(table=layers("PIV"), **asked), {}).read[0, 0]
    all_pay = solve_draw(task(table=layers("PIV", "TWO", "RES"), **asked), {}).read[0, 0]
    nobody = solve_draw(task(duties="base", elasticity=path(2.0, 2.0)), {}).read[0, 0]
    assert alone[0] < all_pay[0] < nobody[0]
    assert alone[2] < 0.0


def test_a_threat_of_layers_is_off_where_it_does_not_stand_and_scaled_where_it_does() -> None:
    threat = {**made.THREAT, "scenarios": [], "layers": ["emergency"], "size": 1.5}
    court = {"id": "court", "title": "A ruling", "chance": 0.5, "layers": ["other"], "left": 0.25}
    table = DutyTable(
        layers("PIV").layers + layers("RES", layer="other").layers[1:], {}, {}, "made"
    )
    one = task(table=table, duties="day", threats=[threat], causes=[court])
    labels = one.economy.labels
    goods, buyer = labels.sector_index("GDS"), labels.region_index("ONE")
    seller, other = labels.region_index("PIV"), labels.region_index("RES")
    on = one.duties.at(Situation("keep", frozenset({"duty"}), NOTHING), {})
    off = one.duties.at(Situation("keep", NOTHING, frozenset({"court"})), {})
    assert on[goods, buyer, [seller, other]] == pytest.approx([0.3, 0.2])
    assert off[goods, buyer, [seller, other]] == pytest.approx([0.0, 0.05])


def ladder(**left: float) -> Task:
    """Return a task: a threat of half the layer ``emergency``, and causes that leave parts of it.

    Causes act on the layer by its name, by its authority, or on another layer, ``other``.
    """
    mine, other = layers("PIV").layers, layers("RES", layer="other").layers[1:]
    table = DutyTable((*(one._replace(authority="orders") for one in mine), *other), {}, {}, "made")
    threat = {**made.THREAT, "scenarios": [], "layers": ["emergency"], "size": 0.5}
    causes = [
        {"id": layer, "title": layer, "chance": 0.5, "layers": [layer], "left": part}
        for layer, part in left.items()
    ]
    return task(table=table, duties="day", threats=[threat], causes=causes)


def paid(one: Task, *fired: str, on: frozenset[str] = frozenset({"duty"})) -> np.ndarray:
    """Return every duty (S, N, I) of a state."""
    return one.duties.at(Situation("keep", on, frozenset(fired)), {})


def test_draws_that_begin_at_the_medians_end_where_lowering_elasticities_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ranged = {"value": 0.8, "low": 0.7, "high": 0.95, "belief": "first"}
    elasticity = {**path(0.8, 2.0), "first_year": ranged}
    duty = Situation("keep", frozenset({"duty"}), NOTHING)
    alone = task(KEEP, duty, threats=[made.THREAT], elasticity=elasticity)
    beliefs = draw(quantities(alone.inputs).values(), 8, 0)
    near = replace(alone, medians=beliefs.at(0))
    assert near.begun is not None and alone.begun is None
    lowered = [solve_draw(alone, beliefs.at(row), 1e-10) for row in (1, 2)]

    def find(*_: object) -> None:
        raise AssertionError("elasticities were lowered anew")

    monkeypatch.setattr(walk, "find", find)
    for row, one in enumerate(lowered, 1):
        found = solve_draw(near, beliefs.at(row), 1e-10)
        np.testing.assert_allclose(found.read, one.read, rtol=0.0, atol=1e-6)
        assert not found.failures


def test_size_and_causes_that_act_on_one_layer_multiply() -> None:
    """Half of the layer, of which three fifths are left: three tenths of it, and not one."""
    one = ladder(emergency=0.6, orders=0.5, other=0.25)
    labels = one.economy.labels
    goods, buyer = labels.sector_index("GDS"), labels.region_index("ONE")
    seller, rest = labels.region_index("PIV"), labels.region_index("RES")
    cells = (goods, buyer, [seller, rest])
    assert paid(one)[cells] == pytest.approx([0.5 * 0.2, 0.2])
    assert paid(one, "emergency")[cells] == pytest.approx([0.3 * 0.2, 0.2])
    assert paid(one, "emergency", "orders")[cells] == pytest.approx([0.15 * 0.2, 0.2])
    assert paid(one, "emergency", "other")[cells] == pytest.approx([0.3 * 0.2, 0.05])
    assert paid(one, "emergency", on=NOTHING)[cells] == pytest.approx([0.0, 0.2])


def test_scaling_a_layer_moves_no_other_duty_by_a_digit() -> None:
    one = ladder(emergency=0.6, orders=0.5)
    moved = paid(one, "emergency", "orders") != one.duties.without(frozenset())
    labels = one.economy.labels
    cell = labels.sector_index("GDS"), labels.region_index("ONE"), labels.region_index("PIV")
    assert np.argwhere(moved).tolist() == [list(cell)]


def test_layers_that_move_no_duty_on_the_day_are_refused() -> None:
    threat = {**made.THREAT, "scenarios": [], "layers": ["late"]}
    late = Layer("late", "ONE", "PIV", "GDS", 20.0, date(2025, 6, 1))
    table = DutyTable((*layers("RES").layers, late), {}, {}, "made")
    one = task(table=table, duties="day", threats=[threat])
    with pytest.raises(AnswerError, match="late moves no duty on 2025-01-01"):
        one.duties.require_force()
    layers_now = {**threat, "layers": ["emergency"]}
    task(table=layers("PIV"), duties="day", threats=[layers_now]).duties.require_force()


def test_only_buyers_whose_duties_move_are_slow_unless_told_otherwise() -> None:
    duty = Situation("keep", frozenset({"duty"}), NOTHING)
    one = task(KEEP, duty, threats=[made.THREAT], slow="buyers-hit", elasticity=path(0.8, 2.5))
    one = replace(one, hit=buyers_moved(one, {}))
    assert dict(one.hit) == {"ONE": ("GDS",)}
    world = one.world(sigmas(one.inputs, {}, 0.5), {})
    theta = world.placed.trade_elasticity
    labels = world.labels
    assert theta[labels.sector_index("GDS"), labels.region_index("ONE")] == pytest.approx(-0.2)
    assert theta[labels.sector_index("GDS"), labels.region_index("PIV")] == pytest.approx(1.5)


def test_workers_change_no_number() -> None:
    inputs = made.block()
    beliefs = draw(quantities(inputs).values(), 8, 0)
    one = task(KEEP, STOP)
    alone = solve_draws(one, beliefs)().solved
    with ThreadPoolExecutor(2) as pool:
        shared = solve_draws(one, beliefs, pool)().solved
    assert [x.read.tolist() for x in alone] == [x.read.tolist() for x in shared]


def test_other_starts_are_tried_below_a_sigma_of_one_alone() -> None:
    first = made.believed("first", 0.8, 0.7, 1.2)
    below = made.block(
        options=[made.KEEP, made.STOP],
        elasticity={"first_year": first, "long_run": 2.0, "speed": 3.5},
    )
    beliefs = draw(quantities(below).values(), 8, 0)
    asked = replace(task(KEEP, STOP), inputs=below)
    commodity = {"sector": "GAS", "replace": 3.0, "grades": 3.0}
    gas = AnswerInputs.model_validate({**dict(below), "commodities": (commodity,)})
    found = seconds(replace(asked, inputs=gas), beliefs)()
    assert found.tried == 4
    assert found.found == ()
    above = task(KEEP, STOP)
    assert seconds(above, draw(quantities(above.inputs).values(), 8, 0))().tried == 0


def test_months_are_aged_by_one_clock() -> None:
    found = ages_of(date(2025, 1, 1), date(2025, 7, 1), 12)
    assert found[0] == pytest.approx(181 / 365.25 + 0.5 / 12)
    assert np.diff(found) == pytest.approx(1 / 12)


def test_the_first_year_ends_at_an_age_that_is_solved() -> None:
    """Elasticities bend there: between two ages on its sides a straight line would miss it."""
    assert nodes(np.linspace(0.5, 1.4, 12)) == (0.5, 1.0, 1.4)
    assert nodes(np.linspace(0.5, 3.0, 30)) == (0.5, 1.0, 2.0, 3.0)
    assert nodes(np.linspace(0.1, 0.9, 12)) == (0.1, 0.9)
    assert nodes(np.linspace(2.0, 2.5, 12)) == (2.0, 2.5)
    assert nodes(np.array([0.3])) == (0.3,)


def test_a_course_that_the_government_does_not_take_is_a_situation_of_its_own() -> None:
    stop = {"id": "keep", "title": "It obeys", "scenarios": ["stop"], "meets": {"no_gas": 1.0}}
    inputs = made.block(options=[stop], threats=[made.THREAT])
    beliefs = draw(quantities(inputs).values(), 8, 0)
    chain = calendar(inputs, inputs.keep, beliefs)
    acted, _ = situations(inputs, inputs.keep, chain)
    others, _ = situations(inputs, inputs.keep, chain, acted=False)
    one = task(*acted[:1], *others[:1], options=[stop], threats=[made.THREAT])
    taken, left = solve_draw(one, {}).read[0]
    assert taken[1] == 0.0
    assert left[1] > 0.9


def test_months_between_two_ages_lie_on_the_line_between_them_and_beyond_on_the_last() -> None:
    read = np.array([[[[1.0]], [[3.0]]]])
    found = interpolated(read, (0.5, 1.5), np.array([0.25, 0.5, 0.75, 1.5, 2.0]))
    assert found[0, :, 0, 0] == pytest.approx([1.0, 1.0, 1.5, 3.0, 3.0])
