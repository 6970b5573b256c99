"""Turn a drawn chart into an element of the page: named, themed, with hover texts."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from tula.report.tokens import standing_alone

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
SVG = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("", SVG)
_DROPPED = ("aria-hidden", "aria-roledescription", "pointer-events", "font-family", "class")


def themed(drawing: str, label: str) -> str:
    """Return the SVG without fixed size, each described mark given a hover text.

    ``label`` says what the chart shows, for readers who hear the page. Its colours are those of
    the page, and where it is copied to, the light ones.
    """
    root = ElementTree.fromstring(drawing)
    for element in root.iter():
        _clean(element)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-label", label)
    root.set("focusable", "false")
    root.set("font-family", FONT)
    return standing_alone(re.sub(r">\s+<", "><", ElementTree.tostring(root, encoding="unicode")))


def _clean(element: ElementTree.Element) -> None:
    described = element.attrib.pop("aria-label", None)
    role = element.attrib.pop("role", None)
    for name in _DROPPED:
        element.attrib.pop(name, None)
    if described and role == "graphics-symbol" and "-axis" not in described:
        title = ElementTree.Element(f"{{{SVG}}}title")
        title.text = described
        element.insert(0, title)
