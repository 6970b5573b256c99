"""``tula explore``: a page on which anyone asks a world what if."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tula.cli import completion
from tula.cli.duties import of_day
from tula.cli.guard import guarded, say, working

DEFAULT_PAGE = Path("explore.html")


@guarded
def explore(
    world: Annotated[
        str,
        typer.Argument(
            metavar="[WORLD]",
            help="A world by name, or a world file.",
            autocompletion=completion.worlds,
        ),
    ] = "icio-2024",
    as_of: Annotated[
        str,
        typer.Option(
            metavar="DAY",
            help="Begin from the world as it is under the import duties of a day, 2026-03-01 "
            "(docs/duties.md).",
        ),
    ] = "",
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="Where to write the page.")
    ] = DEFAULT_PAGE,
) -> None:
    """Write one page that solves a world by itself, in any browser and without a network.

    On it duties, taxes, costs, embargoes, quotas and agreements are moved by hand; every figure
    shown is proved on the page. It holds worlds of up to 81 regions by 50 sectors.
    docs/explore.md explains it.

    Exit code 0: written; 2: the world or the day cannot be used.
    """
    with working(f"writing the page of world {world}"):
        from tula.explore import write_explorer
        from tula.world.store import load_world

        economy = load_world(world)
        duties = of_day(as_of, "", ()) if as_of else None
        page = write_explorer(economy, out, world=world, duties=duties)
    n, s = len(economy.regions), len(economy.sectors)
    size = page.stat().st_size / 1e6
    say(f"{page}: {n} regions by {s} sectors, {size:.1f} MB. Open it in a browser.", "bold")
