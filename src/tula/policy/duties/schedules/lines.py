"""Lines of a schedule: a rate on one code, for one importer and partner, over a period."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from tula.policy.duties.schedules.sheet import Sheet

#: A code of the Harmonised System has so many digits: a subheading, or a national line beneath it.
SUBHEADING, LONGEST = 6, 12
#: The layer of ordinary duties.
MFN = "MFN"


class Line(NamedTuple):
    """One row: points on a code from a day to another, inclusive; an empty code is all goods.

    ``trade`` weighs it, None where the file has no such column; ``place`` is its line.
    """

    place: int
    layer: str
    authority: str
    importer: str
    partner: str
    code: str
    points: float
    start: date
    end: date | None
    trade: float | None = None
    stacking: str = "adds"

    @property
    def act(self) -> tuple[str, str, str]:
        """What lines may not state twice for one code and day."""
        return self.layer, self.importer, self.partner


def hs_codes(sheet: Sheet, name: str, restore_zeros: bool) -> list[str]:
    """Return a column of codes of the Harmonised System as digits; note those that are none.

    A code with an odd number of digits has lost its leading zero: refused, or with
    ``restore_zeros`` given back.
    """
    texts = sheet.text(name)
    number = texts.str.fullmatch(r"\d+\.\d")
    digits = texts.str.replace(r"[\s.\-'’]", "", regex=True)
    lost = digits.str.fullmatch(r"\d+") & (digits.str.len() % 2 == 1) & ~number
    sheet.note(f"{name} is written as a number: format the column as text", number, texts)
    if restore_zeros:
        digits = digits.where(~lost, "0" + digits)
    else:
        cure = "write 010121 for 10121, or say --restore-zeros"
        sheet.note(f"{name} has lost its leading zero: {cure}", lost, texts)
    good = digits.str.fullmatch(r"\d+") & digits.str.len().between(SUBHEADING, LONGEST)
    short = f"{name} is no code of the Harmonised System with 6, 8 or 10 digits"
    sheet.note(short, ~good & ~number & ~lost, texts)
    return [str(code) for code in digits]


def check_lines(lines: Sequence[Line], sheet: Sheet) -> list[str]:
    """Note codes stated twice for one day, alone or by a longer one; return words on gaps."""
    by_code: dict[tuple[tuple[str, str, str], str], list[Line]] = defaultdict(list)
    for line in lines:
        if line.end is not None and line.end < line.start:
            sheet.problems.add("an end before its start", f"line {line.place}")
        by_code[line.act, line.code].append(line)
    _check_authorities(lines, sheet)
    gaps = []
    for (act, code), same in by_code.items():
        same.sort(key=lambda one: (one.start, one.place))
        for one, other in pairwise(same):
            if _meet(one, other):
                _twice(sheet, one, other)
            elif one.end is not None and other.start > one.end + timedelta(days=1):
                gaps.append(f"{code} from {one.end + timedelta(days=1)} (line {other.place})")
        for length in range(SUBHEADING, len(code), 2):
            for wide in by_code.get((act, code[:length]), ()):
                for one in same:
                    if _meet(wide, one):
                        _twice(sheet, wide, one)
    if not gaps:
        return []
    return [f"not in force between two periods: {len(gaps)} times, first {gaps[0]}"]


def _check_authorities(lines: Sequence[Line], sheet: Sheet) -> None:
    """Note a layer that rests on two authorities: by which of them would it be laid off?"""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for line in lines:
        found[line.layer].setdefault(line.authority, line.place)
    for layer, places in found.items():
        if len(places) > 1:
            named = [f"line {place} ({name or 'none'})" for name, place in places.items()]
            cure = "name a layer for each"
            sheet.problems.add(f"layer {layer!r} rests on several authorities: {cure}", *named)


def _meet(one: Line, other: Line) -> bool:
    first, second = sorted((one, other), key=lambda line: line.start)
    return first.end is None or first.end >= second.start


def _twice(sheet: Sheet, one: Line, other: Line) -> None:
    sheet.problems.add(
        "one layer states a code twice for the same days, alone or by a longer code: leave one, or "
        "end the first",
        f"lines {one.place} and {other.place}",
    )


def spans(
    days: Sequence[date], points: Sequence[float]
) -> Iterable[tuple[date, date | None, float]]:
    """Join days, in order, with the same rate into spans; the last one stays in force.

    A series that names only the days of a change reads the same.
    """
    series = pd.Series(points, index=pd.Index(days)).sort_index()
    changed = np.flatnonzero(np.append(True, np.diff(series.to_numpy()) != 0.0))
    starts = [series.index[place] for place in changed.tolist()]
    ends = [start - timedelta(days=1) for start in starts[1:]]
    for place, start, end in zip(changed.tolist(), starts, [*ends, None], strict=True):
        yield start, end, float(series.iloc[place])


def years(text: pd.Series[str]) -> list[int | None]:
    """Return years, None where a text is none."""
    return [int(one[:4]) if re.fullmatch(r"(19|20)\d\d(\.0)?", one) else None for one in text]
