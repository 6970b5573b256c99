"""A chart on the page, drawn once for a wide and once for a narrow window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from tula.report import figures


@dataclass(frozen=True)
class Drawing:
    """A chart drawn twice, for a wide and for a narrow window."""

    wide: Markup
    narrow: Markup


def twice(spec: Callable[[int], dict[str, Any]], label: str, wide: int = figures.WIDE) -> Drawing:
    """Draw what has a specification for every width; ``label`` is read out for it."""
    return Drawing(*(drawn(spec(width), label) for width in (wide, figures.NARROW)))


def drawn(spec: dict[str, Any], label: str) -> Markup:
    """Draw one specification."""
    return Markup(figures.svg(spec, label))
