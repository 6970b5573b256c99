"""A small world of four countries for the one-sector gravity model with fixed costs."""

from __future__ import annotations

import numpy as np

from tula.replicate.liberation_day_model import GravityWorld


def small_world() -> GravityWorld:
    """Return four countries of unlike size; the first, the pivot, has the largest fixed costs."""
    size = np.array([5.0, 3.0, 2.0, 1.0])
    flows = np.outer(size, size) * 0.04 + np.diag(size)
    nu = np.array([0.27, 0.11, 0.11, 0.11])
    spending = flows.sum(axis=1)
    income = (1.0 - nu) @ flows + nu * spending
    return GravityWorld(
        share=flows / spending[:, None],
        spending=spending,
        income=income,
        transfer=spending - income,
        final_spending=spending,
        fixed_cost_share=nu,
        duty_exponent=np.array([1.4, 1.15, 1.15, 1.15]),
        trade_elasticity=4.0,
        labour_elasticity=0.5,
        scale_elasticity=0.1675,
        value_added_share=1.0,
        pivot=0,
    )
