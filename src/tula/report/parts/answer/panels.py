"""The main chart: the pivot and its rivals in two panels, each on its own scale.

On a desk both panels stand side by side, one line per scenario; on a phone one below the other.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import altair as alt
import pandas as pd

from tula.numbers import write
from tula.report import figures
from tula.report.figures import PAGE_COLOURS, SHAPES, Group, Row
from tula.report.view import View
from tula.study.manifest import ScenarioRecord

UNIT = "bn USD a year"
WIDTH = 900
#: Left ends in pixels: numbers of the pivot and its axis, numbers of the rivals and theirs.
PIVOT, PIVOT_AXIS, RIVALS, RIVALS_AXIS = 256, 402, 608, 762
PIVOT_END = 586
TITLE_WIDTH = 37
LANE, LEAST, HEAD = 15, 33, 17
PIXELS = alt.Scale(domain=[0, WIDTH], range=[0, WIDTH], nice=False, zero=False)


def income(view: View) -> list[Group]:
    """What each scenario is worth to the pivot, then to each rival, bn USD a year, with ranges."""
    places = range(len(view.actors))
    return [
        Group(record.title, tuple(_row(view, record, place) for place in places))
        for record in view.moves
    ]


def _row(view: View, record: ScenarioRecord, place: int) -> Row:
    code = view.actors[place]
    span, name = view.span("ev", record.id, code), view.region_names[code]
    money = write.billions(span.central, signed=True)
    label = f"{money} ({write.change_percent(view.real_income(record.id, code))})"
    text = f"{record.title}: {name} {label}"
    if span.high > span.low:
        low, high = (write.billions(end, signed=True) for end in (span.low, span.high))
        text += f", range {low} to {high}"
    colour, shape = f"actor{min(place, 3)}", SHAPES[min(place, 3)]
    value, least, most = (million / 1e3 for million in span.numbers)
    return Row(label, f"{name} {money}", colour, shape, value, least, most, text)


def narrow(view: View) -> list[dict[str, Any]]:
    """Return the two panels for a phone: the pivot's, then the rivals'."""
    groups, names = income(view), [view.region_names[code] for code in view.actors]
    pivot = [Group(g.heading, (replace(g.rows[0], short=g.rows[0].label),)) for g in groups]
    rivals = [Group(g.heading, g.rows[1:]) for g in groups]
    return [
        figures.chart(panel, f"{who}, {UNIT}", width=figures.NARROW)
        for panel, who in ((pivot, names[0]), (rivals, " and ".join(names[1:])))
    ]


def wide(view: View, colours: Mapping[str, str] = PAGE_COLOURS) -> dict[str, Any]:
    """Return the specification of both panels side by side, one line per scenario."""
    groups, rivals = income(view), len(view.actors) - 1
    head, step = HEAD * rivals, max(LEAST, LANE * rivals + 3)
    height = float(step * len(groups))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], range=[height, 0], nice=False))
    panels = (
        _panel([g.rows[:1] for g in groups], (PIVOT, PIVOT_AXIS, PIVOT_END), step, y, colours),
        _panel([g.rows[1:] for g in groups], (RIVALS, RIVALS_AXIS, WIDTH), step, y, colours),
    )
    drawn = alt.layer(
        _lines(len(groups), step, y, colours["grid"]),
        *panels,
        _titles(groups, step, y, colours["ink"]),
        *_names(view, head, y, colours),
    )
    drawn = drawn.resolve_scale(x="independent").properties(width=WIDTH, height=height)
    return figures.specification(drawn, colours)


def _panel(
    rows: list[tuple[Row, ...]],
    ends: tuple[int, int, int],
    step: int,
    y: alt.Y,
    colours: Mapping[str, str],
) -> alt.LayerChart | alt.FacetChart:
    """One panel: numbers from the first end on, its axis between the second and the third."""
    numbers, start, end = ends
    marks = pd.DataFrame(
        [
            {**vars(row), "y": (line + 0.5) * step + LANE * (lane - (len(lanes) - 1) / 2)}
            for line, lanes in enumerate(rows)
            for lane, row in enumerate(lanes)
        ]
    )
    marks["words"], marks["colour"] = marks["label"], marks["colour"].map(lambda n: colours[n])
    axis = alt.Axis(title=UNIT, orient="top", tickCount=4, format="~r", grid=True)
    domain = figures.domain([Group("", lanes) for lanes in rows])
    scale = alt.Scale(domain=domain, nice=False, range=[start, end])
    zero = alt.Chart(pd.DataFrame({"value": [0.0]})).mark_rule(
        color=colours["zero"], strokeWidth=1.2
    )
    drawn: alt.LayerChart | alt.FacetChart = alt.layer(
        zero.encode(x=alt.X("value:Q", scale=scale, axis=axis)), *figures.marks(marks, y, numbers)
    )
    return drawn


def _lines(count: int, step: int, y: alt.Y, colour: str) -> alt.Chart:
    """A fine line above each scenario, from its title to the last panel."""
    data = pd.DataFrame({"y": [float(step * line) for line in range(count + 1)]})
    drawn: alt.Chart = (
        alt.Chart(data).mark_rule(color=colour).encode(x=alt.XValue(0), x2=alt.X2Value(WIDTH), y=y)
    )
    return drawn


def _titles(groups: list[Group], step: int, y: alt.Y, colour: str) -> alt.Chart:
    """The title of each scenario, in at most a few lines centred on its own."""
    rows = []
    for line, group in enumerate(groups):
        words = textwrap.wrap(group.heading, TITLE_WIDTH) or [""]
        top = (line + 0.5) * step - LANE * (len(words) - 1) / 2
        rows += [{"y": top + LANE * n, "words": text} for n, text in enumerate(words)]
    return _words(pd.DataFrame(rows), 0, y, fontSize=12.5, fontWeight="bold", color=colour)


def _names(view: View, head: int, y: alt.Y, colours: Mapping[str, str]) -> list[alt.Chart]:
    """Who is drawn in which panel, over its numbers, with the mark that stands for it."""
    drawn: list[alt.Chart] = []
    for place, code in enumerate(view.actors):
        left = PIVOT if place == 0 else RIVALS
        up = 10.0 + (0 if place == 0 else head - HEAD * place)
        colour = colours[f"actor{min(place, 3)}"]
        data = pd.DataFrame({"y": [-up], "words": [view.region_names[code]], "px": [left + 6]})
        mark = alt.Chart(data).mark_point(
            filled=True, opacity=1, size=66, color=colour, shape=SHAPES[min(place, 3)]
        )
        drawn.append(mark.encode(x=alt.X("px:Q", axis=None, scale=PIXELS), y=y))
        drawn.append(_words(data, left + 16, y, fontSize=13, fontWeight="bold", color=colour))
    return drawn


def _words(data: pd.DataFrame, left: int, y: alt.Y, **look: Any) -> alt.Chart:
    drawn: alt.Chart = (
        alt.Chart(data)
        .mark_text(align="left", baseline="middle", **look)
        .encode(x=alt.XValue(left), y=y, text=alt.Text("words:N"))
    )
    return drawn
