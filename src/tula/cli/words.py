"""The words of a command line, looked at before any command reads them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NoReturn

from typer import Exit
from typer.core import TyperGroup

from tula.cli.guard import BAD_INPUT, complain
from tula.text import message, unprintable


class Words(TyperGroup):
    """The commands; words that no command takes are refused before any is called."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse empty words and words that hold what is no text."""
        for before, word in pairwise(("", *([] if ctx.resilient_parsing else args))):
            option, _, value = word.partition("=") if word.startswith("--") else ("", "", "x")
            if not word.strip() or (option and word == f"{option}=" and not value):
                name = option or (before if before.startswith("--") else "an argument")
                refuse(f"{name} is empty: give a value, or leave it out")
            if found := unprintable(word):
                refuse(f"{word!r} holds {found}: leave it out")
        return super().parse_args(ctx, args)


def refuse(reason: str) -> NoReturn:
    """End the command line before a command is called."""
    complain(message(reason))
    raise Exit(BAD_INPUT)
