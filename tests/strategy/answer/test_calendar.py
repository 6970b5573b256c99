"""The calendar is exact, adds up, and is what a long simulation finds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from strategy.answer import made
from tula.numbers.record import quantities
from tula.strategy.answer.beliefs import Beliefs, draw
from tula.strategy.answer.calendar import (
    HONOURED,
    OFF,
    OFFER,
    ON,
    Calendar,
    calendar,
    dated,
    monthly,
)
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.policies import situations

PENALTY = {
    **made.THREAT,
    "months": made.believed("months", 10.0, 3.0, 60.0),
    "back": 0.1,
    "honoured": made.believed("honoured", 0.5, 0.1, 0.9),
}
EVENT = {**made.SHUNNED, "now": 0.8, "months": 12.0, "back": 0.2}
COURT = {"id": "court", "title": "A ruling", "chance": 0.5, "ends": ["duty"]}
DEAL = {"by": "ONE", "gives": ["gift"], "lifts": ["duty"], "honoured": 0.6}


def study(**changes: Any) -> AnswerInputs:
    """Return a study with a threat, an event, a cause and an offer."""
    options = [
        {"id": "keep", "title": "On"},
        {"id": "stop", "title": "Off", "scenarios": ["stop"], "meets": {"no_gas": 1.0}},
        {"id": "deal", "title": "Deal", "scenarios": ["stop"], "offer": DEAL},
    ]
    parts = {"threats": [PENALTY], "events": [EVENT], "causes": [COURT], "options": options}
    return made.block(**{**parts, **changes})


def beliefs_of(inputs: AnswerInputs) -> Beliefs:
    """Return eight draws."""
    return draw(quantities(inputs).values(), 8, 0)


@pytest.mark.parametrize("course", [0, 1, 2])
def test_chances_of_every_month_add_up_to_one_and_agree_with_paths(course: int) -> None:
    inputs = study()
    chain = calendar(inputs, inputs.options[course], beliefs_of(inputs))
    assert chain.chances.sum(axis=2) == pytest.approx(1.0, abs=1e-12)
    uniform = np.random.default_rng(0).random((chain.uniforms, 9, 4000))
    joint = chain.paths(uniform)
    found = np.stack([(joint == j).mean(axis=1) for j in range(len(chain.states))], axis=-1)
    assert np.abs(found - chain.chances).max() < 0.03


@pytest.mark.parametrize("ends", [False, True])
def test_a_cause_known_to_happen_weighs_up_to_the_chain_as_believed(ends: bool) -> None:
    court = {**COURT, "months": 4.0} if ends else COURT
    inputs = study(causes=[court])
    beliefs, course = beliefs_of(inputs), inputs.options[0]
    chain = calendar(inputs, course, beliefs)
    months = range(2, chain.months + 1)
    known = {m: dated(chain, inputs, beliefs, "court", m) for m in (0, *months)}
    assert known[0].on("court").max() == 0.0
    for month in months:
        assert known[month].on("court")[:, : month - 1].max() == 0.0
        assert known[month].on("court")[:, month - 1] == pytest.approx(1.0)
    if not ends:
        p = monthly(np.full(chain.draws, 0.5))[0]
        weighed = (1.0 - p) ** (chain.months - 1) * known[0].chances
        for month in months:
            weighed = weighed + p * (1.0 - p) ** (month - 2) * known[month].chances
        assert weighed == pytest.approx(chain.chances, abs=1e-12)


@pytest.mark.parametrize("course", [0, 1, 2])
def test_what_does_not_move_the_world_can_be_left_out(course: int) -> None:
    idle = {
        "id": "idle",
        "title": "A bank shuts",
        "carried": {"gas": 0.9},
        "now": 0.3,
        "months": 5.0,
    }
    inputs = study(events=[EVENT, {**idle, "back": 0.2}])
    beliefs, one = beliefs_of(inputs), inputs.options[course]
    whole, part = calendar(inputs, one, beliefs), calendar(inputs, one, beliefs, world=True)
    assert set(whole.axes) - set(part.axes) == {"idle"}
    for name in part.axes:
        np.testing.assert_allclose(part.on(name), whole.on(name), rtol=1e-12)
    pair = [name for name in part.axes if name in ("duty", "court")]
    both = [
        chain.chances[..., (chain.states[:, [chain.axes.index(n) for n in pair]] == ON).all(axis=1)]
        for chain in (whole, part)
    ]
    np.testing.assert_allclose(both[0].sum(axis=2), both[1].sum(axis=2), rtol=1e-12)


def test_it_agrees_with_a_simulation_written_without_it() -> None:
    inputs = study()
    chain = calendar(inputs, inputs.keep, beliefs_of(inputs))
    rng, count = np.random.default_rng(1), 100_000
    duty, heeded, ruled = np.ones(count, bool), rng.random(count) < 0.8, np.zeros(count, bool)

    def a_month(chance: float) -> float:
        return float(1.0 - (1.0 - chance) ** (1 / 12))

    for month in range(12):
        assert chain.on("duty")[0, month] == pytest.approx(duty.mean(), abs=0.006)
        assert chain.on("shunned")[0, month] == pytest.approx(heeded.mean(), abs=0.006)
        assert chain.on("court")[0, month] == pytest.approx(ruled.mean(), abs=0.006)
        ruled |= rng.random(count) < a_month(0.5)
        u = rng.random(count)
        duty = ~ruled & np.where(duty, u > 1 / 10, u < a_month(0.1))
        u = rng.random(count)
        heeded = np.where(heeded, u > 1 / 12, u < a_month(0.2))


def test_a_chance_a_year_is_what_twelve_of_its_months_make() -> None:
    for chance in (0.0, 0.3, 1.0):
        left = (1.0 - monthly(np.array([chance]))[0]) ** 12
        assert 1.0 - left == pytest.approx(chance)


def test_a_threat_ends_a_month_after_its_demand_is_met_and_stays_away() -> None:
    inputs = study(causes=[], threats=[{**PENALTY, "honoured": 1.0}])
    chain = calendar(inputs, inputs.options[1], beliefs_of(inputs))
    assert chain.on("duty")[:, 0] == pytest.approx(1.0)
    assert chain.on("duty")[:, 1:].max() == 0.0
    again = study(causes=[], threats=[{**PENALTY, "honoured": 1.0, "again": 0.5}])
    assert calendar(again, again.options[1], beliefs_of(again)).on("duty")[0, 2] > 0.0


def test_a_demand_met_by_less_than_it_takes_ends_nothing() -> None:
    half = {"id": "half", "title": "Half", "meets": {"no_gas": 0.5}}
    inputs = study(causes=[], options=[{"id": "keep", "title": "On"}, half])
    beliefs = beliefs_of(inputs)
    kept, less = (calendar(inputs, one, beliefs).on("duty") for one in inputs.options)
    assert less == pytest.approx(kept)


def test_what_an_offer_gives_and_what_it_lifts_come_together() -> None:
    inputs = study()
    chain = calendar(inputs, inputs.options[2], beliefs_of(inputs))
    offer, duty = chain.axes.index(OFFER), chain.axes.index("duty")
    kept = chain.states[:, offer] == ON
    assert chain.chances[:, 1:, kept].sum(axis=2) == pytest.approx(0.6)
    standing = kept & (chain.states[:, duty] == ON)
    assert chain.chances[:, :, standing].sum() == 0.0


def test_what_a_cause_ends_is_over_for_good() -> None:
    inputs = study()
    chain = calendar(inputs, inputs.keep, beliefs_of(inputs))
    ruled = chain.states[:, chain.axes.index("court")] == ON
    off = chain.states[:, chain.axes.index("duty")] == OFF
    assert chain.chances[:, :, ruled & ~off].sum() == 0.0
    assert chain.chances[:, :, ruled].sum() > 0.0


#: A ceasefire that may break, and a crisis that brings what it ends.
CEASEFIRE = {
    "id": "ceasefire", "title": "A ceasefire", "now": 0.3, "chance": 0.6, "months": 4.0,
    "ends": ["duty", "shunned"], "returns": {"duty": 0.7, "shunned": 0.4},
}  # fmt: skip
CRISIS = {
    "id": "crisis", "title": "A crisis", "chance": 0.5, "months": 3.0,
    "brings": {"duty": 0.9, "shunned": 0.5},
}  # fmt: skip


def again(course: int = 0) -> Calendar:
    """Return the chain of a study whose causes come back."""
    duty = {**PENALTY, "now": 0.9}
    inputs = study(causes=[CEASEFIRE, CRISIS], threats=[duty])
    return calendar(inputs, inputs.options[course], beliefs_of(inputs))


@pytest.mark.parametrize("course", [0, 1, 2])
def test_causes_that_come_back_leave_the_chances_exact(course: int) -> None:
    chain = again(course)
    assert chain.chances.sum(axis=2) == pytest.approx(1.0, abs=1e-12)
    assert chain.chances.min() >= 0.0
    joint = chain.paths(np.random.default_rng(0).random((chain.uniforms, 9, 4000)))
    found = np.stack([(joint == j).mean(axis=1) for j in range(len(chain.states))], axis=-1)
    assert np.abs(found - chain.chances).max() < 0.03


def test_common_causes_agree_with_a_long_simulation_written_without_them() -> None:
    """Two threats end and come back together: their joint chance is no product of two."""
    chain = again()
    rng, count = np.random.default_rng(2), 200_000
    calm, crisis = rng.random(count) < 0.3, np.zeros(count, bool)
    duty, heeded = rng.random(count) < 0.9, rng.random(count) < 0.8
    duty, heeded = duty & ~calm, heeded & ~calm

    def a_month(chance: float) -> float:
        return float(1.0 - (1.0 - chance) ** (1 / 12))

    def turned(on: Any, comes: float, lasts: float, came: Any, over: Any, at: Any) -> Any:
        u, v, w = rng.random((3, count))
        by_itself = np.where(on, u > 1 / lasts, u < a_month(comes))
        return (by_itself | (came & (v < at[0])) | (over & (w < at[1]))) & ~calm

    axes = [chain.axes.index(name) for name in ("duty", "shunned")]
    both = (chain.states[:, axes] == ON).all(axis=1)
    apart = 0.0
    for month in range(12):
        for name, stands in (("duty", duty), ("shunned", heeded), ("ceasefire", calm)):
            assert chain.on(name)[0, month] == pytest.approx(stands.mean(), abs=0.005)
        joint = float(chain.chances[0, month, both].sum())
        assert joint == pytest.approx((duty & heeded).mean(), abs=0.005)
        apart = max(apart, joint - chain.on("duty")[0, month] * chain.on("shunned")[0, month])
        was, tense = calm, crisis
        calm = np.where(was, rng.random(count) > 1 / 4, rng.random(count) < a_month(0.6))
        crisis = np.where(tense, rng.random(count) > 1 / 3, rng.random(count) < a_month(0.5))
        over, came = was & ~calm, crisis & ~tense
        duty = turned(duty, 0.1, 10.0, came, over, (0.9, 0.7))
        heeded = turned(heeded, 0.2, 12.0, came, over, (0.5, 0.4))
    assert apart > 0.02


def test_a_cause_that_lasts_for_good_is_one_that_never_ends() -> None:
    ever = {**CEASEFIRE, "now": 0.0, "returns": {}, "months": None}
    lasts = {**ever, "months": 1e9, "returns": {"duty": 1.0}}
    first, second = (
        calendar(inputs, inputs.keep, beliefs_of(inputs))
        for inputs in (study(causes=[ever]), study(causes=[lasts]))
    )
    assert second.on("duty") == pytest.approx(first.on("duty"), abs=1e-7)


def test_what_stands_on_the_day_is_off_where_its_ender_does() -> None:
    chain = again()
    assert chain.on("duty")[0, 0] == pytest.approx(0.9 * 0.7)
    assert chain.on("ceasefire")[0, 0] == pytest.approx(0.3)


def test_causes_that_contradict_themselves_are_refused() -> None:
    wrong = {**CEASEFIRE, "months": None, "brings": {"duty": 1.0, "dutty": 1.0}}
    with pytest.raises(ValidationError) as told:
        study(causes=[wrong])
    assert "nothing returns from what stands for good" in str(told.value)
    assert "'duty' is ended by it as well" in str(told.value)
    with pytest.raises(ValidationError, match="did you mean 'duty'"):
        study(causes=[{**CRISIS, "brings": {"dutty": 1.0}}])


def test_situations_are_what_can_arise_and_moves_the_world() -> None:
    inputs = study()
    chain = calendar(inputs, inputs.options[1], beliefs_of(inputs))
    found, index = situations(inputs, inputs.options[1], chain)
    assert {one.on for one in found} == {
        frozenset(),
        frozenset({"duty"}),
        frozenset({"shunned"}),
        frozenset({"duty", "shunned"}),
    }
    assert not any(one.fired for one in found)
    ended = chain.states[:, chain.axes.index("duty")] == HONOURED
    assert all("duty" not in found[n].on for n in index[ended])


def test_too_many_switches_are_refused() -> None:
    events = [{**EVENT, "id": f"event{n}"} for n in range(17)]
    inputs = study(events=events)
    with pytest.raises(AnswerError, match="joint states"):
        calendar(inputs, inputs.keep, beliefs_of(inputs))


def test_without_anything_that_may_happen_there_is_one_state() -> None:
    inputs = made.block()
    chain: Calendar = calendar(inputs, inputs.keep, beliefs_of(inputs))
    assert chain.chances.shape == (9, 12, 1)
    assert chain.paths(np.zeros((0, 9, 3))).shape == (9, 3, 12)
