"""The words of a command line, looked at before any command reads them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from typer.core import TyperGroup

from tula.text import unprintable


class Words(TyperGroup):
    """The commands; words that no command takes are refused before any is called."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse empty words and words that hold what is no text."""
        for before, word in pairwise(("", *args)):
            option, _, value = word.partition("=") if word.startswith("--") else ("", "", "x")
            if not word.strip() or (option and word == f"{option}=" and not value):
                name = option or (before if before.startswith("--") else "an argument")
                ctx.fail(f"{name} is empty: give a value, or leave it out")
            if found := unprintable(word):
                ctx.fail(f"{word!r} holds {found}: leave it out")
        return super().parse_args(ctx, args)
