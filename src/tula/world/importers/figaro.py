"""Eurostat's FIGARO tables, industry by industry or product by product, as CSV in either layout.

The matrix has ``rowLabels`` in its corner and labels ``COUNTRY_INDUSTRY``; the flat file has one
row a cell, with columns ``refArea, rowIi, counterpartArea, colIi, obsValue``. Countries are alpha-2
codes, ``FIGW1`` is the rest of the world; final demand is ``P3_S13`` (government), ``P3_S14``
(households), ``P3_S15`` (non-profit institutions), ``P51G`` (investment) and ``P5M`` (stocks and
valuables). Rows ``W2_*`` hold taxes and value added and are not read. All in million EUR at basic
prices.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tula.world.countries import country
from tula.world.economy import Economy
from tula.world.files import existing
from tula.world.importers.archives import opened
from tula.world.importers.heads import find_head
from tula.world.importers.measures import stated_worth
from tula.world.importers.oecd import icio_labels
from tula.world.importers.settings import ImportSettings, assemble
from tula.world.importers.square import Dialect, Sheet, flows, read_head, read_sheet
from tula.world.importers.tables import PLAIN_NUMBER, ZERO_ROWS, unreadable
from tula.world.importers.units import UnitError
from tula.world.problems import SHOWN, Problems

DIALECT = Dialect(
    final=frozenset({"P3_S13", "P3_S14", "P3_S15", "P51G", "P5M"}), idle=frozenset({"W2"})
)
#: Columns of the flat layout that are read.
FLAT = ("refArea", "rowIi", "counterpartArea", "colIi", "obsValue")
#: Names of the rest of the world, and codes that Eurostat has of its own.
_OWN = {"FIGW1": "ROW", "EL": "GRC", "UK": "GBR"}


def import_figaro(source: str | PathLike[str], settings: ImportSettings | None = None) -> Economy:
    """Import a FIGARO table (CSV, or the table of a .zip).

    The figures are in euros: ``unit`` must say what one is worth, ``million EUR at 1.08``. Negative
    final sales are set to zero and reported, unless the settings refuse them. Raises ``UnitError``
    without a unit, ``TableError`` with all that is wrong, and ``ArchiveError``.
    """
    given = settings or ImportSettings()
    with opened(existing(source), given.vintage) as (path, called):
        sheet, problems, steps = _read(path, called, given)
    if given.unit is None:
        raise UnitError(
            f"{called}: FIGARO is in million EUR; say what a euro was worth, the average of the "
            "year: --unit 'million EUR at 1.08' (unit=... in Python)"
        )
    worth, unit = stated_worth({}, given.unit, problems)
    found = flows(sheet, replace(DIALECT, economies=_economies(sheet)), problems)
    problems.raise_if_any()
    values = found.values * worth
    filled = replace(
        given,
        negatives=given.negatives or "zero",
        sources=given.sources or ("Eurostat, FIGARO tables",),
    )
    read = f"read from FIGARO file {called.rpartition('/')[2]}, {unit} at basic prices"
    labels = icio_labels(found.economies, found.industries)
    steps = (read, *steps)
    return assemble(labels, values[..., :-1], values[..., -1], filled, steps, unit)


def _read(
    path: Path, called: str, given: ImportSettings
) -> tuple[Sheet, Problems, tuple[str, ...]]:
    try:
        first = find_head(path, lambda cells: set(FLAT) <= set(cells))
    except (ValueError, OSError) as error:
        raise unreadable(Path(called), error) from error
    if set(FLAT) <= {cell.strip() for cell in first.cells}:
        return _flat(path, called, given)
    head = read_head(path, called, DIALECT)
    return (*read_sheet(path, called, head, DIALECT), ())


def _flat(
    path: Path, called: str, given: ImportSettings
) -> tuple[Sheet, Problems, tuple[str, ...]]:
    """Read the flat layout as a sheet; note cells that are none, double or missing."""
    problems = Problems(called)
    kinds: dict[str, Any] = {**dict.fromkeys(FLAT[:4], "category"), FLAT[4]: str}
    try:
        rows = pd.read_csv(path, usecols=list(FLAT), dtype=kinds, keep_default_na=False)
    except (ValueError, OSError, EOFError) as error:
        raise unreadable(Path(called), error) from error
    rows = rows[rows["refArea"].astype(str) != "W2"]
    numbers = pd.to_numeric(rows["obsValue"], errors="coerce").to_numpy(dtype=float)
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if wrong.size:
        shown = [f"line {rows.index[k] + 2} ({rows['obsValue'].iloc[k]})" for k in wrong[:SHOWN]]
        problems.add("obsValue is not a number", *shown, count=wrong.size)
        problems.add(PLAIN_NUMBER)
    sides = [_joined(rows, *pair) for pair in (FLAT[:2], FLAT[2:4])]
    (row, names), (column, heads) = (pd.factorize(side) for side in sides)
    values = np.full((len(names), len(heads)), np.nan)
    double = pd.Series(row * len(heads) + column).duplicated().to_numpy()
    if double.any():
        shown = [f"line {rows.index[k] + 2}" for k in np.flatnonzero(double)[:SHOWN]]
        problems.add("the cell stands twice", *shown, count=int(double.sum()))
    values[row, column] = numbers
    absent = int(np.isnan(values).sum()) - wrong.size
    if absent > 0 and not given.sparse:
        problems.add(f"{absent} cells have no row ({ZERO_ROWS})")
    told = (f"{absent} absent flows read as zero",) if absent > 0 else ()
    sheet = Sheet(tuple(names), tuple(heads), np.nan_to_num(values))
    return sheet, problems, told


def _joined(rows: pd.DataFrame, area: str, code: str) -> pd.Series[str]:
    return rows[area].astype(str) + "_" + rows[code].astype(str)


def _economies(sheet: Sheet) -> dict[str, str]:
    """Alpha-3 codes of the table's countries."""
    found: Iterable[str] = {label.partition("_")[0] for label in (*sheet.rows, *sheet.columns)}
    named = {code: country(_OWN.get(code, code)) for code in found}
    return {code: one.code if one else _OWN.get(code, code) for code, one in named.items()}
