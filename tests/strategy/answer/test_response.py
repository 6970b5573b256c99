"""Flows, incomes and what they answer to beliefs agree with what is solved."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np
import pytest

import tula.strategy.answer.answer as recipe
from strategy.answer import made
from tula.strategy.answer.alone import alone
from tula.strategy.answer.beliefs import Beliefs
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.flows import PATHS, Chains, Months, Paths, Way
from tula.strategy.answer.margins import Powers, powers
from tula.strategy.answer.moving import left_out, moving
from tula.strategy.answer.response import Look, Response
from tula.strategy.answer.scenarios import Leaf, Scenario, scenarios_of
from tula.strategy.answer.states import Task, solve_draws
from tula.strategy.answer.turning import joint, one_by_one, plane

LEFT = made.believed("left", 0.5, 0.3, 0.9)
#: Where label and sign turn as a stepped look has them.
LABEL, SIGN = 0.7, 0.4
EVENT = {
    **made.SHUNNED,
    "scenarios": ["some"],
    "now": made.believed("now", 0.6, 0.2, 0.9),
    "months": made.believed("months", 8.0, 3.0, 24.0),
    "carried": {"goods": 0.9},
    "rent_lost": 0.5,
}


@cache
def solved(draws: int = 32) -> tuple[Task, Beliefs, np.ndarray, Powers]:
    """Return the solved draws of a study with three beliefs that move the world and two others."""
    inputs = made.block(events=[EVENT], threats=[made.THREAT], options=[made.KEEP, made.STOP])
    (shunned,) = made.scenarios()["shunned"]
    given: dict[str, Any] = {
        **made.scenarios(),
        "some": Scenario((shunned,), (Leaf(0, "at", LEFT),)),
    }
    known = scenarios_of(given, inputs.scenarios)
    beliefs = recipe._drawn(inputs, known, draws, 0)
    chances = recipe._chances(inputs, beliefs)
    task = recipe._task(inputs, made.world(), known, None, beliefs, chances)
    read = np.stack([one.read for one in solve_draws(task, beliefs)().solved])
    return task, beliefs, read, powers(task, beliefs)()


def months() -> Months:
    """Return the solved world by month."""
    task, _, read, _ = solved()
    number = {one: n for n, one in enumerate(task.situations)}
    return Months(task.inputs, read, task.ages, task.months, number)


def response() -> Response:
    """Return the response of the solved draws, the medians not among them."""
    task, beliefs, read, power = solved()
    rows = np.arange(1, len(read))
    moved = moving(task.inputs, task.scenarios, beliefs, task.situations)
    found = replace(months(), read=read[1:])
    best = task.inputs.options[1]
    return Response(found, beliefs.rows(rows), power.rows(rows), moved, best, 0)


def along(found: Months, way: Way, paths: Paths, reading: int) -> np.ndarray:
    """Return one reading of the world along paths."""
    _, beliefs, _, _ = solved()
    chain, read = found.chain(way, beliefs), found.by_month()[..., reading]
    draws, places = np.arange(len(read))[:, None, None], np.arange(12)[None, None, :]
    return read[draws, places, chain.solved[chain.place[paths.joint]]]


@pytest.mark.long
def test_an_expected_income_is_the_mean_over_many_paths() -> None:
    task, beliefs, _, _ = solved()
    found, way = months(), Way(task.inputs.keep)
    paths = found.follow(way, beliefs, 0, 1000)
    pivot = along(found, way, paths, found.ties).mean(axis=(1, 2))
    assert found.income(way, beliefs)[:, 0] == pytest.approx(pivot, rel=0.1, abs=0.05)


@pytest.mark.slow
def test_what_an_event_leaves_of_a_tie_multiplies_what_the_world_does_to_it() -> None:
    task, beliefs, _, _ = solved()
    found, way = months(), Way(task.inputs.keep)
    paths = found.follow(way, beliefs, 0, 50)
    stands = paths.chain.states[paths.joint][..., paths.chain.axes.index("shunned")] == 1
    goods = along(found, way, paths, 0)
    assert paths.flow[..., 0] == pytest.approx(np.where(stands, 0.9, 1.0) * goods)
    assert paths.kept == pytest.approx(paths.flow.mean(axis=2))


@pytest.mark.slow
def test_beliefs_that_move_the_world_are_told_from_those_of_the_calendar() -> None:
    task, beliefs, _, _ = solved()
    found = moving(task.inputs, task.scenarios, beliefs, task.situations)
    assert found.names == ("first", "left", "replace")
    assert found.powers == {"replace"}


@pytest.mark.slow
def test_a_belief_about_what_does_not_stand_moves_nothing_there() -> None:
    found = response()
    task, *_ = solved()
    stands = [bool(one.on & {"shunned"}) for one in task.situations]
    assert any(stands) and not all(stands)
    assert [("left" in names) for names in found.moving.situations] == stands
    moved, _ = found.at(found.beliefs.held("left", 0.75))
    still, _ = found.at(found.beliefs)
    same = [np.array_equal(moved.read[:, :, n], still.read[:, :, n]) for n in range(len(stands))]
    assert same == [not one for one in stands]


def test_each_draw_is_foretold_by_the_others_alone() -> None:
    rng = np.random.default_rng(0)
    for draws, terms in ((12, 4), (8, 8), (8, 20)):
        known = np.hstack([np.ones((draws, 1)), rng.normal(size=(draws, terms - 1))])
        values = rng.normal(size=(draws, 3))
        for out in range(draws):
            rest = np.arange(draws) != out
            fit = np.linalg.lstsq(known[rest], values[rest], rcond=None)[0]
            error = values[out] - known[out] @ fit
            assert left_out(known, values)[out] == pytest.approx(error)


@pytest.mark.parametrize("best", [True, False])
def test_what_is_told_of_the_fit_is_of_the_courses_that_are_read(best: bool) -> None:
    found = response() if best else replace(response(), best=None)
    number = found.months.number
    stop = [n for one, n in number.items() if one.course == found.inputs.options[1].id]
    assert stop
    read = found.months.read.copy()
    read[:, :, stop] = np.random.default_rng(0).normal(size=read[:, :, stop].shape)
    worse = replace(found, months=replace(found.months, read=read)).explained
    if best:
        assert worse < found.explained
    else:
        assert worse == pytest.approx(found.explained)


def test_what_is_told_of_the_fit_is_not_of_what_rivals_earn() -> None:
    """Odds and price do not read it: how well it is fitted says nothing of them."""
    found = response()
    read = found.months.read.copy()
    theirs = read[..., found.months.ties + 1 :]
    theirs[:] = np.random.default_rng(0).normal(size=theirs.shape)
    spoilt = replace(found, months=replace(found.months, read=read))
    assert spoilt.explained == pytest.approx(found.explained)


@pytest.mark.slow
def test_the_fit_finds_what_solving_anew_finds() -> None:
    task, _, _, _ = solved()
    found = response()
    assert found.explained > 0.95
    there = found.beliefs.held("left", 0.75)
    anew = np.stack([one.read for one in solve_draws(task, there.rows(np.arange(8)))().solved])
    fitted, _ = found.at(there)
    assert np.abs(fitted.read[:8] - anew).max() < 0.03


@pytest.mark.slow
def test_the_calendar_is_exact_at_any_belief() -> None:
    found = response()
    sure = found.look(found.beliefs.held("now", 0.2), paths=2000)
    rare = found.look(found.beliefs.held("now", 0.9), paths=2000)
    assert sure.odds > rare.odds
    assert found.look(found.beliefs).held.shape == (32, 100)


class Stepped(Look):
    """Odds and price with a step each in one belief, where a line between three values errs."""

    @property
    def left(self) -> float:
        """The belief, held in all draws."""
        return self.beliefs.at(0)["left"]

    @property
    def odds(self) -> float:
        """Far above one line from there on."""
        return 0.95 if self.left > LABEL else 0.7

    @property
    def price(self) -> np.ndarray:  # type: ignore[override]
        """Just above zero up to there."""
        return np.array([0.1 if self.left < SIGN else -9.0])


@pytest.mark.slow
def test_a_turning_point_is_where_it_turns_and_not_where_a_line_would(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = response()
    monkeypatch.setattr(
        Response, "look", lambda self, beliefs: Stepped(self, beliefs, (), PATHS, None)
    )
    told = next(one for one in one_by_one(found)() if one.belief == "left")
    assert told.turns_at == pytest.approx(LABEL, abs=0.01)
    assert told.price_turns_at == pytest.approx(SIGN, abs=0.01)


@pytest.mark.slow
def test_turning_points_lie_where_the_label_turns() -> None:
    found = response()
    turns = one_by_one(found)()
    assert {one.belief for one in turns[:2]} <= {"left", "now", "months"}
    told = plane(found, turns)()
    assert told is not None
    assert np.shape(told.odds) == (5, 5)
    label, price = joint(found, turns)()
    assert label.distance is not None
    assert 0.0 < label.distance < 3.0
    step = np.array([label.steps[name] for name in found.beliefs.names])
    assert np.linalg.norm(step) == pytest.approx(label.distance)
    from tula.strategy.answer.label import word

    assert word(found.look(found.beliefs.shifted(step), paths=PATHS).odds) == label.to
    assert word(found.look(found.beliefs.shifted(0.9 * step), paths=PATHS).odds) != label.to
    assert price.what == "price"


@pytest.mark.slow
def test_a_course_by_itself_is_worth_what_its_scenario_is_without_threats() -> None:
    found = response()
    stop = found.inputs.options[1]
    told = alone(found, stop)
    assert told is not None
    calm = [
        n
        for one in (stop, found.inputs.keep)
        for s, n in found.months.number.items()
        if s.course == one.id and not s.on and not s.fired
    ]
    income = months().by_month()[1:, ..., months().ties].mean(axis=1)
    worth = income[:, calm[0]] - income[:, calm[1]]
    assert told.worth.median == pytest.approx(np.median(worth))
    assert {one.belief for one in told.beliefs} <= {"first", "replace"}
    for one in told.beliefs:
        assert one.at == tuple(sorted(one.at))
        assert one.worth[0] != one.worth[-1]
    assert alone(found, found.inputs.keep) is None


@pytest.mark.slow
def test_what_arises_and_was_not_solved_is_named() -> None:
    found = response()
    keep = Way(found.inputs.keep)
    struck = next(one for one in found.months.number if one.course == keep.course.id and one.on)
    number = {one: n for one, n in found.months.number.items() if one != struck}
    less = replace(found.months, number=number, chains=Chains())
    for ask in (less.income, partial(less.follow, seed=0)):
        with pytest.raises(AnswerError, match=re.escape(f"{struck} was not solved")):
            ask(keep, found.beliefs)
