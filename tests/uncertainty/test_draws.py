"""Blocks, nesting and refusals of a sensitivity design."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tula.uncertainty.draws import (
    Design,
    DrawsError,
    Factor,
    FactorsError,
    NotNestedError,
    saltelli,
)
from tula.uncertainty.priors import Prior


def _prior(name: str) -> Prior:
    return Prior(name=name, value=2.0, low=1.0, high=4.0, shape="uniform")


FACTORS = (
    Factor("oil", (_prior("price"), _prior("discount"))),
    Factor("tariff", (_prior("rate"),)),
)


def _design(draws: int = 16, seed: int = 3) -> Design:
    return saltelli(FACTORS, draws, seed)


def test_a_design_has_two_blocks_and_one_more_for_every_group() -> None:
    design = _design()
    assert design.uniforms.shape == (16 * 4, 3)
    assert design.groups == ("oil", "tariff")
    assert design.columns == ("price", "discount", "rate")


def test_numbers_are_middles_of_the_sequences_cells_and_so_never_zero_or_one() -> None:
    cells = _design(1024).uniforms * 2.0**30
    np.testing.assert_array_equal(cells % 1.0, 0.5)
    assert 0.0 < cells.min() < cells.max() < 2.0**30


def test_every_column_of_a_and_of_b_is_spread_evenly() -> None:
    design = _design(64)
    for block in (design.uniforms[:64], design.uniforms[64:128]):
        cells = np.sort(np.floor(block * 64.0), axis=0)
        np.testing.assert_array_equal(cells, np.arange(64.0)[:, None].repeat(3, axis=1))


def test_a_row_of_a_mixed_block_differs_from_its_twin_in_its_group_only() -> None:
    design = _design()
    owner = np.array([0, 0, 1])
    for row in np.flatnonzero(~design.independent):
        changed = design.uniforms[row] != design.uniforms[design.twin[row]]
        np.testing.assert_array_equal(changed, owner == design.group[row])


def test_the_changed_columns_come_from_the_row_of_b_beside_the_twin() -> None:
    design = _design()
    row = 16 * 3 + 5
    assert design.twin[row] == 5
    assert design.uniforms[row, 2] == design.uniforms[16 + 5, 2]


def test_the_independent_rows_are_those_of_a_and_b() -> None:
    np.testing.assert_array_equal(np.flatnonzero(_design().independent), np.arange(32))


def test_values_are_the_priors_quantiles() -> None:
    design = _design()
    np.testing.assert_allclose(design.values, 1.0 + 3.0 * design.uniforms, rtol=1e-12)


def test_a_larger_design_holds_the_smaller_one() -> None:
    small, large = _design(16), _design(64)
    np.testing.assert_array_equal(large.uniforms[:16], small.uniforms[:16])
    np.testing.assert_array_equal(large.uniforms[large.rows_of(small)], small.uniforms)


def test_the_same_seed_gives_the_same_draws_and_another_seed_others() -> None:
    np.testing.assert_array_equal(_design().uniforms, _design().uniforms)
    assert (_design().uniforms != _design(seed=4).uniforms).all()


@pytest.mark.parametrize("other", [_design(64), _design(8, seed=4), saltelli(FACTORS[:1], 8, 3)])
def test_a_design_does_not_hold_one_with_more_draws_or_another_seed_or_other_factors(
    other: Design,
) -> None:
    with pytest.raises(NotNestedError, match="does not extend"):
        _design().rows_of(other)


@pytest.mark.parametrize(
    "draws, nearest", [(100, 128), (90, 64), (7, 8), (0, 8), (-3, 8), (33, 32), (1000, 1024)]
)
def test_a_number_of_draws_that_is_no_power_of_two_is_answered_with_the_nearest(
    draws: int, nearest: int
) -> None:
    with pytest.raises(DrawsError, match=re.escape(f"got {draws}; the nearest is {nearest}")):
        _design(draws)


def test_all_problems_of_the_factors_are_told_at_once() -> None:
    twice = Factor("oil", (_prior("price"),))
    with pytest.raises(FactorsError) as caught:
        saltelli([*FACTORS, twice, Factor("empty", ())], 8, 0)
    assert caught.value.problems == (
        "factor 'empty' holds no prior",
        "factor 'oil' is named 2 times",
        "prior 'price' is named 2 times",
    )


def test_no_factors_at_all_are_refused() -> None:
    with pytest.raises(FactorsError, match="at least one"):
        saltelli([], 8, 0)
