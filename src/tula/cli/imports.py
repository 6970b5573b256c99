"""``tula world import``: a world file from a table."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Annotated, Literal

import typer

from tula.cli.findings import print_findings, print_origin
from tula.cli.guard import guarded, say, working
from tula.errors import UnknownNameError
from tula.interrupts import leaves

#: Kinds of source that are files; others are imported in Python.
FILE_KINDS = ("long", "oecd-icio", "figaro", "adb-mrio", "gtap")


@guarded
def import_(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="oecd-icio or figaro (CSV or zip), adb-mrio (xlsx or zip), gtap (HAR) or long (a "
            "folder).",
        ),
    ],
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="The file or folder to read.")],
    target: Annotated[
        Path, typer.Argument(metavar="TARGET", help="The world file to write, ending in .nc.")
    ],
    name: Annotated[
        str, typer.Option(metavar="TEXT", help="Name of the world, as results cite it.")
    ] = "imported",
    vintage: Annotated[
        str,
        typer.Option(
            metavar="TEXT", help="Year the values describe; of a zip of several, the one read."
        ),
    ] = "not stated",
    citation: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help="Where the table is from; may be repeated."),
    ] = None,
    tariffs: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Import duties: importer, exporter, sector, rate."),
    ] = None,
    export_taxes: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Export taxes, columns as --tariffs.")
    ] = None,
    elasticities: Annotated[
        str | None,
        typer.Option(metavar="SET|FILE", help="A published set by name, or a table.  [U4]"),
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option(
            metavar="UNIT",
            help="Of the flows: 'million USD', 'USD bn', '1000 USD', 'million EUR at 1.08'.  "
            "[as the table states it, else million USD]",
        ),
    ] = None,
    duty_unit: Annotated[
        str | None,
        typer.Option(
            metavar="UNIT",
            help="Of duties and export taxes: percent or fraction.  [as the tables state it, "
            "else fraction]",
        ),
    ] = None,
    negatives: Annotated[
        Literal["zero", "refuse"] | None,
        typer.Option(
            metavar="zero|refuse",
            help="Negative flows, such as falls in stocks: set to zero and counted, or refused. "
            "[oecd-icio, figaro, adb-mrio: zero; long, gtap: refuse]",
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="WORLD|FILE",
            help="Put regions and sectors together as in icio-2024, or as a file says (kind, code, "
            "to).",
        ),
    ] = None,
    sparse: Annotated[
        bool, typer.Option("--sparse", help="Absent rows are zero, and are counted.")
    ] = False,
) -> None:
    """Make a world file from a table of yours, once everything in it is checked.

    docs/your-table.md describes the kinds of table. Nothing is written unless all is well.
    """
    with working(f"importing {source}"):
        from tula.world.importers import ImportSettings, UncertainUnitWarning, import_world
        from tula.world.store import describe, load_world, save_world

        _require_target(target)
        settings = ImportSettings(
            name=name,
            vintage=vintage,
            sources=tuple(citation or ()),
            unit=unit,
            duty_unit=duty_unit,
            tariffs=tariffs,
            export_taxes=export_taxes,
            elasticities=elasticities,
            negatives=negatives,
            sparse=sparse,
            to=to,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UncertainUnitWarning)  # told below, as findings
            economy = import_world(source, _kind(kind), settings)
        economy = load_world(save_world(economy, target))
        leaves(f"the world is in {target}")
    print_origin(describe(economy))
    print_findings(economy)
    say(f"World: {target}")


def _kind(kind: str) -> str:
    """Refuse the kinds of source that are no files."""
    if kind in FILE_KINDS:
        return kind
    raise UnknownNameError("kind of source", kind, FILE_KINDS)


def _require_target(target: Path) -> None:
    """Refuse, before anything is read, a place where no world file can be written."""
    from tula.world.files import UnwritableFileError

    if target.suffix != ".nc":
        raise UnwritableFileError(f"{target}: the name of a world file ends in .nc")
    if target.is_dir():
        raise UnwritableFileError(f"{target}: is a folder; name a file in it")
    if not target.absolute().parent.is_dir():
        raise UnwritableFileError(f"{target}: there is no folder {target.parent}; make it first")
    if not os.access(target.absolute().parent, os.W_OK):
        raise UnwritableFileError(f"{target}: cannot write into folder {target.parent}")
