"""Pictures of months: panels one below the other that share their months, drawn to SVG."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup, escape

from tula.numbers import write
from tula.report.drawing import Drawing
from tula.report.svg import FONT
from tula.report.tokens import standing_alone
from tula.strategy.answer.found import Spread
from tula.strategy.answer.result import Answer

#: Widths of a picture, beside text and on a phone.
WIDE, NARROW = 580, 340
LEFT, RIGHT, HEIGHT, CELL, LINE, GAP = 36, 42, 84, 20, 16, 14
#: Months of the year as they are written above a column.
NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Line(NamedTuple):
    """A share by month, in a colour of the page; with ``around`` it, a band."""

    values: Sequence[float]
    colour: str
    dashed: bool = False
    around: tuple[Sequence[float], Sequence[float]] | None = None


@dataclass(frozen=True)
class Levels:
    """Shares by month under one heading; ``floor`` is the line that they are held against.

    ``dots`` are months, the first 1, with what came.
    """

    heading: str
    lines: tuple[Line, ...]
    floor: float | None = None
    dots: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Strips:
    """Chances by month, each a strip of cells under its name."""

    heading: str
    rows: Mapping[str, Sequence[float]]


Panel = Levels | Strips


def band(spreads: Sequence[Spread]) -> Line:
    """Return the median of a flow by month with the middle four fifths around it."""
    around = [one.low for one in spreads], [one.high for one in spreads]
    return Line([one.median for one in spreads], "actor0", around=around)


def months(found: Answer) -> list[str]:
    """Return what the columns are called: Dec, Jan ..., by the month in which each begins."""
    first = found.announced.month - 1
    return [NAMES[(first + one.month - 1) % 12] for one in found.path]


def drawing(panels: Sequence[Panel], names: Sequence[str], label: str) -> Drawing:
    """Draw panels over months for a wide and a narrow window; ``label`` is read out for both."""
    return Drawing(*(_picture(panels, names, label, width) for width in (WIDE, NARROW)))


def _picture(panels: Sequence[Panel], names: Sequence[str], label: str, width: int) -> Markup:
    sheet = _Sheet(width, len(names))
    parts, y = [], 4.0
    for panel in panels:
        for text in textwrap.wrap(panel.heading, int(width / 7.5)):
            parts.append(_text(0, y + 12, text, size=13, weight="bold"))
            y += LINE
        if isinstance(panel, Levels):
            drawn, y = _levels(panel, sheet, y + 8)
        else:
            drawn, y = _strips(panel, sheet, y + 8)
        parts += drawn
        y += GAP
    parts += _months(sheet, names, y + 2)
    y += LINE
    head = f'viewBox="0 0 {width} {y:.0f}" role="img" aria-label="{escape(label)}"'
    xmlns = 'xmlns="http://www.w3.org/2000/svg"'
    svg = f'<svg {xmlns} {head} focusable="false" font-family="{FONT}">{"".join(parts)}</svg>'
    return Markup(standing_alone(svg))


class _Sheet(NamedTuple):
    """Where the months stand."""

    width: int
    months: int

    @property
    def cell(self) -> float:
        return (self.width - LEFT - RIGHT) / self.months

    @property
    def every(self) -> int:
        """Every how many months there is room for a word."""
        return math.ceil(25.0 / self.cell)

    def middle(self, month: float) -> float:
        return LEFT + (month + 0.5) * self.cell


def _months(sheet: _Sheet, names: Sequence[str], y: float) -> Iterator[str]:
    for place in range(0, sheet.months, sheet.every):
        yield _text(sheet.middle(place), y, names[place], anchor="middle", colour="soft")


def _levels(panel: Levels, sheet: _Sheet, top: float) -> tuple[list[str], float]:
    tops = [max(*one.values, *(one.around or ((),))[-1]) for one in panel.lines]
    highest = max(1.0, *tops, *(share for _, share in panel.dots))
    most = math.ceil(highest * 10.0 - 1e-9) / 10.0
    bottom = top + HEIGHT

    def at(values: Sequence[float]) -> list[str]:
        heights = (bottom - HEIGHT * value / most for value in values)
        return [f"{sheet.middle(m):.1f},{height:.1f}" for m, height in enumerate(heights)]

    parts = []
    for level in (0.0, 0.5, 1.0):
        y = bottom - HEIGHT * level / most
        parts += [_rule(sheet, y, "rule"), _text(LEFT - 5, y + 4, f"{100 * level:.0f}%",
                                                 anchor="end", colour="soft", size=11)]  # fmt: skip
    for one in panel.lines:
        parts += _line(one, at)
    if panel.floor is not None:
        parts.append(_rule(sheet, bottom - HEIGHT * panel.floor / most, "loss", dashed=True))
    for month, share in panel.dots:
        parts.append(_dot(sheet.middle(month - 1.0), bottom - HEIGHT * share / most))
    return [*parts, *_ends(panel, sheet, bottom, most)], bottom


def _line(one: Line, at: Callable[[Sequence[float]], list[str]]) -> Iterator[str]:
    if one.around:
        low, high = map(at, one.around)
        outline = " ".join([*low, *reversed(high)])
        yield f'<polygon points="{outline}" fill="var(--{one.colour})" fill-opacity="0.22"/>'
    dash = ' stroke-dasharray="5 4"' if one.dashed else ""
    yield (
        f'<polyline points="{" ".join(at(one.values))}" fill="none" '
        f'stroke="var(--{one.colour})" stroke-width="2.5"{dash}/>'
    )


def _dot(x: float, y: float) -> str:
    edge = 'fill="var(--ink)" stroke="var(--paper)" stroke-width="1.5"'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" {edge}/>'


def _ends(panel: Levels, sheet: _Sheet, bottom: float, most: float) -> Iterator[str]:
    """The floor and the last value of each line beside it, kept apart from the lowest up, and
    below the panel's title."""
    ends = [(one.values[-1], one.colour, "bold") for one in panel.lines]
    ends += [] if panel.floor is None else [(panel.floor, "loss", "normal")]
    ends.sort()
    lines, free = list[float](), math.inf
    for value, *_ in ends:
        free = min(bottom - HEIGHT * value / most + 4.0, free - 12.0)
        lines.append(free)
    highest = bottom - HEIGHT + 4.0
    for n, (value, colour, weight) in reversed([*enumerate(ends)]):
        line = max(lines[n], highest)
        x, told = sheet.width - RIGHT + 3, write.number(100.0 * value, (0.0,)) + "%"
        yield _text(x, line, told, colour=colour, weight=weight)
        highest = line + 12.0


