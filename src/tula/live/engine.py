"""The engine of a page, as text to be put into it."""

from __future__ import annotations

from importlib import resources


def engine() -> str:
    """Return the JavaScript that solves a world and proves what it found.

    It runs as it is in a page, in a worker and in node, and defines one name, ``Tula``.
    """
    return (resources.files("tula.live") / "engine.js").read_text("utf-8")
