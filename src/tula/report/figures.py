"""Charts of the page: Altair specifications drawn to SVG when the page is written.

Drawing them beforehand lets the page open without a script, follow the reader's light or dark
theme through CSS variables, and keep the same bytes for the same numbers.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from tula.report import formats
from tula.report.svg import themed
from tula.report.view import View

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
#: Widths of the drawing area in pixels: one for a desk, one for a phone.
WIDE, NARROW = 720, 326
LANE, HEADING, LINE, GAP = 19, 19, 16, 13
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
    """One mark: its number with the range around it, in the unit of the axis."""

    label: str
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


def income_groups(view: View) -> list[Group]:
    """Change in real income of pivot and rivals, by scenario, with ranges."""
    groups = []
    for record in view.manifest.scenarios:
        rows = []
        for place, code in enumerate(view.actors):
            span = view.span("real_income", record.id, code)
            name = view.region_names[code]
            label = f"{name} {formats.percent(span.value)}"
            colour, shape = f"actor{min(place, 3)}", SHAPES[min(place, 3)]
            text = f"{record.title}: {label}"
            if span.high > span.low:
                text += f", range {formats.percent(span.low)} to {formats.percent(span.high)}"
            rows.append(Row(label, colour, shape, span.value, span.low, span.high, text))
        groups.append(Group(record.title, tuple(rows)))
    return groups


def chart(
    groups: list[Group], axis: str, colours: Mapping[str, str] = PAGE_COLOURS, width: int = WIDE
) -> dict[str, Any]:
    """Return the Vega-Lite specification of a dot-and-range chart of grouped rows.

    All groups share one linear axis that includes zero. Each dot carries its own label; rows
    whose value is missing are labelled at zero without a dot.
    """
    marks, titles, height = _frames(groups, width)
    low, high = _domain(groups, width)
    x = alt.Scale(domain=[low, high], nice=False, zero=True)
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    field = alt.X(
        "value:Q",
        scale=x,
        axis=alt.Axis(title=axis, orient="top", tickCount=6 if width > 500 else 4, format="~r"),
    )
    tip = alt.Description("text:N")
    colour = alt.Color("colour:N", scale=None)
    layers = [
        alt.Chart(pd.DataFrame({"value": [0.0]}))
        .mark_rule(color=colours["zero"], strokeWidth=1.2)
        .encode(x=field),
        alt.Chart(marks)
        .mark_rule(strokeWidth=5, opacity=0.3, strokeCap="round")
        .encode(x=alt.X("low:Q"), x2="high:Q", y=y, color=colour, description=tip),
        alt.Chart(marks)
        .mark_point(filled=True, opacity=1, size=62)
        .encode(
            x=field, y=y, color=colour, shape=alt.Shape("shape:N", scale=None), description=tip
        ),
        alt.Chart(marks)
        .mark_text(align="left", baseline="middle", dx=9, fontSize=12.5)
        .encode(x="edge:Q", y=y, text="label:N", color=colour),
        alt.Chart(titles)
        .mark_text(align="left", baseline="top", fontSize=13, fontWeight="bold", lineHeight=LINE)
        .encode(x=alt.value(0), y=y, text="heading:N", color=alt.value(colours["ink"])),
    ]
    marks["colour"] = marks["colour"].map(lambda name: colours[name])
    drawn = alt.layer(*layers).properties(width=width, height=height)
    return {**drawn.to_dict(), **_dress(colours)}


def svg(spec: Mapping[str, Any], label: str) -> str:
    """Draw a specification to an SVG element for the page; ``label`` is read out for it."""
    return themed(vl_convert.vegalite_to_svg(dict(spec)), label)


def _frames(groups: list[Group], width: int) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    rows: list[dict[str, Any]] = []
    titles: list[dict[str, Any]] = []
    y = 2.0
    for group in groups:
        lines = textwrap.wrap(group.heading, width // 7) or [""]
        titles.append({"y": y, "heading": "\n".join(lines)})
        y += HEADING + LINE * (len(lines) - 1)
        for row in group.rows:
            rows.append({**vars(row), "y": y + LANE / 2, "edge": _edge(row)})
            y += LANE
        y += GAP
    return pd.DataFrame(rows), pd.DataFrame(titles), y


def _edge(row: Row) -> float:
    """Where the label starts: right of dot and range."""
    known = [number for number in (row.value, row.high) if math.isfinite(number)]
    return max(known, default=0.0)


def _numbers(groups: list[Group]) -> Iterator[float]:
    for group in groups:
        for row in group.rows:
            yield from (n for n in (row.value, row.low, row.high) if math.isfinite(n))


def _domain(groups: list[Group], width: int) -> tuple[float, float]:
    """Limits of the axis: every number, zero, and room on the right for the longest label."""
    numbers = [0.0, *_numbers(groups)]
    low, high = min(numbers), max(numbers)
    spread = (high - low) or 1.0
    low -= 0.03 * spread
    for group in groups:
        for row in group.rows:
            share = min((len(row.label) * 7.0 + 16) / width, 0.8)
            high = max(high, low + (_edge(row) - low) / (1 - share))
    return low, high


def _dress(colours: Mapping[str, str]) -> dict[str, Any]:
    """Return the look every chart shares."""
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
