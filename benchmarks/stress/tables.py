"""Long tables with a cell, a row, a heading or the whole spoilt, as ``tula world import long`` reads.

A table that is read must solve, or say why it cannot: a small duty is put on the world it gives.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import tula as tl
from benchmarks.stress.outcomes import VALUES, counted
from tula.world.aggregation import aggregate
from tula.world.importers import import_world, write_long
from tula.world.store import load_world

#: Files spoilt, the one with most rows more often.
FILES = ("flows", "flows", "flows", "tariffs", "export_taxes", "elasticities", "regions", "sectors")
FACTORS = (1e-6, 1e6, 1e200, 1e-200, 0.0, -1.0)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "latin-1")


def run(seed: int = 0, count: int = 300) -> dict[str, int]:
    """Return how many of ``count`` spoilt tables were read and refused, and every defect."""
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return counted(_trials(Path(folder), random.Random(seed), count))
