"""Alignment from votes: bounds, symmetry, agreement beyond chance, frozen rivals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tula.errors import UnknownNameError
from tula.ties.alignment import (
    NoVariationError,
    PositionFileError,
    Positions,
    RivalsAgreeError,
    VoteError,
    alignment,
    cohen_kappa,
    read_positions,
    relative_position,
    s_score,
    scott_pi,
)

YES, ABSTAIN, NO = 1.0, 2.0, 3.0
DRAW = np.random.default_rng(5)
ONE = DRAW.choice([YES, ABSTAIN, NO], 60)
TWO = DRAW.choice([YES, ABSTAIN, NO], 60, p=[0.6, 0.3, 0.1])
WEIGHTS = DRAW.uniform(0.1, 2.0, 60)
UNGA = "unga/ideal_points_1991_2024_july2025.csv"

points = st.floats(-5.0, 5.0)


@settings(max_examples=60, deadline=None)
@given(points, points, points)
def test_a_position_lies_between_minus_one_and_one(own: float, a: float, b: float) -> None:
    if abs(a - b) > 1e-6:
        assert abs(relative_position(own, a, b)) <= 1.0 + 1e-9
        assert relative_position(own, a, b) == pytest.approx(-relative_position(own, b, a))


def test_a_country_at_a_rival_is_fully_aligned_and_midway_is_zero() -> None:
    assert relative_position(3.0, 3.0, -1.0) == 1.0
    assert relative_position(-1.0, 3.0, -1.0) == -1.0
    assert relative_position(1.0, 3.0, -1.0) == 0.0
    assert relative_position(9.0, 3.0, -1.0) == 1.0


def test_rivals_that_agree_leave_nothing_between_them() -> None:
    with pytest.raises(RivalsAgreeError):
        relative_position(0.0, 1.0, 1.0)


def test_a_position_that_is_no_number_is_refused() -> None:
    with pytest.raises(VoteError, match="finite"):
        relative_position(0.0, np.nan, 1.0)


def test_agreement_is_symmetric_and_full_with_oneself() -> None:
    for weights in (None, WEIGHTS):
        for one, two, value in ((ONE, TWO, None), (ONE, ONE, 1.0)):
            found = s_score(one, two, largest=2.0, weights=weights)
            assert found == s_score(two, one, largest=2.0, weights=weights)
            assert value is None or found == value
            assert scott_pi(one, two, weights) == pytest.approx(scott_pi(two, one, weights))
            assert cohen_kappa(one, two, weights) == pytest.approx(cohen_kappa(two, one, weights))
    assert scott_pi(ONE, ONE) == cohen_kappa(ONE, ONE) == 1.0


def test_opposite_votes_score_minus_one() -> None:
    votes = np.array([YES, NO, YES, NO])
    assert s_score(votes, 4.0 - votes, largest=2.0) == -1.0


def test_for_two_kinds_of_vote_the_textbook_tables_hold() -> None:
    """Twenty joint yes, five and ten splits, fifteen joint no: kappa 0.40, pi 0.3939."""
    one = np.repeat([1.0, 1.0, 3.0, 3.0], [20, 5, 10, 15])
    two = np.repeat([1.0, 3.0, 1.0, 3.0], [20, 5, 10, 15])
    assert cohen_kappa(one, two) == pytest.approx(0.40)
    pooled = 0.55**2 + 0.45**2
    assert scott_pi(one, two) == pytest.approx((0.7 - pooled) / (1.0 - pooled))


def test_votes_cast_independently_agree_by_chance_alone() -> None:
    draw = np.random.default_rng(0)
    one, two = (draw.choice([YES, ABSTAIN, NO], 2000, p=[0.8, 0.15, 0.05]) for _ in range(2))
    assert abs(cohen_kappa(one, two)) < 0.06
    assert abs(scott_pi(one, two)) < 0.06
    assert s_score(one, two, largest=2.0) > 0.5


def test_equal_weights_change_nothing_and_a_weight_of_two_counts_twice() -> None:
    assert cohen_kappa(ONE, TWO, np.full(60, 3.0)) == pytest.approx(cohen_kappa(ONE, TWO))
    doubled = np.ones(60)
    doubled[7] = 2.0
    longer = (np.append(ONE, ONE[7]), np.append(TWO, TWO[7]))
    assert scott_pi(ONE, TWO, doubled) == pytest.approx(scott_pi(*longer))
    assert s_score(ONE, TWO, largest=2.0, weights=doubled) == pytest.approx(
        s_score(*longer, largest=2.0)
    )


def test_agreement_from_pooled_votes_never_exceeds_that_from_own_votes() -> None:
    draw = np.random.default_rng(1)
    for _ in range(50):
        one, two = (draw.choice([1.0, 2.0, 3.0], 12, p=draw.dirichlet(np.ones(3))) for _ in "12")
        if np.ptp(np.concatenate([one, two])) > 0:
            assert scott_pi(one, two) <= cohen_kappa(one, two) + 1e-12


def test_absences_are_refused_by_position() -> None:
    gaps = TWO.copy()
    gaps[[3, 9]] = np.nan
    with pytest.raises(VoteError, match=r"\[3, 9\]"):
        s_score(ONE, gaps, largest=2.0)


def test_weights_that_mean_nothing_are_refused() -> None:
    with pytest.raises(VoteError, match="positions"):
        scott_pi(ONE, TWO, -WEIGHTS)
    with pytest.raises(VoteError, match="carry weight"):
        scott_pi(ONE, TWO, np.zeros(60))


def test_a_scale_too_short_for_the_votes_is_refused() -> None:
    with pytest.raises(VoteError, match="largest"):
        s_score(ONE, TWO, largest=1.0)


def test_one_vote_throughout_leaves_chance_undefined() -> None:
    with pytest.raises(NoVariationError):
        scott_pi(np.ones(5), np.ones(5))


def panel(first_late: float) -> Positions:
    rows = {("AAA", year): (3.0, 2.9, 3.1) for year in range(2015, 2025)}
    rows |= {("BBB", year): (-1.0, -1.1, -0.9) for year in range(2015, 2026)}
    rows |= {("PIV", year): (0.0, -0.2, 0.2) for year in range(2015, 2026)}
    return Positions(rows | {("AAA", 2025): (first_late, first_late, first_late)})


def test_a_rivals_own_move_does_not_move_the_pivot_once_frozen() -> None:
    stayed, moved = (
        alignment(panel(late), "PIV", ("AAA", "BBB"), (2015, 2024)) for late in (3.0, -0.5)
    )
    assert stayed == moved
    unfrozen = alignment(panel(-0.5), "PIV", ("AAA", "BBB"), (2025, 2025))
    assert unfrozen[-1].value != pytest.approx(stayed[-1].value, abs=0.1)


def test_intervals_follow_the_pivots_own_percentiles() -> None:
    last = alignment(panel(3.0), "PIV", ("AAA", "BBB"), (2015, 2024))[-1]
    assert (last.value, last.low, last.high) == pytest.approx((-0.5, -0.6, -0.4))


def test_unknown_countries_and_years_are_told() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'PIV'"):
        alignment(panel(3.0), "PIW", ("AAA", "BBB"), (2015, 2024))
    with pytest.raises(VoteError, match="no position in 2026: from 2015 to 2025"):
        alignment(panel(3.0), "PIV", ("AAA", "BBB"), (2024, 2030))


def test_a_file_without_a_column_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "positions.csv"
    path.write_text("iso3c,year,idealpoint,q5all,q95all\nAAA,2000,1,0,2\n", encoding="utf-8")
    with pytest.raises(PositionFileError, match="idealpointall; did you mean 'idealpoint'"):
        read_positions(path)


def test_a_country_and_year_twice_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "positions.csv"
    rows = "iso3c,year,idealpointall,q5all,q95all\nAAA,2000,1,0,2\nAAA,2000,2,0,2\n"
    path.write_text(rows, encoding="utf-8")
    with pytest.raises(PositionFileError, match="AAA in 2000 twice"):
        read_positions(path)


@pytest.mark.reference
def test_in_un_votes_india_stands_far_nearer_to_russia_than_to_the_united_states(
    reference_data: Path,
) -> None:
    positions = read_positions(reference_data / UNGA)
    found = alignment(positions, "IND", ("USA", "RUS"), (2014, 2023))
    recent = [each for each in found if each.year >= 2010]
    assert all(-1.0 <= each.value < -0.5 for each in recent)
    assert all(each.low <= each.value <= each.high for each in found)


@pytest.mark.reference
def test_allies_stand_nearer_to_their_ally(reference_data: Path) -> None:
    positions = read_positions(reference_data / UNGA)
    last = {
        code: alignment(positions, code, ("USA", "RUS"), (2014, 2023))[-1].value
        for code in ("GBR", "TUR", "BLR")
    }
    assert last["GBR"] > 0.0 > last["TUR"] > last["BLR"]
    assert last["BLR"] == pytest.approx(-1.0)


@pytest.mark.reference
def test_years_without_a_position_are_left_out_not_filled(reference_data: Path) -> None:
    """The file of July 2025 holds rows of 2024 that carry no position of this kind."""
    assert read_positions(reference_data / UNGA).years("IND")[-1] == 2023
