"""From the table among 80 economies to the whole world of 2022: 81 economies, 50 industries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tula.shapes import Float
from tula.world.balancing import balance_final_demand, final_demand_prior
from tula.world.build import rest_of_world
from tula.world.build.margins import Margins, derive_margins
from tula.world.build.sources import COAL, HYDROCARBONS, IcioTable, baci_trade

Array = np.ndarray


@dataclass(frozen=True)
class WorldTable:
    """A complete table, million USD at basic prices: who sells what to which user and where.

    ``intermediate`` (I, S, N, K) and ``final`` (I, S, N) over ``economies`` and ``industries``.
    """

    economies: tuple[str, ...]
    industries: tuple[str, ...]
    intermediate: Float[Array, "I S N K"]
    final: Float[Array, "I S N"]


def mineral_imports(table: IcioTable) -> dict[str, Float[Array, " N"]]:
    """Return oil and gas (B06) and coal (B05) bought from the rest of the world in 2022.

    BACI's values at the border by importer, million USD. They are taken as the table's basic
    values: for the rest of the world the two are close (see docs/world.md).
    """
    economies = (*table.economies, "ROW")
    return {
        industry: baci_trade(2022, products, economies)[-1, :-1]
        for industry, products in (("B06", HYDROCARBONS), ("B05", COAL))
    }


def estimate_world(
    table: IcioTable, totals: pd.DataFrame, minerals: dict[str, Float[Array, " N"]]
) -> WorldTable:
    """Add final demand by destination and the rest of the world to the source table.

    Recorded intermediate sales are kept as they are. Raises ``InconsistentTotalsError`` and the
    errors of balancing.
    """
    margins = derive_margins(table, totals, np.sum(list(minerals.values()), axis=0))
    final = estimate_final(table, totals, margins)
    n = len(table.economies)
    inputs = rest_of_world.inputs_from_rest(table, margins, minerals)
    finals = rest_of_world.final_from_rest(table, final[:, :, :n], margins)
    exports, imports = inputs.sum(axis=(1, 2)) + finals.sum(axis=1), final[:, :, n].sum(axis=0)
    uses = rest_of_world.uses_in_rest(table, totals.T["ROW"], exports, imports)
    return _join(table, final, inputs, finals, uses)


def estimate_final(
    table: IcioTable, totals: pd.DataFrame, margins: Margins
) -> Float[Array, "I S D"]:
    """Return final sales by destination; the last destination is all sales to ROW."""
    spending = totals.loc[list(table.economies), "final_expenditure_2022"].to_numpy()
    prior = final_demand_prior(table.intermediate.sum(axis=3), table.final_sales, spending)
    to_rest = rest_of_world.sales_to_rest(table, prior, margins)
    guess = np.concatenate([prior, to_rest[:, :, None]], axis=2)
    imports = np.append(margins.final_imports - margins.row_final, margins.row_purchases)
    return balance_final_demand(guess, table.final_sales, margins.domestic, imports)


def _join(
    table: IcioTable,
    final: Array,
    inputs: Array,
    finals: Array,
    uses: tuple[Array, Array],
) -> WorldTable:
    """Put the pieces into one table; every user in ROW buys each sector from the same origins."""
    n, s = final.shape[:2]
    bought = np.vstack([final[:, :, n], np.zeros(s)])
    bought[n] = uses[0].sum(axis=1) + uses[1] - bought.sum(axis=0)
    origin_share = bought / bought.sum(axis=0)
    intermediate = np.zeros((n + 1, s, n + 1, s))
    intermediate[:n, :, :n] = table.intermediate
    intermediate[n, :, :n] = inputs
    intermediate[:, :, n] = origin_share[:, :, None] * uses[0]
    complete = np.zeros((n + 1, s, n + 1))
    complete[:n, :, :n] = final[:, :, :n]
    complete[n, :, :n] = finals
    complete[:, :, n] = origin_share * uses[1]
    return WorldTable((*table.economies, "ROW"), table.industries, intermediate, complete)
