"""The command line: every command says what it did in one clear sentence, or why it could not."""

from __future__ import annotations

from typing import Annotated

import typer

from tula._version import __version__
from tula.cli.replicate import replicate
from tula.cli.solve import solve
from tula.cli.study import check, run
from tula.cli.world import world

__all__ = ["app", "main"]

app = typer.Typer(
    name="tula",
    help="Weighs a nation's options between rival powers on a general-equilibrium world economy.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(run)
app.command()(check)
app.command()(solve)
app.add_typer(world, name="world")
app.command()(replicate)


def _version(wanted: bool) -> bool:
    if wanted:
        typer.echo(f"tula {__version__}")
        raise typer.Exit
    return wanted


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Entry point of the ``tula`` command."""
    app()
