"""The colours that every page shares, in light and in dark."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

_VARIABLE = re.compile(r"var\(--([a-z0-9]+)\)")


@cache
def tokens() -> str:
    """Return the style sheet that names them: losses and gains by class, actors, paper and ink."""
    return _sheet("tokens.css")


@cache
def classes() -> str:
    """Return the style sheet of maps coloured by a script, and of their keys."""
    return _sheet("classes.css")


def _sheet(name: str) -> str:
    return (resources.files("tula.report") / "templates" / name).read_text("utf-8")


@cache
def light() -> dict[str, str]:
    """Return every colour of the light page by its name."""
    return dict(re.findall(r"--([a-z0-9]+):(#[0-9a-f]+)", tokens().split("@media")[0]))


def standing_alone(drawing: str) -> str:
    """Return a drawing whose colours fall back to those of the light page where it is copied to."""
    return _VARIABLE.sub(lambda found: f"var(--{found[1]},{light()[found[1]]})", drawing)
