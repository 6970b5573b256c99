"""Rows of a chart in money: dots with ranges, and bars from zero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd

from tula.numbers import write
from tula.numbers.estimate import Estimate
from tula.report import figures
from tula.report.figures import Row

UNIT = "bn USD a year"
#: Draws a chart at a width.
Spec = Callable[[int], dict[str, Any]]


def ranged(name: str, told: Estimate, colour: str, shape: str) -> Row:
    """A row of a range of billion USD, its central value in its label."""
    numbers = [write.change(value) for value in (told.central, told.low, told.high)]
    label = f"{name} {numbers[0]}"
    text = f"{label}, range {numbers[1]} to {numbers[2]} {UNIT}"
    return Row(label, label, colour, shape, told.central, told.low, told.high, text)


def bars(data: pd.DataFrame, y: alt.Y) -> tuple[alt.Chart, ...]:
    """Bars from zero and labels at the left."""
    *_, labels = figures.marks(data, y)
    drawn = alt.Chart(data.assign(start=0.0))
    look = alt.Color("colour:N", scale=None)
    return (
        drawn.mark_rule(strokeWidth=11, opacity=0.75).encode(
            x=alt.X("start:Q"),
            x2=alt.X2("value:Q"),
            y=y,
            color=look,
            description=alt.Description("text:N"),
        ),
        labels,
    )
