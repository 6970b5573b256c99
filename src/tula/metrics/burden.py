"""Who bears one importer's duties: relative to untaxed goods, and in the common part.

Studies of customs records compare prices of taxed goods with those of untaxed ones. What both have
in common, such as a fall of all foreign wages against the importer's, they difference away; in
general equilibrium it is a gain of the importer's as much as a lower price of the taxed good.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tula.equilibrium.solution import Solution
from tula.metrics.arrays import duty_step, seller_price_hat
from tula.metrics.incidence import UnchangedTariffError
from tula.shapes import Bool, Float

Array = np.ndarray


@dataclass(frozen=True)
class Burden:
    """Sellers' parts of the duties that one importer changed; 1 = they bear the whole duty.

    Means over the importer's foreign suppliers, weighted by base trade. ``relative`` is minus the
    slope of sellers' prices on duties (logs), against untaxed and less taxed goods; ``within`` the
    same with a constant for every seller and sector, as most studies have it; not a number where
    all duties are one. ``whole`` sets sellers' prices against the costs of the importer's own
    producers of the same sectors, and ``common`` is what of it ``relative`` leaves out.
    ``duty`` is the mean change of duties (%), ``volume`` that of imports, both of the sectors
    asked about, ``wage`` that of the importer's wage against the world's income; all in %.
    """

    importer: str
    relative: float
    within: float
    whole: float
    duty: float
    volume: float
    wage: float

    @property
    def common(self) -> float:
        """Sellers' part that a comparison with untaxed goods does not see."""
        return self.whole - self.relative


def burden(solution: Solution, importer: str, sectors: str | Iterable[str] = "goods") -> Burden:
    """Return who bears an importer's changed duties on all its foreign suppliers.

    Sectors with no duty changed count as untaxed goods; embargoed cells are left out. Raises
    ``UnchangedTariffError``, ``UnknownNameError``.
    """
    labels, base = solution.labels, solution.calibration
    n, rows = (
        labels.region_index(importer),
        np.isin(labels.sectors, labels.resolve_sectors(sectors)),
    )
    trade = np.array(base.border_trade[rows, n, :])
    trade[:, n] = 0.0
    traded = (trade > 0.0) & ~solution.shock.embargo[rows, n, :]
    step = np.nan_to_num(duty_step(solution)[rows, n, :])
    if not (traded & (step != 0.0)).any():
        raise UnchangedTariffError(f"no duty of {importer} on traded {sectors} changed")
    price = np.broadcast_to(seller_price_hat(solution), base.tariff.shape)[rows, n, :]
    rise = np.log(price)
    own = np.log(solution.cost_hat[n, rows])[:, None]
    duties = float((trade * step)[traded].sum())
    bought = solution.border_trade[rows, n, :] / price / base.border_trade[rows, n, :].clip(1e-300)
    return Burden(
        importer=importer,
        relative=-_slope(rise, step, trade, traded, effects=False),
        within=-_slope(rise, step, trade, traded, effects=True),
        whole=-float((trade * (rise - own))[traded & (step != 0.0)].sum()) / duties,
        duty=100.0 * float(np.expm1(duties / trade[traded].sum())),
        volume=100.0 * float((trade * (bought - 1.0))[traded].sum() / trade[traded].sum()),
        wage=100.0 * float(solution.wage_hat[n] - 1.0),
    )


def _slope(
    rise: Float[Array, "K I"],
    step: Float[Array, "K I"],
    weight: Float[Array, "K I"],
    used: Bool[Array, "K I"],
    *,
    effects: bool,
) -> float:
    """Return the weighted slope of ``rise`` on ``step`` with a constant, or one by row and column.

    Not a number where nothing is left of the step beside the constants.
    """
    sector, seller = np.nonzero(used)
    constants = np.ones((len(sector), 1))
    if effects:
        rows, columns = (np.eye(size) for size in used.shape)
        constants = np.hstack([rows[sector], columns[seller]])
    root = np.sqrt(weight[used])[:, None]
    scaled = constants * root
    y, x = rise[used][:, None] * root, step[used][:, None] * root
    left = [v - scaled @ np.linalg.lstsq(scaled, v, rcond=None)[0] for v in (y, x)]
    size = float((left[1] ** 2).sum())
    if size <= 1e-12 * float((x**2).sum()):
        return float("nan")
    return float((left[0] * left[1]).sum() / size)
