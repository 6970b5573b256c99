"""Reading CSV and Parquet tables strictly: every column known, every value in its place."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from tula.errors import TulaError, did_you_mean
from tula.shapes import Bool, Float, Int
from tula.world.files import existing
from tula.world.importers.heads import Head, find_head, plain_heading
from tula.world.problems import KINDS, SHOWN, Problems, shortened

Array = np.ndarray


class Axis(NamedTuple):
    """The codes of one axis, what a text stands for, and what to say where it stands for none."""

    codes: Sequence[str]
    match: Callable[[str], str | None]
    hint: Callable[[str], str]


#: How numbers are written; remedies for absent rows.
PLAIN_NUMBER = "write numbers as 1234.5: decimal point, no unit, no sign between thousands"
ZERO_ROWS = "if they are zero, say so: --sparse, or sparse=True in Python"


#: The column of what a row holds beyond its heading.
BEYOND = "beyond the heading"


class UnreadableTableError(TulaError):
    """A file is not a table of the kind its name says. Save it as UTF-8 CSV or Parquet."""


class MissingPackageError(TulaError):
    """An optional package is needed for this kind of file. Install what the message names."""


class Table:
    """The rows of a file, with the place of each row and the problems noted so far.

    The unit of column ``measure`` may be stated in its heading, as in ``value (million USD)``, in
    a line above the table, as in ``Unit: million USD``, or in a column ``unit``; ``units`` holds
    the first two, by place. Empty rows, and what stands beside the named columns, are not read.
    """

    def __init__(
        self, path: Path, columns: Sequence[str], optional: Sequence[str] = (), measure: str = ""
    ) -> None:
        self.path = existing(path)
        self.problems = Problems(str(path))
        valid = (*columns, *optional, *(("unit",) if measure else ()))
        rows, head = _read(self.path, valid, measure)
        rows.columns = pd.Index([plain_heading(str(n), valid, measure, head) for n in rows])
        self.units = head.units
        first, self._word = (1, "row") if path.suffix == ".parquet" else (2, "line")
        self._check_columns([str(name) for name in rows], columns, valid)
        kept = np.flatnonzero(~_empty(rows[[name for name in rows if name in valid]]))
        self.rows = rows if len(kept) == len(rows) else rows.iloc[kept]
        self._lines = kept + first + head.skipped
        if BEYOND in self.rows and self._given(BEYOND).any():
            self.note("the row has more fields than the heading", self._given(BEYOND).to_numpy())
            self.problems.add(PLAIN_NUMBER)

    def texts(self, column: str) -> tuple[Int[Array, " rows"], list[str]]:
        """Return a column as positions (-1 where empty) in a list of distinct texts."""
        positions, distinct = pd.factorize(self.rows[column].astype(str).where(self._given(column)))
        self.note(f"{column} is empty", positions < 0)
        return np.asarray(positions), [str(text) for text in distinct]

    def numbers(self, column: str) -> Float[Array, " rows"]:
        """Return a column as numbers; notes cells that are none, or not finite."""
        values = self.rows[column]
        if is_numeric_dtype(values) and not is_bool_dtype(values):
            exact = values.to_numpy(dtype=float, na_value=np.nan)
        else:
            texts = values.astype(str)
            plain = pd.to_numeric(texts, errors="coerce").notna().to_numpy(dtype=bool)
            exact = np.where(plain, texts.to_numpy(dtype=object), "nan").astype(float)
        wrong = ~np.isfinite(exact)
        self.note(f"{column} is not a number", wrong, values)
        if wrong.any():
            self.problems.add(PLAIN_NUMBER)
        return np.asarray(exact)

    def codes(self, column: str, axis: Axis) -> Int[Array, " rows"]:
        """Return positions of a column's codes on an axis, -1 for (noted) unknown ones."""
        place = {code: index for index, code in enumerate(axis.codes)}
        positions, distinct = self.texts(column)
        known = np.array([place.get(axis.match(text) or "", -1) for text in distinct] + [-1])
        self.note_unknown(column, positions, distinct, known[:-1] < 0, axis.hint)
        return np.asarray(known[positions])

    def note_unknown(
        self,
        column: str,
        positions: Int[Array, " rows"],
        distinct: Sequence[str],
        unknown: Bool[Array, " texts"],
        hint: Callable[[str], str],
    ) -> None:
        """Note the texts of a column that stand for nothing, the first of them with a hint."""
        for count, index in enumerate(np.flatnonzero(unknown)):
            text = distinct[int(index)]
            said = hint(text) if count < KINDS else ""
            self.note(f"{column} {text!r} is unknown{said}", positions == index)

    def cells(
        self, keys: Mapping[str, Axis], values: Float[Array, " rows"], sparse: bool
    ) -> tuple[Float[Array, "*shape"], int]:
        """Spread values over an array with one axis a key; notes double and missing cells.

        With ``sparse`` absent rows are zero; returns the array and how many were absent.
        """
        shape = tuple(len(axis.codes) for axis in keys.values())
        positions = [self.codes(column, axis) for column, axis in keys.items()]
        rows = np.flatnonzero(np.all([position >= 0 for position in positions], axis=0))
        flat = np.ravel_multi_index(tuple(position[rows] for position in positions), shape)
        first = np.unique(flat, return_index=True)[1]
        double = np.zeros(len(self.rows), dtype=bool)
        double[np.delete(rows, first)] = True
        self.note("the cell stands twice", double)
        spread, present = np.zeros(shape), np.zeros(shape, dtype=bool)
        spread.flat[flat], present.flat[flat] = values[rows], True
        if not sparse:
            self.note_missing([axis.codes for axis in keys.values()], present)
        return spread, int(present.size - present.sum())

    def note(
        self, kind: str, wrong: Bool[Array, " rows"], values: pd.Series[Any] | None = None
    ) -> None:
        """Note a kind of problem at the marked rows, with their values if given."""
        rows = np.flatnonzero(wrong)
        if rows.size:
            shown = [int(row) for row in rows[:SHOWN]]
            said = [f" ({values.iloc[row]!s})" if values is not None else "" for row in shown]
            places = [
                f"{self._word} {self._lines[row]}{text}"
                for row, text in zip(shown, said, strict=True)
            ]
            self.problems.add(kind, *places, count=rows.size)

    def note_missing(
        self, keys: list[Sequence[str]], present: Bool[Array, "*shape"], remedy: str = ZERO_ROWS
    ) -> None:
        """Note the cells without a row, and what to do about them."""
        absent = np.flatnonzero(~present)
        if absent.size:
            indices = np.array(np.unravel_index(absent[:SHOWN], present.shape)).T
            places = [
                "/".join(codes[int(k)] for codes, k in zip(keys, index, strict=True))
                for index in indices
            ]
            self.problems.add(f"rows are missing ({remedy})", *places, count=absent.size)

    def _given(self, column: str) -> pd.Series[bool]:
        values = self.rows[column]
        return values.notna() & (values.astype(str).str.strip() != "")

    def _check_columns(
        self, found: Sequence[str], columns: Sequence[str], valid: Sequence[str]
    ) -> None:
        refuse_separator(self.path, ",".join(found))
        missing = [column for column in columns if column not in found]
        others = [column for column in found if column not in ("", BEYOND)]
        for column in missing:
            self.problems.add(f"column {column!r} is missing{did_you_mean(column, others)}")
        for column in found:
            if column not in (*valid, "", BEYOND):
                self.problems.add(f"column {shortened(column)!r} is not part of this table")
        double = sorted({column for column in found if column and found.count(column) > 1})
        for column in double:
            self.problems.add(f"column {column!r} stands more than once")
        if missing or double:
            self.problems.raise_if_any()


