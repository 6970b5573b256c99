"""Turn a drawn chart into an element of the page: named, themed, with hover texts."""

from __future__ import annotations

import re
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("", SVG)
_DROPPED = ("aria-hidden", "aria-roledescription", "pointer-events", "font-family", "class")


def themed(drawing: str, label: str) -> str:
    """Return the SVG without fixed size or font, each described mark given a hover text.

    ``label`` says what the chart shows, for readers who hear the page.
    """
    root = ElementTree.fromstring(drawing)
    for element in root.iter():
        _clean(element)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-label", label)
    root.set("focusable", "false")
    return re.sub(r">\s+<", "><", ElementTree.tostring(root, encoding="unicode"))


def _clean(element: ElementTree.Element) -> None:
    described = element.attrib.pop("aria-label", None)
    role = element.attrib.pop("role", None)
    for name in _DROPPED:
        element.attrib.pop(name, None)
    if described and role == "graphics-symbol" and "-axis" not in described:
        title = ElementTree.Element(f"{{{SVG}}}title")
        title.text = described
        element.insert(0, title)
