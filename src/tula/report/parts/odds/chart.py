"""The odds of the five states, stacked to a hundred percent, rule by rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import altair as alt
import pandas as pd

from tula.numbers.write import chance
from tula.report.figures import NARROW, PAGE_COLOURS, specification
from tula.say.words import capital
from tula.study.balance.records import BalanceRecord, Odds
from tula.study.balance.terms import conditioned, described, ruled

#: Colour of a state and of words upon it: shades of loss where balance is broken, of gain else.
STATES: Mapping[str, tuple[str, str]] = {
    "captured": ("var(--l5)", "var(--paper)"),
    "aligned": ("var(--l4)", "var(--paper)"),
    "hollow": ("var(--l2)", "var(--ink)"),
    "costly": ("var(--g2)", "var(--ink)"),
    "free": ("var(--g4)", "var(--paper)"),
}
BARS = (("Course kept", "Kept"), ("Course worth most", "Worth most"))
BAR, STEP, HEADING, GAP = 22, 25, 22, 12
#: Pixels for the names of the bars on a wide and on a narrow chart.
COLUMN = {True: 140, False: 70}
#: Pixels that a letter takes on a bar.
LETTER = 6.8


def odds_chart(record: BalanceRecord, width: int) -> dict[str, Any]:
    """Two bars per rule: of the course kept, and of the course worth most in each draw."""
    column = COLUMN[width > NARROW]
    rows, names, height = _rows(record, width - column, width > NARROW)
    look = alt.Axis(orient="top", tickCount=5, title="% of draws", titleAnchor="end", grid=False)
    scale = alt.Scale(domain=[0, 100], range=[column, width], nice=False)
    down = alt.Scale(domain=[height, 0], nice=False)
    y, centre = (alt.Y(field, axis=None, scale=down) for field in ("y:Q", "centre:Q"))
    x, middle = (alt.X(field, axis=look, scale=scale) for field in ("start:Q", "middle:Q"))
    parts = alt.Chart(rows)
    drawn = alt.layer(
        parts.mark_rect(stroke="var(--paper)", strokeWidth=1).encode(
            x=x,
            x2=alt.X2("stop:Q"),
            y=y,
            y2=alt.Y2("below:Q"),
            color=alt.Color("fill:N", scale=None),
            description=alt.Description("text:N"),
        ),
        parts.mark_text(baseline="middle", fontSize=12).encode(
            x=middle, y=centre, text=alt.Text("words:N"), color=alt.Color("ink:N", scale=None)
        ),
        _labels(names[names["heading"]], y, "bold"),
        _labels(names[~names["heading"]], y, "normal"),
    ).properties(width=width, height=height)
    return specification(drawn, PAGE_COLOURS)


def spoken(record: BalanceRecord) -> str:
    """The chart in words, every number told."""
    told = [
        f"{capital(conditioned(record, one.rule))}, {name.lower()}: {_listed(bar)}"
        for one in record.odds
        for (name, _), bar in zip(BARS, (one.kept, one.best), strict=True)
    ]
    return f"Odds of the five states. {'. '.join(told)}."


def _listed(bar: tuple[Odds, ...]) -> str:
    return ", ".join(f"{one.state} {chance(one.share)}" for one in bar)


def _labels(names: pd.DataFrame, y: alt.Y, weight: Literal["bold", "normal"]) -> alt.Chart:
    drawn: alt.Chart = (
        alt.Chart(names)
        .mark_text(align="left", baseline="middle", fontSize=12.5, fontWeight=weight)
        .encode(x=alt.XValue(0), y=y, text=alt.Text("words:N"), color=alt.ColorValue("var(--ink)"))
    )
    return drawn


def _rows(
    record: BalanceRecord, room: float, wide: bool
) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Parts of the bars, names of rules and bars, and the height of all in pixels."""
    parts: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    top = 0.0
    for found in record.odds:
        asks = capital(described(ruled(record, found.rule)))
        names.append({"words": asks, "y": top + HEADING / 2, "heading": True})
        top += HEADING
        for (name, short), told in zip(BARS, (found.kept, found.best), strict=True):
            label = name if wide else short
            names.append({"words": label, "y": top + BAR / 2, "heading": False})
            parts += _parts(f"{asks}, {name.lower()}", told, top, room)
            top += STEP
        top += GAP
    return pd.DataFrame(parts), pd.DataFrame(names), top


def _parts(bar: str, told: tuple[Odds, ...], top: float, room: float) -> list[dict[str, Any]]:
    parts, start = [], 0.0
    for one in told:
        size, (fill, ink) = 100.0 * one.share, STATES[one.state]
        words = f"{one.state} {chance(one.share)}"
        parts.append(
            {
                "start": start,
                "stop": start + size,
                "middle": start + size / 2,
                "y": top,
                "below": top + BAR,
                "centre": top + BAR / 2 + 0.5,
                "fill": fill,
                "ink": ink,
                "words": _fitting((words, chance(one.share)), one.share * room),
                "text": f"{bar}: {words}, 95% interval {chance(one.low)} to {chance(one.high)}",
            }
        )
        start += size
    return parts


def _fitting(words: tuple[str, ...], room: float) -> str:
    """The first text that has room; none if none has."""
    return next((text for text in words if LETTER * len(text) + 6 <= room), "")
