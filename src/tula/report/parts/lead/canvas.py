"""A sheet to draw on in SVG: lines, arcs, boxes and words in the colours of the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree

from tula.report.svg import SVG, themed

LINE = 15.5


class Point(NamedTuple):
    """A place in pixels, from the left and from the top."""

    x: float
    y: float


def turned(centre: Point, distance: float, degrees: float) -> Point:
    """The point at a distance from a centre, clockwise from the right."""
    turn = math.radians(degrees)
    return Point(centre.x + distance * math.cos(turn), centre.y + distance * math.sin(turn))


class Canvas:
    """An SVG drawing of a size in pixels; ``label`` is read out for it."""

    def __init__(self, width: float, height: float, label: str) -> None:
        self._label = label
        self._root = ElementTree.Element(
            f"{{{SVG}}}svg", {"viewBox": f"0 0 {_n(width)} {_n(height)}"}
        )

    def drawn(self) -> str:
        """The drawing as an element of the page."""
        return themed(ElementTree.tostring(self._root, encoding="unicode"), self._label)

    def line(
        self, start: Point, end: Point, colour: str, width: float, *, cap: str = "butt"
    ) -> None:
        """A straight line."""
        ends = {"x1": start.x, "y1": start.y, "x2": end.x, "y2": end.y, "stroke-width": width}
        self._add("line", ends, stroke=colour, **{"stroke-linecap": cap})

    def arc(
        self, centre: Point, radius: float, ends: tuple[float, float], colour: str, width: float
    ) -> None:
        """Part of a circle between two directions in degrees, the lesser first."""
        start, stop = (turned(centre, radius, degrees) for degrees in ends)
        path = f"M{_n(start.x)} {_n(start.y)}A{_n(radius)} {_n(radius)} 0 0 1 "
        path += f"{_n(stop.x)} {_n(stop.y)}"
        self._add("path", {"stroke-width": width}, d=path, fill="none", stroke=colour)

    def bowl(self, centre: Point, half: float, colour: str) -> None:
        """A flat bowl whose rim lies at a point."""
        left, right = _n(centre.x - half), _n(centre.x + half)
        path = f"M{left} {_n(centre.y)}H{right}Q{_n(centre.x)} {_n(centre.y + 26)} {left} "
        self._add("path", {}, d=f"{path}{_n(centre.y)}Z", fill=colour)

    def circle(self, centre: Point, radius: float, colour: str) -> None:
        """A filled circle."""
        self._add("circle", {"cx": centre.x, "cy": centre.y, "r": radius}, fill=colour)

    def box(self, corner: Point, width: float, height: float, colour: str) -> None:
        """A filled box from its upper left corner."""
        sides = {"x": corner.x, "y": corner.y, "width": width, "height": height}
        self._add("rect", sides, fill=colour)

    def plaque(self, centre: Point, words: str, size: float) -> None:
        """Large words on a patch of paper that hides what is behind."""
        width = 0.62 * size * len(words) + 12
        self.box(
            Point(centre.x - width / 2, centre.y - 0.62 * size), width, 1.2 * size, "var(--paper)"
        )
        self.text(centre, words, "var(--ink)", size, bold=True)

    def lines(
        self, top: Point, lines: Sequence[str], colour: str, size: float, *, anchor: str = "middle"
    ) -> None:
        """Lines of words one below the other, the first centred at a height."""
        for number, words in enumerate(lines):
            self.text(Point(top.x, top.y + LINE * number), words, colour, size, anchor=anchor)

    def text(
        self,
        at: Point,
        words: str,
        colour: str,
        size: float,
        *,
        anchor: str = "middle",
        bold: bool = False,
    ) -> None:
        """Words whose middle lies at a height."""
        place = {"x": at.x, "y": at.y + 0.35 * size, "font-size": size}
        look = {"fill": colour, "text-anchor": anchor}
        look |= {"font-weight": "bold"} if bold else {}
        self._add("text", place, **look).text = words

    def _add(self, tag: str, numbers: dict[str, float], **look: str) -> ElementTree.Element:
        given = {name: _n(value) for name, value in numbers.items()} | look
        return ElementTree.SubElement(self._root, f"{{{SVG}}}{tag}", given)


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
