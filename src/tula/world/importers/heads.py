"""Where a CSV table begins, and what its heading says about units."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

#: Lines above a table that are looked through for its heading.
SEARCHED = 20
_UNIT = re.compile(
    r"""^[\W_]*(?:units?(?:\ of\ measure\w*)?\s*[:=,]?|(?:all\ )?(?:figures|values|flows|amounts)?
    \s*(?:are\ )?in)\s+(\S.*?)[\s"',;]*$""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass
class Head:
    """What stands above the rows: the heading, lines before it, and the units stated there.

    ``units`` maps the place of each statement, for messages, to the unit as it is written.
    """

    cells: tuple[str, ...] = ()
    skipped: int = 0
    units: dict[str, str] = field(default_factory=dict)


def find_head(path: Path, is_heading: Callable[[Sequence[str]], bool]) -> Head:
    """Return the heading of a CSV file and where it stands; the first line if none is found.

    Raises ``OSError`` and ``ValueError`` for files that are no text.
    """
    head = Head()
    lines = [_cells(line) for line in _first_lines(path)]
    for number, cells in enumerate(lines):
        if is_heading([cell.strip() for cell in cells]):
            head.cells, head.skipped = tuple(cells), number
            return head
        stated = _UNIT.match(" ".join(filter(None, map(str.strip, cells))))
        if stated:
            head.units[f"line {number + 1}"] = stated[1]
    return Head(tuple(lines[0]) if lines else ())


def plain_heading(name: str, valid: Sequence[str], measure: str, head: Head) -> str:
    """Return the column that a heading means: case and blanks make no difference.

    The heading of the measured column may carry its unit, as in ``value (million USD)`` or
    ``rate_percent``; the unit is noted in ``head``.
    """
    plain = name.strip().casefold()
    if plain in valid:
        return plain
    unit = plain.removeprefix(measure).strip(" _,:;()[]")
    if measure and unit and unit != plain and plain[len(measure)] in " _,:;([":
        head.units[f"the heading {name.strip()!r}"] = unit
        return measure
    return name


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:  # beyond what one cell may hold: no heading
        return [line]


def _first_lines(path: Path) -> list[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        return [line.rstrip("\r\n") for line, _ in zip(file, range(SEARCHED), strict=False)]
