"""The columns of a schedule by any of their headings, with the line of every row."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from tula.errors import did_you_mean
from tula.shapes import Float
from tula.text import finite
from tula.world.files import existing
from tula.world.importers.tables import refuse_separator, unreadable
from tula.world.importers.units import UnitError, duty_fraction
from tula.world.problems import SHOWN, Problems

Array = np.ndarray
Headings = Mapping[str, Sequence[str]]

_UNIT = re.compile(r"[\s_(\[]*(%|percent|pct|fractions?|percentage ?points|pp)[\s)\]]*$", re.I)
#: How schedules write that nothing is due.
FREE = ("free", "duty free", "exempt", "nil")
#: Points above which a rate stated as a fraction is none.
LARGEST = 1000.0


class Sheet:
    """Rows of a CSV file; columns by the names of ``headings``, the first that is there.

    Raises ``MissingFileError`` and ``UnreadableTableError``; what else is wrong gathers in
    ``problems``.
    """

    def __init__(self, path: str | PathLike[str], headings: Headings, needed: Sequence[str]):
        self.path = existing(path)
        self.problems = Problems(str(self.path))
        titles = self._titles()
        self.titles = {_plain(title): title for title in titles if title.strip()}
        self.found = {name: title for name in headings if (title := self._find(headings[name]))}
        self.units = {
            name: unit[1] for name, one in self.found.items() if (unit := _UNIT.search(one))
        }
        for name in needed:
            if name not in self.found:
                hint = did_you_mean(name, titles)
                tried = ", ".join(headings[name])
                self.problems.add(f"no column for {name} (headed {tried}){hint}")
        self.problems.raise_if_any()
        self.rows = self._read()

    def text(self, name: str, otherwise: str = "") -> pd.Series[str]:
        """Return a column as text without blanks at its ends, one value where there is none."""
        if name not in self.found:
            return pd.Series(otherwise, index=self.rows.index, dtype=str)
        return self.rows[self.found[name]].str.strip()

    def points(self, name: str, unit: str) -> Float[Array, " rows"]:
        """Return a column of rates in percentage points; ``unit`` is percent, fraction or unsaid.

        A unit that nobody states is refused, and one that the figures contradict.
        """
        texts = self.text(name)
        texts = texts.mask(texts.str.casefold().isin(FREE), "0")
        signed = texts.str.endswith("%").to_numpy(dtype=bool)
        numbers = self._numbers(name, texts.str.rstrip(" %"))
        odd = ~signed & signed.any() & (numbers != 0.0)
        self.note(f"{name} has a % in other rows: write it in all", odd, texts)
        said = "percent" if signed.any() else unit or self.units.get(name, "")
        worth = self._worth(name, said, numbers)
        points = numbers * worth * 100.0
        largest = float(np.nanmax(np.abs(points), initial=0.0))
        if said and worth == 0.01 and 0.0 < largest <= 1.0:
            self.problems.add(
                f"no {name} above {largest:g} per cent: these are fractions; say --duty-unit "
                "fraction"
            )
        wrong = np.abs(points) > LARGEST
        self.note(f"{name} above {LARGEST:g} per cent: say --duty-unit percent", wrong, texts)
        return points

    def amounts(self, name: str) -> Float[Array, " rows"]:
        """Return a column of amounts, NaN where it is empty or there is none."""
        texts = self.text(name)
        numbers = self._numbers(name, texts, empty=True)
        self.note(f"{name} is below zero", numbers < 0.0, texts)
        return numbers

    def days(self, name: str, otherwise: date | None = None) -> list[date | None]:
        """Return a column of days, such as 2025-08-27; empty ones as ``otherwise``."""
        texts = self.text(name)
        known = {text: _day(text) for text in texts.unique()}
        wrong = np.array([bool(text) and known[text] is None for text in texts], dtype=bool)
        self.note(f"{name} is no day such as 2025-08-27", wrong, texts)
        return [known[text] or otherwise for text in texts]

    def note(self, kind: str, wrong: Array | pd.Series[bool], values: pd.Series[str]) -> None:
        """Note a kind of problem at the marked rows, with lines and values."""
        rows = np.flatnonzero(np.asarray(wrong, dtype=bool))
        if rows.size:
            shown = [f"line {self.line(row)} ({values.iloc[row]})" for row in rows[:SHOWN].tolist()]
            self.problems.add(kind, *shown, count=rows.size)

    def line(self, row: int) -> int:
        """Return the line of the file in which a row stands."""
        return int(self.rows.index[row]) + 2

    def _numbers(
        self, name: str, texts: pd.Series[str], empty: bool = False
    ) -> Float[Array, " rows"]:
        known = {text: finite(text) for text in texts.unique()}
        wrong = np.array([known[text] is None and not (empty and not text) for text in texts])
        self.note(f"{name} is not a number", wrong, texts)
        return np.array([np.nan if known[text] is None else known[text] for text in texts])

    def _worth(self, name: str, said: str, numbers: Float[Array, " rows"]) -> float:
        if said:
            try:
                return duty_fraction(said)
            except UnitError as error:
                self.problems.add(str(error))
                return 0.01
        largest = float(np.nanmax(np.abs(numbers), initial=0.0))
        guess = "fraction" if largest <= 1.0 else "percent"
        self.problems.add(
            f"the unit of {name} is not stated (largest {largest:g}): say --duty-unit {guess}, "
            "or the other"
        )
        return 0.01

    def _titles(self) -> list[str]:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                first = file.readline()
        except (UnicodeDecodeError, OSError) as error:
            raise unreadable(self.path, error) from error
        refuse_separator(self.path, first)
        return next(csv.reader([first]), [])

    def _find(self, headings: Sequence[str]) -> str:
        wanted = [_plain(one) for one in headings]
        named = {
            _plain(_UNIT.sub("", title)): title for title in self.titles.values()
        } | self.titles
        return next((named[one] for one in wanted if one in named), "")

    def _read(self) -> pd.DataFrame:
        try:
            rows = pd.read_csv(
                self.path,
                dtype=str,
                usecols=list(dict.fromkeys(self.found.values())),
                keep_default_na=False,
                skip_blank_lines=False,
                encoding="utf-8-sig",
            ).fillna("")
        except (ValueError, OSError) as error:
            raise unreadable(Path(self.path), error) from error
        return rows[(rows != "").any(axis=1)]


def _plain(title: str) -> str:
    return re.sub(r"[^a-z0-9]", "", title.casefold())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if len(text) >= 10 else None
    except ValueError:
        return None
