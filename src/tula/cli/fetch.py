"""``tula world fetch``: a published table from where it is handed out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tula.cli.guard import guarded, out, say, working


@guarded
def fetch(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A table by name; none: all that are known.")
    ] = "",
    folder: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where to put it.", show_default="here")
    ] = Path(),
    checksum: Annotated[
        str, typer.Option(metavar="SHA256", help="What it must be, in place of what is known.")
    ] = "",
    show: Annotated[
        bool, typer.Option("--show", help="Only say where it is and how to check it.")
    ] = False,
) -> None:
    """Fetch a published table whole and unchanged, or say how to get it.

    Exit code 0: it is there and checked, or was only shown; 2: it is not, with what to do by hand.
    """
    from tula.world.fetch import PUBLISHED, explain
    from tula.world.fetch import fetch as get

    if not name:
        for known, table in PUBLISHED.items():
            out().print(f"{known}: {table.what}")
        return
    for line in explain(name):
        say(line)
    if show:
        return
    with working(f"fetching {name}"):
        path, found = get(name, folder, checksum)
    say(f"File: {path}", "bold")
    say(f"SHA-256 {found}")
