"""Sensitivity indices against closed forms and against an independent library."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from SALib.analyze import sobol as salib

from tula.uncertainty.draws import Design, Factor, saltelli
from tula.uncertainty.priors import Prior
from tula.uncertainty.sobol import OutputsError, indices

Array = np.ndarray
PI = float(np.pi)


def _factor(name: str, *columns: str, low: float = 0.0, high: float = 1.0) -> Factor:
    middle = (low + high) / 2.0
    names = columns or (name,)
    return Factor(
        name,
        tuple(
            Prior(name=column, value=middle, low=low, high=high, shape="uniform")
            for column in names
        ),
    )


def _ishigami(values: Array) -> Array:
    """Ishigami and Homma (1990) with a = 7, b = 0.1; a fourth column plays no part."""
    x, y, z = values[:, 0], values[:, 1], values[:, 2]
    return np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def _ishigami_variances() -> tuple[float, float, float]:
    """Variance of the parts in x, in y, and in x and z together."""
    return (
        0.5 * (1.0 + 0.1 * PI**4 / 5.0) ** 2,
        7.0**2 / 8.0,
        0.1**2 * PI**8 * 8.0 / 225.0,
    )


def _ishigami_design(draws: int = 4096) -> Design:
    return saltelli([_factor(name, low=-PI, high=PI) for name in "xyzu"], draws, 1)


def _evaluated(design: Design, model: Callable[[Array], Array]) -> Array:
    return model(design.values)


def _independent(blocks: Array, **options: int) -> Mapping[str, Array]:
    """Return SALib's indices: it wants the rows of a base draw together, B last.

    It has the same estimators, centres on the mean of all runs as well, and divides by the same
    variance, of A and B: equality is exact but for rounding.
    """
    a, b, *mixed = blocks
    interleaved = np.stack([a, *mixed, b], axis=1).ravel()
    problem = {"num_vars": 4, "names": list("xyzu"), "bounds": [[-PI, PI]] * 4}
    settings = {"num_resamples": 2, **options}
    return salib.analyze(problem, interleaved, calc_second_order=False, **settings)


def test_indices_of_the_ishigami_function_are_those_of_its_closed_form() -> None:
    design = _ishigami_design()
    found = indices(design, _evaluated(design, _ishigami))
    x, y, xz = _ishigami_variances()
    whole = x + y + xz
    np.testing.assert_allclose(found.first, [x / whole, y / whole, 0.0, 0.0], atol=0.01)
    np.testing.assert_allclose(
        found.total, [(x + xz) / whole, y / whole, xz / whole, 0.0], atol=0.01
    )
    assert found.variance == pytest.approx(whole, rel=0.01)


def test_indices_of_the_g_function_are_those_of_its_closed_form() -> None:
    """Saltelli and Sobol (1995): product of (|4x - 2| + a) / (1 + a)."""
    weights = np.array([0.0, 1.0, 4.5, 9.0])
    design = saltelli([_factor(name) for name in "abcd"], 4096, 2)
    outputs = np.prod((np.abs(4.0 * design.values - 2.0) + weights) / (1.0 + weights), axis=1)
    found = indices(design, outputs)
    parts = 1.0 / (3.0 * (1.0 + weights) ** 2)
    whole = np.prod(1.0 + parts) - 1.0
    np.testing.assert_allclose(found.first, parts / whole, atol=0.01)
    total = parts * np.prod(1.0 + parts) / (1.0 + parts) / whole
    np.testing.assert_allclose(found.total, total, atol=0.01)


def test_indices_equal_those_of_an_independent_library_on_the_same_runs() -> None:
    design = _ishigami_design(256)
    outputs = _evaluated(design, _ishigami) + 20.0
    expected = _independent(outputs.reshape(-1, design.draws))
    found = indices(design, outputs, resamples=2)
    np.testing.assert_allclose(found.first, expected["S1"], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(found.total, expected["ST"], rtol=1e-10, atol=1e-12)


def test_bootstrap_errors_agree_with_those_of_an_independent_library() -> None:
    design = _ishigami_design(256)
    outputs = _evaluated(design, _ishigami)
    expected = _independent(outputs.reshape(-1, design.draws), num_resamples=1000, seed=5)
    found = indices(design, outputs)
    np.testing.assert_allclose(1.96 * found.first_error, expected["S1_conf"], rtol=0.15, atol=1e-9)
    np.testing.assert_allclose(1.96 * found.total_error, expected["ST_conf"], rtol=0.15, atol=1e-9)


def test_a_group_of_two_columns_is_given_what_they_explain_together() -> None:
    factors = [_factor("xz", "x", "z", low=-PI, high=PI), _factor("y", low=-PI, high=PI)]
    design = saltelli(factors, 4096, 3)
    found = indices(design, _ishigami(design.values[:, [0, 2, 1]]))
    x, y, xz = _ishigami_variances()
    expected = np.array([x + xz, y]) / (x + y + xz)
    np.testing.assert_allclose(found.first, expected, atol=0.01)
    np.testing.assert_allclose(found.total, expected, atol=0.01)


def test_an_unimportant_group_has_indices_of_exactly_zero() -> None:
    design = _ishigami_design(64)
    found = indices(design, _evaluated(design, _ishigami))
    assert (found.first[3], found.total[3], found.total_error[3]) == (0.0, 0.0, 0.0)


def test_indices_do_not_move_with_the_level_or_the_unit_of_the_output() -> None:
    design = _ishigami_design(256)
    outputs = _evaluated(design, _ishigami)
    plain, moved = indices(design, outputs), indices(design, 1e3 + 1e-4 * outputs)
    np.testing.assert_allclose(moved.first, plain.first, rtol=1e-7)
    np.testing.assert_allclose(moved.total_interval, plain.total_interval, rtol=1e-7)


def test_intervals_hold_the_true_indices_and_narrow_with_more_draws() -> None:
    few, many = _ishigami_design(128), _ishigami_design(2048)
    wide = indices(few, _evaluated(few, _ishigami))
    narrow = indices(many, _evaluated(many, _ishigami))
    x, y, xz = _ishigami_variances()
    for found in (wide, narrow):
        low, high = found.total_interval[:3].T
        total = np.array([x + xz, y, xz]) / (x + y + xz)
        assert ((low <= total) & (total <= high)).all()
    assert (narrow.total_error[:3] < 0.5 * wide.total_error[:3]).all()


@pytest.mark.parametrize("level", [0.0, 0.1, -3e8])
def test_a_constant_output_has_nothing_to_explain(level: float) -> None:
    design = _ishigami_design(64)
    found = indices(design, np.full(len(design.group), level))
    for shares in (found.first, found.total, found.first_error, found.total_interval):
        np.testing.assert_array_equal(shares, 0.0)


def test_an_output_that_varies_only_outside_the_sample_has_no_index() -> None:
    design = _ishigami_design(64)
    outputs = np.zeros(len(design.group))
    outputs[np.flatnonzero(design.group == 1)[3]] = 1.0
    found = indices(design, outputs)
    np.testing.assert_array_equal(np.isnan(found.total), [False, True, False, False])
    assert found.total[0] == 0.0


def test_resamples_that_miss_a_rare_event_do_not_blow_up_its_error() -> None:
    design = _ishigami_design(64)
    outputs = np.full(len(design.group), 0.1)
    outputs[3] = outputs[np.flatnonzero(design.group == 1)[5]] = 0.7
    outputs[[20, 30, 40]] = np.nan
    found = indices(design, outputs)
    assert np.isfinite(found.total).all()
    assert found.total_error.max() < 10.0


def test_a_failed_row_drops_its_base_row_and_no_other() -> None:
    design = _ishigami_design(64)
    outputs = _evaluated(design, _ishigami)
    failed = outputs.copy()
    failed[[5, 64 * 3 + 9, 64 * 4 + 9]] = [np.nan, np.inf, np.nan]
    found = indices(design, failed)
    assert (found.kept, found.dropped) == (62, 2)
    expected = _independent(np.delete(outputs.reshape(-1, 64), [5, 9], axis=1))
    np.testing.assert_allclose(found.total, expected["ST"], rtol=1e-10, atol=1e-12)


def test_outputs_of_which_too_few_succeeded_are_refused() -> None:
    design = _ishigami_design(8)
    outputs = np.full(len(design.group), np.nan)
    with pytest.raises(OutputsError, match="0 of 8 base rows are complete"):
        indices(design, outputs)


def test_outputs_that_do_not_fit_the_design_are_refused() -> None:
    design = _ishigami_design(8)
    with pytest.raises(OutputsError, match="has 48 rows; got outputs of shape"):
        indices(design, np.zeros(47))


def test_the_same_seed_gives_the_same_errors() -> None:
    design = _ishigami_design(64)
    outputs = _evaluated(design, _ishigami)
    first, second = indices(design, outputs, seed=4), indices(design, outputs, seed=4)
    np.testing.assert_array_equal(first.first_error, second.first_error)
