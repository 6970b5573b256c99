"""Layers of duty: one row an act, an importer, a partner, a sector and a period.

The form of a file, and of the one that comes with the package, is in ``docs/duties.md``.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib import resources
from io import StringIO
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from tula.errors import TulaError, UnknownNameError
from tula.text import finite, unprintable
from tula.world.files import existing
from tula.world.problems import Problems

#: Columns a file must have; others of ``Layer`` may be missing.
NEEDED = ("layer", "importer", "partner", "sector", "points_on_cell", "start")
NUMBERS = ("rate_points", "coverage", "points_on_cell")
STACKING = ("adds", "floor", "replaces")
#: Points by which rate times coverage may differ from the points on the cell: rounding.
ROUNDING = 0.06
#: Points that no sum of duties reaches but by a slip of the unit or the decimal point.
ABSURD = 1000.0

#: The last day whose law the embedded table holds.
KNOWN_TO = date(2026, 8, 31)


class DutyDayError(TulaError):
    """No day was given, the table of duties does not reach it, or nothing in it fits the world."""


class Layer(NamedTuple):
    """One row: so many percentage points on all trade of a cell, from a day to another, inclusive.

    ``points_on_cell`` is what counts; ``rate_points`` is the rate on the part covered and
    ``coverage`` that part, 0 to 1. ``stacking`` says whether the points add to others, add up to a
    total fixed by law (``floor``, the net addition), or stand alone (``replaces``). ``grade``: A
    law or official figure, B compiled lists, C estimate.
    """

    layer: str
    importer: str
    partner: str
    sector: str
    points_on_cell: float
    start: date
    end: date | None = None
    authority: str = ""
    rate_points: float | None = None
    coverage: float | None = None
    coverage_basis: str = ""
    stacking: str = "adds"
    law: str = ""
    source: str = ""
    grade: str = ""
    note: str = ""

    def in_force(self, day: date, without: Set[str] = frozenset()) -> bool:
        """Return whether the layer is in force on a day and not laid off by name or authority."""
        off = self.layer in without or self.authority in without
        return not off and self.start <= day and (self.end is None or day <= self.end)


class LaidOff(NamedTuple):
    """Layers laid off by the name of one or of an authority, everywhere or on one pair of places.

    Written ``IEEPA-reciprocal``, or ``IEEPA-reciprocal:USA:IND``: the importer, then the partner.
    """

    name: str
    importer: str = ""
    partner: str = ""

    @classmethod
    def read(cls, text: str) -> LaidOff:
        """Return what a text lays off; raises ``DutyDayError``."""
        parts = text.split(":")
        if len(parts) not in (1, 3) or not all(parts):
            raise DutyDayError(
                f"{text!r} lays nothing off: write a layer or authority, IEEPA-reciprocal, or one "
                "between an importer and a partner, IEEPA-reciprocal:USA:IND"
            )
        return cls(*parts)

    def meets(self, layer: Layer) -> bool:
        """Return whether the name is that of a layer or of its authority."""
        return self.name in (layer.layer, layer.authority)


@dataclass(frozen=True)
class DutyTable:
    """Layers, and what the codes in them stand for.

    ``places`` maps a code to regions of the embedded worlds and to countries, ``sources`` an id to
    how to cite it. ``origin`` names the file; ``known_to`` is the last day whose law it holds, None
    where it does not say.
    """

    layers: tuple[Layer, ...]
    places: Mapping[str, tuple[str, ...]]
    sources: Mapping[str, str]
    origin: str
    known_to: date | None = None

    def __hash__(self) -> int:
        return hash((self.origin, self.known_to, len(self.layers)))

    @cached_property
    def first_day(self) -> date:
        """The day from which the table speaks."""
        return min(layer.start for layer in self.layers)

    @property
    def last_act(self) -> date:
        """The day from which the latest layer is in force."""
        return max(layer.start for layer in self.layers)

    def on(self, day: date, without: Iterable[str] = ()) -> tuple[Layer, ...]:
        """Return the layers in force on a day, but for some by name or authority.

        Those laid off on one pair of places alone stay. Raises as ``refuse``.
        """
        off = set(without)
        self.refuse(day, off)
        return tuple(layer for layer in self.layers if layer.in_force(day, off))

    def refuse(self, day: date, without: Iterable[str] = ()) -> None:
        """Raise ``DutyDayError`` before the first day, ``UnknownNameError`` for unknown names.

        A text that is no ``LaidOff`` is a ``DutyDayError`` too.
        """
        if day < self.first_day:
            cure = "; a row of 0 points from then on says that none was in force"
            raise DutyDayError(
                f"{self.origin} begins on {self.first_day}: {day} lies before it"
                f"{'' if self.known_to else cure}"
            )
        for name in {LaidOff.read(one).name for one in without} - self.names:
            raise UnknownNameError("layer of duty", name, self.names)

    def late(self, day: date) -> str:
        """Return what to say of a day after the last whose law the table holds; empty before."""
        if self.known_to is None or day <= self.known_to:
            return ""
        return (
            f"{self.origin} ends with {self.known_to:%B %Y}: duties as of {day} are those in "
            "force then, law made since is not in them"
        )

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the layers."""
        return hashlib.sha256(repr(self.layers).encode()).hexdigest()

    @cached_property
    def names(self) -> set[str]:
        """Names of layers and authorities."""
        named = {layer.layer for layer in self.layers} | {one.authority for one in self.layers}
        return named - {""}


