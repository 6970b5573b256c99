"""Where a change in real income comes from, to first order, and what that leaves out.

Caliendo and Parro (2015, Review of Economic Studies 82) split the change in welfare of region n
into terms of trade and volume of trade, both over base final spending::

    sum_si E[s,i,n] dln c[n,s] - M[s,n,i] dln c[i,s]                terms of trade
    sum_si t[s,n,i] M[s,n,i] (dln M[s,n,i] - dln c[i,s])            volume of trade

with M imports and E exports at base border values. Their published tables take ``dln x`` as
``x_hat - 1``, and so does this module. Export taxes, iceberg costs, productivity, endowments and
transfers are added here in the same first-order manner, so that the parts of any shock are
accounted for; without them the published formula is what remains.

The sum is exact only for small changes. ``second_order`` is the exact change in real income less
the sum. For large cuts of large tariffs it is not small: the sum values every added import at the
base duty, also where that duty is gone.
"""

from __future__ import annotations

import numpy as np

from tula.equilibrium.solution import Solution
from tula.metrics.arrays import export_tax_hat, seller_price_hat
from tula.metrics.registry import BETTER, PERCENT, metric
from tula.shapes import Float

Array = np.ndarray
BILATERAL = ("region", "partner", "sector")
SPENDING = "base final spending"


@metric(title="Terms of trade", unit=PERCENT, dims=BILATERAL, base=SPENDING, sign=BETTER)
def terms_of_trade(solution: Solution) -> Float[Array, "N I S"]:
    """First-order gain of a region from dearer exports to, and cheaper imports from, a partner.

    Prices are costs with export tax, without iceberg cost. The sum over partners and sectors is
    the published figure.
    """
    return _share_of_spending(solution, _price_gain(solution))


@metric(title="Volume of trade", unit=PERCENT, dims=BILATERAL, base=SPENDING, sign=BETTER)
def volume_of_trade(solution: Solution) -> Float[Array, "N I S"]:
    """First-order gain from taxed trade that grows: the base tax rate times the added volume.

    Import duty counts for the importer (partner: the exporter), export tax for the exporter
    (partner: the importer).
    """
    return _share_of_spending(solution, _volume_gain(solution))


@metric(
    title="Sources of the change in real income",
    unit=PERCENT,
    dims=("component", "region"),
    base=SPENDING,
    sign=BETTER,
)
def decomposition(solution: Solution) -> Float[Array, "C N"]:
    """First-order parts, their sum, the exact change, and the second-order rest between the two.

    ``technology`` is iceberg cost and productivity, ``endowment`` effective labour at work (shifts,
    idleness, migrants by residence), ``transfer`` the change in the imbalance, remittances in it.
    The loss from an embargo or a cap has no first-order part other than lost duty: it stands in
    ``second_order``.
    """
    money = [
        _price_gain(solution).sum(axis=(1, 2)),
        _volume_gain(solution).sum(axis=(1, 2)),
        _technology_gain(solution),
        _labour_gain(solution),
        solution.imbalance - solution.calibration.imbalance,
    ]
    parts = 100.0 * np.stack(money) / solution.calibration.final_spending
    first = parts.sum(axis=0)
    exact = 100.0 * (solution.real_income_hat - 1.0)
    return np.stack([*parts, first, exact - first, exact])


def _labour_gain(solution: Solution) -> Float[Array, " N"]:
    """Base earnings of labour times its change: shifts, those who come or go, and the idle."""
    base = solution.calibration
    sectors = base.value_added_share * base.output
    mobile = (sectors * (1.0 - base.placed.specific_share)).sum(axis=1) / sectors.sum(axis=1)
    labour = base.value_added * mobile
    now = labour * solution.shock.labour_hat
    for corridor, outcome in zip(solution.shock.corridors, solution.corridors, strict=True):
        now[corridor.host] += outcome.used * corridor.host_value
        now[corridor.source] -= outcome.used * corridor.home_value
    return np.asarray(now * solution.employment_hat - labour)


def _price_gain(solution: Solution) -> Float[Array, "N I S"]:
    """Export gain less import loss by region, partner and sector, million USD."""
    base = solution.calibration.border_trade
    rise = base * (seller_price_hat(solution) * export_tax_hat(solution) - 1.0)
    return np.asarray(rise.transpose(2, 1, 0) - rise.transpose(1, 2, 0))


def _volume_gain(solution: Solution) -> Float[Array, "N I S"]:
    """Base tax rate times added volume by region, partner and sector, million USD."""
    base, shock = solution.calibration, solution.shock
    cost = seller_price_hat(solution)
    bought = solution.border_trade - cost * export_tax_hat(solution) * base.border_trade
    sold = solution.border_trade / (1.0 + shock.export_tax)
    sold = sold - cost * base.border_trade / (1.0 + base.export_tax)
    duty, levy = base.tariff * bought, base.export_tax * sold
    return np.asarray(duty.transpose(1, 2, 0) + levy.transpose(2, 1, 0))


def _technology_gain(solution: Solution) -> Float[Array, " N"]:
    """Base output times productivity gained less base imports times iceberg cost added."""
    base, shock = solution.calibration, solution.shock
    paid = base.border_trade * (1.0 + base.tariff)
    melted = (paid * (solution.trade_cost_hat - 1.0)).sum(axis=(0, 2))
    made = (base.output * (shock.productivity_hat - 1.0)).sum(axis=1)
    return np.asarray(made - melted)


def _share_of_spending(solution: Solution, money: Float[Array, "N I S"]) -> Float[Array, "N I S"]:
    spending = solution.calibration.final_spending
    return np.asarray(100.0 * money / spending[:, None, None])
