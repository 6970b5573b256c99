"""The five states of a balance: exclusive, exhaustive, tested in the announced order."""

from __future__ import annotations

from math import inf, nan

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from tula.strategy.balance.states import Standing, State, Verdict, judge

LOSS, CONFIDENCE = 0.02, 0.9
#: A balance that holds and costs nothing.
WHOLE = Standing({"A": 0.01, "B": 0.02}, {"A": False}, {"oil": 0.95, "market": 0.9}, -1.0)

chances = st.floats(0.0, 1.0) | st.just(nan)
losses = st.floats(-0.1, 0.1) | st.sampled_from([nan, inf])
standings = st.builds(
    Standing,
    losses=st.dictionaries(st.sampled_from("AB"), losses),
    met=st.dictionaries(st.sampled_from("AB"), st.booleans()),
    access=st.dictionaries(st.sampled_from(["oil", "market", "payments"]), chances),
    price=st.floats(-10.0, 10.0) | st.just(nan),
)


def _state(**changed: object) -> State:
    fields = {name: getattr(WHOLE, name) for name in ("losses", "met", "access", "price")}
    return judge(Standing(**{**fields, **changed}), LOSS, CONFIDENCE).state


def _fails(standing: Standing) -> dict[State, bool]:
    """Each condition by itself, written without the order."""
    return {
        State.CAPTURED: not all(lost <= LOSS + 1e-9 for lost in standing.losses.values()),
        State.ALIGNED: any(standing.met.values()),
        State.HOLLOW: not all(one >= CONFIDENCE - 1e-9 for one in standing.access.values()),
        State.COSTLY: not standing.price <= 1e-9,
        State.FREE: True,
    }


@settings(max_examples=300)
@given(standings)
def test_the_state_is_the_first_in_the_announced_order_whose_condition_fails(
    standing: Standing,
) -> None:
    order = ("captured", "aligned", "hollow", "costly", "free")
    failing = _fails(standing)
    first = next(name for name in order if failing[State(name)])
    assert judge(standing, LOSS, CONFIDENCE).state == first


def test_there_are_five_states_and_three_of_them_are_broken() -> None:
    assert [str(state) for state in State] == ["captured", "aligned", "hollow", "costly", "free"]
    assert [state.broken for state in State] == [True, True, True, False, False]


def test_each_condition_alone_brings_its_own_state() -> None:
    assert _state() is State.FREE
    assert _state(price=0.1) is State.COSTLY
    assert _state(access={"oil": 0.89}) is State.HOLLOW
    assert _state(met={"A": False, "B": True}) is State.ALIGNED
    assert _state(losses={"A": 0.021}) is State.CAPTURED


@settings(max_examples=100)
@given(standings)
def test_those_named_are_those_who_fail_the_condition_of_the_state(standing: Standing) -> None:
    verdict = judge(standing, LOSS, CONFIDENCE)
    judged = {
        State.CAPTURED: {n for n, lost in standing.losses.items() if not lost <= LOSS + 1e-9},
        State.ALIGNED: {name for name, met in standing.met.items() if met},
        State.HOLLOW: {n for n, one in standing.access.items() if not one >= CONFIDENCE - 1e-9},
    }
    assert set(verdict.by) == judged.get(verdict.state, set())
    assert bool(verdict.by) == verdict.state.broken


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"losses": {"A": nan}}, State.CAPTURED),
        ({"access": {"oil": nan}}, State.HOLLOW),
        ({"price": nan}, State.COSTLY),
    ],
)
def test_a_number_that_is_not_known_fails_its_test(
    changed: dict[str, object], state: State
) -> None:
    assert _state(**changed) is state


def test_a_threshold_met_exactly_or_within_rounding_holds() -> None:
    edge = Standing({"A": LOSS + 1e-12}, {}, {"oil": CONFIDENCE - 1e-12}, 1e-12)
    assert judge(edge, LOSS, CONFIDENCE) == Verdict(State.FREE)


def test_a_balance_that_nobody_asks_anything_of_is_judged_by_its_price() -> None:
    assert judge(Standing({}, {}, {}, 0.0), LOSS, CONFIDENCE).state is State.FREE
    assert judge(Standing({}, {}, {}, 1.0), LOSS, CONFIDENCE).state is State.COSTLY
