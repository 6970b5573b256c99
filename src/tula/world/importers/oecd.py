"""The OECD Inter-Country Input-Output tables, as the official yearly CSV (say 2022_SML.csv).

Rows and columns are ``ECONOMY_INDUSTRY``; final demand columns ``ECONOMY_HFCE`` (households),
``NPISH``, ``GGFC`` (government), ``GFCF`` (investment), ``INVNT`` (stocks), ``DPABR`` or ``NONRES``
(purchases abroad or by non-residents); the last column is ``OUT``, the last rows are ``TLS`` (taxes
less subsidies on products), ``VA`` and ``OUT``. All in million USD at basic prices. In the extended
edition China and Mexico come in parts (``CN1``, ``CN2``, ``MX1``, ``MX2``), which are merged.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from tula.shapes import Bool, Float
from tula.world.codes import GOODS, economy_groups, industries
from tula.world.economy import Economy
from tula.world.files import existing
from tula.world.importers.heads import Head, find_head
from tula.world.importers.measures import stated_worth
from tula.world.importers.problems import SHOWN, Problems
from tula.world.importers.settings import ImportSettings, assemble
from tula.world.importers.tables import PLAIN_NUMBER, refuse_separator, unreadable
from tula.world.labels import Labels

Array = np.ndarray

FINAL_DEMAND = frozenset(
    {"HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR", "NONRES", "DIRP", "P33", "NPS"}
)
TOTAL = frozenset({"OUT", "OUTPUT", "TOTAL"})
VALUE_ADDED = frozenset({"VA", "VALU", "TLS"})
#: Parts of economies in the extended edition.
PARTS = {"CN1": "CHN", "CN2": "CHN", "MX1": "MEX", "MX2": "MEX"}
#: Share of world output by which the source's totals may differ from the sum of its cells.
TOTALS_TOLERANCE = 1e-3

Node = tuple[str, str]
_FINAL = "FINAL"


@dataclass(frozen=True)
class _Sheet:
    """A parsed file: R labelled rows by C labelled columns, million USD."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: Float[Array, "R C"]


def import_oecd_icio(
    source: str | PathLike[str], settings: ImportSettings | None = None
) -> Economy:
    """Import an official ICIO file (CSV, or CSV compressed as .gz).

    Negative final sales (falls in stocks) are set to zero and reported, unless the settings
    refuse them. The file has no duties: name tables of them in the settings. A line above the
    labels may state the unit. Raises ``TableError`` with everything that is wrong with the labels,
    cells or totals.
    """
    path = existing(source)
    given = settings or ImportSettings()
    head = _head(path)
    sheet, problems = _read(path, head)
    worth, unit = stated_worth(head.units, given.unit, problems)
    labels, flows = _flows(sheet, problems)
    read = f"read from OECD ICIO file {path.name}, {unit or 'million USD'} at basic prices"
    steps = (read, *_parts(sheet), *_totals(sheet, problems))
    problems.raise_if_any()
    flows *= worth
    filled = replace(
        given,
        negatives=given.negatives or "zero",
        sources=given.sources or ("OECD Inter-Country Input-Output (ICIO) tables",),
    )
    return assemble(labels, flows[..., :-1], flows[..., -1], filled, steps, unit)


def icio_labels(economies: Iterable[str], sectors: Iterable[str]) -> Labels:
    """Labels of an ICIO table: its codes, goods and services where known, and the groups of
    economies that are all there, such as EU."""
    codes, parent, present = tuple(sectors), industries(), tuple(economies)
    unions = {
        name: members for name, members in economy_groups().items() if set(members) <= set(present)
    }
    groups = {}
    if all(code in parent for code in codes):
        goods = tuple(code for code in codes if parent[code] in GOODS)
        services = tuple(code for code in codes if parent[code] not in GOODS)
        groups = {"goods": goods, "services": services}
    return Labels(present, codes, region_groups=unions, sector_groups=groups)


def _head(path: Path) -> Head:
    """Find the line of labels, and the unit if a line above states it."""
    try:
        return find_head(path, lambda cells: sum(_node(cell) is not None for cell in cells) > 1)
    except (ValueError, OSError, EOFError, zlib.error) as error:
        raise unreadable(path, error) from error


def _read(path: Path, head: Head) -> tuple[_Sheet, Problems]:
    """Read the file; note doubled labels and cells that are needed and not numbers."""
    problems = Problems(str(path))
    first = _csv(path, head, header=None, nrows=1)
    header = ["" if pd.isna(label) else str(label).strip() for label in first.iloc[0]]
    refuse_separator(path, ",".join(map(str, (*first.index, *header))))
    frame = _csv(path, head, header=0)
    rows = tuple("" if pd.isna(label) else str(label).strip() for label in frame.index)
    for kind, names in (("row", rows), ("column", header)):
        doubled = [name for name, count in Counter(names).items() if name and count > 1]
        if doubled:
            problems.add(f"{kind} labels stand more than once", *doubled, count=len(doubled))
    values = frame.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    wrong = np.argwhere(~np.isfinite(values) & _needed(rows, header))
    places = [
        f"line {row + 2 + head.skipped}, column {header[column]} ({frame.iat[row, column]!s})"
        for row, column in wrong[:SHOWN].tolist()
    ]
    if places:
        problems.add("cells are not numbers", *places, count=len(wrong))
        problems.add(PLAIN_NUMBER)
    return _Sheet(rows, tuple(header), values), problems


def _needed(rows: Sequence[str], columns: Sequence[str]) -> Bool[Array, "R C"]:
    """Which cells are read: sales of producers, and the totals of producers."""
    sellers, buyers = ([_node(label) for label in labels] for labels in (rows, columns))
    sell = np.array([node is not None for node in sellers], dtype=bool)
    buy = np.array([node is not None for node in buyers], dtype=bool)
    made = [node is not None and node[1] not in FINAL_DEMAND for node in buyers]
    make = np.array(made, dtype=bool)
    below = np.isin(rows, list(TOTAL))
    beside = np.isin(columns, list(TOTAL))
    return np.outer(sell, buy | beside) | np.outer(below, make)


