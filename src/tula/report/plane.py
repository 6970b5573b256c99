"""Charts in a plane: two axes that stand beside the drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt

from tula.report.figures import PAGE_COLOURS, specification

HEIGHT = {True: 300, False: 240}
#: Pixels for axis and labels beside the drawing.
BESIDE = 60


def axis(
    title: str,
    field: str,
    values: Iterable[float],
    *,
    span: tuple[float, float] | None = None,
) -> Any:
    """A linear axis over values: upwards for fields of heights, else to the right."""
    known = list(values)
    scale: dict[str, Any] = {"domain": [min(known), max(known)], "nice": False, "zero": False}
    scale |= {"range": list(span)} if span else {}
    look = alt.Axis(title=title, tickCount=6, format="~r", grid=True, titleFontSize=12)
    across = field[:1] in "xm" or field.startswith("loss")
    channel = alt.X if across else alt.Y
    return channel(field, scale=alt.Scale(**scale), axis=look)


def framed(layers: Sequence[alt.Chart], width: int, height: float) -> dict[str, Any]:
    """Layers in a plane whose axes stand beside it, within a width."""
    plane = alt.layer(*layers).properties(width=width - BESIDE, height=height)
    return specification(plane, PAGE_COLOURS)
