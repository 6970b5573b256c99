"""Survival by month against closed forms and against simulation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tula.uncertainty.survival import (
    MOST_SWITCHES,
    SurvivalError,
    Switch,
    chance_of_ending,
    hazard,
    monthly,
    survival,
)

MONTHS = np.arange(37)


def _switch(name: str, arrives: float = 0.0, ends: float = 0.0, on: bool = False) -> Switch:
    return Switch(name=name, arrives=arrives, ends=ends, on=on)


def _any(on: frozenset[str]) -> bool:
    return bool(on)


@pytest.mark.parametrize("yearly", [0.0, 1e-9, 0.3, 0.999, 1.0])
def test_twelve_monthly_probabilities_make_up_the_yearly_one(yearly: float) -> None:
    assert 1.0 - (1.0 - monthly(yearly)) ** 12 == pytest.approx(yearly, rel=1e-6)


@pytest.mark.parametrize("lasts", [1.0 / 12.0, 0.5, 3.0, 1e6])
def test_what_ends_by_its_mean_duration_lasts_that_long_on_average(lasts: float) -> None:
    each_month = monthly(chance_of_ending(lasts))
    assert 1.0 / each_month == pytest.approx(12.0 * lasts)


def test_what_lasts_for_ever_never_ends() -> None:
    assert chance_of_ending(np.inf) == 0.0


@pytest.mark.parametrize("lasts", [0.0, -1.0, np.nan])
def test_a_duration_that_is_none_is_refused(lasts: float) -> None:
    with pytest.raises(SurvivalError, match="above zero"):
        chance_of_ending(lasts)


def test_one_switch_that_breaks_is_survived_with_its_yearly_chance() -> None:
    curve = survival([_switch("ban", 0.3)], _any, 36)
    np.testing.assert_allclose(curve, 0.7 ** (MONTHS / 12.0), rtol=1e-12)


def test_two_independent_switches_multiply() -> None:
    curve = survival([_switch("ban", 0.3), _switch("war", 0.1)], _any, 36)
    np.testing.assert_allclose(curve, (0.7 * 0.9) ** (MONTHS / 12.0), rtol=1e-12)


def test_what_is_broken_from_the_start_does_not_survive_month_zero() -> None:
    curve = survival([_switch("ban", 0.3, ends=0.9, on=True)], _any, 4)
    np.testing.assert_array_equal(curve, 0.0)


def test_what_nothing_breaks_survives_whatever_turns_on() -> None:
    switches = [_switch("ban", 0.3, 0.7), _switch("war", 0.2, 0.6, on=True)]
    curve = survival(switches, lambda on: False, 240)
    np.testing.assert_allclose(curve, 1.0, rtol=1e-12)
    assert (np.diff(curve) <= 0.0).all()


def test_a_break_lasts_though_the_switch_that_caused_it_turns_off() -> None:
    passing, lasting = _switch("ban", 0.3, ends=1.0), _switch("ban", 0.3)
    np.testing.assert_allclose(
        survival([passing], _any, 36), survival([lasting], _any, 36), rtol=1e-12
    )


def test_a_waiver_that_ends_breaks_what_it_protected() -> None:
    curve = survival([_switch("waiver", ends=0.4, on=True)], lambda on: "waiver" not in on, 36)
    np.testing.assert_allclose(curve, 0.6 ** (MONTHS / 12.0), rtol=1e-12)


def test_a_sure_arrival_comes_in_the_first_month() -> None:
    np.testing.assert_array_equal(survival([_switch("ban", 1.0)], _any, 2), [1.0, 0.0, 0.0])


def test_without_switches_the_world_stays_as_it_is() -> None:
    np.testing.assert_array_equal(survival([], lambda on: False, 2), 1.0)
    np.testing.assert_array_equal(survival([], lambda on: True, 2), 0.0)


def test_breaking_only_together_needs_both_on_at_once() -> None:
    """Against the matrix of the four states, written out."""
    ban, war = _switch("ban", 0.5, 0.4), _switch("war", 0.3, 0.8, on=True)
    steps = [
        np.array(
            [[1 - monthly(s.arrives), monthly(s.arrives)], [monthly(s.ends), 1 - monthly(s.ends)]]
        )
        for s in (ban, war)
    ]
    joint = np.kron(*steps)[:3, :3]
    start = np.array([0.0, 1.0, 0.0])
    expected = [(start @ np.linalg.matrix_power(joint, month)).sum() for month in MONTHS]
    curve = survival([ban, war], lambda on: len(on) == 2, 36)
    np.testing.assert_allclose(curve, expected, rtol=1e-12)


def test_simulation_of_three_switches_agrees() -> None:
    switches = [_switch("a", 0.5, 0.6), _switch("b", 0.4, 0.3, on=True), _switch("c", 0.6, 0.9)]
    generator, paths = np.random.default_rng(1), 40_000
    arrives = np.array([monthly(switch.arrives) for switch in switches])
    ends = np.array([monthly(switch.ends) for switch in switches])
    on = np.tile([switch.on for switch in switches], (paths, 1))
    alive, shares = np.ones(paths, dtype=bool), [1.0]
    for _ in range(24):
        on ^= generator.random(on.shape) < np.where(on, ends, arrives)
        alive &= ~((on[:, 0] & on[:, 1]) | (on[:, 2] & ~on[:, 1]))
        shares.append(alive.mean())
    exact = survival(switches, lambda on: {"a", "b"} <= on or ("c" in on and "b" not in on), 24)
    np.testing.assert_allclose(shares, exact, atol=5.0 * 0.5 / np.sqrt(paths))


def test_every_state_is_asked_about_once() -> None:
    asked: list[frozenset[str]] = []
    switches = [_switch(name, 0.1) for name in "abc"]
    survival(switches, lambda on: asked.append(on) is not None, 6)
    assert len(asked) == len(set(asked)) == 8
    assert frozenset("abc") in asked


def test_the_hazard_of_one_switch_is_its_monthly_probability() -> None:
    curve = survival([_switch("ban", 0.3)], _any, 36)
    np.testing.assert_allclose(hazard(curve), monthly(0.3), rtol=1e-10)


def test_there_is_no_hazard_once_nothing_is_left() -> None:
    np.testing.assert_array_equal(hazard(np.array([1.0, 0.5, 0.0, 0.0])), [0.5, 1.0, np.nan])


@pytest.mark.parametrize("curve", [[0.5, 0.6], [1.1, 1.0], [1.0, -0.1], [1.0, np.nan]])
def test_the_hazard_of_a_curve_that_is_no_survival_curve_is_refused(curve: list[float]) -> None:
    with pytest.raises(SurvivalError, match="expected a curve that falls"):
        hazard(np.array(curve))


@pytest.mark.parametrize("given", [{"arrives": 1.2}, {"ends": -0.1}, {"arrives": np.nan}, {"x": 1}])
def test_a_switch_with_impossible_chances_or_unknown_keys_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Switch(**{"name": "ban", "arrives": 0.1, "ends": 0.1, "on": False, **given})


def test_all_problems_of_the_switches_are_told_at_once() -> None:
    switches = [_switch("ban")] * (MOST_SWITCHES + 1)
    with pytest.raises(SurvivalError, match=r"named 17 times; at most 16 .*; months must not"):
        survival(switches, _any, -1)
