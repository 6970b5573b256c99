"""One-sector gravity: the package's figures, and the equilibrium with incomes that move."""

from __future__ import annotations

import numpy as np
import pytest

from tula.replicate import ReplicationReport
from tula.replicate.gegravity_data import fit_margins


@pytest.mark.reference
def test_every_figure_of_the_package_is_met_to_a_millionth_of_a_point(
    gegravity: ReplicationReport,
) -> None:
    assert [item for item in (*gegravity.rows, *gegravity.comparisons) if not item.agrees] == []
    assert {item.figures for item in gegravity.comparisons} == {30}


@pytest.mark.reference
def test_moving_incomes_change_the_answer_beyond_the_packages_tolerance(
    gegravity: ReplicationReport,
) -> None:
    gaps = [abs(row.exact - row.reproduced) for row in gegravity.rows if row.exact is not None]
    assert len(gaps) == len(gegravity.rows)
    assert min(gaps) > 1e-3


def test_fitting_keeps_cross_ratios_and_meets_margins() -> None:
    prior = np.array([[4.0, 1.0, 2.0], [1.0, 3.0, 1.0], [2.0, 2.0, 5.0]])
    rows, columns = np.array([10.0, 6.0, 4.0]), np.array([5.0, 7.0, 8.0])
    fitted = fit_margins(prior, rows, columns)
    np.testing.assert_allclose(fitted.sum(axis=1), rows)
    np.testing.assert_allclose(fitted.sum(axis=0), columns)

    def cross(table: np.ndarray) -> np.ndarray:
        return table[:1, :1] * table[1:, 1:] / (table[1:, :1] * table[:1, 1:])

    np.testing.assert_allclose(cross(fitted), cross(prior))
