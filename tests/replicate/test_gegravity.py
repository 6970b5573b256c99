"""One-sector gravity: the package's figures, and the equilibrium with incomes that move."""

from __future__ import annotations

import pytest

from tula.replicate import ReplicationReport


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
