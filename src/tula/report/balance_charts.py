"""Charts of the balance in rows: courses, influences, contributions, next moves, hedges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from tula.numbers import write
from tula.numbers.estimate import Estimate
from tula.report import figures
from tula.report.figures import SHAPES, Group, Row
from tula.report.view import View
from tula.study.balance.records import BalanceRecord, Influence
from tula.study.wording import capital

UNIT = "bn USD a year"
#: Share of variance below which a group of inputs is not drawn.
IDLE = 0.005
#: Draws a chart at a width.
Spec = Callable[[int], dict[str, Any]]


@dataclass(frozen=True)
class Paired(Row):
    """A row with a second number drawn inside the first, and the half-widths around both."""

    inner: float
    inner_error: float
    error: float


def courses(view: View, record: BalanceRecord) -> list[Group]:
    """The price of autonomy, and what each course is worth, with their ranges."""
    price = _ranged("Price of autonomy", record.price, "actor0", SHAPES[2])
    asked = [course for course in record.courses if not course.hypothetical]
    ordered = sorted(asked, key=lambda course: -course.worth.central)
    first = record.courses[0].id
    rows = [
        _ranged(
            one.title,
            one.worth,
            _colour(view, one.aligned_with or (view.pivot if one.id == first else "")),
            SHAPES[0],
        )
        for one in ordered
    ]
    home = view.named(record.pivot)
    return [
        Group("Below zero, keeping the course pays; above, giving in does", (price,)),
        Group(f"What each course is worth to {home}, against a year without pressure", (*rows,)),
    ]


def price_chart(view: View, record: BalanceRecord) -> Spec:
    """Price and courses on one axis in money."""
    return lambda width: figures.chart(courses(view, record), UNIT, width=width)


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


def shapley_chart(view: View, record: BalanceRecord) -> Spec:
    """What each instrument contributes, largest first, signs aside."""
    known = {one.id: one.title for one in view.manifest.scenarios}
    ordered = sorted(record.shapley, key=lambda one: -abs(one.value))
    rows = tuple(_bar(capital(known.get(one.id, one.title)), one.value, "other") for one in ordered)
    total = sum(one.value for one in ordered)
    groups = [Group("Contributions add up to all together", rows)]
    groups.append(Group("", (_bar("All together", total, "ink"),)))
    return lambda width: figures.chart(groups, UNIT, width=width, draw=bars)


def moves_chart(view: View, record: BalanceRecord) -> Spec:
    """What each next move takes from the pivot beside what it costs whoever makes it."""
    ordered = sorted(record.next_moves, key=lambda one: -one.pivot_loss)
    home = view.region_names[record.pivot]
    groups = [
        Group(
            capital(f"{view.named(one.player)} {one.title} ({one.state})"),
            (
                _loss(home, one.pivot_loss, _colour(view, record.pivot)),
                _loss(f"{view.region_names[one.player]}, who moves,", one.own_cost,
                     "other" if one.player == record.pivot else _colour(view, one.player)),
            ),
        )
        for one in ordered
    ]  # fmt: skip
    return lambda width: figures.chart(groups, f"loss, {UNIT}", width=width, draw=bars)


def hedges_chart(record: BalanceRecord) -> Spec:
    """What each hedge is worth, largest first."""
    ordered = sorted(record.hedges, key=lambda one: -one.worth.central)
    rows = tuple(_ranged(capital(one.title), one.worth, "actor0", SHAPES[0]) for one in ordered)
    groups = [Group("By the account of their tie", rows)]
    return lambda width: figures.chart(groups, UNIT, width=width)


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


def _ranged(name: str, told: Estimate, colour: str, shape: str) -> Row:
    numbers = [write.change(value) for value in (told.central, told.low, told.high)]
    label = f"{name} {numbers[0]}"
    text = f"{label}, range {numbers[1]} to {numbers[2]} {UNIT}"
    return Row(label, label, colour, shape, told.central, told.low, told.high, text)


def _bar(name: str, value: float, colour: str) -> Row:
    label = f"{name} {write.change(value)}"
    return Row(label, label, colour, SHAPES[0], value, value, value, f"{label} {UNIT}")


def _loss(name: str, value: float, colour: str) -> Row:
    verb = "gains" if value < 0 else "loses"
    label = f"{name} {verb} {write.number(abs(value))}"
    return Row(label, label, colour, SHAPES[0], value, value, value, f"{label} {UNIT}")


def _colour(view: View, code: str) -> str:
    known = view.actors[:4]
    return f"actor{known.index(code)}" if code in known else "other"
