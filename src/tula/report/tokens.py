"""The colours that every page shares, in light and in dark."""

from __future__ import annotations

from importlib import resources


def tokens() -> str:
    """Return the style sheet that names them: losses and gains by class, actors, paper and ink."""
    return (resources.files("tula.report") / "templates" / "tokens.css").read_text("utf-8")
