"""Charts of the page: Altair specifications drawn to SVG when the page is written.

Drawing them beforehand lets the page open without a script, follow the reader's light or dark
theme through CSS variables, and keep the same bytes for the same numbers.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from tula.report.svg import FONT, themed

#: Widths of the drawing area in pixels: for a desk, for a desk beside text, for a phone.
WIDE, HALF, NARROW = 880, 560, 330
#: Width of a letter of a label, pixels, in the widest font that readers may have.
CHARACTER = 6.9
LANE, HEADING, LINE, GAP = 19, 19, 16, 13
TEXT: Mapping[str, Any] = {"align": "left", "lineBreak": "\n", "lineHeight": LINE}
#: What draws rows at given heights.
Marks = Callable[[pd.DataFrame, alt.Y], tuple[alt.Chart, ...]]
#: A whole chart, as Altair may return one from its layers.
Plot = alt.LayerChart | alt.FacetChart
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
) -> dict[str, Any]:
    """Return the Vega-Lite specification of a chart of grouped rows: dots and ranges unless drawn
    by another.

    All groups share one linear axis that includes zero. Labels stand in a column left of it; a
    row whose value is missing has a label but no dot.
    """
    column = _column(groups, width)
    rows, titles, height = _frames(groups, width, column)
    rows["colour"] = rows["colour"].map(lambda name: colours[name])
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=domain(groups), nice=False, range=[column, width]),
        axis=alt.Axis(
            title=axis,
            titleAnchor="start" if width > NARROW else "end",
            orient="top",
            tickCount=6 if width > NARROW else 4,
            format="~r",
        ),
    )
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    zero = alt.Chart(titles.assign(value=0.0)).mark_rule(color=colours["zero"], strokeWidth=1.2)
    start = alt.Y("top:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    layers = (
        zero.encode(x=x, y=start, y2=alt.Y2("below:Q")),
        *(draw or marks)(rows, y),
        _headings(titles, y, colours["ink"]),
    )
    drawn = alt.layer(*layers).properties(width=width, height=height)
    return specification(drawn, colours)


def marks(data: pd.DataFrame, y: alt.Y, left: float = 0) -> tuple[alt.Chart, alt.Chart, alt.Chart]:
    """Ranges, dots and, from ``left`` on, labels of the rows."""
    colour, tip = alt.Color("colour:N", scale=None), alt.Description("text:N")
    rows = alt.Chart(data)
    return (
        rows.mark_rule(strokeWidth=6, opacity=0.32, strokeCap="round").encode(
            x=alt.X("low:Q"), x2=alt.X2("high:Q"), y=y, color=colour, description=tip
        ),
        rows.mark_point(filled=True, opacity=1, size=66).encode(
            x=alt.X("value:Q"),
            y=y,
            color=colour,
            shape=alt.Shape("shape:N", scale=None),
            description=tip,
        ),
        rows.mark_text(baseline="middle", fontSize=12.5, **TEXT).encode(
            x=alt.XValue(left), text=alt.Text("words:N"), y=y, color=colour
        ),
    )


def _headings(titles: pd.DataFrame, y: alt.Y, ink: str) -> alt.Chart:
    """A heading over each group of rows."""
    drawn: alt.Chart = (
        alt.Chart(titles)
        .mark_text(baseline="top", fontSize=13, fontWeight="bold", **TEXT)
        .encode(x=alt.XValue(0), y=y, text=alt.Text("heading:N"), color=alt.ColorValue(ink))
    )
    return drawn


def svg(spec: Mapping[str, Any], label: str) -> str:
    """Draw a specification to an SVG element for the page; ``label`` is read out for it."""
    return themed(vl_convert.vegalite_to_svg(dict(spec)), label)


def _frames(
    groups: list[Group], width: int, column: float
) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Rows and headings with their heights in pixels from the top, and the height of all.

    The rows under a heading stand between its ``top`` and its ``below``.
    """
    rows: list[dict[str, Any]] = []
    titles: list[dict[str, Any]] = []
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
    return pd.DataFrame(rows), pd.DataFrame(titles), y


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


def specification(drawn: Plot, colours: Mapping[str, str]) -> dict[str, Any]:
    """Return the Vega-Lite specification of a chart in the look that all share."""
    with alt.data_transformers.enable(_PLAIN):
        return {**_hushed(drawn.to_dict(validate=False)), **_dress(colours)}


def _hushed(spec: dict[str, Any]) -> dict[str, Any]:
    """The same, in which no mark without a description of its own is told by its channels."""
    layers = [_hushed(layer) for layer in spec.get("layer", ())]
    if layers:
        return {**spec, "layer": layers}
    if "description" in spec["encoding"]:
        return spec
    return {**spec, "mark": {**spec["mark"], "aria": False}}


def _records(data: Any) -> dict[str, Any]:
    """Rows of a table for a specification; what is missing or infinite is null there.

    Encodings name the kind of every column, so nothing need be read off the table.
    """
    return {
        "values": [
            {
                name: None if isinstance(value, float) and not math.isfinite(value) else value
                for name, value in row.items()
            }
            for row in data.to_dict("records")
        ]
    }


#: The name under which Altair knows how to write rows quickly.
_PLAIN = "tula"
alt.data_transformers.register(_PLAIN, _records)


def _dress(colours: Mapping[str, str]) -> dict[str, Any]:
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
