"""Probabilities, means and their sampling errors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from tula.errors import UnknownNameError
from tula.uncertainty.draws import Factor, saltelli
from tula.uncertainty.odds import NoDrawsError, Odds, StatesError, mean_of, odds, wilson
from tula.uncertainty.priors import Prior

STATES = ("captured", "costly", "free")


def _drawn(draws: int, seed: int) -> Odds:
    """Odds of a state that a uniform number makes true with probability 0.3."""
    number = Prior(name="x", value=0.5, low=0.0, high=1.0, shape="uniform")
    design = saltelli([Factor("x", (number,))], draws, seed)
    values = design.values[design.independent, 0]
    return odds(["free" if value < 0.3 else "costly" for value in values], STATES)


def test_shares_are_counts_over_draws_and_sum_to_one() -> None:
    found = odds(["free", "costly", "free", "captured", "free", "costly"], STATES)
    assert [state.count for state in found.states] == [1, 2, 3]
    assert found.shares == {"captured": 1 / 6, "costly": 2 / 6, "free": 3 / 6}
    assert sum(found.shares.values()) == pytest.approx(1.0, abs=1e-15)


def test_the_standard_error_is_that_of_a_binomial_share() -> None:
    found = odds(["free"] * 20 + ["costly"] * 80, STATES).of("free")
    assert found.error == pytest.approx(0.04, rel=1e-12)


@pytest.mark.parametrize("count, draws", [(0, 64), (1, 64), (20, 100), (64, 64), (1, 1)])
def test_intervals_are_wilsons(count: int, draws: int) -> None:
    expected = binomtest(count, draws).proportion_ci(0.95, method="wilson")
    np.testing.assert_allclose(wilson(count, draws), expected, rtol=1e-12, atol=1e-15)


def test_a_state_never_seen_may_still_be_possible() -> None:
    found = odds(["free"] * 256, STATES).of("captured")
    assert (found.share, found.error, found.low) == (0.0, 0.0, 0.0)
    assert 0.014 < found.high < 0.015


def test_failed_draws_are_counted_apart_and_bound_what_the_share_could_be() -> None:
    found = odds(["free", None, "costly", "free", None, "free"], STATES)
    assert (found.succeeded, found.failed) == (4, 2)
    free = found.of("free")
    assert (free.share, free.least, free.most) == (0.75, 0.5, 5 / 6)


def test_intervals_narrow_with_more_draws_and_hold_the_true_probability() -> None:
    few, some, many = (_drawn(draws, seed=7).of("free") for draws in (64, 256, 1024))
    widths = [found.high - found.low for found in (few, some, many)]
    np.testing.assert_allclose([widths[0] / widths[1], widths[1] / widths[2]], 2.0, rtol=0.1)
    assert all(found.low < 0.3 < found.high for found in (few, some, many))


def test_the_error_of_independent_draws_is_on_the_safe_side_for_a_sobol_sequence() -> None:
    found = [_drawn(128, seed).of("free") for seed in range(40)]
    actual = np.sqrt(np.mean([(state.share - 0.3) ** 2 for state in found]))
    assert actual < 0.5 * np.mean([state.error for state in found])


def test_a_label_that_is_no_state_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'costly'"):
        odds(["free", "costy"], STATES)


def test_a_state_asked_for_that_is_none_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'captured'"):
        odds(["free"], STATES).of("capture")


@pytest.mark.parametrize("states", [(), ("free", "free")])
def test_states_must_be_named_once_each(states: tuple[str, ...]) -> None:
    with pytest.raises(StatesError, match="named once each"):
        odds(["free"], states)


@pytest.mark.parametrize("labels", [[], [None, None]])
def test_odds_of_no_successful_draw_are_refused(labels: list[None]) -> None:
    with pytest.raises(NoDrawsError, match=f"none of {len(labels)} draws"):
        odds(labels, STATES)


def test_a_mean_has_the_error_and_the_percentiles_of_its_draws() -> None:
    found = mean_of(np.array([np.nan, *np.arange(101.0), np.inf]))
    assert (found.mean, found.low, found.median, found.high) == (50.0, 10.0, 50.0, 90.0)
    assert found.error == pytest.approx(np.sqrt(101.0 * 102.0 / 12.0 / 101.0), rel=1e-12)
    assert (found.succeeded, found.failed) == (101, 2)


def test_a_single_draw_has_a_mean_without_an_error() -> None:
    found = mean_of(np.array([3.0]))
    assert found.mean == 3.0
    assert np.isnan(found.error)


def test_the_mean_of_no_successful_draw_is_refused() -> None:
    with pytest.raises(NoDrawsError, match="none of 2 draws"):
        mean_of(np.array([np.nan, np.nan]))