def _read(path: Path, valid: Sequence[str], measure: str) -> tuple[pd.DataFrame, Head]:
    def is_heading(cells: Sequence[str]) -> bool:
        return sum(plain_heading(cell, valid, measure, Head()) in valid for cell in cells) > 1

    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path).reset_index(drop=True), Head()
        head = find_head(path, is_heading)
        if not head.cells:
            raise pd.errors.EmptyDataError
        rows = pd.read_csv(
            path,
            dtype=str,
            header=None,
            names=range(len(head.cells) + 1),
            keep_default_na=False,
            skip_blank_lines=False,
            skiprows=head.skipped + 1,
            encoding="utf-8-sig",
            compression="gzip" if path.suffix == ".gz" else None,
        )
        rows.columns = pd.Index([*(cell.strip() for cell in head.cells), BEYOND])
        return rows, head
    except ImportError as error:
        raise MissingPackageError(
            f"{path}: Parquet needs pyarrow; pip install tula[data]"
        ) from error
    except (ValueError, OSError, EOFError, zlib.error) as error:
        raise unreadable(path, error) from error


def _empty(rows: pd.DataFrame) -> Bool[Array, " rows"]:
    """Which rows have nothing in any column."""
    left = np.arange(len(rows))
    for column in rows:
        values = rows[column].iloc[left]
        left = left[(values.isna() | (values.astype(str).str.strip() == "")).to_numpy(dtype=bool)]
    return np.isin(np.arange(len(rows)), left)


def unreadable(path: Path, error: Exception) -> UnreadableTableError:
    """Say why a file is no table, with the line where that can be told."""
    if isinstance(error, pd.errors.EmptyDataError):
        return UnreadableTableError(f"{path}:1: the file is empty")
    if isinstance(error, UnicodeDecodeError):
        byte = f"byte 0x{error.object[error.start]:02x}"
        return UnreadableTableError(f"{path}: not UTF-8 text ({byte}); save it as CSV in UTF-8")
    reason = str(error).strip().splitlines() or [type(error).__name__]
    return UnreadableTableError(f"{path}: {shortened(reason[0], 200)}")


def refuse_separator(path: Path, header: str) -> None:
    """Refuse a header that is divided by something other than commas."""
    for sign, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if header.count(sign) > header.count(","):
            raise UnreadableTableError(
                f"{path}:1: the columns are divided by {name}; "
                "save it as CSV with commas between columns and points in numbers"
            )
