"""The OECD Inter-Country Input-Output tables, as the official yearly CSV (say 2022_SML.csv) or the
zip of several years in which the OECD hands it out.

Rows and columns are ``ECONOMY_INDUSTRY``; final demand columns ``ECONOMY_HFCE`` (households),
``NPISH``, ``GGFC`` (government), ``GFCF`` (investment), ``INVNT`` (stocks), ``DPABR`` or ``NONRES``
(purchases abroad or by non-residents); the last column is ``OUT``, the last rows are ``TLS`` (taxes
less subsidies on products), ``VA`` and ``OUT``. All in million USD at basic prices. In the extended
edition China and Mexico come in parts (``CN1``, ``CN2``, ``MX1``, ``MX2``), which are merged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from os import PathLike

from tula.world.codes import GOODS, economy_groups, industries
from tula.world.economy import Economy
from tula.world.files import existing
from tula.world.importers.archives import opened
from tula.world.importers.measures import stated_worth
from tula.world.importers.settings import ImportSettings, assemble
from tula.world.importers.square import Dialect, Sheet, compare_totals, flows, read_head, read_sheet
from tula.world.labels import Labels

#: Parts of economies in the extended edition.
PARTS = {"CN1": "CHN", "CN2": "CHN", "MX1": "MEX", "MX2": "MEX"}
DIALECT = Dialect(
    final=frozenset(
        {"HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR", "NONRES", "DIRP", "P33", "NPS"}
    ),
    total=frozenset({"OUT", "OUTPUT", "TOTAL"}),
    beside=frozenset({"VA", "VALU", "TLS"}),
    idle=frozenset({"TAXSUB"}),
    economies=PARTS,
)


def import_oecd_icio(
    source: str | PathLike[str], settings: ImportSettings | None = None
) -> Economy:
    """Import an official ICIO file (CSV, compressed as .gz, or one year of a .zip).

    Of a zip that holds several years the one of ``vintage`` is read. Negative final sales (falls
    in stocks) are set to zero and reported, unless the settings refuse them. The file has no
    duties: name tables of them in the settings. A line above the labels may state the unit. Raises
    ``TableError`` with everything that is wrong with the labels, cells or totals, and
    ``ArchiveError``.
    """
    given = settings or ImportSettings()
    with opened(existing(source), given.vintage) as (path, called):
        head = read_head(path, called, DIALECT)
        sheet, problems = read_sheet(path, called, head, DIALECT)
    worth, unit = stated_worth(head.units, given.unit, problems)
    found = flows(sheet, DIALECT, problems)
    name = called.rpartition("/")[2]
    read = f"read from OECD ICIO file {name}, {unit or 'million USD'} at basic prices"
    steps = (read, *_parts(sheet), *compare_totals(sheet, DIALECT, problems))
    problems.raise_if_any()
    values = found.values * worth
    filled = replace(
        given,
        negatives=given.negatives or "zero",
        sources=given.sources or ("OECD Inter-Country Input-Output (ICIO) tables",),
    )
    labels = icio_labels(found.economies, found.industries)
    return assemble(labels, values[..., :-1], values[..., -1], filled, steps, unit)


def icio_labels(economies: Iterable[str], sectors: Iterable[str]) -> Labels:
    """Labels of an ICIO table: its codes, goods and services where known, and the groups of
    economies that are all there, such as EU."""
    codes, parent, present = tuple(sectors), industries(), tuple(economies)
    unions = {
        name: members for name, members in economy_groups().items() if set(members) <= set(present)
    }
    groups = {}
    if all(code in parent for code in codes):
        goods = tuple(code for code in codes if parent[code] in GOODS)
        services = tuple(code for code in codes if parent[code] not in GOODS)
        groups = {"goods": goods, "services": services}
    return Labels(present, codes, region_groups=unions, sector_groups=groups)


def _parts(sheet: Sheet) -> tuple[str, ...]:
    """Say which parts of economies were merged."""
    found = {label.partition("_")[0] for label in sheet.rows} & set(PARTS)
    return (f"merged parts {', '.join(sorted(found))} into CHN and MEX",) if found else ()
