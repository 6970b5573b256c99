"""What lowering an exposure costs, a line per rival."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import altair as alt
import pandas as pd

from tula.numbers import write
from tula.report.figures import NARROW
from tula.report.plane import HEIGHT, axis, framed
from tula.report.view import View
from tula.strategy.balance.found import Frontier
from tula.study.balance.records import BalanceRecord


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
                "text": f"{view.region_names[one.rival]}: {write.fixed(100 * point.loss, 2)}% of "
                f"GDP left at {write.fixed(point.cost, 2)} bn USD a year by a charge of "
                f"{_charge(point.wedge)}",
            }
            for one in sloped(record)
            for step, point in enumerate(one.points)
        ]
    )


def _charge(wedge: float) -> str:
    return f"{write.fixed(100 * wedge, 0)}%"


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
