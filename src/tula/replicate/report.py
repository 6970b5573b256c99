"""What a replication hands back: figures side by side, and comparisons with other codes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tula.errors import TulaError
from tula.shapes import Float

Array = np.ndarray


class MissingReferenceError(TulaError):
    """Files a replication reads are not in the data folder.

    Name the folder that holds them with ``--data`` or ``TULA_REFERENCE_DATA``.
    """


@dataclass(frozen=True)
class ReplicationRow:
    """One published figure and ours.

    ``reproduced`` is computed as the source computed it. ``exact`` is the figure without the
    source's approximation, or ``None`` where the source's figure is exact already.
    ``tolerance`` is half a unit of the last published digit.
    """

    quantity: str
    place: str
    unit: str
    published: float
    reproduced: float
    exact: float | None
    tolerance: float
    source: str

    @property
    def difference(self) -> float:
        """Reproduced less published."""
        return self.reproduced - self.published

    @property
    def agrees(self) -> bool:
        """Whether the reproduced figure rounds to the published one."""
        return abs(self.difference) <= self.tolerance


@dataclass(frozen=True)
class Comparison:
    """Largest difference from another code's results over many figures, and where it stands."""

    quantity: str
    against: str
    unit: str
    figures: int
    worst: float
    place: str
    tolerance: float

    @property
    def agrees(self) -> bool:
        """Whether every figure is within tolerance."""
        return self.worst <= self.tolerance


@dataclass(frozen=True)
class ReplicationReport:
    """A replication: rows of published figures, comparisons with other codes, and remarks."""

    name: str
    title: str
    citation: str
    rows: tuple[ReplicationRow, ...]
    comparisons: tuple[Comparison, ...]
    remarks: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether every row and every comparison is within its tolerance."""
        return all([row.agrees for row in self.rows] + [item.agrees for item in self.comparisons])

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a table, with difference and verdict."""
        return pd.DataFrame(
            [asdict(r) | {"difference": r.difference, "agrees": r.agrees} for r in self.rows]
        )

    def comparison_frame(self) -> pd.DataFrame:
        """Return the comparisons as a table, with verdict."""
        return pd.DataFrame([asdict(c) | {"agrees": c.agrees} for c in self.comparisons])


def compare(
    quantity: str,
    against: str,
    unit: str,
    ours: Mapping[str, float],
    theirs: Mapping[str, float],
    tolerance: float,
) -> Comparison:
    """Compare two sets of figures with the same keys; ``KeyError`` if the keys differ.

    A figure that is not a number on either side is the worst there can be.
    """
    if ours.keys() != theirs.keys():
        raise KeyError(f"{quantity}: keys differ: {sorted(ours.keys() ^ theirs.keys())}")
    gaps = {place: abs(value - theirs[place]) for place, value in ours.items()}
    place = max(gaps, key=lambda key: math.inf if math.isnan(gaps[key]) else gaps[key])
    return Comparison(quantity, against, unit, len(gaps), gaps[place], place, tolerance)


def column(table: pd.DataFrame, name: str) -> dict[str, float]:
    """Return one column of a table by its index labels."""
    return {str(place): float(value) for place, value in table[name].items()}


def by_place(places: Sequence[str], values: Float[Array, " P"]) -> dict[str, float]:
    """Pair names with values."""
    return dict(zip(places, (float(value) for value in values), strict=True))


def require_files(folder: Path, names: Sequence[str]) -> None:
    """Raise ``MissingReferenceError`` naming every file that is absent."""
    absent = [name for name in names if not (folder / name).is_file()]
    if absent:
        raise MissingReferenceError(f"not found in {folder}: {', '.join(absent)}")