def _csv(path: Path, head: Head, header: int | None, nrows: int | None = None) -> pd.DataFrame:
    try:
        return pd.read_csv(
            path,
            header=header,
            nrows=nrows,
            skiprows=head.skipped,
            index_col=0,
            na_values=[""],
            keep_default_na=False,
            skip_blank_lines=False,
            low_memory=False,
            compression="gzip" if path.suffix == ".gz" else None,
        )
    except (ValueError, OSError, EOFError, IndexError, zlib.error) as error:
        raise unreadable(path, error) from error


def _node(label: str) -> Node | None:
    """Economy (parts merged) and code of a label; None for totals and other labels."""
    economy, bar, code = label.partition("_")
    return (PARTS.get(economy, economy), code) if bar and code != "TAXSUB" else None


def _flows(sheet: _Sheet, problems: Problems) -> tuple[Labels, Float[Array, "I S N U"]]:
    """Spread the sheet over producers and users, the last user being final demand."""
    sellers = [_node(label) for label in sheet.rows]
    buyers = [_node(label) for label in sheet.columns]
    _check_labels(sheet, problems)
    economies = sorted(
        {node[0] for node in sellers if node}, key=lambda code: (code == "ROW", code)
    )
    codes = sorted({node[1] for node in sellers if node})
    uses = [*codes, _FINAL]
    buyers = [(n[0], _FINAL) if n and n[1] in FINAL_DEMAND else n for n in buyers]
    _check_grid("row", sellers, economies, codes, problems)
    _check_grid("column", buyers, economies, uses, problems)
    problems.raise_if_any()
    order = np.argsort(np.array(sheet.rows), kind="stable")
    turn = np.argsort(np.array(sheet.columns), kind="stable")
    merged = _gathered(
        sheet.values[np.ix_(order, turn)], [sellers[k] for k in order], economies, codes
    )
    merged = _gathered(merged.T, [buyers[k] for k in turn], economies, uses).T
    shape = (len(economies), len(codes), len(economies), len(uses))
    return icio_labels(economies, codes), merged.reshape(shape)


def _gathered(
    values: Float[Array, "R C"],
    nodes: list[Node | None],
    economies: list[str],
    codes: list[str],
) -> Float[Array, "T C"]:
    """Sum rows by node, in the order of economies and codes; rows without a node are left out."""
    place = {(economy, code): k for k, (economy, code) in enumerate(product(economies, codes))}
    used = [row for row, node in enumerate(nodes) if node]
    result = np.zeros((len(place), values.shape[1]))
    np.add.at(result, [place[node] for node in nodes if node], values[used])
    return result


def _check_labels(sheet: _Sheet, problems: Problems) -> None:
    """Note labels that are neither a node, nor final demand, nor a total the OECD prints."""
    for kind, labels in (("row", sheet.rows), ("column", sheet.columns)):
        known = {"", *TOTAL, *VALUE_ADDED}
        cells = sheet.values if kind == "row" else sheet.values.T
        odd = [
            label
            for label, line in zip(labels, cells, strict=True)
            if "_" not in label and label not in known and np.isfinite(line).any()
        ]
        if odd:
            problems.add(f"{kind} labels are not ECONOMY_INDUSTRY", *odd)


def _check_grid(
    kind: str,
    nodes: list[Node | None],
    economies: list[str],
    codes: list[str],
    problems: Problems,
) -> None:
    """Note nodes that a complete table would have and this one lacks, and the other way round."""
    expected, found = set(product(economies, codes)), {node for node in nodes if node}
    missing, surplus = sorted(expected - found), sorted(found - expected)
    if missing:
        problems.add(f"{kind}s are missing", *("_".join(node) for node in missing))
    if surplus:
        problems.add(f"{kind}s have no counterpart", *("_".join(node) for node in surplus))
    if not expected:
        problems.add(f"there are no {kind}s labelled ECONOMY_INDUSTRY")


def _parts(sheet: _Sheet) -> tuple[str, ...]:
    """Say which parts of economies were merged."""
    found = {label.partition("_")[0] for label in sheet.rows} & set(PARTS)
    return (f"merged parts {', '.join(sorted(found))} into CHN and MEX",) if found else ()


def _totals(sheet: _Sheet, problems: Problems) -> tuple[str, ...]:
    """Compare the source's totals of output with the sums of its cells."""
    steps = []
    for kind, names, others, values in (
        ("row", sheet.rows, sheet.columns, sheet.values),
        ("column", sheet.columns, sheet.rows, sheet.values.T),
    ):
        totals = [k for k, name in enumerate(others) if name in TOTAL]
        lines = [
            k for k, n in enumerate(names) if (node := _node(n)) and node[1] not in FINAL_DEMAND
        ]
        if not totals or not lines:
            continue
        stated = values[lines, totals[0]]
        cells = np.delete(values[lines], totals, axis=1)
        if not np.isfinite(cells).all():
            steps.append(f"{kind} sums not compared with OUT: not every cell is a number")
            continue
        gap = cells.sum(axis=1) - stated
        share = float(np.abs(gap).sum() / max(np.abs(stated).sum(), 1e-300))
        if share > TOTALS_TOLERANCE:
            worst = names[lines[int(np.abs(gap).argmax())]]
            problems.add(f"{kind} sums differ from OUT by {share:.2%} of output, most in {worst}")
        steps.append(f"{kind} sums agree with OUT to {share:.1e} of output")
    return tuple(steps)
