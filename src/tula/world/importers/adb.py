"""The Asian Development Bank's Multiregional Input-Output tables, as Excel workbooks.

One sheet: above the flows a row of economies and one of codes, ``c1`` to ``c35`` for industries and
``F1`` to ``F5`` for final demand; the same two columns beside. Totals, taxes and value added below
(``r60`` and on) are not read. All in million USD at basic prices.
"""

from __future__ import annotations

import re
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
from tula.world.importers.measures import stated_worth
from tula.world.importers.settings import ImportSettings, OwnRates, assemble
from tula.world.importers.square import Dialect, Sheet, compare_totals, flows, refuse_doubles
from tula.world.importers.tables import MissingPackageError, UnreadableTableError, unreadable
from tula.world.labels import Labels
from tula.world.problems import SHOWN, Problems

FINAL = ("F1", "F2", "F3", "F4", "F5")
#: The Bank's codes of economies where they are not alpha-3.
ECONOMIES = {
    "PRC": "CHN", "TAP": "TWN", "UKG": "GBR", "GER": "DEU", "DEN": "DNK", "SPA": "ESP",
    "SWI": "CHE", "NET": "NLD", "POR": "PRT", "ROM": "ROU", "INO": "IDN", "BAN": "BGD",
    "MAL": "MYS", "PHI": "PHL", "VIE": "VNM", "SRI": "LKA", "CAM": "KHM", "BHU": "BTN",
    "BRU": "BRN", "FIJ": "FJI", "MLD": "MDV", "NEP": "NPL", "SIN": "SGP", "MON": "MNG",
    "KUW": "KWT", "UAE": "ARE", "RoW": "ROW", "ROW": "ROW",
}  # fmt: skip
_CODE = re.compile(r"c\d{1,2}|F\d")


def import_adb_mrio(source: str | PathLike[str], settings: ImportSettings | None = None) -> Economy:
    """Import a table of the Asian Development Bank (.xlsx, or one of a .zip).

    Negative final sales are set to zero and reported, unless the settings refuse them. Raises
    ``MissingPackageError`` without openpyxl, ``UnreadableTableError`` for another layout,
    ``TableError`` with all that is wrong, and ``ArchiveError``.
    """
    given = settings or ImportSettings()
    with opened(existing(source), given.vintage) as (path, called):
        sheet, problems = _read(path, called)
    dialect = Dialect(frozenset(FINAL), frozenset({"ToT"}), economies=_economies(sheet))
    worth, unit = stated_worth({}, given.unit, problems)
    found = flows(sheet, dialect, problems)
    steps = compare_totals(sheet, dialect, problems)
    problems.raise_if_any()
    values = found.values * worth
    filled = replace(
        given,
        negatives=given.negatives or "zero",
        sources=given.sources or ("Asian Development Bank, Multiregional Input-Output tables",),
    )
    file = called.rpartition("/")[2]
    read = f"read from ADB MRIO file {file}, {unit or 'million USD'} at basic prices"
    labels = Labels(found.economies, _in_order(found.industries))
    turn = [found.industries.index(code) for code in labels.sectors]
    values = values[:, turn][:, :, :, [*turn, len(turn)]]
    steps = (read, *steps)
    own = OwnRates(table="adb")
    return assemble(labels, values[..., :-1], values[..., -1], filled, steps, unit, own)


def _in_order(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(codes, key=lambda code: int(code[1:])))


def _read(path: Path, called: str) -> tuple[Sheet, Problems]:
    """Find the flows in the workbook by their codes; note cells that are no numbers."""
    frame = _frame(path, called)
    texts = frame.map(lambda cell: "" if pd.isna(cell) else str(cell).strip())
    codes = texts.map(lambda cell: _CODE.fullmatch(cell) is not None)
    top, left = codes.sum(axis=1) > 1, codes.sum(axis=0) > 1
    if not top.any() or not left.any() or top.iloc[0] or left.iloc[0]:
        raise UnreadableTableError(
            f"{called}: no row and column of codes c1 to c35 with economies beside them: this is "
            "no ADB MRIO table"
        )
    head, side = int(top.to_numpy().argmax()), int(left.to_numpy().argmax())
    above = texts.iloc[head - 1].replace("", np.nan).ffill().fillna("")
    beside = texts.iloc[:, side - 1].replace("", np.nan).ffill().fillna("")
    heads, names = texts.iloc[head], texts.iloc[:, side]
    columns = [k for k in range(side + 1, frame.shape[1]) if _CODE.fullmatch(heads.iloc[k])]
    total = [k for k in range(side + 1, frame.shape[1]) if "ToT" in (heads.iloc[k], above.iloc[k])]
    rows = [k for k in range(head + 1, frame.shape[0]) if re.fullmatch(r"c\d{1,2}", names.iloc[k])]
    block = frame.iloc[rows, [*columns, *total[:1]]].replace(r"^\s*$", 0.0, regex=True)
    values = block.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    problems = Problems(called)
    wrong = np.argwhere(~np.isfinite(values))
    if len(wrong):
        places = [f"row {rows[row] + 1} ({block.iat[row, column]!s})" for row, column in wrong]
        problems.add("cells are not numbers", *places[:SHOWN], count=len(wrong))
    labels = tuple(f"{beside.iloc[k]}_{names.iloc[k]}" for k in rows)
    titles = tuple(f"{above.iloc[k]}_{heads.iloc[k]}" for k in columns)
    titles += ("ToT",) if total else ()
    refuse_doubles(labels, titles, problems)
    return Sheet(labels, titles, values), problems


def _frame(path: Path, called: str) -> pd.DataFrame:
    try:
        book: dict[Any, pd.DataFrame] = pd.read_excel(
            path, sheet_name=None, header=None, dtype=object
        )
    except ImportError as error:
        raise MissingPackageError(
            f"{called}: workbooks need openpyxl; pip install tula[data]"
        ) from error
    except (ValueError, OSError, KeyError) as error:
        raise unreadable(Path(called), error) from error
    return max(book.values(), key=lambda sheet: sheet.size)


def _economies(sheet: Sheet) -> dict[str, str]:
    found = {label.partition("_")[0] for label in (*sheet.rows, *sheet.columns)}
    named = {code: country(code) for code in found if code not in ECONOMIES}
    return ECONOMIES | {code: one.code for code, one in named.items() if one is not None}
