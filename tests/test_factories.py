from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from tula.world.economy import Economy


def test_a_made_economy_is_balanced_with_positive_flows_and_value_added(
    make_economy: Callable[..., Economy],
) -> None:
    economy = make_economy(5, 4, 7, export_taxes=True)
    income = economy.value_added.sum(1)
    revenue = (economy.trade * (economy.purchaser_factor - 1.0)).sum(axis=(0, 2))
    final = np.einsum("isn,sni->n", economy.final, economy.purchaser_factor)
    assert economy.intermediate.min() > 0 and economy.final.min() > 0
    assert (economy.value_added / economy.output).min() > 0.3
    assert final.sum() == pytest.approx(income.sum() + revenue.sum(), rel=1e-12)


def test_the_same_seed_gives_the_same_bits(make_economy: Callable[..., Economy]) -> None:
    first, second = make_economy(3, 2, 11), make_economy(3, 2, 11)
    assert np.array_equal(first.intermediate, second.intermediate)


def test_wrong_shapes_are_caught_at_run_time_in_tests(toy_economy: Economy) -> None:
    assert toy_economy.with_elasticity(np.ones(3), "right")
    for _ in range(2):
        with pytest.raises(TypeCheckError):
            toy_economy.with_elasticity(np.ones((2, 2)), "wrong shape")
    with pytest.raises(TypeCheckError):
        toy_economy.with_elasticity(np.ones(3, dtype=int), "wrong sort")
    with pytest.raises(TypeCheckError):
        toy_economy.with_elasticity(np.ones(3), 4)  # type: ignore[arg-type]
