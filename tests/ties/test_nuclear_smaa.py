"""Ranking bids under unknown weights, against closed forms and brute force."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.integrate import quad
from scipy.stats import beta, triang

from tula.errors import UnknownNameError
from tula.ties.nuclear import (
    Tender,
    WeightError,
    fix_weight,
    rank_bids,
    smaa,
    uniform_weights,
    weight_curve,
)

DRAWS = 20_000


def exact(value: float) -> dict[str, Any]:
    return {"value": value, "low": value, "high": value}


def assumed(low: float, value: float, high: float) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high}


def tender(rows: dict[str, list[Any]], criteria: tuple[str, ...] = ()) -> Tender:
    names = criteria or tuple("abcdefg"[: len(next(iter(rows.values())))])
    scores = {
        bid: [score if isinstance(score, dict) else exact(score) for score in row]
        for bid, row in rows.items()
    }
    return Tender.model_validate(
        {
            "criteria": [
                {"name": name, "unit": "points", "worst": 0.0, "best": 1.0} for name in names
            ],
            "bids": [
                {
                    "name": bid,
                    "vendor": bid,
                    "unit_gw": 1.0,
                    "units": 5,
                    "scores": dict(zip(names, row, strict=True)),
                }
                for bid, row in scores.items()
            ],
        }
    )


RANGES = tender(
    {
        "A": [assumed(0.2, 0.5, 0.9), assumed(0.1, 0.4, 0.6), exact(0.5)],
        "B": [exact(0.4), assumed(0.3, 0.5, 0.8), assumed(0.0, 0.6, 1.0)],
        "C": [assumed(0.0, 0.9, 1.0), exact(0.2), assumed(0.2, 0.3, 0.4)],
    }
)


def test_weights_are_uniform_over_the_simplex() -> None:
    weights = uniform_weights(4, 50_000, np.random.default_rng(1))
    np.testing.assert_allclose(weights.sum(axis=1), 1.0)
    np.testing.assert_allclose(weights.mean(axis=0), 0.25, atol=0.005)
    np.testing.assert_allclose(weights.var(axis=0), 3 / (16 * 5), rtol=0.03)


def test_two_bids_on_two_criteria_follow_the_closed_form() -> None:
    found = rank_bids(tender({"A": [0.9, 0.3], "B": [0.4, 0.5]}), draws=DRAWS)
    gains = 0.9 - 0.4, 0.5 - 0.3
    threshold = gains[1] / sum(gains)
    assert abs(found.first["A"] - (1 - threshold)) < 4 * found.error[0, 0]
    assert found.central_weights[0, 0] == pytest.approx((1 + threshold) / 2, abs=0.01)
    assert found.central_weights[1, 0] == pytest.approx(threshold / 2, abs=0.01)
    np.testing.assert_array_equal(found.confidence, [1.0, 1.0])


def test_bids_each_best_on_one_criterion_share_the_first_place() -> None:
    found = rank_bids(tender({"A": [1, 0, 0], "B": [0, 1, 0], "C": [0, 0, 1]}), draws=DRAWS)
    assert (np.abs(found.ranks - 1 / 3) < 4 * found.error).all()


def test_three_exact_bids_agree_with_integration_over_a_grid_of_weights() -> None:
    scores = np.array([[0.9, 0.2, 0.4], [0.3, 0.8, 0.45], [0.55, 0.5, 0.6]])
    steps = 600
    first, second = np.meshgrid(np.arange(steps) + 1 / 3, np.arange(steps) + 1 / 3)
    inside = first + second < steps
    weights = np.stack([first[inside], second[inside], steps - first[inside] - second[inside]], 1)
    best = (weights @ scores.T).argmax(axis=1)
    expected = np.bincount(best, minlength=3) / len(best)
    found = rank_bids(tender(dict(zip("ABC", scores.tolist(), strict=True))), draws=50_000)
    np.testing.assert_array_less(np.abs(found.ranks[:, 0] - expected), 4 * found.error[:, 0] + 2e-3)
    centre = np.stack([weights[best == bid].mean(axis=0) / steps for bid in range(3)])
    np.testing.assert_allclose(found.central_weights, centre, atol=0.01)


def test_uncertain_scores_agree_with_numerical_integration() -> None:
    uncertain = tender({"A": [assumed(0.2, 0.5, 0.9), 0.3], "B": [0.4, 0.7]})
    score = triang((0.5 - 0.2) / 0.7, loc=0.2, scale=0.7)

    def not_above(weight: float) -> float:
        return float(score.cdf(0.4 + (1 - weight) * 0.4 / weight))

    expected = 1.0 - quad(not_above, 1e-9, 1.0, limit=200)[0]
    found = rank_bids(uncertain, draws=100_000)
    assert abs(found.first["A"] - expected) < 4 * found.error[0, 0]
    weight = float(found.central_weights[0, 0])
    assert found.confidence[0] == pytest.approx(1.0 - not_above(weight), abs=0.01)


def test_acceptabilities_sum_to_one_over_ranks_and_over_bids() -> None:
    found = rank_bids(RANGES, draws=DRAWS)
    np.testing.assert_allclose(found.ranks.sum(axis=0), 1.0, atol=1e-12)
    np.testing.assert_allclose(found.ranks.sum(axis=1), 1.0, atol=1e-12)
    np.testing.assert_allclose(found.beats + found.beats.T, 1.0, atol=1e-12)


def test_a_dominated_bid_is_never_first_and_beats_nobody_above_it() -> None:
    found = rank_bids(tender({"A": [0.9, 0.5], "B": [0.8, 0.4], "C": [0.1, 0.6]}), draws=DRAWS)
    assert found.first["B"] == 0.0
    assert found.beats[0, 1] == 1.0 and found.beats[1, 0] == 0.0
    assert np.isnan(found.central_weights[1]).all() and math.isnan(found.confidence[1])


def test_identical_bids_share_every_rank_equally() -> None:
    found = rank_bids(tender({"A": [0.5, 0.7], "B": [0.5, 0.7], "C": [0.2, 0.1]}), draws=1000)
    np.testing.assert_array_equal(found.ranks, [[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]])
    assert found.beats[0, 1] == 0.5
    np.testing.assert_allclose(found.confidence[:2], 0.5)


def test_bids_with_the_same_ranges_are_equally_acceptable() -> None:
    row = [assumed(0.2, 0.5, 0.9), assumed(0.1, 0.4, 0.6)]
    found = rank_bids(tender({"A": row, "B": row}), draws=DRAWS)
    assert abs(found.first["A"] - 0.5) < 4 * found.error[0, 0]


def test_ranks_agree_with_sorting_draw_by_draw() -> None:
    generator = np.random.default_rng(3)
    values = generator.random((500, 6, 3))
    weights = uniform_weights(3, 500, generator)
    counted = np.zeros((6, 6))
    for draw, weight in zip(values, weights, strict=True):
        for rank, bid in enumerate(np.argsort(-(draw @ weight))):
            counted[bid, rank] += 1 / 500
    found = smaa(values, weights, "ABCDEF", "abc")
    np.testing.assert_allclose(found.ranks, counted, atol=1e-12)


def test_the_reported_error_is_that_of_the_draws() -> None:
    results = [rank_bids(RANGES, draws=2000, seed=seed) for seed in range(30)]
    spread = np.std([found.ranks[:, 0] for found in results], axis=0, ddof=1)
    np.testing.assert_allclose(spread, results[0].error[:, 0], rtol=0.5)


def test_the_same_seed_gives_the_same_numbers() -> None:
    first, again = (rank_bids(RANGES, draws=500, seed=7) for _ in range(2))
    np.testing.assert_array_equal(first.ranks, again.ranks)


def test_a_fixed_weight_leaves_the_others_uniform_over_the_rest() -> None:
    weights = fix_weight(uniform_weights(3, 50_000, np.random.default_rng(2)), 1, 0.4)
    np.testing.assert_allclose(weights[:, 1], 0.4)
    np.testing.assert_allclose(weights.sum(axis=1), 1.0)
    deciles = np.quantile(weights[:, 0] / 0.6, [0.1, 0.5, 0.9])
    np.testing.assert_allclose(deciles, [0.1, 0.5, 0.9], atol=0.01)


def test_with_all_weight_on_one_criterion_only_its_scores_count() -> None:
    found = weight_curve(
        tender({"A": [0.9, 0.1], "B": [0.2, 0.8]}), "b", np.array([0.0, 1.0]), draws=100
    )
    np.testing.assert_array_equal(found.first, [[1.0, 0.0], [0.0, 1.0]])


def test_the_curve_over_a_weight_averages_to_the_whole_simplex() -> None:
    edges = np.linspace(0.0, 1.0, 41)
    middles = 0.5 * (edges[1:] + edges[:-1])
    mass = np.diff(beta(1, 2).cdf(edges))
    curve = weight_curve(RANGES, "b", middles, draws=DRAWS)
    whole = rank_bids(RANGES, draws=DRAWS)
    np.testing.assert_allclose(mass @ curve.first, whole.ranks[:, 0], atol=0.015)


def test_unknown_criteria_and_impossible_weights_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'schedule'"):
        weight_curve(
            tender({"A": [1, 0], "B": [0, 1]}, ("cost", "schedule")), "shedule", np.array([0.5])
        )
    with pytest.raises(WeightError, match=r"1\.5"):
        fix_weight(np.full((2, 2), 0.5), 0, 1.5)
    with pytest.raises(WeightError, match="1 criteria"):
        fix_weight(np.ones((2, 1)), 0, 0.5)


def test_every_fault_of_a_tender_is_named_at_once_at_its_place() -> None:
    given = tender({"A": [0.5, 0.5], "B": [0.3, 0.2]}, ("cost", "schedule")).model_dump()
    scores = given["bids"][0]["scores"]
    scores["shedule"] = scores.pop("schedule")
    given["bids"][1]["scores"]["cost"] = 3.0
    with pytest.raises(ValidationError) as caught:
        Tender.model_validate(given)
    for words in (
        "bids.0.scores.shedule: unknown criterion 'shedule'; did you mean 'schedule'",
        "bids.0.scores: no score for criterion 'schedule'",
        "bids.1.scores.cost: 3 to 3 leaves the scale 0 to 1 points",
    ):
        assert words in str(caught.value)


def test_names_given_twice_are_refused() -> None:
    given = tender({"A": [0.5], "B": [0.3]}).model_dump()
    given["bids"][1]["name"] = "A"
    with pytest.raises(ValidationError, match=r"bids\.1\.name: 'A' stands twice"):
        Tender.model_validate(given)


def test_a_flat_scale_is_refused() -> None:
    given = tender({"A": [0.5], "B": [0.3]}).model_dump()
    given["criteria"][0]["worst"] = 1.0
    with pytest.raises(ValidationError, match=r"best: worst equals best \(1\)"):
        Tender.model_validate(given)


def test_a_falling_scale_prefers_the_lower_number() -> None:
    given = tender({"A": [0.5], "B": [0.3]}).model_dump()
    given["criteria"][0].update(worst=1.0, best=0.0)
    assert rank_bids(Tender.model_validate(given), draws=10).first == {"A": 0.0, "B": 1.0}
