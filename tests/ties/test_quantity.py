"""What ranges of inputs do to results."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tula.numbers.quantity import Quantity
from tula.ties.quantity import spread


def test_an_interval_of_a_sum_of_exact_numbers_is_a_point() -> None:
    exact = {"a": Quantity.model_validate(1.0), "b": Quantity.model_validate(2.0)}
    found = spread(lambda values: {"sum": values["a"] + values["b"]}, exact)
    assert found == {"sum": (3.0, 3.0, 3.0)}


def test_percentiles_of_one_input_are_its_own() -> None:
    quantity = Quantity(value=4.0, low=1.0, high=10.0)
    _, low, high = spread(lambda values: {"same": values["x"]}, {"x": quantity}, draws=4096)["same"]
    np.testing.assert_allclose([low, high], quantity.at(np.array([0.1, 0.9])), rtol=5e-3)


def test_the_same_seed_gives_the_same_interval() -> None:
    quantities = {"x": Quantity(value=4.0, low=1.0, high=10.0)}
    assert spread(dict, quantities, seed=3) == spread(dict, quantities, seed=3)


def test_one_belief_in_two_places_is_drawn_as_one_number() -> None:
    shared = Quantity(value=2.0, low=1.0, high=4.0, belief="bite")
    apart = Quantity(value=2.0, low=1.0, high=4.0)

    def difference(values: Mapping[str, float]) -> Mapping[str, float]:
        return {"difference": values["x"] - values["y"]}

    assert spread(difference, {"x": shared, "y": shared}) == {"difference": (0.0, 0.0, 0.0)}
    central, low, high = spread(difference, {"x": apart, "y": apart})["difference"]
    assert low < central < high
