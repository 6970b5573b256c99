"""Long tables with a cell, a row, a heading or the whole spoilt, as ``tula world import`` reads.

A table that is read must solve, or say why it cannot: a small duty is put on the world it gives.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import tula as tl
from benchmarks.stress.economies import economy as drawn
from benchmarks.stress.outcomes import VALUES, counted
from tula.world.importers import import_world, write_long

#: Files spoilt, the one with most rows more often.
FILES = ("flows", "flows", "flows", "tariffs", "export_taxes", "elasticities", "regions", "sectors")
FACTORS = (1e-6, 1e6, 1e200, 1e-200, 0.0, -1.0)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "latin-1")


def run(seed: int = 0, count: int = 300) -> dict[str, int]:
    """Return how many of ``count`` spoilt tables were read and refused, and every defect."""
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return counted(_trials(Path(folder), random.Random(seed), count))


def _trials(work: Path, rng: random.Random, count: int) -> Iterator[tuple[str, Callable[[], None]]]:
    economy = drawn(np.random.default_rng(0), 4, 3, "mild")
    write_long(economy, work)
    whole = {name: (work / f"{name}.csv").read_text("utf-8") for name in set(FILES)}
    duty = tl.Tariff(
        importer=economy.regions[0], exporter=economy.regions[1], sectors="all", add=0.05
    )
    for number in range(count):
        for name, text in whole.items():
            (work / f"{name}.csv").write_text(text, encoding="utf-8")
        name = rng.choice(FILES)
        (work / f"{name}.csv").write_bytes(_spoilt(whole[name], rng))
        yield f"{name} {number}", partial(_solved, work, duty)


def _solved(work: Path, duty: tl.Tariff) -> None:
    """Import the tables and solve a small change on the world they give."""
    tl.solve(import_world(work, "long"), [duty])


def _spoilt(text: str, rng: random.Random) -> bytes:
    """The text with one thing changed."""
    lines = text.rstrip("\n").split("\n")
    place = rng.randrange(1, len(lines))
    cells = lines[place].split(",")
    match rng.choice(
        ("cell", "cell", "cell", "drop", "twice", "head", "all", "cut", "blank", "bytes")
    ):
        case "cell":
            cells[rng.choice((-1, rng.randrange(len(cells))))] = rng.choice(VALUES)
            lines[place] = ",".join(cells)
        case "drop":
            del lines[place]
        case "twice":
            lines.insert(place, lines[place])
        case "head":
            lines[0] = rng.choice((lines[0].upper(), lines[0] + ",extra", lines[place], "", "a;b"))
        case "all":
            lines[1:] = [_scaled(line, rng.choice(FACTORS)) for line in lines[1:]]
        case "cut":
            del lines[place:]
        case "blank":
            lines.insert(place, rng.choice(("", ",,,,", "   ", "# note", '"')))
        case _:
            spoilt = "\n".join(lines).encode(rng.choice(ENCODINGS))
            return spoilt + rng.choice((b"", b"\x00", b"\xff\xfe", b"\r\n\x1b[31m"))
    return ("\n".join(lines) + "\n").encode("utf-8", errors="replace")


def _scaled(line: str, factor: float) -> str:
    """A row with its last cell, where it is a number, multiplied."""
    *kept, last = line.split(",")
    try:
        return ",".join([*kept, repr(float(last) * factor)])
    except ValueError:
        return line
