"""Layers as a CSV file in the form that is read (``docs/duties.md``)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from os import PathLike
from pathlib import Path

from tula.policy.duties.table import Layer
from tula.world.files import write_whole


def write_duties(layers: Iterable[Layer], path: str | PathLike[str]) -> Path:
    """Write layers, one a row, and return the path. Raises ``UnwritableFileError``."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(Layer._fields)
    rows.writerows(["" if value is None else value for value in layer] for layer in layers)
    return write_whole(path, text.getvalue())
