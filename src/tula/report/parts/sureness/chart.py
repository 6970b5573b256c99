"""What moves the price of autonomy: a bar per group of inputs, alone and together."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt
import pandas as pd

from tula.numbers import write
from tula.report import figures
from tula.report.figures import SHAPES, Group, Row
from tula.report.rows import Spec
from tula.study.balance.records import BalanceRecord, Influence

#: Share of variance below which a group of inputs is not drawn.
IDLE = 0.005


@dataclass(frozen=True)
class Paired(Row):
    """A row with a second number drawn inside the first, and the half-widths around both."""

    inner: float
    inner_error: float
    error: float


def idle(record: BalanceRecord) -> list[Influence]:
    """Groups of inputs that explain next to nothing of the price's variance."""
    return [one for one in record.influence if one.total < IDLE]


def influence_chart(record: BalanceRecord) -> Spec:
    """Share of the price's variance that each group of inputs explains, largest first."""
    ordered = sorted(record.influence, key=lambda one: -one.total)
    rows = tuple(_influence(one) for one in ordered if one.total >= IDLE)
    groups = [
        Group("Alone / together with other inputs, %; estimates, so some may fall below zero", rows)
    ]
    return lambda width: figures.chart(groups, "% of variance", width=width, draw=_nested)


def _influence(one: Influence) -> Paired:
    shares = (one.first, one.total)
    first, total = (write.fixed(100 * share, 0) for share in shares)
    label = f"{one.title} {first}{write.NO_BREAK}/{write.NO_BREAK}{total}"
    return Paired(
        label=label,
        short=label,
        colour="other",
        shape=SHAPES[0],
        value=100 * one.total,
        low=100 * min(one.total - one.total_error, one.first - one.first_error),
        high=100 * max(one.total + one.total_error, one.first + one.first_error),
        text=f"{one.title}: alone {first}%, together {total}%",
        inner=100 * one.first,
        inner_error=100 * one.first_error,
        error=100 * one.total_error,
    )


def _nested(data: pd.DataFrame, y: alt.Y) -> tuple[alt.Chart, ...]:
    """Pale bars of the totals, full bars of what is due alone, each with its error."""
    *_, labels = figures.marks(data, y)
    told = data.assign(
        start=0.0,
        worst=data["value"] - data["error"],
        best=data["value"] + data["error"],
        least=data["inner"] - data["inner_error"],
        most=data["inner"] + data["inner_error"],
    )
    drawn, tip = alt.Chart(told), alt.Description("text:N")
    full, pale = alt.ColorValue("var(--actor0)"), alt.ColorValue("var(--other)")
    ink, soft = alt.ColorValue("var(--ink)"), alt.ColorValue("var(--soft)")
    return (
        drawn.mark_rule(strokeWidth=14, opacity=0.35).encode(
            x=alt.X("start:Q"), x2=alt.X2("value:Q"), y=y, color=pale, description=tip
        ),
        drawn.mark_rule(strokeWidth=8).encode(
            x=alt.X("start:Q"), x2=alt.X2("inner:Q"), y=y, color=full, description=tip
        ),
        drawn.mark_rule(strokeWidth=1.2, yOffset=5).encode(
            x=alt.X("worst:Q"), x2=alt.X2("best:Q"), y=y, color=soft
        ),
        drawn.mark_rule(strokeWidth=1.2).encode(
            x=alt.X("least:Q"), x2=alt.X2("most:Q"), y=y, color=ink
        ),
        labels,
    )
