"""How every region stands between two rivals: a map and a sortable table, offline."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from tula.explore.page import Drawn, drawn_map, environment, sheet, spoken_names, text_of
from tula.live import page_script
from tula.numbers import write
from tula.say.templates import paragraphs
from tula.say.words import named, word_kept
from tula.strategy.ranking import LARGE, Ranking, Standing
from tula.world.files import write_whole
from tula.world.labels import Labels

#: Chances of a break-off at which a class of the map ends, and its colours.
EDGES = (0.05, 0.1, 0.2, 0.35)
CLASSES = tuple(f"s{place}" for place in range(1, len(EDGES) + 2))


def write_rank(told: Ranking, labels: Labels, path: Path, *, explorer: str) -> Path:
    """Write the page of a ranking and return its path.

    ``explorer`` is the file beside it that rows lead to. The same ranking gives the same bytes.
    Raises ``UnwritableFileError``.
    """
    page = RankPage(told, labels, explorer)
    return write_whole(path, environment().get_template("rank.html.j2").render(page=page))


@dataclass(frozen=True)
class Cell:
    """A number as it is written, and as it is sorted; None where there is none."""

    text: str
    value: float | None

    @property
    def key(self) -> str:
        """What the script sorts by; empty where there is no number."""
        return "" if self.value is None else f"{self.value:.10g}"


@dataclass(frozen=True)
class Line:
    """A region: where its row leads, who bends it more easily, its class on the map, numbers."""

    code: str
    name: str
    link: str
    least: str
    level: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class RankPage:
    """What the template asks for."""

    told: Ranking
    labels: Labels
    explorer: str

    @property
    def title(self) -> str:
        """The world, and the day of its duties."""
        day = f", import duties of {self.told.as_of}" if self.told.as_of else ""
        return f"{self.told.world}{day}"

    @property
    def sentence(self) -> str:
        """Who is held most evenly, and who least; empty where nobody has an equilibrium."""
        return " ".join(paragraphs("ranking", r=self.told)) if self.told.known else ""

    @property
    def names(self) -> list[str]:
        """The two rivals as in a sentence."""
        return [named(title) for title in self.told.titles]

    @property
    def heads(self) -> list[str]:
        """What the columns are called."""
        heads = [f"Yields to {name} above, %" for name in self.names]
        heads += [f"Loss if {name} breaks off, %" for name in self.names]
        heads += [f"Cost to {name}, bn USD a year" for name in self.names]
        kept = [f"Least kept of flows above {LARGE:g}% of spending, %"]
        return [*heads, *(kept if self.told.as_of else [])]

    @property
    def lines(self) -> list[Line]:
        """One line a region, in the order of the ranking."""
        return [self._line(one) for one in self.told.regions]

    def _line(self, one: Standing) -> Line:
        cells = [_percent(hold.needed.value) for hold in one.holds]
        cells += [_number(hold.loss.value) for hold in one.holds]
        cells += [_billions(hold.cost_money.value) for hold in one.holds]
        cells += [_percent(one.kept)] if self.told.as_of else []
        held = one.least
        chance = held.needed.value if held else None
        return Line(
            code=one.id,
            name=one.title,
            link=f"{self.explorer}#focus={quote(one.id)}",
            least=named(held.title) if held else "",
            level="na" if chance is None else CLASSES[sum(chance >= edge for edge in EDGES)],
            cells=tuple(cells),
        )

    @property
    def key(self) -> list[tuple[str, str]]:
        """Class of the map and the chances it stands for."""
        ends = [write.limit(edge) for edge in EDGES]
        words = [f"under {ends[0]}", *(f"{a} to {b}" for a, b in pairwise(ends))]
        return list(zip(CLASSES, [*words, f"from {ends[-1]}"], strict=True))

    @property
    def map(self) -> Drawn:
        """The world map."""
        return drawn_map(spoken_names(self.labels))

    @property
    def levels(self) -> list[tuple[str, Line | None]]:
        """Class and line of every region of the world, in the order of the map."""
        by = {line.code: line for line in self.lines}
        found = [by.get(code) for code in self.labels.regions]
        return [("rival" if line is None else line.level, line) for line in found]

    @property
    def ground(self) -> str:
        """What the ranking rests on."""
        told = self.told
        parts = [f"World {self.title}", f"elasticities {told.elasticities}", word_kept(told)]
        return "; ".join([*parts, f"closure {told.closure}", *told.failures])

    @property
    def style(self) -> Markup:
        """The colours that pages share and this page's own style."""
        return sheet("rank.css")

    @property
    def script(self) -> Markup:
        """What sorts the table."""
        return Markup(page_script(text_of("rank.js")))


def _percent(share: float | None) -> Cell:
    return Cell(write.fixed(100.0 * _known(share), 0), share)


def _number(value: float | None) -> Cell:
    return Cell(write.fixed(_known(value), 1), value)


def _billions(million: float | None) -> Cell:
    return Cell(write.number(_known(million) / 1e3), million)


def _known(value: float | None) -> float:
    return math.nan if value is None else value
