"""Solutions written down rather than solved: their cells are chosen as well."""

from __future__ import annotations

from copy import copy

import numpy as np

from tula.equilibrium import Solution
from tula.equilibrium.cells import Cells
from tula.equilibrium.outcomes import KeptWedges


def with_cells(
    solution: Solution,
    share: np.ndarray | None = None,
    at_border: np.ndarray | None = None,
    cap_wedge: np.ndarray | None = None,
) -> Solution:
    """Return the solution with trade shares, border trade or wedges of caps as chosen."""
    chosen = copy(solution)
    share = solution.trade_share if share is None else share
    at_border = solution.border_trade if at_border is None else at_border
    price, seller = solution.price_hat.T, solution.cost_hat.T[:, None, :]
    spent = share * solution.expenditure.T[:, :, None]
    chosen.__dict__["_cells"] = Cells(share, spent, at_border, at_border, seller, price, price)
    if cap_wedge is not None:
        none = np.ones_like(cap_wedge)
        chosen.__dict__["limit_wedges"] = KeptWedges(cap_wedge, none, none, none)
    return chosen