def _strips(panel: Strips, sheet: _Sheet, y: float) -> tuple[list[str], float]:
    parts = []
    for name, chances in panel.rows.items():
        for text in textwrap.wrap(name, int((sheet.width - LEFT) / 6.3)):
            parts.append(_text(LEFT, y + 11, text))
            y += LINE
        for month, chance in enumerate(chances):
            parts += _cell(sheet, month, chance, y)
        y += CELL + 6
    return parts, y - 4


def _cell(sheet: _Sheet, month: int, chance: float, y: float) -> Iterator[str]:
    x = LEFT + month * sheet.cell
    yield (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{sheet.cell - 1.5:.1f}" height="{CELL}" '
        f'fill="var(--loss)" fill-opacity="{0.06 + 0.7 * chance:.2f}"/>'
    )
    if month % sheet.every == 0:
        told = f"{100 * chance:.0f}"
        yield _text(sheet.middle(month) - 0.75, y + 14, told, anchor="middle", size=11)


def _rule(sheet: _Sheet, y: float, colour: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="6 3" stroke-width="1.6"' if dashed else ""
    end = sheet.width - RIGHT
    at = f'x1="{LEFT}" x2="{end}" y1="{y:.1f}" y2="{y:.1f}"'
    return f'<line {at} stroke="var(--{colour})"{dash}/>'


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", size: int = 12,
    colour: str = "ink", weight: str = "normal",
) -> str:  # fmt: skip
    look = f'font-size="{size}" font-weight="{weight}" text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {look} fill="var(--{colour})">{escape(words)}</text>'
