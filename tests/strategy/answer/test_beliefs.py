"""Beliefs are drawn once by id, and their value is their median."""

from __future__ import annotations

import numpy as np
import pytest

from strategy.answer.made import believed
from tula.numbers.quantity import Quantity, exact
from tula.strategy.answer.beliefs import draw, quantile, score_of, value_of
from tula.strategy.answer.errors import AnswerError


@pytest.mark.parametrize("shape", ["triangular", "uniform"])
@pytest.mark.parametrize("ends", [(5.0, 40.0), (9.0, 40.0), (5.0, 10.0)])
def test_half_of_a_lopsided_prior_lies_below_its_value(
    shape: str, ends: tuple[float, float]
) -> None:
    """Read as a mode, 9 in a range of 5 to 40 was the 14th percentile."""
    prior = Quantity.model_validate(
        {"value": 9.0 if ends[0] < 9.0 else 9.5, "low": ends[0], "high": ends[1], "shape": shape}
    )
    u = np.linspace(0.0, 1.0, 20_001)
    values = quantile(prior, u)
    assert np.median(values) == pytest.approx(prior.value, abs=1e-3)
    assert values.min() == prior.low
    assert values.max() == prior.high
    assert np.all(np.diff(values) >= 0.0)


def test_scores_take_values_back_to_their_quantiles() -> None:
    prior = believed("x", 2.0, 1.5, 4.0)
    u = np.linspace(0.01, 0.99, 99)
    from scipy.special import ndtr

    assert ndtr(score_of(prior, quantile(prior, u))) == pytest.approx(u)


def test_one_belief_is_one_number_wherever_it_stands() -> None:
    one, other = believed("x", 2.0, 1.5, 4.0), believed("y", 1.0, 0.0, 3.0)
    found = draw([one, other, one, exact(5.0)], 8, 0)
    assert found.names == ("x", "y")
    assert found.read(one) is not None
    assert found.drawn[0].tolist() == [2.0, 1.0]
    assert found.read(exact(5.0)).tolist() == [5.0] * 9


def test_a_number_that_is_no_belief_is_itself_whatever_is_drawn() -> None:
    assert value_of(exact(5.0), {"x": 2.0, "": 7.0}) == 5.0
    assert value_of(believed("x", 1.0, 0.0, 3.0), {"x": 2.0}) == 2.0


def test_a_belief_stated_in_two_ways_is_refused() -> None:
    with pytest.raises(AnswerError, match="is stated as 2"):
        draw([believed("x", 2.0, 1.5, 4.0), believed("x", 2.0, 1.5, 5.0)], 8, 0)


def test_more_draws_begin_with_the_same() -> None:
    one = believed("x", 2.0, 1.5, 4.0)
    few, many = (draw([one], n, 3).drawn for n in (8, 16))
    assert many[:9].tolist() == few.tolist()


@pytest.mark.parametrize("draws", [0, 4, 20])
def test_draws_are_a_power_of_two(draws: int) -> None:
    with pytest.raises(AnswerError, match="power of two"):
        draw([believed("x", 2.0, 1.5, 4.0)], draws, 0)


def test_a_move_of_a_median_moves_the_draws_in_proportion_and_shares_stay_shares() -> None:
    share, other = believed("s", 0.6, 0.4, 1.0), believed("t", 2.0, 1.0, 4.0)
    found = draw([share, other], 64, 0).moved("s", 0.9).moved("t", 3.0)
    assert found.drawn[0].tolist() == pytest.approx([0.9, 3.0])
    assert found.read(share).max() == 1.0
    assert found.read(other).max() > 4.0


def test_a_shift_of_all_priors_moves_medians_by_standard_deviations() -> None:
    one = believed("x", 2.0, 1.5, 4.0)
    found = draw([one], 8, 0)
    moved = found.shifted(np.array([1.0]))
    assert moved.drawn[0, 0] == pytest.approx(quantile(one, np.array(0.8413447460685429)))
    assert found.shifted(np.array([0.0])).drawn == pytest.approx(found.drawn)
