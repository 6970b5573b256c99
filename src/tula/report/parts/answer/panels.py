"""The main chart: the pivot and its rivals in two panels, each on its own scale.

On a desk both panels stand side by side, one line per scenario; on a phone one below the other.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tula.numbers import write
from tula.report import figures
from tula.report.figures import PAGE_COLOURS, SHAPES, Group, Row, Rows, Spec, layer, quantity, word
from tula.report.view import View
from tula.study.manifest import ScenarioRecord

UNIT = "bn USD a year"
WIDTH = 900
#: Left ends in pixels: numbers of the pivot and its axis, numbers of the rivals and theirs.
PIVOT, PIVOT_AXIS, RIVALS, RIVALS_AXIS = 256, 402, 608, 762
PIVOT_END = 586
TITLE_WIDTH = 37
LANE, LEAST, HEAD = 15, 33, 17
PIXELS = {"domain": [0, WIDTH], "range": [0, WIDTH], "nice": False, "zero": False}


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


def narrow(view: View) -> list[Spec]:
    """Return the two panels for a phone: the pivot's, then the rivals'."""
    groups, names = income(view), [view.region_names[code] for code in view.actors]
    pivot = [Group(g.heading, (replace(g.rows[0], short=g.rows[0].label),)) for g in groups]
    rivals = [Group(g.heading, g.rows[1:]) for g in groups]
    return [
        figures.chart(panel, f"{who}, {UNIT}", width=figures.NARROW)
        for panel, who in ((pivot, names[0]), (rivals, " and ".join(names[1:])))
    ]


def wide(view: View, colours: Mapping[str, str] = PAGE_COLOURS) -> Spec:
    """Return the specification of both panels side by side, one line per scenario."""
    groups, rivals = income(view), len(view.actors) - 1
    head, step = HEAD * rivals, max(LEAST, LANE * rivals + 3)
    height = float(step * len(groups))
    down = {"domain": [height, 0], "range": [height, 0], "nice": False}
    y = quantity("y", axis=None, scale=down)
    panels = (
        _panel([g.rows[:1] for g in groups], (PIVOT, PIVOT_AXIS, PIVOT_END), step, y, colours),
        _panel([g.rows[1:] for g in groups], (RIVALS, RIVALS_AXIS, WIDTH), step, y, colours),
    )
    layers = (
        _lines(len(groups), step, y, colours["grid"]),
        *panels,
        _titles(groups, step, y, colours["ink"]),
        *_names(view, head, y, colours),
    )
    apart = {"scale": {"x": "independent"}}
    return figures.specification(layers, colours, resolve=apart, width=WIDTH, height=height)


def _panel(
    rows: list[tuple[Row, ...]],
    ends: tuple[int, int, int],
    step: int,
    y: Spec,
    colours: Mapping[str, str],
) -> Spec:
    """One panel: numbers from the first end on, its axis between the second and the third."""
    numbers, start, end = ends
    marks = [
        {
            **vars(row),
            "words": row.label,
            "colour": colours[row.colour],
            "y": (line + 0.5) * step + LANE * (lane - (len(lanes) - 1) / 2),
        }
        for line, lanes in enumerate(rows)
        for lane, row in enumerate(lanes)
    ]
    axis = {"title": UNIT, "orient": "top", "tickCount": 4, "format": "~r", "grid": True}
    domain = figures.domain([Group("", lanes) for lanes in rows])
    scale = {"domain": domain, "nice": False, "range": [start, end]}
    zero = layer([{"value": 0.0}], "rule", color=colours["zero"], strokeWidth=1.2)
    drawn = zero(x=quantity("value", scale=scale, axis=axis)), *figures.marks(marks, y, numbers)
    return {"layer": list(drawn)}


def _lines(count: int, step: int, y: Spec, colour: str) -> Spec:
    """A fine line above each scenario, from its title to the last panel."""
    rows = [{"y": float(step * line)} for line in range(count + 1)]
    return layer(rows, "rule", color=colour)(x={"value": 0}, x2={"value": WIDTH}, y=y)


def _titles(groups: list[Group], step: int, y: Spec, colour: str) -> Spec:
    """The title of each scenario, in at most a few lines centred on its own."""
    rows = []
    for line, group in enumerate(groups):
        words = textwrap.wrap(group.heading, TITLE_WIDTH) or [""]
        top = (line + 0.5) * step - LANE * (len(words) - 1) / 2
        rows += [{"y": top + LANE * n, "words": text} for n, text in enumerate(words)]
    return _words(rows, 0, y, fontSize=12.5, fontWeight="bold", color=colour)


def _names(view: View, head: int, y: Spec, colours: Mapping[str, str]) -> list[Spec]:
    """Who is drawn in which panel, over its numbers, with the mark that stands for it."""
    drawn: list[Spec] = []
    for place, code in enumerate(view.actors):
        left = PIVOT if place == 0 else RIVALS
        up = 10.0 + (0 if place == 0 else head - HEAD * place)
        colour = colours[f"actor{min(place, 3)}"]
        rows = [{"y": -up, "words": view.region_names[code], "px": left + 6}]
        look = {"size": 66, "color": colour, "shape": SHAPES[min(place, 3)]}
        mark = layer(rows, "point", filled=True, opacity=1, **look)
        drawn.append(mark(x=quantity("px", axis=None, scale=PIXELS), y=y))
        drawn.append(_words(rows, left + 16, y, fontSize=13, fontWeight="bold", color=colour))
    return drawn


def _words(rows: Rows, left: int, y: Spec, **look: Any) -> Spec:
    words = layer(rows, "text", align="left", baseline="middle", **look)
    return words(x={"value": left}, y=y, text=word("words"))
