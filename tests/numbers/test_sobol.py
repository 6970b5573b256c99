"""Points of scrambled Sobol sequences against SciPy's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import qmc

from tula.numbers import sobol as drawn
from tula.numbers.sobol import BITS, sobol


@pytest.mark.parametrize("width, draws, seed", [(1, 1, 0), (2, 8, 1), (7, 512, 2), (300, 64, 3)])
@pytest.mark.parametrize("table", [drawn._TABLE, Path("none.npz")])
def test_points_are_those_of_scipy_with_its_table_or_without(
    width: int, draws: int, seed: int, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn, "_TABLE", table)
    expected = qmc.Sobol(width, bits=BITS, seed=seed).random(draws)
    np.testing.assert_array_equal(sobol(width, draws, seed), expected)


def test_the_table_is_where_scipy_keeps_it() -> None:
    assert drawn._TABLE.exists()
