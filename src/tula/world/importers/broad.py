"""Rows that stand for many cells: ``all``, groups, and the rate for every partner (MFN).

The narrower row holds: a code before a group, a group before ``all``, provided that it is no wider
in any column; where neither is narrower, two values are refused. A row with a group or ``all`` does
not reach a region's sales to itself, nor trade among regions that both its importer and its
exporter stand for: what the European Union takes from ``all`` is not levied inside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tula.shapes import Bool, Float, Int
from tula.world.importers.tables import Table
from tula.world.labels import Labels

Array = np.ndarray
#: How tables of duties call every partner, beside ``all``.
EVERYONE = frozenset({"*", "0", "000", "mfn", "world", "wld", "erga omnes"})


@dataclass(frozen=True)
class _Key:
    """One key of the rows: the codes each distinct text stands for, and each row's text."""

    inside: Bool[Array, "texts codes"]
    text: Int[Array, " rows"]

    @property
    def breadth(self) -> Int[Array, " rows"]:
        """How many codes each row stands for; 0 where its text is unknown."""
        return np.asarray(self.inside.sum(axis=1)[self.text])

    def codes(self, row: int) -> Bool[Array, " codes"]:
        """The codes that a row stands for."""
        return np.asarray(self.inside[self.text[row]])


@dataclass(frozen=True)
class _Claims:
    """Which row each cell has its value from, and one that contradicts it; -1 for none."""

    owner: Int[Array, "*shape"]
    rival: Int[Array, "*shape"]
    breadth: Int[Array, "rows keys"]
    values: Float[Array, " rows"]

    def claim(self, row: int, cells: Bool[Array, "*shape"]) -> None:
        """Give cells to a row that is narrower than those that hold them; note a contradiction."""
        owner, rival = self.owner[cells], self.rival[cells]
        over, both = self._narrower(row, owner), self._narrower(row, rival)
        against = ~over & (self.values[owner] != self.values[row])
        self.owner[cells] = np.where(over & both, row, owner)
        self.rival[cells] = np.where(over & both, -1, np.where(against, row, rival))

    def _narrower(self, row: int, others: Int[Array, " cells"]) -> Bool[Array, " cells"]:
        mine, theirs = self.breadth[row], self.breadth[others]
        narrower = (mine <= theirs).all(axis=1) & (mine < theirs).any(axis=1)
        return np.asarray(narrower | (others < 0))


def spread(
    table: Table, keys: Sequence[str], labels: Labels, values: Float[Array, " rows"]
) -> tuple[Float[Array, "*shape"], Bool[Array, "*shape"]]:
    """Return an array with one axis a key, and which of its cells a row reaches.

    ``keys`` are columns of sectors and regions. Sales of a region to itself count as reached by
    the rows that leave them out. Notes unknown names, cells that stand twice, and cells to which
    two rows give different values.
    """
    found = {key: _key(table, key, labels) for key in keys}
    breadth = np.stack([key.breadth for key in found.values()], axis=1)
    shape = tuple(key.inside.shape[1] for key in found.values())
    claims = _Claims(np.full(shape, -1), np.full(shape, -1), breadth, values)
    width = breadth.prod(axis=1)
    for row in np.argsort(-width, kind="stable"):
        if width[row] > 1:
            claims.claim(int(row), _cells(found, int(row)))
    _claim_single(table, claims, found, np.flatnonzero(width == 1))
    clash = claims.rival >= 0
    odd = np.isin(np.arange(len(values)), [claims.rival[clash], claims.owner[clash]])
    table.note("two rows, neither the narrower, give the same cell different values", odd)
    reached = claims.owner >= 0
    rates = np.append(values, 0.0)[claims.owner]
    if "importer" in keys and (width > 1).any():
        reached |= np.eye(len(labels.regions), dtype=bool)
    return rates, reached


def _key(table: Table, column: str, labels: Labels) -> _Key:
    vocabulary, resolve = (
        (labels.sector_vocabulary, labels.resolve_sectors)
        if column == "sector"
        else (labels.region_vocabulary, labels.resolve_regions)
    )
    text, distinct = table.texts(column)
    inside = np.zeros((len(distinct) + 1, len(vocabulary.codes)), dtype=bool)
    for place, name in enumerate(distinct):
        everyone = "all" if name.strip().casefold() in EVERYONE else None
        found = vocabulary.match(name) or everyone
        inside[place] = np.isin(vocabulary.codes, resolve(found) if found else ())
    unknown = np.asarray(~inside[:-1].any(axis=1))
    table.note_unknown(column, text, distinct, unknown, vocabulary.hint)
    return _Key(inside, text)


def _cells(keys: dict[str, _Key], row: int) -> Bool[Array, "*shape"]:
    """The cells that a row with a group reaches."""
    axes = [key.codes(row) for key in keys.values()]
    cells = np.zeros([len(axis) for axis in axes], dtype=bool)
    cells[np.ix_(*axes)] = True
    if "importer" in keys:
        buyers, sellers = keys["importer"].codes(row), keys["exporter"].codes(row)
        cells &= ~_inside(buyers, sellers)
    return cells


def _inside(buyers: Bool[Array, " N"], sellers: Bool[Array, " N"]) -> Bool[Array, "N N"]:
    """Pairs that a row does not mean: a region with itself, members of a group on one side."""
    if (buyers == sellers).all():
        return np.diag(buyers & (buyers.sum() > 1))
    shared = buyers & sellers
    return np.outer(shared, shared)


def _claim_single(
    table: Table, claims: _Claims, keys: dict[str, _Key], rows: Int[Array, " single"]
) -> None:
    """Give every cell that one row names alone to that row; note those that stand twice."""
    places = [key.inside.argmax(axis=1)[key.text[rows]] for key in keys.values()]
    flat = np.ravel_multi_index(tuple(places), claims.owner.shape)
    first = np.unique(flat, return_index=True)[1]
    double = np.zeros(len(claims.values), dtype=bool)
    double[np.delete(rows, first)] = True
    table.note("the cell stands twice", double)
    claims.owner.flat[flat], claims.rival.flat[flat] = rows, -1
