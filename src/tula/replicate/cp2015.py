"""Caliendo and Parro (2015): what NAFTA's tariff cuts did to Mexico, Canada and the United States.

"Estimates of the Trade and Welfare Effects of NAFTA", Review of Economic Studies 82(1), 1-44,
section 5.1. The published welfare effect is the first-order sum of terms of trade and volume of
trade; the exact change in real income of the same model stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from tula import metrics
from tula.equilibrium import BalancedTrade, FixedBalance, Solution, solve
from tula.policy.shock import no_shock
from tula.replicate import cp2015_data as source
from tula.replicate.cp2015_checks import REFERENCES, comparisons
from tula.replicate.cp2015_checks import figures as figures_by_region
from tula.replicate.report import ReplicationReport, ReplicationRow, column, require_files

TITLE = "NAFTA's tariff cuts (Caliendo and Parro 2015)"
CITATION = (
    "Caliendo, L. and Parro, F. (2015), Estimates of the Trade and Welfare Effects of NAFTA, "
    "Review of Economic Studies 82(1), 1-44"
)
PUBLISHED_BALANCED = {
    "welfare": (1.31, -0.06, 0.08),
    "terms of trade": (-0.41, -0.11, 0.04),
    "volume of trade": (1.72, 0.04, 0.04),
    "real wage": (1.72, 0.32, 0.11),
}
PUBLISHED_WITH_DEFICITS = {"welfare": (1.17, -0.04, 0.08)}
PUBLISHED_IMPORTS = (118.0, 11.0, 41.0)
SECTION = "section 5.1, trade deficits purged"
DEFICITS = "with trade deficits"
ABSTRACT = "abstract"


def replicate(data_dir: Path) -> ReplicationReport:
    """Run NAFTA with and without trade deficits and compare with every published figure."""
    folder = source.folder_of(data_dir)
    require_files(folder, [source.INPUTS, source.SCENARIOS, *REFERENCES])
    data = source.load(folder)
    balanced = nafta(data, deficits=False)
    unbalanced = nafta(data, deficits=True)
    return ReplicationReport(
        name="cp2015",
        title=TITLE,
        citation=CITATION,
        rows=(
            *welfare_rows(balanced, PUBLISHED_BALANCED, SECTION),
            *import_rows(balanced),
            *welfare_rows(unbalanced, PUBLISHED_WITH_DEFICITS, DEFICITS, ", with deficits"),
        ),
        comparisons=comparisons(folder, data, balanced, unbalanced),
        remarks=(*_revenue_remark(balanced), *data.gaps),
    )


def nafta(data: source.NaftaData, *, deficits: bool) -> Solution:
    """Solve NAFTA's tariffs from the base of 1993, its deficits kept in value or purged first."""
    closure = FixedBalance() if deficits else BalancedTrade()
    base = source.settle(data.calibration, closure)
    still = no_shock(base.labels, base.tariff, base.export_tax)
    return solve(base, still.replace(tariff=data.nafta_tariff), closure=closure)


def first_order_figures(solution: Solution) -> pd.DataFrame:
    """Return the published quantities by region: first-order parts and sum, real wage, exact."""
    names = {"first_order": "welfare", "real_wage": "real wage"} | {
        name: name.replace("_", " ") for name in ("terms_of_trade", "volume_of_trade")
    }
    return figures_by_region(solution).rename(columns=names)


def imports_from_members(solution: Solution) -> dict[str, float]:
    """Return the change in border value of each member's imports from the other two, per cent."""
    trade = metrics.trade_value(solution).sum("sector")
    growth = {}
    for importer in source.MEMBERS:
        partners = [code for code in source.MEMBERS if code != importer]
        flow = trade.sel(importer=importer, exporter=partners).sum("exporter")
        growth[importer] = float(100.0 * flow.sel(state="change") / flow.sel(state="base"))
    return growth


def welfare_rows(
    solution: Solution, published: Mapping[str, tuple[float, ...]], where: str, case: str = ""
) -> list[ReplicationRow]:
    """Return published and reproduced figures of the three members."""
    figures = first_order_figures(solution)
    return [
        ReplicationRow(
            quantity=quantity + case,
            place=place,
            unit="%",
            published=value,
            reproduced=column(figures, quantity)[place],
            exact=column(figures, "exact")[place] if quantity == "welfare" else None,
            tolerance=0.005,
            source=f"Caliendo and Parro (2015), {where}",
        )
        for quantity, values in published.items()
        for place, value in zip(source.MEMBERS, values, strict=True)
    ]


def import_rows(solution: Solution) -> list[ReplicationRow]:
    """Return published and reproduced growth of trade inside the bloc."""
    growth = imports_from_members(solution)
    return [
        ReplicationRow(
            quantity="imports from NAFTA members",
            place=place,
            unit="%",
            published=value,
            reproduced=growth[place],
            exact=None,
            tolerance=0.5,
            source=f"Caliendo and Parro (2015), {ABSTRACT}",
        )
        for place, value in zip(source.MEMBERS, PUBLISHED_IMPORTS, strict=True)
    ]


def _revenue_remark(solution: Solution) -> tuple[str, ...]:
    share = metrics.tariff_revenue_share(solution).sel(region="Mexico")
    change = metrics.decomposition(solution).sel(region="Mexico")
    return (
        f"Mexico: first-order sum {float(change.sel(component='first_order')):+.2f}%, exact "
        f"change {float(change.sel(component='exact')):+.3f}%: tariff revenue falls from "
        f"{float(share.sel(state='base')):.2f}% to {float(share.sel(state='new')):.2f}% of final "
        "spending, while the sum values all added trade at the duties that are gone",
    )
