"""One-sector structural gravity: a trade agreement between Canada and Japan.

The sample of the Python package gegravity (P. Herman, version 0.3): 30 countries in 2006, with its
own results. Structural gravity is the special case of the model with one sector and no
intermediate inputs. The package solves prices and multilateral resistances with every country's
shares in world output and spending held at their base values, and multiplies output by its price
afterwards. Two columns are therefore shown: incomes held, as the package does, and the full
equilibrium, in which incomes move with prices (the exact column).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from tula import metrics
from tula.equilibrium import FixedBalance, ProportionalBalance, Solution, solve
from tula.policy.shock import no_shock
from tula.replicate.gegravity_data import (
    MARGIN_TOLERANCE,
    PARTNERS,
    REFERENCE,
    RESULTS,
    GravityData,
    load,
)
from tula.replicate.report import (
    Comparison,
    ReplicationReport,
    ReplicationRow,
    by_place,
    column,
    compare,
)
from tula.shapes import Float
from tula.world.balancing import gras

TITLE = "A Canada-Japan agreement in one-sector gravity (gegravity sample)"
CITATION = (
    "Herman, P., gegravity 0.3: General Equilibrium Gravity Modeling in Python, sample data and "
    "example of a preferential trade agreement between Canada and Japan"
)
PACKAGE = "gegravity 0.3, tolerance 1e-8"
TOLERANCE = 1e-6

#: Column of the package's results -> what the solution with incomes held says.
COLUMNS = {
    "factory gate price change (percent)": "producer price",
    "omr change (percent)": "outward resistance",
    "imr change (percent)": "inward resistance",
    "GDP change (percent)": "real output",
    "welfare statistic": "welfare statistic",
    "terms of trade change (percent)": "terms of trade",
    "output change (percent)": "nominal output",
    "expenditure change (percent)": "nominal spending",
}
PRICE, RESISTANCE, REAL = "producer price", "inward resistance", "real output"


def replicate(data_dir: Path) -> ReplicationReport:
    """Run the agreement with incomes held and in full equilibrium, against the package."""
    data = load(data_dir)
    held, full = incomes_held(data), full_equilibrium(data)
    theirs = data.results
    return ReplicationReport(
        name="gegravity",
        title=TITLE,
        citation=CITATION,
        rows=tuple(_rows(figures(held), figures(full), theirs)),
        comparisons=(*_comparisons(figures(held), theirs), _incomes(held)),
        remarks=_remarks(figures(held), figures(full)),
    )


def incomes_held(data: GravityData) -> Solution:
    """Solve with producer prices that keep every nominal income at its base value.

    The prices come from the world's margins alone: trade under the agreement is scaled by rows
    and columns to base output and spending, and a row's factor is its price to the power -theta.
    They enter as productivity; that wages then stay put is the solver's finding, not an input.
    """
    base = data.calibration
    shock = no_shock(base.labels, base.tariff, base.export_tax)
    hat = producer_price_hat(data)
    shock = shock.replace(trade_cost_hat=data.trade_cost_hat, productivity_hat=1.0 / hat[:, None])
    return solve(base, shock, closure=FixedBalance())


def full_equilibrium(data: GravityData) -> Solution:
    """Solve the agreement with incomes that move with prices, imbalances in proportion."""
    base = data.calibration
    shock = no_shock(base.labels, base.tariff, base.export_tax)
    return solve(
        base, shock.replace(trade_cost_hat=data.trade_cost_hat), closure=ProportionalBalance()
    )


def producer_price_hat(data: GravityData) -> Float[np.ndarray, " N"]:
    """Return prices at which shocked trade has base margins, by producer.

    Cells scale with the buyer's price and the producer's price to the power -theta; the row of
    the reference country, whose inward resistance is one, holds the producers' part alone.
    """
    base, theta = data.calibration, data.calibration.trade_elasticity[0]
    spending, output = base.expenditure[:, 0], base.output[:, 0]
    eased = base.border_trade[0] * data.trade_cost_hat[0] ** -theta
    scaled = gras(eased, spending, output, MARGIN_TOLERANCE) / eased
    return np.asarray(scaled[base.labels.region_index(REFERENCE)] ** (-1.0 / theta))


def figures(solution: Solution) -> pd.DataFrame:
    """Return the package's measures by country; inward resistance of the reference fixed at one."""
    anchor = solution.price_hat[solution.labels.region_index(REFERENCE), 0]
    made, paid = solution.cost_hat[:, 0] / anchor, solution.price_hat[:, 0] / anchor
    return pd.DataFrame(
        {
            "producer price": 100.0 * (made - 1.0),
            "outward resistance": 100.0 * (1.0 / made - 1.0),
            "inward resistance": 100.0 * (paid - 1.0),
            "real output": 100.0 * (made / paid - 1.0),
            "welfare statistic": paid / made,
            "terms of trade": 100.0 * (made / paid - 1.0),
            "nominal output": 100.0 * (made - 1.0),
            "nominal spending": 100.0 * (made - 1.0),
        },
        index=pd.Index(solution.labels.regions, name="country"),
    )


def _rows(held: pd.DataFrame, full: pd.DataFrame, theirs: pd.DataFrame) -> list[ReplicationRow]:
    names = {name: title for title, name in COLUMNS.items()}
    return [
        ReplicationRow(
            quantity=quantity,
            place=place,
            unit="%",
            published=column(theirs, names[quantity])[place],
            reproduced=column(held, quantity)[place],
            exact=column(full, quantity)[place],
            tolerance=TOLERANCE,
            source=f"{PACKAGE}, {RESULTS}",
        )
        for quantity in (PRICE, RESISTANCE, REAL)
        for place in PARTNERS
    ]


def _comparisons(held: pd.DataFrame, theirs: pd.DataFrame) -> list[Comparison]:
    return [
        compare(
            name,
            PACKAGE,
            "ratio" if name == "welfare statistic" else "percentage points",
            column(held, name),
            column(theirs, title),
            TOLERANCE,
        )
        for title, name in COLUMNS.items()
    ]


def _incomes(held: Solution) -> Comparison:
    wages = by_place(held.labels.regions, metrics.wage(held).to_numpy())
    return compare(
        "wages stay at base",
        "zero, implied by the margins",
        "%",
        wages,
        dict.fromkeys(wages, 0.0),
        1e-7,
    )


def _remarks(held: pd.DataFrame, full: pd.DataFrame) -> tuple[str, ...]:
    canada, japan = PARTNERS
    moving, fixed = column(full, REAL), column(held, REAL)
    return (
        f"with incomes moving, real output changes by {moving[canada]:+.3f}% in {canada} "
        f"and {moving[japan]:+.3f}% in {japan}; with incomes held, by "
        f"{fixed[canada]:+.3f}% and {fixed[japan]:+.3f}%",
        "the package's trade changes are not compared: they scale shares solved at base incomes "
        "by the incomes computed afterwards, and do not add up to spending",
    )
