"""Tables of the page, ready to print: every cell a text, some rows with a bar beside the number."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tula.numbers import write

TOP = 5
LONG = 8


@dataclass(frozen=True)
class Row:
    """One line: a label, the number its bar shows (or none), and the texts of its cells."""

    label: str
    cells: tuple[str, ...]
    bar: float | None = None
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """Rows whose bars share one scale and show gains and losses, unless they are ``levels``.

    Caption, columns and note are the template's.
    """

    rows: tuple[Row, ...] = ()
    levels: bool = False

    @property
    def lines(self) -> list[tuple[Row, list[str]]]:
        """Each row with the texts of its cells, decimal points lined up by column."""
        columns = [
            write.aligned(cells) for cells in zip(*(r.cells for r in self.rows), strict=True)
        ]
        return list(zip(self.rows, map(list, zip(*columns, strict=True)), strict=True))

    @property
    def barred(self) -> bool:
        """Whether rows carry bars."""
        return any(row.bar is not None for row in self.rows)

    def bar(self, row: Row) -> tuple[float, float, str] | None:
        """Left edge and width in percent of the bar column, and ``gain``, ``loss`` or ``level``."""
        if row.bar is None or not math.isfinite(row.bar):
            return None
        low, high = self._limits
        start, end = sorted(((0 - low) / (high - low) * 100, (row.bar - low) / (high - low) * 100))
        kind = "level" if self.levels else "gain" if row.bar > 0 else "loss"
        return round(start, 2), round(end - start, 2), kind

    @property
    def zero(self) -> float:
        """Where zero stands in the bar column, percent from the left."""
        low, high = self._limits
        return round(-low / (high - low) * 100, 2)

    @property
    def _limits(self) -> tuple[float, float]:
        known = [row.bar for row in self.rows if row.bar is not None and math.isfinite(row.bar)]
        low, high = min([0.0, *known]), max([0.0, *known])
        return (low, high) if high > low else (0.0, 1.0)


def share_of(part: float, whole: float) -> float:
    """Percent of the whole; NaN where there is no whole."""
    return part / whole * 100 if whole else float("nan")