@cache
def embedded_duties() -> DutyTable:
    """Return the table that comes with the package.

    The United States from 2018 to August 2026 by partner and sector, answers to them, and
    withdrawals of most-favoured-nation status.
    """
    folder = resources.files("tula.policy.duties") / "data"
    texts = {name: (folder / f"{name}.csv").read_text("utf-8") for name in _FILES}
    layers = _layers(texts["layers"], Problems("layers.csv"))
    places, sources = _rows(texts["partners"]), _rows(texts["sources"])
    return DutyTable(
        layers,
        {
            row["code"]: (*row["tula_regions"].split(), *row["members_iso3"].split())
            for row in places
        },
        {row["id"]: row["cite_as"] for row in sources},
        "the table of duties that comes with Tula",
        KNOWN_TO,
    )


_FILES = ("layers", "partners", "sources")


def read_duties(path: str | PathLike[str]) -> DutyTable:
    """Return the layers of a CSV file in the form of the embedded one.

    Codes of places may be those of the embedded table, of a world or of a country. Raises
    ``MissingFileError``, and ``TableError`` with all that is wrong and its lines: missing columns,
    numbers and days that cannot be read, fractions for points, coverage outside 0 to 1, rates that
    do not fit their points, ends before starts, rows that overlap.
    """
    file = existing(path)
    problems = Problems(str(file))
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        problems.add("not UTF-8 text: save the table as CSV UTF-8")
        problems.raise_if_any()
    known = embedded_duties()
    return DutyTable(_layers(text, problems), known.places, known.sources, Path(file).name)


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def _layers(text: str, problems: Problems) -> tuple[Layer, ...]:
    rows = csv.DictReader(StringIO(text))
    missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        found = ", ".join(rows.fieldnames or ()) or "none"
        problems.add(f"no column {', '.join(missing)}; needed: {', '.join(NEEDED)}; found: {found}")
        problems.raise_if_any()
    lines, layers = [], []
    for row in rows:
        layer = _layer(row, f"line {rows.line_num}", problems)
        if layer is not None:
            lines.append(rows.line_num)
            layers.append(layer)
    if not layers:
        problems.add("no layer of duty in it")
    _check_together(layers, lines, problems)
    problems.raise_if_any()
    return tuple(layers)


def _layer(row: dict[str, str], place: str, problems: Problems) -> Layer | None:
    """Read one row, or note what is wrong with it."""
    values: dict[str, object] = {
        name: (row.get(name) or "").strip() for name in Layer._fields if row.get(name)
    }
    bad = {name for name in NEEDED if name not in values}
    for name, value in values.items():
        if held := unprintable(str(value)):
            problems.add(f"{name} holds {held}", place)
            bad.add(name)
    for name in bad - set(values):
        problems.add(f"{name} is empty", place)
    for name in NUMBERS:
        if name in values and (number := finite(str(values[name]))) is None:
            problems.add(f"{name} is not a number", f"{place} {values[name]!r}")
            bad.add(name)
        elif name in values:
            values[name] = number
    for name in ("start", "end"):
        if name in values and (day := _day(str(values[name]))) is None:
            problems.add(f"{name} is no day such as 2025-08-27", f"{place} {values[name]!r}")
            bad.add(name)
        elif name in values:
            values[name] = day
    if bad:
        return None
    layer = Layer(**values)  # type: ignore[arg-type]
    for fault in _faults(layer):
        problems.add(fault, place)
    return layer


def read_day(text: str) -> date:
    """Return a day written as 2026-03-01; raises ``DutyDayError`` for anything else."""
    day = _day(text)
    if day is None:
        raise DutyDayError(f"{text!r} is no day: write it as 2026-03-01")
    return day


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _faults(layer: Layer) -> list[str]:
    told = []
    if layer.stacking not in STACKING:
        told.append(f"stacking {layer.stacking!r} is none of {', '.join(STACKING)}")
    if layer.end is not None and layer.end < layer.start:
        told.append("an end before its start")
    if layer.coverage is not None and not 0.0 <= layer.coverage <= 1.0001:
        told.append("coverage outside 0 to 1: it is a share, not per cent")
    if not -100.0 < layer.points_on_cell < ABSURD:
        told.append(f"points_on_cell of {layer.points_on_cell:g}: percentage points are expected")
    if layer.stacking == "adds" and layer.rate_points is not None and layer.coverage is not None:
        off = abs(layer.rate_points * layer.coverage - layer.points_on_cell)
        if off > ROUNDING * max(1.0, abs(layer.points_on_cell)):
            told.append("rate_points times coverage is not points_on_cell")
    return told


def _check_together(layers: Sequence[Layer], lines: Sequence[int], problems: Problems) -> None:
    """Note rows of one act on one cell that overlap, and a table written in fractions."""
    rates = [abs(layer.points_on_cell) for layer in layers]
    if rates and 0.0 < max(rates) <= 1.0:
        problems.add(f"no rate above {max(rates):g}: percentage points are expected, not fractions")
    numbered = sorted(
        zip(layers, lines, strict=True), key=lambda one: (one[0][:4], one[0].start, one[1])
    )
    for (one, first), (other, second) in pairwise(numbered):
        same = one[:4] == other[:4]
        if same and (one.end is None or one.end >= other.start):
            problems.add("rows of one layer on one cell overlap", f"lines {first} and {second}")
