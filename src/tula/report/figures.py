"""Charts of the page: Vega-Lite specifications drawn to SVG when the page is written.

Drawing them beforehand lets the page open without a script, follow the reader's light or dark
theme through CSS variables, and keep the same bytes for the same numbers.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import vl_convert

from tula.report.svg import FONT, themed

#: Widths of the drawing area in pixels: for a desk, for a desk beside text, for a phone.
WIDE, HALF, NARROW = 880, 560, 330
#: Width of a letter of a label, pixels, in the widest font that readers may have.
CHARACTER = 6.9
LANE, HEADING, LINE, GAP = 19, 19, 16, 13
TEXT: Mapping[str, Any] = {"align": "left", "lineBreak": "\n", "lineHeight": LINE}
#: A part of a specification, and the table behind a mark.
Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]
#: What draws rows at given heights.
Marks = Callable[[Rows, Spec], tuple[Spec, ...]]
SHAPES = ("circle", "square", "diamond", "triangle-up")

#: Colours on the page: CSS variables that its style sheet sets for light and for dark.
PAGE_COLOURS: Mapping[str, str] = {
    "ink": "var(--ink)",
    "soft": "var(--soft)",
    "grid": "var(--rule)",
    "zero": "var(--soft)",
    **{f"actor{n}": f"var(--actor{n})" for n in range(4)},
    "other": "var(--other)",
}


@dataclass(frozen=True)
class Row:
    """One mark: its number with the range around it, in the unit of the axis.

    ``short`` replaces the label where there is little room; ``text`` shows on hovering.
    """

    label: str
    short: str
    colour: str
    shape: str
    value: float
    low: float
    high: float
    text: str


@dataclass(frozen=True)
class Group:
    """Rows under one heading."""

    heading: str
    rows: tuple[Row, ...]


def chart(
    groups: list[Group],
    axis: str,
    colours: Mapping[str, str] = PAGE_COLOURS,
    width: int = WIDE,
    draw: Marks | None = None,
) -> Spec:
    """Return the Vega-Lite specification of a chart of grouped rows: dots and ranges unless drawn
    by another.

    All groups share one linear axis that includes zero. Labels stand in a column left of it; a
    row whose value is missing has a label but no dot.
    """
    column = _column(groups, width)
    rows, titles, height = _frames(groups, width, column)
    coloured = [row | {"colour": colours[row["colour"]]} for row in rows]
    wide = width > NARROW
    x = quantity(
        "value",
        scale={"domain": domain(groups), "nice": False, "range": [column, width]},
        axis={
            "title": axis,
            "titleAnchor": "start" if wide else "end",
            "orient": "top",
            "tickCount": 6 if wide else 4,
            "format": "~r",
        },
    )
    down = {"axis": None, "scale": {"domain": [height, 0], "nice": False}}
    y, start, below = quantity("y", **down), quantity("top", **down), {"field": "below"}
    zero = [title | {"value": 0.0} for title in titles]
    layers = (
        layer(zero, "rule", color=colours["zero"], strokeWidth=1.2)(x=x, y=start, y2=below),
        *(draw or marks)(coloured, y),
        _headings(titles, y, colours["ink"]),
    )
    return specification(layers, colours, width=width, height=height)


def layer(rows: Rows, kind: str, **look: Any) -> Callable[..., Spec]:
    """Return what puts a mark for every row where its channels say.

    A number that is missing or infinite is null there. A mark that no channel describes is not
    told by the others either.
    """
    table = {"values": [{name: _told(value) for name, value in row.items()} for row in rows]}

    def placed(**channels: Spec) -> Spec:
        hushed = {} if "description" in channels else {"aria": False}
        return {"data": table, "mark": {"type": kind, **look, **hushed}, "encoding": channels}

    return placed


def quantity(field: str, **more: Any) -> Spec:
    """A channel that a number of each row sets."""
    return {"field": field, "type": "quantitative", **more}


def word(field: str, **more: Any) -> Spec:
    """A channel that a text of each row sets."""
    return {"field": field, "type": "nominal", **more}


#: Channels that rows have in common: colour, shape, and what shows on hovering.
COLOUR, SHAPE, TIP = word("colour", scale=None), word("shape", scale=None), word("text")


def marks(rows: Rows, y: Spec, left: float = 0) -> tuple[Spec, Spec, Spec]:
    """Ranges, dots and, from ``left`` on, labels of the rows."""
    return (
        layer(rows, "rule", strokeWidth=6, opacity=0.32, strokeCap="round")(
            x=quantity("low"), x2={"field": "high"}, y=y, color=COLOUR, description=TIP
        ),
        layer(rows, "point", filled=True, opacity=1, size=66)(
            x=quantity("value"), y=y, color=COLOUR, shape=SHAPE, description=TIP
        ),
        layer(rows, "text", baseline="middle", fontSize=12.5, **TEXT)(
            x={"value": left}, y=y, text=word("words"), color=COLOUR
        ),
    )


def _headings(titles: Rows, y: Spec, ink: str) -> Spec:
    """A heading over each group of rows."""
    return layer(titles, "text", baseline="top", fontSize=13, fontWeight="bold", **TEXT)(
        x={"value": 0}, y=y, text=word("heading"), color={"value": ink}
    )


def svg(spec: Spec, label: str) -> str:
    """Draw a specification to an SVG element for the page; ``label`` is read out for it."""
    return themed(vl_convert.vegalite_to_svg(spec), label)


def _frames(groups: list[Group], width: int, column: float) -> tuple[list[Spec], list[Spec], float]:
    """Rows and headings with their heights in pixels from the top, and the height of all.

    The rows under a heading stand between its ``top`` and its ``below``.
    """
    rows: list[Spec] = []
    titles: list[Spec] = []
    y = 2.0
    for group in groups:
        lines = textwrap.wrap(group.heading, int(width / 7.8)) or [""]
        head = y
        y += HEADING + LINE * (len(lines) - 1)
        top = y
        for row in group.rows:
            words = textwrap.wrap(_label(row, width), int((column - 12) / CHARACTER)) or [""]
            rows.append({**vars(row), "y": y + LANE / 2, "words": "\n".join(words)})
            y += LANE + LINE * (len(words) - 1)
        titles.append({"y": head, "heading": "\n".join(lines), "top": top, "below": y})
        y += GAP
    return rows, titles, y


def _label(row: Row, width: int) -> str:
    return row.label if width > NARROW else row.short


def _column(groups: list[Group], width: int) -> float:
    """Width of the column of labels."""
    longest = max((len(_label(row, width)) for group in groups for row in group.rows), default=0)
    return min(longest * CHARACTER + 16, width * 0.48)


def domain(groups: list[Group]) -> list[float]:
    """Limits of the axis: every number and zero, with a little room."""
    rows = [row for group in groups for row in group.rows]
    numbers = [n for row in rows for n in (row.value, row.low, row.high) if math.isfinite(n)]
    low, high = min([0.0, *numbers]), max([0.0, *numbers])
    room = 0.025 * ((high - low) or 1.0)
    return [low - room, high + room]


def specification(layers: Iterable[Spec], colours: Mapping[str, str], **more: Any) -> Spec:
    """Return the Vega-Lite specification of layers in the look that all charts share."""
    return {"layer": list(layers), **more, **_dress(colours)}


def _told(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _dress(colours: Mapping[str, str]) -> Spec:
    soft = colours["soft"]
    return {
        "background": "transparent",
        "padding": {"left": 2, "right": 2, "top": 2, "bottom": 2},
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {
                "labelColor": soft,
                "titleColor": soft,
                "gridColor": colours["grid"],
                "domain": False,
                "ticks": False,
                "labelFontSize": 12,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
                "titleAnchor": "start",
                "labelPadding": 4,
            },
        },
    }
