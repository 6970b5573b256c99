"""The duty of one importer on another's goods over time, layer upon layer, as a picture of its own.

It stands alone: colours, letters and size are in the file, so that it can be copied anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple
from xml.etree import ElementTree

import altair as alt
import jinja2
import pandas as pd
import vl_convert
from markupsafe import Markup

WIDTH, HEIGHT = 860, 360
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
#: Colours that stay apart for colour-blind readers (Okabe and Ito), and that of all the rest.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#999933")
OTHER, INK = "#AAAAAA", "#222222"
REST = "other layers"


class Moment(NamedTuple):
    """A day from which the duty is made up so: points by layer, in per cent of border value."""

    day: date
    parts: Mapping[str, float]

    @property
    def total(self) -> float:
        """The whole duty."""
        return sum(self.parts.values())


def timeline(title: str, note: str, moments: Sequence[Moment], until: date) -> str:
    """Draw the moments as an SVG picture that ends on a day.

    The largest layers have a colour each, the others one together; the line is their sum.
    """
    last = Moment(until, moments[-1].parts)
    shown = [*moments, last]
    names = _largest(shown)
    rows = pd.DataFrame(
        {
            "day": str(moment.day),
            "layer": name,
            "points": points,
            "order": names.index(name),
        }
        for moment in shown
        for name, points in _gathered(moment, names).items()
    )
    total = pd.DataFrame({"day": str(one.day), "points": one.total} for one in shown)
    colour = alt.Color(
        "layer:N",
        title=None,
        scale=alt.Scale(domain=names, range=[*COLOURS[: len(names) - 1], OTHER]),
        legend=alt.Legend(orient="bottom", columns=4, labelLimit=200, symbolType="square"),
    )
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%b %Y", labelAngle=0, tickCount=8))
    y = alt.Y("points:Q", title="per cent of border value", stack="zero")
    area = alt.Chart(rows).mark_area(interpolate="step-after")
    line = alt.Chart(total).mark_line(interpolate="step-after", color=INK, strokeWidth=2)
    chart = alt.layer(
        area.encode(x=x, y=y, color=colour, order=alt.Order("order:Q")),
        line.encode(x=x, y=alt.Y("points:Q")),
    ).properties(
        width=WIDTH,
        height=HEIGHT,
        background="white",
        title=alt.TitleParams(title, subtitle=note, anchor="start"),
    )
    drawn = chart.configure(font=FONT).configure_view(stroke=None).to_dict()
    root = ElementTree.fromstring(vl_convert.vegalite_to_svg(drawn))
    root.set("role", "img")
    root.set("aria-label", _spoken(title, moments))
    return ElementTree.tostring(root, encoding="unicode")


def timeline_page(
    title: str, drawn: str, rows: Sequence[Sequence[str]], laws: Sequence[Sequence[str]] = ()
) -> str:
    """Return the picture on a page of its own, with its turns and the law behind each layer.

    ``rows`` and ``laws`` begin with their headings.
    """
    template = jinja2.Environment(
        loader=jinja2.PackageLoader("tula.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    ).get_template("duty_timeline.html.j2")
    return template.render(title=title, drawn=Markup(drawn), rows=rows, laws=laws)


def _largest(shown: Sequence[Moment]) -> list[str]:
    """Names of the layers that ever weigh most, in the order of their first day, then the rest."""
    most: dict[str, float] = {}
    for moment in shown:
        for name, points in moment.parts.items():
            most[name] = max(most.get(name, 0.0), abs(points))
    chosen = sorted(most, key=lambda name: -most[name])[: len(COLOURS)]
    return [*(name for name in most if name in chosen), REST]


def _gathered(moment: Moment, names: Sequence[str]) -> dict[str, float]:
    found = dict.fromkeys(names, 0.0)
    for name, points in moment.parts.items():
        found[name if name in found else REST] += points
    return found


def _spoken(title: str, moments: Sequence[Moment]) -> str:
    told = ", ".join(f"{one.total:.1f} from {one.day}" for one in moments)
    return f"{title}, per cent of border value: {told}."
