"""The table of 2022 by country, built from registry packages on request.

``icio_full`` has 81 economies by 50 industries, ``icio_countries`` 81 by the embedded 25 sectors.

The first is the table from which the embedded worlds are aggregated: intermediate flows as
published, final sales by destination estimated (``docs/world.md``). Duties are those of the
embedded world, by region and sector, given to each member; trade inside a region bears none.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tula.shapes import Float
from tula.world import codes
from tula.world.aggregation import aggregate
from tula.world.base_tariffs import base_tariffs
from tula.world.build.assemble import (
    CAP_GOODS,
    CAP_SERVICES,
    ELASTICITY_SET,
    SOURCES,
)
from tula.world.build.estimate import WorldTable, estimate_world, mineral_imports
from tula.world.build.sources import MissingSourceError, national_totals, read_icio
from tula.world.countries import country
from tula.world.economy import Economy, Provenance
from tula.world.elasticities import trade_elasticity
from tula.world.importers.oecd import icio_labels
from tula.world.importers.tables import MissingPackageError
from tula.world.store import BUILT_FROM

Array = np.ndarray

STEPS = (
    "Intermediate sales among 80 economies: as published",
    "Final sales by destination: estimated from published national totals by balancing",
    "Rest of the world: estimated from its totals, its mineral exports and developing economies",
    "Base duties: those of the embedded world by region and sector, none inside a region",
)


def icio_full() -> Economy:
    """Return the economy of 2022 at full detail (about 130 MB; built in some seconds).

    Raises ``MissingPackageError`` where the packages of ``BUILT_FROM`` are not installed.
    """
    try:
        source = read_icio()
        table = estimate_world(source, national_totals(), mineral_imports(source))
    except MissingSourceError as error:
        raise MissingPackageError(
            f"icio-2022-full is built from registry packages: {error}; {BUILT_FROM}"
        ) from error
    theta, said = trade_elasticity(ELASTICITY_SET, table.industries, CAP_GOODS, CAP_SERVICES)
    shape = (len(table.industries), len(table.economies), len(table.economies))
    return Economy(
        labels=icio_labels(table.economies, table.industries),
        intermediate=table.intermediate,
        final=table.final,
        tariff=_member_duties(table),
        export_tax=np.zeros(shape),
        trade_elasticity=theta,
        elasticity_source=said,
        provenance=Provenance("icio-2022-full", "2022", SOURCES, STEPS),
    )


def icio_countries() -> Economy:
    """Return the 81 economies of 2022 by the 25 sectors of the embedded worlds.

    Duties as of a day have a place in it, as they have none among 50 industries. Raises
    ``MissingPackageError`` as ``icio_full``.
    """
    whole = icio_full()
    sectors = {code: members for code, (_, members) in codes.SECTORS.items()}
    names = {code: name for code, (name, _) in codes.SECTORS.items()}
    merged = aggregate(whole, sectors=sectors, sector_names=names)
    called = {code: found.name for code in merged.regions if (found := country(code))}
    labels = replace(
        merged.labels,
        region_names={**called, "ROW": "Rest of the world"},
        sector_groups=codes.labels().sector_groups,
    )
    origin = replace(merged.provenance, name="icio-2022-countries")
    return replace(merged, labels=labels, provenance=origin)


def _member_duties(table: WorldTable) -> Float[Array, "S N I"]:
    """Duties by region and sector of the embedded world of 2022, given to their members."""
    labels, economies, industries = codes.labels(), codes.economies(), codes.industries()
    region = np.array([labels.region_index(economies[code]) for code in table.economies])
    sector = np.array([labels.sector_index(industries[code]) for code in table.industries])
    members = np.ix_(sector, region, region)
    trade = (table.intermediate.sum(axis=3) + table.final).transpose(1, 2, 0)
    merged = np.zeros((len(labels.sectors), len(labels.regions), len(labels.regions)))
    np.add.at(merged, members, trade)
    return np.asarray(base_tariffs(labels, merged)[members])
