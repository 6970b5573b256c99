"""The rest of the world: the economy the source table leaves out, put together from its edges.

Known are its totals (output, value added, final expenditure, exports, imports), what each economy
buys from it as inputs, and its exports of minerals by partner (BACI). The rest is the technology
and taste of developing and resource-rich economies, scaled to the totals.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tula.shapes import Float
from tula.world.balancing import gras
from tula.world.build.margins import MINERAL_CAP, Margins
from tula.world.build.sources import IcioTable

Array = np.ndarray

#: Economies whose purchases and technology stand for those of the rest of the world: the table's
#: African, Central Asian, Gulf, South Asian and smaller Latin American economies. Assumption.
PROXIES = (
    *("AGO", "CIV", "CMR", "COD", "EGY", "JOR", "MAR", "NGA", "SEN", "TUN", "SAU", "ARE"),
    *("KAZ", "PAK", "BGD", "COL", "PER", "CRI", "KHM", "MMR", "UKR"),
)
#: Weight of the proxies' purchasing pattern, against that of all importers, in what the rest of
#: the world buys. Assumption, range 0 to 1: equal weights.
PROXY_WEIGHT = 0.5
#: Least value added, as a share of output, that inputs from the rest of the world may leave a
#: user with before duties. Assumption, range 0.02 to 0.08; it binds for refineries only.
LEAST_VALUE_ADDED = 0.05


def sales_to_rest(
    table: IcioTable, final_prior: Float[Array, "I S N"], margins: Margins
) -> Float[Array, "I S"]:
    """Return a first guess of sales to the rest of the world by producer, million USD.

    A geometric mean of all exports (heavier for economies that buy more from it) and of exports
    to the proxies; scaled to what the rest of the world buys.
    """
    exports = table.intermediate.sum(axis=3) + final_prior
    own = np.arange(len(table.economies))
    exports[own, :, own] = 0.0
    everywhere = exports.sum(axis=2) * np.sqrt(margins.openness)[:, None]
    to_proxies = exports[:, :, [table.economies.index(code) for code in PROXIES]]
    proxied = (to_proxies / to_proxies.sum(axis=(0, 1))).sum(axis=2)
    guess = (everywhere / everywhere.sum()) ** (1.0 - PROXY_WEIGHT)
    guess = guess * (proxied / proxied.sum()) ** PROXY_WEIGHT
    return np.asarray(guess * margins.row_purchases / guess.sum())


def inputs_from_rest(
    table: IcioTable, margins: Margins, minerals: dict[str, Float[Array, " N"]]
) -> Float[Array, "S N K"]:
    """Return inputs bought from the rest of the world by sector, importer and user, million USD.

    ``minerals`` maps an industry to imports of it from the rest of the world (BACI); the
    remainder follows each importer's purchases of other inputs, a geometric mean of those from
    all others abroad and those from the proxies. Users follow their purchases of the same input
    from abroad.
    """
    foreign = table.intermediate.sum(axis=0)
    for economy in range(len(table.economies)):
        foreign[:, economy] -= table.intermediate[economy, :, economy]
    by_sector = foreign.sum(axis=2)
    known = np.array([minerals[code] for code in minerals])
    limit = MINERAL_CAP * margins.row_inputs / np.maximum(known.sum(axis=0), 1e-30)
    known *= np.minimum(limit, 1.0)
    rows = [table.industries.index(code) for code in minerals]
    other = _like_proxies(table.intermediate.sum(axis=3), by_sector, table)
    other[rows] = 0.0
    other *= (margins.row_inputs - known.sum(axis=0)) / other.sum(axis=0)
    other[rows] = known
    user_share = foreign / np.maximum(by_sector[:, :, None], 1e-30)
    lost = np.where(by_sector > 0, 0.0, other)
    inputs = user_share * (other + _respread(lost, other, by_sector))[:, :, None]
    return _leave_value_added(table, inputs)


def _leave_value_added(table: IcioTable, inputs: Array) -> Array:
    """Move inputs away from users they would leave with too little value added."""
    room = (1.0 - LEAST_VALUE_ADDED) * table.output - table.intermediate.sum(axis=(0, 1))
    total = inputs.sum(axis=(0, 2))
    for _ in range(10):
        kept = inputs * np.minimum(1.0, np.maximum(room, 0.0) / np.maximum(inputs.sum(0), 1e-30))
        inputs = kept * (total / kept.sum(axis=(0, 2)))[:, None]
    return np.asarray(inputs)


def _like_proxies(sales: Array, abroad: Array, table: IcioTable) -> Array:
    """Geometric mean of purchases from abroad (S, N) and of those from the proxies alone.

    A proxy's purchases from itself are replaced by its purchases from abroad.
    """
    chosen = [table.economies.index(code) for code in PROXIES]
    proxied = sales[chosen].sum(axis=0)
    proxied[:, chosen] = abroad[:, chosen]
    return np.asarray(abroad ** (1.0 - PROXY_WEIGHT) * proxied**PROXY_WEIGHT)


def _respread(lost: Array, sales: Array, by_sector: Array) -> Array:
    """Move sales no user takes to the sectors the importer does buy from abroad."""
    taken = np.where(by_sector > 0, sales, 0.0)
    return np.asarray(taken * lost.sum(axis=0) / taken.sum(axis=0))


def final_from_rest(
    table: IcioTable, final: Float[Array, "I S N"], margins: Margins
) -> Float[Array, "S N"]:
    """Return final goods bought from the rest of the world by sector and importer, million USD.

    They follow a geometric mean of those from all others abroad and those from the proxies.
    """
    own = np.arange(final.shape[0])
    abroad = _like_proxies(final, final.sum(axis=0) - final[own, :, own].T, table)
    return np.asarray(abroad / abroad.sum(axis=0) * margins.row_final)


def uses_in_rest(
    table: IcioTable,
    totals: pd.Series,
    exports: Float[Array, " S"],
    imports: Float[Array, " S"],
) -> tuple[Float[Array, "S K"], Float[Array, " S"]]:
    """Return purchases of the rest of the world by users and by final demand, million USD.

    Its technology is the proxies' average. Outputs solve the input-output balance for its exports
    and imports, and are then scaled (where not exported) to its published total; uses are
    balanced to outputs, value added and final expenditure. Sums over origins.
    """
    coefficients, taste = _technology(table)
    inputs_total = totals["gross_output_2022"] - totals["value_added_2022"]
    identity = np.eye(len(exports))
    demand = taste * totals["final_expenditure_2022"] + exports - imports
    output = np.linalg.solve(identity - coefficients, demand)
    at_home = np.maximum(output - exports, 0.1 * np.maximum(exports, 0.0) + 0.1 * imports)
    at_home *= (totals["gross_output_2022"] - exports.sum()) / at_home.sum()
    cost = coefficients.sum(axis=0) * (at_home + exports)
    cost *= inputs_total / cost.sum()
    spending = at_home.sum() + imports.sum() - inputs_total
    prior = np.column_stack([coefficients * (at_home + exports), taste * spending])
    balanced = gras(prior, at_home + imports, np.append(cost, spending))
    return balanced[:, :-1], balanced[:, -1]


def _technology(table: IcioTable) -> tuple[Array, Array]:
    """Input coefficients (S, K) and final spending shares (S,) of the proxies together."""
    chosen = [table.economies.index(code) for code in PROXIES]
    inputs = table.intermediate[:, :, chosen, :].sum(axis=(0, 2))
    output = table.output[chosen].sum(axis=0)
    final = table.final_sales[chosen].sum(axis=0)
    return inputs / np.maximum(output, 1e-30), final / final.sum()
