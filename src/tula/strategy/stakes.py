"""What a sender weighs: real incomes of several regions in money, with a weight on each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tula.equilibrium.arrays import Array, record
from tula.equilibrium.calibration import Calibration
from tula.equilibrium.readings import Outcome, Reading
from tula.equilibrium.system import State, System
from tula.shapes import Float


@record
class _WeightedIncome:
    weight: Float[Array, " N"]
    base_spending: Float[Array, " N"]

    def __call__(self, system: System, state: State) -> Array:
        return self.weight @ (state.income / self.base_spending / state.final_price_hat)


def weighted_income(weights: Mapping[str, float]) -> Reading:
    """Sum of regions' real incomes at base prices times their weights: a differentiable reading.

    Million USD where weights are pure numbers; regions not named weigh nothing. Weights are data
    and not part of the compiled function, so that one compilation serves all.
    """

    def on(calibration: Calibration) -> Outcome:
        labels, spending = calibration.labels, calibration.final_spending
        weight = np.zeros(len(labels.regions))
        for code, value in weights.items():
            weight[labels.region_index(code)] = value
        return _WeightedIncome(weight * spending, spending)

    return on
