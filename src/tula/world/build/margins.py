"""What published national totals say about the flows the source table does not hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tula.errors import TulaError
from tula.shapes import Float
from tula.world.build.sources import IcioTable

Array = np.ndarray

#: Largest part of an economy's inputs from the rest of the world that minerals can be. Border
#: values of minerals can exceed the table's basic values. Assumption, range 0.8 to 1.
MINERAL_CAP = 0.9


class InconsistentTotalsError(TulaError):
    """National totals contradict the table: a flow they imply is negative. Check the row."""


@dataclass(frozen=True)
class Margins:
    """Totals by economy of the flows to be estimated, million USD; N economies without ROW.

    ``domestic`` final purchases from own producers; ``final_imports`` final purchases from
    abroad; ``row_inputs`` inputs bought from the rest of the world; ``row_final`` final imports
    from it; ``row_purchases`` all that the rest of the world imports (one number); ``openness``
    inputs other than minerals from the rest of the world per unit of inputs from others abroad.
    """

    domestic: Float[Array, " N"]
    final_imports: Float[Array, " N"]
    row_inputs: Float[Array, " N"]
    row_final: Float[Array, " N"]
    row_purchases: float
    openness: Float[Array, " N"]


def derive_margins(table: IcioTable, totals: pd.DataFrame, minerals: Float[Array, " N"]) -> Margins:
    """Derive the totals from exports, final expenditure and value added by economy.

    ``minerals`` are imports of hydrocarbons and coal from the rest of the world by economy.

    Final exports are exports less intermediate exports; what producers sell finally and do not
    export is bought at home; the rest of final expenditure is imported; what output leaves after
    recorded inputs and value added is inputs from the rest of the world. The latter's final
    exports are spread in proportion to final imports times the root of ``openness``. Raises
    ``InconsistentTotalsError``.
    """
    own = totals.loc[list(table.economies)]
    sales = table.intermediate.sum(axis=(1, 3))
    exported = own["exports_2022"].to_numpy() - (sales.sum(axis=1) - np.diagonal(sales))
    domestic = table.final_sales.sum(axis=1) - exported
    final_imports = own["final_expenditure_2022"].to_numpy() - domestic
    inputs = table.intermediate.sum(axis=(0, 1, 3))
    row_inputs = table.output.sum(axis=1) - inputs - own["value_added_2022"].to_numpy()
    found = {"exports": exported, "home": domestic, "imports": final_imports, "ROW": row_inputs}
    _check_signs(table, found)
    row_final_total = float(totals["exports_2022"]["ROW"]) - row_inputs.sum()
    openness = _openness(sales, row_inputs, minerals)
    weight = final_imports * np.sqrt(openness)
    return Margins(
        domestic=domestic,
        final_imports=final_imports,
        row_inputs=row_inputs,
        row_final=row_final_total * weight / weight.sum(),
        row_purchases=float(exported.sum() - final_imports.sum() + row_final_total),
        openness=openness,
    )


def _openness(sales: Array, row_inputs: Array, minerals: Array) -> Array:
    """Inputs from the rest of the world per unit of inputs from others, minerals left out."""
    abroad = sales.sum(axis=0) - np.diagonal(sales)
    return np.asarray((row_inputs - np.minimum(minerals, MINERAL_CAP * row_inputs)) / abroad)


def _check_signs(table: IcioTable, found: dict[str, Array]) -> None:
    wrong = [
        f"{economy}: {name} {value:.1f}"
        for name, values in found.items()
        for economy, value in zip(table.economies, values, strict=True)
        if value < 0
    ]
    if wrong:
        raise InconsistentTotalsError("; ".join(wrong))
