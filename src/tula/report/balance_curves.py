"""Curves of the balance: how long it lasts, and what lowering an exposure costs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt
import pandas as pd

from tula.numbers import write
from tula.report.figures import NARROW, PAGE_COLOURS, specification
from tula.report.view import View
from tula.strategy.balance.found import Frontier
from tula.study.balance.records import BalanceRecord, SurvivalRecord
from tula.study.balance.terms import conditioned

#: Dashes that tell lines of one colour apart.
DASHES: Sequence[list[int]] = ([1, 0], [7, 4], [2, 3], [9, 3, 2, 3], [1, 2])
HEIGHT = {True: 300, False: 240}
#: Pixels for the names of lines at their right ends.
RIGHT = {True: 150, False: 100}
#: Letters on a line of such a name, and pixels from one line to the next.
LETTERS, LINE = {True: 22, False: 15}, 14
#: Pixels for axis and labels beside the drawing.
BESIDE = 60
HOLDS = "chance that balance still holds, %"


def survival_chart(record: BalanceRecord, width: int) -> dict[str, Any]:
    """Probability that balance has not broken by each month: a line per rule, one with its range.

    Rules by which balance never stood have no line; the range is that of the first of the others.
    """
    drawn = standing(record)
    height, frames = HEIGHT[width > NARROW], [_months(one) for one in drawn]
    right = RIGHT[width > NARROW]
    months = [float(month) for one in drawn for month in one.months]
    x = axis("months", "month:Q", months, span=(0, width - BESIDE - right))
    y, low = (axis(HOLDS, f"{name}:Q", (0, 100)) for name in ("share", "low"))
    band = alt.Chart(frames[0]).mark_area(opacity=0.2, color="var(--actor0)")
    layers = [band.encode(x=x, y=low, y2=alt.Y2("high:Q"))]
    for frame, dash in zip(frames, DASHES, strict=False):
        line = alt.Chart(frame).mark_line(strokeWidth=2.4, strokeDash=dash, color="var(--actor0)")
        layers.append(line.encode(x=x, y=y))
    ends = [(100.0 * one.share[-1], asking(record, one.rule)) for one in drawn]
    layers.append(_ends(ends, height, width, y))
    return framed(layers, width, height)


def standing(record: BalanceRecord) -> list[SurvivalRecord]:
    """Rules by which balance is not broken from the start in every draw."""
    return [one for one in record.survival if one.share[0] > 0.0]


def asking(record: BalanceRecord, rule: str) -> str:
    """What a rule asks otherwise than the first, to name its line; the first is as defined."""
    return conditioned(record, rule).removeprefix("if ")


def spread(values: Iterable[float], apart: float, least: float, most: float) -> list[float]:
    """Heights for labels of values, in their order: apart from each other, inside the bounds."""
    given = list(values)
    order = sorted(range(len(given)), key=lambda place: given[place])
    found = list(given)
    floor = least
    for place in order:
        found[place] = max(found[place], floor)
        floor = found[place] + apart
    ceiling = most
    for place in reversed(order):
        found[place] = min(found[place], ceiling)
        ceiling = found[place] - apart
    return found


def frontier_chart(view: View, record: BalanceRecord, width: int) -> dict[str, Any]:
    """Cost a year against the exposure that is left, a line per rival, with the limits asked."""
    height, points = HEIGHT[width > NARROW], _points(view, record)
    x = axis("what the rival can take away, % of GDP", "loss:Q", [0, *points["loss"]])
    y = axis("cost, bn USD a year", "cost:Q", _roomy([0.0, *points["cost"]]))
    look = alt.Color("colour:N", scale=None)
    drawn = alt.Chart(points)
    layers: list[alt.Chart] = _limits(record, float(points["loss"].max()), x)
    nought = alt.Chart(pd.DataFrame({"cost": [0.0]}))
    layers.append(nought.mark_rule(color="var(--soft)", strokeWidth=1.2).encode(y=y))
    for _, one in points.groupby("rival", sort=False):
        line = alt.Chart(one).mark_line(strokeWidth=2.4)
        layers.append(line.encode(x=x, y=y, color=look, order=alt.Order("step:Q")))
    names = points[points["step"] == points.groupby("rival")["step"].transform("max")]
    layers += [
        drawn.mark_point(filled=True, opacity=1, size=36).encode(
            x=x, y=y, color=look, description=alt.Description("text:N")
        ),
        drawn.mark_text(align="right", dx=-5, dy=10, fontSize=11).encode(
            x=x, y=y, text=alt.Text("wedge:N"), color=alt.ColorValue("var(--soft)")
        ),
        alt.Chart(names)
        .mark_text(align="left", dx=8, dy=-4, fontSize=13, fontWeight="bold")
        .encode(x=x, y=y, text=alt.Text("name:N"), color=look),
    ]
    return framed(layers, width, height)


def sloped(record: BalanceRecord) -> list[Frontier]:
    """Frontiers along which an exposure falls."""
    return [one for one in record.frontiers if len(one.points) > 1]


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


def _months(one: SurvivalRecord) -> pd.DataFrame:
    columns = {"share": one.share, "low": one.low, "high": one.high}
    percent = {name: [100.0 * value for value in values] for name, values in columns.items()}
    return pd.DataFrame({"month": [float(month) for month in one.months], **percent})


def _ends(ends: list[tuple[float, str]], height: int, width: int, y: Any) -> alt.Chart:
    """What each line stands for, at its right end, apart from each other."""
    wide = width > NARROW
    told = [textwrap.wrap(f"{asks}: {share:.0f}%", LETTERS[wide]) for share, asks in ends]
    most = max(map(len, told), default=1) * 100.0 * LINE / height
    heights = spread((share for share, _ in ends), most + 1.0, most / 2, 100.0 - most / 2)
    rows = [
        {"share": at, "words": "\n".join(lines)} for at, lines in zip(heights, told, strict=True)
    ]
    left = width - BESIDE - RIGHT[wide] + 6
    drawn: alt.Chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_text(
            align="left",
            baseline="middle",
            fontSize=12,
            color="var(--ink)",
            lineBreak="\n",
            lineHeight=LINE,
            dy=alt.expr(f"-{LINE / 2} * (length(split(datum.words, '\\n')) - 1)"),
        )
        .encode(x=alt.XValue(left), y=y, text=alt.Text("words:N"))
    )
    return drawn


def _points(view: View, record: BalanceRecord) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "rival": view.region_names[one.rival],
                "colour": f"var(--actor{min(view.actors.index(one.rival), 3)})",
                "step": step,
                "loss": 100.0 * point.loss,
                "cost": point.cost,
                "wedge": _charge(point.wedge) if 0 < step < len(one.points) - 1 else "",
                "name": f"{view.region_names[one.rival]}, charge {_charge(point.wedge)}",
                "text": f"{view.region_names[one.rival]}: {100 * point.loss:.2f}% of GDP left at "
                f"{write.fixed(point.cost, 2)} bn USD a year by a charge of {_charge(point.wedge)}",
            }
            for one in sloped(record)
            for step, point in enumerate(one.points)
        ]
    )


def _charge(wedge: float) -> str:
    return f"{100 * wedge:.0f}%"


def _roomy(values: Iterable[float]) -> list[float]:
    """Limits of an axis with room above and below for words."""
    known = list(values)
    low, high = min(known), max(known)
    room = 0.14 * ((high - low) or 1.0)
    return [low - room / 2, high + room]


def _limits(record: BalanceRecord, most: float, x: Any) -> list[alt.Chart]:
    """A line at every limit on losses that lies within the plane, with its value."""
    limits = sorted({rule.loss for rule in record.rules if 100.0 * rule.loss <= most})
    if not limits:
        return []
    told = [{"loss": 100.0 * one, "words": f"limit {write.limit(one)}"} for one in limits]
    drawn = alt.Chart(pd.DataFrame(told))
    lines = drawn.mark_rule(strokeDash=[4, 3], color="var(--soft)").encode(x=x)
    words = drawn.mark_text(align="left", baseline="top", dx=4, fontSize=12, color="var(--soft)")
    return [lines, words.encode(x=x, y=alt.YValue(2), text=alt.Text("words:N"))]
