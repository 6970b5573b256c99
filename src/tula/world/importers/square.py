"""Square tables in a file: rows and columns labelled by economy and industry, final demand beside.

What the OECD's and Eurostat's tables have in common; a ``Dialect`` says in what they differ.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from tula.shapes import Bool, Float
from tula.world.importers.heads import Head, find_head
from tula.world.importers.tables import PLAIN_NUMBER, refuse_separator, unreadable
from tula.world.problems import SHOWN, Problems

Array = np.ndarray
Node = tuple[str, str]

#: Share of world output by which the source's totals may differ from the sum of its cells.
TOTALS_TOLERANCE = 1e-3
#: What sorts behind all countries.
REST = "ROW"
_FINAL = "FINAL"


@dataclass(frozen=True)
class Dialect:
    """What labels mean: codes of final demand, totals, value added and taxes, labels that are no
    sellers although they look it, and economies by the codes of the table."""

    final: frozenset[str]
    total: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    idle: frozenset[str] = frozenset()
    economies: Mapping[str, str] = field(default_factory=dict)

    def node(self, label: str) -> Node | None:
        """Economy (parts merged) and code of a label; None for totals and other labels."""
        economy, bar, code = label.partition("_")
        odd = not bar or code in self.idle or economy in self.idle
        return None if odd else (self.economies.get(economy, economy), code)


@dataclass(frozen=True)
class Sheet:
    """A parsed file: R labelled rows by C labelled columns."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: Float[Array, "R C"]


class Flows(NamedTuple):
    """Economies and industries in order, and flows over producers and users, final demand last."""

    economies: tuple[str, ...]
    industries: tuple[str, ...]
    values: Float[Array, "I S N U"]


def read_head(path: Path, called: str, dialect: Dialect) -> Head:
    """Find the line of labels, and the unit if a line above states it."""
    try:
        return find_head(path, lambda row: sum(dialect.node(cell) is not None for cell in row) > 1)
    except (ValueError, OSError, EOFError, zlib.error) as error:
        raise unreadable(Path(called), error) from error


def read_sheet(path: Path, called: str, head: Head, dialect: Dialect) -> tuple[Sheet, Problems]:
    """Read the file; note doubled labels and cells that are needed and not numbers."""
    problems = Problems(called)
    first = _csv(path, called, head, header=None, nrows=1)
    header = ["" if pd.isna(label) else str(label).strip() for label in first.iloc[0]]
    refuse_separator(Path(called), ",".join(map(str, (*first.index, *header))))
    frame = _csv(path, called, head, header=0)
    rows = tuple("" if pd.isna(label) else str(label).strip() for label in frame.index)
    refuse_doubles(rows, header, problems)
    values = frame.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    wrong = np.argwhere(~np.isfinite(values) & _needed(rows, header, dialect))
    places = [
        f"line {row + 2 + head.skipped}, column {header[column]} ({frame.iat[row, column]!s})"
        for row, column in wrong[:SHOWN].tolist()
    ]
    if places:
        problems.add("cells are not numbers", *places, count=len(wrong))
        problems.add(PLAIN_NUMBER)
    return Sheet(rows, tuple(header), values), problems


def refuse_doubles(rows: Sequence[str], columns: Sequence[str], problems: Problems) -> None:
    """Note labels that stand more than once."""
    for kind, names in (("row", rows), ("column", columns)):
        doubled = [name for name, count in Counter(names).items() if name and count > 1]
        if doubled:
            problems.add(f"{kind} labels stand more than once", *doubled, count=len(doubled))


def _needed(rows: Sequence[str], columns: Sequence[str], dialect: Dialect) -> Bool[Array, "R C"]:
    """Which cells are read: sales of producers, and the totals of producers."""
    sellers, buyers = ([dialect.node(label) for label in labels] for labels in (rows, columns))
    sell = np.array([node is not None for node in sellers], dtype=bool)
    buy = np.array([node is not None for node in buyers], dtype=bool)
    made = [node is not None and node[1] not in dialect.final for node in buyers]
    make = np.array(made, dtype=bool)
    below = np.isin(rows, list(dialect.total))
    beside = np.isin(columns, list(dialect.total))
    return np.outer(sell, buy | beside) | np.outer(below, make)


def _csv(
    path: Path, called: str, head: Head, header: int | None, nrows: int | None = None
) -> pd.DataFrame:
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
        raise unreadable(Path(called), error) from error


def flows(sheet: Sheet, dialect: Dialect, problems: Problems) -> Flows:
    """Spread the sheet over producers and users, the last user being final demand.

    Notes labels that fit nowhere, and raises ``TableError`` for a table that is not square.
    """
    sellers = [dialect.node(label) for label in sheet.rows]
    buyers = [dialect.node(label) for label in sheet.columns]
    _check_labels(sheet, dialect, problems)
    economies = sorted({node[0] for node in sellers if node}, key=lambda code: (code == REST, code))
    codes = sorted({node[1] for node in sellers if node})
    uses = [*codes, _FINAL]
    buyers = [(n[0], _FINAL) if n and n[1] in dialect.final else n for n in buyers]
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
    return Flows(tuple(economies), tuple(codes), merged.reshape(shape))


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


def _check_labels(sheet: Sheet, dialect: Dialect, problems: Problems) -> None:
    """Note labels that are neither a node, nor final demand, nor a total that is known."""
    for kind, labels in (("row", sheet.rows), ("column", sheet.columns)):
        known = {"", *dialect.total, *dialect.beside}
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


def compare_totals(sheet: Sheet, dialect: Dialect, problems: Problems) -> tuple[str, ...]:
    """Compare the source's totals of output with the sums of its cells; return what to tell."""
    steps = []
    for kind, names, others, values in (
        ("row", sheet.rows, sheet.columns, sheet.values),
        ("column", sheet.columns, sheet.rows, sheet.values.T),
    ):
        totals = [k for k, name in enumerate(others) if name in dialect.total]
        lines = [
            k
            for k, n in enumerate(names)
            if (node := dialect.node(n)) and node[1] not in dialect.final
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
