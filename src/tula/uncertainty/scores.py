"""How good a forecast was once the outcome is known: proper scores, lower is better.

Gneiting and Raftery (2007, JASA 102, 359-378). A proper score is best, in expectation, for the
forecaster who states what is believed. Scores are per forecast; average them over forecasts, and
compare them by :func:`skill`, only if the forecasts are the same ones.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from tula.errors import TulaError
from tula.shapes import Bool, Float, Int
from tula.uncertainty.priors import Prior

Array = np.ndarray

#: Equally likely quantiles that stand for a prior; the score's error falls with their square.
QUANTILES = 4096
#: Probabilities of exclusive states may miss a sum of one by this.
ROUNDING = 1e-9


class ScoreError(TulaError):
    """A forecast or an outcome cannot be scored as given; the message says what is expected."""


def crps_ensemble(
    members: Float[Array, "*F M"], observed: Float[Array, "*F"], *, fair: bool = False
) -> Float[Array, "*F"]:
    """Return the continuous ranked probability score of ensembles of M members, in their unit.

    E|X - y| - E|X - X'| / 2, exact from the sorted members. The standard form scores the ensemble
    as the distribution it is. ``fair=True`` scores the distribution it was drawn from, without bias
    from its size (Ferro 2014, Quarterly Journal of the Royal Meteorological Society 140,
    1917-1923): M (M - 1) in the place of M squared, at least two members, and possibly below zero.
    """
    _check_finite(members, observed)
    size = members.shape[-1]
    if size < 1 + fair:
        raise ScoreError(f"expected at least {1 + fair} members; got {size}")
    distance = np.abs(members - observed[..., None]).mean(axis=-1)
    order = 2.0 * np.arange(1, size + 1) - size - 1.0
    apart = np.sort(members, axis=-1) @ order / (size * (size - fair))
    return np.asarray(distance - apart)


def crps_point(forecast: Float[Array, "*F"], observed: Float[Array, "*F"]) -> Float[Array, "*F"]:
    """Return the score of a forecast of one number: its absolute error, in its unit."""
    _check_finite(forecast, observed)
    return np.asarray(np.abs(forecast - observed))


def crps_normal(
    mean: Float[Array, "*F"], deviation: Float[Array, "*F"], observed: Float[Array, "*F"]
) -> Float[Array, "*F"]:
    """Return the score of a normal distribution, in its unit (Gneiting and Raftery, equation 21).

    The standard deviation is above zero: score an exact number by :func:`crps_point`.
    """
    _check_finite(mean, deviation, observed)
    if (deviation <= 0.0).any():
        raise ScoreError(f"expected standard deviations above zero; got {deviation}")
    z = (observed - mean) / deviation
    density = np.exp(-(z**2) / 2.0) / np.sqrt(2.0 * np.pi)
    unit = z * (2.0 * ndtr(z) - 1.0) + 2.0 * density - 1.0 / np.sqrt(np.pi)
    return np.asarray(deviation * unit)


def crps_prior(prior: Prior, observed: float) -> float:
    """Return the score of a forecast given as a prior, in its unit, from its quantiles."""
    middles = (np.arange(QUANTILES) + 0.5) / QUANTILES
    return float(crps_ensemble(prior.at(middles), np.asarray(observed, dtype=float)))


def brier(probability: Float[Array, "*F"], happened: Bool[Array, "*F"]) -> Float[Array, "*F"]:
    """Return the Brier score (p - o) squared of an event's probability: 0 best, 1 worst."""
    _check_probabilities(probability)
    return np.asarray((probability - happened) ** 2)


def brier_of_states(
    probabilities: Float[Array, "*F S"], happened: Int[Array, "*F"]
) -> Float[Array, "*F"]:
    """Return Brier's original score, the sum over S exclusive states: 0 best, 2 worst.

    ``happened`` is the place of the state that came true. With two states it is twice
    :func:`brier`.
    """
    _check_states(probabilities, happened)
    outcome = np.arange(probabilities.shape[-1]) == happened[..., None]
    return np.asarray(((probabilities - outcome) ** 2).sum(axis=-1))


def log_score(probability: Float[Array, "*F"], happened: Bool[Array, "*F"]) -> Float[Array, "*F"]:
    """Return minus the natural logarithm of the probability given to what came about.

    Infinite for an outcome that was held to be impossible: whoever says 0 or 1 and is wrong cannot
    make up for it.
    """
    _check_probabilities(probability)
    return _surprise(np.where(happened, probability, 1.0 - probability))


def log_score_of_states(
    probabilities: Float[Array, "*F S"], happened: Int[Array, "*F"]
) -> Float[Array, "*F"]:
    """Return minus the logarithm of the probability of the state that came true, by its place.

    Infinite if that was 0.
    """
    _check_states(probabilities, happened)
    return _surprise(np.take_along_axis(probabilities, happened[..., None], axis=-1)[..., 0])


def skill(score: float, reference: float) -> float:
    """Return 1 - score / reference: 1 perfect, 0 no better than the reference, below 0 worse.

    For scores of which 0 is the best. Equal scores have skill 0, also where both are 0 or both
    infinite; against a perfect reference any error is a skill of minus infinity. Raises
    :class:`ScoreError` for scores below zero (as a fair score may be) or NaN.
    """
    if not (score >= 0.0 and reference >= 0.0):
        raise ScoreError(f"expected scores of zero or more; got {score} and {reference}")
    if score == reference:
        return 0.0
    if reference == 0.0:
        return -np.inf
    return 1.0 if np.isinf(reference) else 1.0 - score / reference


def _surprise(probability: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(probability) + 0.0)


def _check_finite(*numbers: Array) -> None:
    for given in numbers:
        if not np.isfinite(given).all():
            raise ScoreError(f"expected finite numbers; got {given}")


def _check_probabilities(probability: Array) -> None:
    if not ((probability >= 0.0) & (probability <= 1.0)).all():
        raise ScoreError(f"expected probabilities between 0 and 1; got {probability}")


def _check_states(probabilities: Array, happened: Array) -> None:
    _check_probabilities(probabilities)
    sums, count = probabilities.sum(axis=-1), probabilities.shape[-1]
    if (np.abs(sums - 1.0) > ROUNDING).any():
        raise ScoreError(f"expected probabilities that sum to one; got sums {sums}")
    if not ((happened >= 0) & (happened < count)).all():
        raise ScoreError(f"expected places of states from 0 to {count - 1}; got {happened}")
