from pathlib import Path

import numpy as np
import pytest

from tula.world.balancing import (
    MarginMismatchError,
    NotBalancedError,
    UnreachableMarginError,
    balance_final_demand,
    final_demand_prior,
    gras,
)

ROWS, COLUMNS = np.array([30.0, 70.0]), np.array([40.0, 35.0, 25.0])


def random_world(seed: int, n: int = 4, s: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Intermediate sales (I, S, N) and true final sales (I, S, N) of a made-up world."""
    rng = np.random.default_rng(seed)
    sales = rng.lognormal(0, 1, (n, s, n)) + 10 * np.eye(n)[:, None, :]
    return sales, sales * rng.lognormal(0, 0.3, sales.shape)


def test_a_table_without_structure_becomes_the_product_of_its_totals() -> None:
    result = gras(np.ones((2, 3)), ROWS, COLUMNS)
    np.testing.assert_allclose(result, np.outer(ROWS, COLUMNS) / 100.0, rtol=1e-12)


def test_balancing_keeps_every_cross_product_ratio() -> None:
    prior = np.random.default_rng(1).lognormal(size=(2, 3))
    result = gras(prior, ROWS, COLUMNS)
    ratio = [m[0, 0] * m[1, 2] / (m[0, 2] * m[1, 0]) for m in (prior, result)]
    assert ratio[1] == pytest.approx(ratio[0], rel=1e-10)


def test_a_balanced_table_is_left_alone() -> None:
    prior = np.random.default_rng(2).lognormal(size=(4, 4))
    result = gras(prior, prior.sum(axis=1), prior.sum(axis=0))
    np.testing.assert_allclose(result, prior, rtol=1e-10)


def test_negative_entries_keep_their_sign_and_the_totals_are_met() -> None:
    prior = np.array([[7.0, 3.0, -2.0], [2.0, 9.0, 8.0], [-2.0, 0.0, 5.0]])
    rows, columns = np.array([9.0, 22.0, 4.0]), np.array([10.0, 13.0, 12.0])
    result = gras(prior, rows, columns)
    np.testing.assert_array_equal(np.sign(result), np.sign(prior))
    np.testing.assert_allclose(result.sum(axis=1), rows, atol=1e-9)
    np.testing.assert_allclose(result.sum(axis=0), columns, atol=1e-9)


def test_totals_that_sum_differently_are_refused() -> None:
    with pytest.raises(MarginMismatchError, match="100"):
        gras(np.ones((2, 3)), ROWS, COLUMNS + 1.0)


def test_a_total_behind_an_empty_row_is_refused_with_its_place() -> None:
    prior = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    with pytest.raises(UnreachableMarginError, match="row totals out of reach at positions 1"):
        gras(prior, ROWS, COLUMNS)


def test_too_few_iterations_raise_instead_of_returning() -> None:
    prior = np.random.default_rng(3).lognormal(size=(2, 3))
    with pytest.raises(NotBalancedError):
        gras(prior, ROWS, COLUMNS, max_iterations=1)


def test_the_prior_sums_to_final_sales() -> None:
    sales, truth = random_world(4)
    prior = final_demand_prior(sales, truth.sum(axis=2), truth.sum(axis=(0, 1)))
    np.testing.assert_allclose(prior.sum(axis=2), truth.sum(axis=2), rtol=1e-12)


def test_final_demand_meets_producers_home_purchases_and_imports() -> None:
    sales, truth = random_world(5)
    home = np.einsum("isi->i", truth)
    imports = truth.sum(axis=(0, 1)) - home
    prior = final_demand_prior(sales, truth.sum(axis=2), truth.sum(axis=(0, 1)))
    result = balance_final_demand(prior, truth.sum(axis=2), home, imports)
    np.testing.assert_allclose(result.sum(axis=2), truth.sum(axis=2), rtol=1e-9)
    np.testing.assert_allclose(np.einsum("isi->i", result), home, rtol=1e-9)
    np.testing.assert_allclose(result.sum(axis=(0, 1)) - home, imports, rtol=1e-9)


def test_final_demand_that_fits_is_left_alone() -> None:
    _, truth = random_world(6)
    home = np.einsum("isi->i", truth)
    imports = truth.sum(axis=(0, 1)) - home
    result = balance_final_demand(truth, truth.sum(axis=2), home, imports)
    np.testing.assert_allclose(result, truth, rtol=1e-9)


def test_purchases_that_do_not_add_up_to_sales_are_refused() -> None:
    _, truth = random_world(7)
    home = np.einsum("isi->i", truth)
    with pytest.raises(MarginMismatchError):
        balance_final_demand(truth, truth.sum(axis=2), home, truth.sum(axis=(0, 1)))


@pytest.mark.reference
def test_where_final_demand_is_known_the_estimate_halves_the_error_of_plain_ras(
    reference_data: Path,
) -> None:
    with np.load(reference_data / "wiod2011" / "wiod2013_2011.npz") as data:
        sales = data["Z"].astype(float).reshape(41, 35, 41, 35).sum(axis=3)
        truth = np.maximum(data["F"].astype(float).reshape(41, 35, 41), 0.0)
    producers, spending = truth.sum(axis=2), truth.sum(axis=(0, 1))
    home = np.einsum("isi->i", truth)
    prior = final_demand_prior(sales, producers, spending)
    ours = balance_final_demand(prior, producers, home, spending - home, tolerance=1e-8)
    seed = (sales + 1e-9).reshape(-1, 41)
    plain = gras(seed, producers.ravel(), spending, tolerance=1e-9).reshape(truth.shape)
    errors = [bilateral_error(sales + f, sales + truth) for f in (ours, plain)]
    assert errors[0] <= 0.08
    assert errors[0] <= 0.52 * errors[1]


def bilateral_error(estimate: np.ndarray, truth: np.ndarray) -> float:
    abroad = np.eye(len(truth)) == 0
    gap = np.abs(estimate.sum(axis=1) - truth.sum(axis=1))[abroad].sum()
    return float(gap / truth.sum(axis=1)[abroad].sum())
