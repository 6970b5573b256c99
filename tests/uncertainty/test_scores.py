"""Scores of forecasts against closed forms, and what makes them proper."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm, triang

from tula.uncertainty.priors import Prior
from tula.uncertainty.scores import (
    ScoreError,
    brier,
    brier_of_states,
    crps_ensemble,
    crps_normal,
    crps_point,
    crps_prior,
    log_score,
    log_score_of_states,
    skill,
)

Array = np.ndarray


def _truth(happened: bool) -> Array:
    return np.array(happened)


def test_an_ensemble_scores_the_area_between_its_steps_and_the_outcomes() -> None:
    members, observed = np.array([3.0, 1.0, 7.0]), np.array(4.0)
    areas = [2.0 * (1 / 3) ** 2, 1.0 * (2 / 3) ** 2, 3.0 * (1 / 3) ** 2]
    assert crps_ensemble(members, observed) == pytest.approx(sum(areas), rel=1e-12)


def test_a_fair_score_is_the_mean_distance_less_half_that_between_different_members() -> None:
    members = np.array([3.0, 1.0, 7.0])
    expected = (1.0 + 3.0 + 3.0) / 3.0 - 0.5 * (2.0 + 4.0 + 6.0) / 3.0
    assert crps_ensemble(members, np.array(4.0), fair=True) == pytest.approx(expected, rel=1e-12)


def test_a_large_normal_ensemble_scores_as_the_normal_distribution() -> None:
    members = norm.ppf((np.arange(20_000) + 0.5) / 20_000, loc=2.0, scale=3.0)
    for observed in (-4.0, 2.0, 6.5):
        found = crps_ensemble(members, np.array(observed))
        expected = crps_normal(np.array(2.0), np.array(3.0), np.array(observed))
        assert found == pytest.approx(float(expected), rel=1e-4)


def test_a_normal_distribution_scores_the_integral_of_its_squared_error() -> None:
    below = quad(lambda x: norm.cdf(x, 2.0, 3.0) ** 2, -np.inf, 5.0)[0]
    above = quad(lambda x: norm.sf(x, 2.0, 3.0) ** 2, 5.0, np.inf)[0]
    found = crps_normal(np.array(2.0), np.array(3.0), np.array(5.0))
    assert float(found) == pytest.approx(below + above, rel=1e-8)


def test_the_fair_score_does_not_depend_on_the_size_of_the_ensemble() -> None:
    members = np.random.default_rng(2).normal(size=(40_000, 3))
    expected = float(crps_normal(np.array(0.0), np.array(1.0), np.array(0.7)))
    outcomes = np.full(40_000, 0.7)
    assert crps_ensemble(members, outcomes, fair=True).mean() == pytest.approx(expected, abs=0.01)
    assert crps_ensemble(members, outcomes).mean() > expected + 0.1


def test_ensembles_are_scored_one_by_one() -> None:
    members = np.random.default_rng(0).normal(size=(4, 9))
    outcomes = np.linspace(-1.0, 1.0, 4)
    one_by_one = [crps_ensemble(members[k], np.array(outcomes[k])) for k in range(4)]
    np.testing.assert_allclose(crps_ensemble(members, outcomes), one_by_one, rtol=1e-12)


def test_an_ensemble_of_one_scores_as_its_point() -> None:
    outcome = np.array(5.0)
    assert crps_ensemble(np.array([3.0]), outcome) == crps_point(np.array(3.0), outcome) == 2.0


@pytest.mark.parametrize("observed", [0.0, 1.5, 4.0])
def test_a_triangular_prior_scores_the_integral_of_its_squared_error(observed: float) -> None:
    known = triang(0.25, loc=1.0, scale=4.0)
    below = quad(lambda x: known.cdf(x) ** 2, 0.0, observed, points=[1.0, 2.0])[0]
    above = quad(lambda x: known.sf(x) ** 2, observed, 6.0, points=[1.0, 2.0])[0]
    found = crps_prior(Prior(name="x", value=2.0, low=1.0, high=5.0), observed)
    assert found == pytest.approx(below + above, rel=1e-6)


def test_an_even_spread_scores_as_the_normal_distribution() -> None:
    spread = Prior(name="x", value=2.0, low=1.0, high=3.0, shape="spread")
    expected = crps_normal(np.array(2.0), np.array(1.0 / norm.ppf(0.9)), np.array(2.4))
    assert crps_prior(spread, 2.4) == pytest.approx(float(expected), rel=1e-4)


def test_an_exact_prior_scores_its_absolute_error() -> None:
    assert crps_prior(Prior(name="x", value=2.0, low=2.0, high=2.0), 5.0) == pytest.approx(3.0)


def test_no_probability_has_a_better_expected_score_than_the_true_one() -> None:
    stated = np.linspace(0.0, 1.0, 101)
    yes, no = np.ones(101, dtype=bool), np.zeros(101, dtype=bool)
    for truth in (0.0, 0.13, 0.5, 0.8):
        expected = truth * brier(stated, yes) + (1.0 - truth) * brier(stated, no)
        assert stated[expected.argmin()] == pytest.approx(truth)
    inside = stated[1:-1]
    expected = 0.13 * log_score(inside, yes[1:-1]) + 0.87 * log_score(inside, no[1:-1])
    assert inside[expected.argmin()] == pytest.approx(0.13)


def test_the_score_over_two_states_is_twice_that_of_the_event() -> None:
    states = brier_of_states(np.array([0.3, 0.7]), np.array(1))
    assert states == pytest.approx(2.0 * float(brier(np.array(0.7), _truth(True))))


def test_the_score_over_states_is_worst_for_a_sure_forecast_of_another_state() -> None:
    sure = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    np.testing.assert_array_equal(brier_of_states(sure, np.array([0, 2])), [0.0, 2.0])


def test_the_log_score_is_the_surprise_at_what_came_about() -> None:
    assert log_score(np.array(0.25), _truth(True)) == pytest.approx(np.log(4.0))
    assert log_score(np.array(0.25), _truth(False)) == pytest.approx(-np.log(0.75))
    states = np.array([[0.5, 0.25, 0.25], [0.5, 0.25, 0.25]])
    found = log_score_of_states(states, np.array([0, 2]))
    np.testing.assert_allclose(found, np.log([2.0, 4.0]), rtol=1e-12)


def test_being_sure_costs_nothing_if_right_and_everything_if_wrong() -> None:
    stated = np.array([1.0, 0.0, 1.0, 0.0])
    happened = np.array([True, False, False, True])
    np.testing.assert_array_equal(log_score(stated, happened), [0.0, 0.0, np.inf, np.inf])
    assert log_score_of_states(np.array([1.0, 0.0]), np.array(1)) == np.inf


@pytest.mark.parametrize(
    "score, reference, expected",
    [
        (1.0, 4.0, 0.75),
        (6.0, 4.0, -0.5),
        (0.0, 4.0, 1.0),
        (0.0, 0.0, 0.0),
        (1.0, 0.0, -np.inf),
        (1.0, np.inf, 1.0),
        (np.inf, np.inf, 0.0),
        (np.inf, 1.0, -np.inf),
    ],
)
def test_skill_is_the_part_of_the_references_score_that_is_saved(
    score: float, reference: float, expected: float
) -> None:
    assert skill(score, reference) == expected


@pytest.mark.parametrize("score, reference", [(-0.1, 1.0), (1.0, -1.0), (np.nan, 1.0)])
def test_skill_of_scores_below_zero_or_unknown_is_refused(score: float, reference: float) -> None:
    with pytest.raises(ScoreError, match="zero or more"):
        skill(score, reference)


@pytest.mark.parametrize("probability", [-0.1, 1.1, np.nan])
def test_what_is_no_probability_is_refused(probability: float) -> None:
    for score in (brier, log_score):
        with pytest.raises(ScoreError, match="between 0 and 1"):
            score(np.array(probability), _truth(True))


def test_probabilities_of_states_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(ScoreError, match="sum to one"):
        brier_of_states(np.array([0.5, 0.4]), np.array(0))


@pytest.mark.parametrize("place", [-1, 2])
def test_a_state_that_is_not_among_the_probabilities_is_refused(place: int) -> None:
    with pytest.raises(ScoreError, match="from 0 to 1"):
        log_score_of_states(np.array([0.5, 0.5]), np.array(place))


def test_ensembles_too_small_or_with_failed_members_are_refused() -> None:
    with pytest.raises(ScoreError, match="at least 2 members; got 1"):
        crps_ensemble(np.array([1.0]), np.array(0.0), fair=True)
    with pytest.raises(ScoreError, match="finite"):
        crps_ensemble(np.array([1.0, np.nan]), np.array(0.0))


def test_a_normal_distribution_without_width_is_refused() -> None:
    with pytest.raises(ScoreError, match="above zero"):
        crps_normal(np.array(0.0), np.array(0.0), np.array(1.0))
