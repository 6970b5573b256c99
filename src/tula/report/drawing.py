"""Charts on the page, drawn once for a wide and once for a narrow window."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import vl_convert
from markupsafe import Markup

from tula.report import figures
from tula.report.svg import themed

#: What stands on the page for a chart that is under way.
_PLACE = re.compile(r"<svg>(\d+)</svg>")


@dataclass(frozen=True)
class Drawing:
    """A chart drawn twice, for a wide and for a narrow window."""

    wide: Markup
    narrow: Markup


class Drawings:
    """Draws the charts of a page: at once, or by a worker while the rest of the page is written.

    What a worker draws leaves its place on the page, to be ``filled`` at the end.
    """

    def __init__(self, executor: Executor | None = None) -> None:
        self._executor = executor
        self._under_way: list[Callable[[], str]] = []

    def twice(
        self, spec: Callable[[int], dict[str, Any]], label: str, wide: int = figures.WIDE
    ) -> Drawing:
        """Draw what has a specification for every width; ``label`` is read out for it."""
        return Drawing(*(self.drawn(spec(width), label) for width in (wide, figures.NARROW)))

    def drawn(self, spec: dict[str, Any], label: str) -> Markup:
        """Draw one specification."""
        if self._executor is None:
            return Markup(figures.svg(spec, label))
        drawing = self._executor.submit(vl_convert.vegalite_to_svg, spec)
        self._under_way.append(lambda: themed(drawing.result(), label))
        return Markup(f"<svg>{len(self._under_way) - 1}</svg>")

    def filled(self, text: str) -> str:
        """Return text of the page with the charts in their places."""
        return _PLACE.sub(lambda place: self._under_way[int(place[1])](), text)
