"""All ties of a study on one linear scale that holds zero: lengths are money, whatever the tie."""

from __future__ import annotations

import math

from tula.numbers import write
from tula.numbers.estimate import Estimate
from tula.report import figures
from tula.report.figures import COLOUR, SHAPES, TIP, Group, Row, Rows, Spec, layer, quantity
from tula.report.parts.ties import words
from tula.report.view import View
from tula.say.words import capital
from tula.ties.account import TieAccount

UNIT = words.YEARLY.strip()
UNCOUNTED = "nothing counted"


def ties_chart(view: View, width: int = figures.WIDE) -> Spec:
    """Return the specification: per tie its value to either side and what is at risk.

    A bar runs from zero to the central value, a line from the 10th to the 90th percentile; all
    ties share one linear axis, in the order of the results. What is not counted has no bar.
    """
    return figures.chart(groups(view), UNIT, width=width, draw=_bars)


def spoken(view: View) -> str:
    """The chart in words, every number told, for readers who hear the page."""
    told = [f"{g.heading}: {', '.join(row.label for row in g.rows)}" for g in groups(view)]
    return f"What each tie is worth and puts at risk, {UNIT}. {'. '.join(told)}."


def groups(view: View) -> list[Group]:
    """Value to the pivot, value to the partner and exposure of each tie, in bn USD a year."""
    return [
        Group(tie_title(view, place), tuple(_rows(view, account)))
        for place, account in enumerate(view.results.ties)
    ]


def tie_title(view: View, place: int) -> str:
    """The study's title of the tie at a place, or its kind and partner if it gives none."""
    records = view.manifest.ties
    if place < len(records) and records[place].title:
        return records[place].title
    account = view.results.ties[place]
    return f"{capital(account.tie)} with {view.named(account.partner)}"


def _rows(view: View, account: TieAccount) -> list[Row]:
    pivot, partner = (view.region_names[code] for code in (account.pivot, account.partner))
    risk = (f"At risk for {view.named(account.pivot)}", "At risk")
    own, other = view.colour(account.pivot), view.colour(account.partner)
    return [
        _row((pivot, pivot), account.value_to_pivot, own, 0, signed=True),
        _row((partner, partner), account.value_to_partner, other, 1, signed=True),
        _row(risk, account.exposure, "ink", 2),
    ]


def _row(
    names: tuple[str, str], told: Estimate, colour: str, place: int, *, signed: bool = False
) -> Row:
    """A row under a name and its short form."""
    numbers, said = told.numbers, f" {UNCOUNTED}"
    if words.sign(told) is words.Sign.NONE:
        numbers = (float("nan"),) * 3
    else:
        written = words.gain if signed else words.billion
        said = f" {write.ranged(told, written)}"
    label, short = (name + said for name in names)
    value, low, high = (million / 1000.0 for million in numbers)
    return Row(label, short, colour, SHAPES[place], value, low, high, label)


def _bars(rows: Rows, y: Spec) -> tuple[Spec, ...]:
    """Bars from zero, ranges with their ends, central values, and labels at the left."""
    drawn = [{**row, "start": 0.0} for row in rows if math.isfinite(row["value"])]
    low, high, value = quantity("low"), quantity("high"), quantity("value")
    ends = [
        layer(drawn, "tick", orient="vertical", size=8, thickness=1.5)(x=end, y=y, color=COLOUR)
        for end in (low, high)
    ]
    *_, labels = figures.marks(rows, y)
    return (
        layer(drawn, "rule", strokeWidth=11, opacity=0.35)(
            x=quantity("start"), x2={"field": "value"}, y=y, color=COLOUR, description=TIP
        ),
        layer(drawn, "rule", strokeWidth=1.5)(x=low, x2={"field": "high"}, y=y, color=COLOUR),
        *ends,
        layer(drawn, "tick", orient="vertical", size=12, thickness=3)(
            x=value, y=y, color=COLOUR, description=TIP
        ),
        labels,
    )
