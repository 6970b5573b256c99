"""Bring your own table: every importer ends in the same checked ``Economy``."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from dataclasses import fields, replace
from os import PathLike
from typing import Any

from tula.errors import TulaError, UnknownNameError, did_you_mean
from tula.world.checks import UNIT_CHECKS, UnsoundEconomyError, check_economy
from tula.world.economy import Economy
from tula.world.importers.adb import import_adb_mrio
from tula.world.importers.archives import ArchiveError
from tula.world.importers.figaro import import_figaro
from tula.world.importers.gtap import import_gtap
from tula.world.importers.long import import_long, write_long
from tula.world.importers.oecd import import_oecd_icio
from tula.world.importers.pymrio_tables import from_pymrio
from tula.world.importers.settings import ImportSettings
from tula.world.importers.tables import MissingPackageError, UnreadableTableError
from tula.world.problems import TableError

__all__ = [
    "IMPORTERS",
    "ArchiveError",
    "ImportSettings",
    "MissingPackageError",
    "TableError",
    "UncertainUnitWarning",
    "UnknownSettingError",
    "UnreadableTableError",
    "from_pymrio",
    "import_adb_mrio",
    "import_figaro",
    "import_gtap",
    "import_long",
    "import_oecd_icio",
    "import_world",
    "write_long",
]

#: Kind of source -> importer(source, settings, own keywords).
IMPORTERS: dict[str, Callable[..., Economy]] = {
    "oecd-icio": import_oecd_icio,
    "figaro": import_figaro,
    "adb-mrio": import_adb_mrio,
    "gtap": import_gtap,
    "long": import_long,
    "pymrio": from_pymrio,
}


#: Rules for negative flows; without one the importer chooses.
NEGATIVES = ("refuse", "zero")


class UncertainUnitWarning(UserWarning):
    """A table may be in another unit than the one it is taken for. State the unit."""


class UnknownSettingError(TulaError):
    """A setting does not belong to this kind of source. Remove it or correct its name."""


def import_world(
    source: Any, kind: str, settings: ImportSettings | None = None, **keywords: Any
) -> Economy:
    """Import a table of a kind of source: ``oecd-icio`` and ``figaro`` (CSV or zip), ``adb-mrio``
    (a workbook), ``gtap`` (a HAR file), ``long`` (a folder) or ``pymrio`` (an ``IOSystem``).

    ``keywords`` are the importer's own, and fields of ``ImportSettings`` that replace those of
    ``settings``. Raises ``UnknownNameError``, ``UnknownSettingError``, and the errors of the
    importer; warns with ``UncertainUnitWarning`` of what may be a wrong unit.
    """
    if kind not in IMPORTERS:
        raise UnknownNameError("kind of source", kind, IMPORTERS)
    own = tuple(inspect.signature(IMPORTERS[kind]).parameters)[2:]
    common = tuple(field.name for field in fields(ImportSettings))
    valid = (*common, *own)
    unknown = [f"{name!r}{did_you_mean(name, valid)}" for name in keywords if name not in valid]
    if unknown:
        raise UnknownSettingError(f"{kind} has no setting {'; no '.join(unknown)}")
    changes = {name: keywords[name] for name in common if name in keywords}
    rule = keywords.get("negatives")
    if rule not in (None, *NEGATIVES):
        raise UnknownNameError("rule for negatives", str(rule), NEGATIVES)
    shared = replace(settings or ImportSettings(), **changes)
    try:
        world = IMPORTERS[kind](source, shared, **{n: keywords[n] for n in own if n in keywords})
    except UnsoundEconomyError as error:
        raise UnsoundEconomyError(f"{_called(source)}: {error}") from None
    for finding in check_economy(world):
        if finding.check in UNIT_CHECKS:
            warnings.warn(str(finding), UncertainUnitWarning, stacklevel=2)
    return world


def _called(source: Any) -> str:
    return str(source) if isinstance(source, str | PathLike) else type(source).__name__
