"""Partners of the United States in its goods imports of 2024, as its Census Bureau counts them."""

from __future__ import annotations

import numpy as np

from tula.shapes import Float
from tula.world.base_tariffs import read_table
from tula.world.labels import Labels
from tula.world.nowcast import Flows, fit_partners

Array = np.ndarray

IMPORTER = "USA"


def customs_values(labels: Labels) -> dict[str, Float[Array, " S"]]:
    """Return goods imports by partner (a region or ``EU``) and sector, million USD."""
    return {
        row["partner"]: np.array([float(row.get(code, "0")) for code in labels.sectors])
        for row in read_table("us_imports_2024.csv")
    }


def fit_american_imports(flows: Flows, labels: Labels) -> Flows:
    """Give the goods imports of the United States the partner shares of 2024, sector by sector.

    Imports by sector and by user stay. Customs values are of another kind than the table's basic
    values, so shares alone are taken over; partners that were not read keep what they sell, those
    that make none in the table sell none, and the European Union is parted as before. Raises the
    errors of ``tula.world.balancing``.
    """
    known = customs_values(labels)
    buyer, goods = labels.region_index(IMPORTER), labels.resolve_sectors("goods")
    for code in goods:
        sector = labels.sector_index(code)
        sales = flows.trade[:, sector, buyer].copy()
        wanted, shared = sales.copy(), np.zeros(len(sales), dtype=bool)
        for partner, values in known.items():
            sellers = [labels.region_index(one) for one in labels.resolve_regions(partner)]
            before = sales[sellers]
            split = before / before.sum() if before.sum() > 0 else 1.0 / len(sellers)
            wanted[sellers], shared[sellers] = values[sector] * split, True
        wanted[flows.output[:, sector] == 0] = 0.0
        wanted[shared] *= sales[shared].sum() / wanted[shared].sum()
        flows = fit_partners(flows, labels, code, IMPORTER, wanted)
    return flows
