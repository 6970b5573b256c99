"""``tula explore``: a page on which anyone asks a world what if."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tula.cli import completion
from tula.cli.duties import of_day
from tula.cli.guard import guarded, say, working

if TYPE_CHECKING:
    from tula.world.economy import Economy

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
    study: Annotated[
        str,
        typer.Option(
            metavar="STUDY",
            help="Take world and duties of a study, and its scenarios to begin with.",
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
    if study and as_of:
        raise typer.BadParameter("--study has duties of its own: leave --as-of out")
    with working(f"writing the page of {study or f'world {world}'}"):
        from tula.explore import write_explorer
        from tula.world.store import load_world

        if study:
            economy, page = _of_study(study, out)
        else:
            economy = load_world(world)
            duties = of_day(as_of, "", ()) if as_of else None
            page = write_explorer(economy, out, world=world, duties=duties)
    n, s = len(economy.regions), len(economy.sectors)
    size = page.stat().st_size / 1e6
    say(f"{page}: {n} regions by {s} sectors, {size:.1f} MB. Open it in a browser.", "bold")


def _of_study(study: str, out: Path) -> tuple[Economy, Path]:
    """Write the page of a study's world; the world and the page."""
    from tula.explore import write_explorer
    from tula.explore.presets import presets
    from tula.study.load import load_study
    from tula.world.store import load_world

    loaded = load_study(study)
    beside = loaded.path.parent / loaded.file.world
    world = str(beside) if beside.exists() else loaded.file.world
    economy = load_world(world)  # without groups that only the study knows by name
    page = write_explorer(
        economy,
        out,
        world=world,
        duties=loaded.standing.duties,
        scenarios=presets(loaded, economy.labels),
    )
    return economy, page
