"""How long balance lasts, a line per rule."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt
import pandas as pd

from tula.numbers import write
from tula.report.figures import NARROW
from tula.report.plane import BESIDE, HEIGHT, axis, framed
from tula.study.balance.records import BalanceRecord, SurvivalRecord
from tula.study.balance.terms import conditioned

#: Dashes that tell lines of one colour apart.
DASHES: Sequence[list[int]] = ([1, 0], [7, 4], [2, 3], [9, 3, 2, 3], [1, 2])
#: Pixels for the names of lines at their right ends.
RIGHT = {True: 150, False: 100}
#: Letters on a line of such a name, and pixels from one line to the next.
LETTERS, LINE = {True: 22, False: 15}, 14
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


def _months(one: SurvivalRecord) -> pd.DataFrame:
    columns = {"share": one.share, "low": one.low, "high": one.high}
    percent = {name: [100.0 * value for value in values] for name, values in columns.items()}
    return pd.DataFrame({"month": [float(month) for month in one.months], **percent})


def _ends(ends: list[tuple[float, str]], height: int, width: int, y: Any) -> alt.Chart:
    """What each line stands for, at its right end, apart from each other."""
    wide = width > NARROW
    told = [
        textwrap.wrap(f"{asks}: {write.fixed(share, 0)}%", LETTERS[wide]) for share, asks in ends
    ]
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
