"""Who pays is what the certified solves of the answer's own situations say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import tula as tl
from strategy.answer import made
from strategy.answer.test_states import path, task
from tula.strategy.answer.answer import answer
from tula.strategy.answer.inputs import Course
from tula.strategy.answer.payers import WhoTold
from tula.strategy.answer.policies import Situation
from tula.strategy.answer.states import Task, solve_draw
from tula.strategy.answer.who import Who, pairs, who_pays
from tula.strategy.answer.worlds import sigmas

NOTHING: frozenset[str] = frozenset()
PLAIN = Situation("keep", NOTHING, NOTHING)
DUTY = PLAIN._replace(on=frozenset({"duty"}))
STOP = Course.model_validate(made.STOP)


def asked(*situations: Situation, **changes: Any) -> Task:
    """What is asked under a threat, at one age."""
    given = task(*situations, **{"threats": [made.THREAT], **changes})
    return replace(given, ages=(float(np.median(given.months)),))


def found(who: Who, name: str) -> WhoTold:
    """One pair."""
    return next(one for one in who.found if one.id == name)


def solved(given: Task, situation: Situation) -> tl.Solution:
    """The engine's own solution of a situation."""
    world = given.world(sigmas(given.inputs, {}, given.ages[0]), {})
    return tl.solve(world, given.shock(situation, {}), closure=given.closure)


def test_sectors_and_households_are_the_metrics_of_the_two_solves() -> None:
    given = asked()
    told = found(who_pays(given, {}, None), "duty")
    before, after = solved(given, PLAIN), solved(given, DUTY)
    at, metrics = {"region": "PIV"}, tl.metrics
    base = before.calibration.value_added[before.labels.region_index("PIV")] / 1e3
    moved = metrics.real_value_added(after).sel(at) - metrics.real_value_added(before).sel(at)
    assert told.change == pytest.approx(base * float(moved) / 100.0, rel=1e-9)
    assert told.change < 0.0
    money = (metrics.ev(after) - metrics.ev(before)) / 1e3
    ratio = (1 + metrics.real_income(after) / 100) / (1 + metrics.real_income(before) / 100)
    for one in told.households:
        assert one.change == pytest.approx(float(money.sel(region=one.id)), rel=1e-5, abs=1e-8)
        percent = 100.0 * (float(ratio.sel(region=one.id)) - 1.0)
        assert one.percent == pytest.approx(percent, rel=1e-5, abs=1e-8)


def test_sums_over_sectors_are_the_totals() -> None:
    for one in who_pays(asked(), {}, STOP).found:
        assert sum(cell.change for cell in one.sectors) == pytest.approx(one.change, rel=1e-9)
        assert sum(cell.before for cell in one.sectors) == pytest.approx(one.before, rel=1e-12)
        assert one.percent == pytest.approx(100.0 * one.change / one.before)


def test_incomes_are_those_that_the_answer_counts() -> None:
    given = asked(PLAIN, DUTY)
    read = solve_draw(given, {}).read[0]
    ties = len(given.inputs.critical)
    told = found(who_pays(given, {}, None), "duty")
    households = {one.id: one.change for one in told.households}
    for place, region in enumerate(("PIV", "ONE", "TWO")):
        counted = read[1, ties + place] - read[0, ties + place]
        assert households[region] == pytest.approx(counted, rel=1e-5, abs=1e-8)


def test_giving_in_is_set_beside_what_stands_on_the_day_and_then_ends() -> None:
    other = {**made.THREAT, "id": "other", "now": 0.2}
    deaf = {**made.THREAT, "id": "deaf", "demand": "arms"}
    demands = [*made.block().demands, {"id": "arms", "title": "No arms", "by": "ONE"}]
    inputs = made.block(threats=[made.THREAT, other, deaf], demands=demands)
    *threats, giving = pairs(inputs, {}, STOP)
    assert [one.id for one in threats] == ["duty", "other", "deaf"]
    assert {one.before for one in threats} == {PLAIN}
    assert giving.before == DUTY
    assert giving.after == Situation("stop", NOTHING, NOTHING)
    assert giving.beside == "It goes on, with A duty"


def test_an_offer_stands_in_what_giving_in_comes_to() -> None:
    offer = {"by": "ONE", "gives": ["gift"], "lifts": ["duty"], "honoured": 0.5}
    deal = Course.model_validate({"id": "deal", "title": "A deal", "offer": offer})
    *_, giving = pairs(made.block(threats=[made.THREAT]), {}, deal)
    assert giving.after == Situation("deal", NOTHING, NOTHING, offer=True)
    assert giving.before == DUTY


def test_rents_lost_in_part_are_the_mean_of_both_ends() -> None:
    def money(lost: float) -> float:
        threat = {**made.THREAT, "scenarios": ["shunned"], "rent_lost": lost}
        told = found(who_pays(asked(threats=[threat]), {}, None), "duty")
        return next(one.change for one in told.households if one.id == "PIV")

    assert money(0.25) == pytest.approx(0.75 * money(0.0) + 0.25 * money(1.0), rel=1e-9)
    assert money(1.0) < money(0.0)


def test_jobs_move_with_the_volume_of_value_added_where_they_are() -> None:
    whole = {"id": "all", "title": "everybody", "sectors": "all", "jobs": 4000}
    makers = {"id": "makers", "title": "makers", "sectors": "GDS", "jobs": 1000}
    given = asked(employment=[makers, whole])
    told = found(who_pays(given, {}, None), "duty")
    goods = next(one for one in told.sectors if one.id == "GDS")
    counted = {one.id: one for one in told.jobs}
    assert goods.volume is not None
    assert counted["makers"].change == pytest.approx(10.0 * goods.volume)
    assert counted["makers"].change < 0.0
    assert counted["all"].change == pytest.approx(0.0, abs=1e-6)


def test_a_pair_without_an_equilibrium_is_told_and_the_others_stand() -> None:
    wall = {**made.THREAT, "id": "wall", "title": "A wall", "scenarios": ["stop"]}
    given = asked(threats=[made.THREAT, wall], elasticity=path(0.7, 0.9))
    who = who_pays(given, {}, None)
    assert [one.id for one in who.found] == ["duty"]
    assert len(who.failures) == 1
    assert who.failures[0].startswith("A wall: ")


def test_the_answer_tells_it_and_nothing_where_nothing_threatens() -> None:
    def ask(**changes: Any) -> tuple[WhoTold, ...]:
        inputs = made.block(options=[made.KEEP, made.STOP], **changes)
        return answer(inputs, made.world(), made.scenarios(), draws=8).who

    assert [one.id for one in ask(threats=[made.THREAT])] == ["duty", "stop"]
    assert [one.id for one in ask()] == ["stop"]
