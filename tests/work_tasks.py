"""Tasks without an engine, in a module that worker processes can import."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from tula.errors import UnknownNameError
from tula.uncertainty.work import Result
from tula.uncertainty.worker import THREAD_LIMITS

HOPELESS, DEADLY, BROKEN, INTERRUPTED, ENDLESS = 0.25, 0.50, 0.75, 0.875, 0.625


class AwkwardError(Exception):
    """An error that cannot be read back from a pickle."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what}: {why}")


@dataclass(frozen=True)
class Waves:
    """Two numbers and a NaN from each row [k].

    Rows that begin with a constant of this module fail, or last, in the way of its name. A row
    that begins with ``DEADLY`` ends its process until the file ``spared`` is there, which ``once``
    leaves.
    """

    name: str = "waves"
    log: Path | None = None
    spared: Path | None = None
    once: bool = True

    @property
    def key(self) -> str:
        return repr(astuple(self))

    def build(self) -> Callable[[np.ndarray], dict[str, float]]:
        self._note("build")
        return self._evaluate

    def _evaluate(self, row: np.ndarray) -> dict[str, float]:
        self._note("row")
        if row[0] == HOPELESS:
            raise UnknownNameError("region", "INDIA", ["IND", "RUS"])
        if row[0] == DEADLY:
            self._die()
        if row[0] == BROKEN:
            raise AwkwardError("row", "a defect")
        if row[0] == INTERRUPTED:
            raise KeyboardInterrupt
        if row[0] == ENDLESS:
            time.sleep(600.0)
        first, last = float(row[0]), float(row[-1])
        return {"wave": math.sin(first) * 1e9, "ratio": last / 3e7, "undefined": math.nan}

    def _note(self, what: str) -> None:
        if self.log is not None:
            with self.log.open("a", encoding="utf-8") as file:
                file.write(f"{what}\n")

    def _die(self) -> None:
        if self.spared is not None and not self.spared.exists():
            if self.once:
                self.spared.touch()
            os._exit(1)


@dataclass(frozen=True)
class Threads:
    """The numbers of threads that a process lets its libraries use."""

    key: str = "threads"

    def build(self) -> Callable[[np.ndarray], dict[str, float]]:
        return lambda _: {name: float(os.environ.get(name, "nan")) for name in THREAD_LIMITS}


def noted(log: Path, what: str = "row") -> int:
    """Count the lines of a log."""
    return log.read_text(encoding="utf-8").split().count(what) if log.exists() else 0


def design(rows: int = 20, **special: float) -> np.ndarray:
    """Draw rows [R, 3]; ``r7=HOPELESS`` puts a value at the head of row 7."""
    drawn = np.random.default_rng(1).uniform(size=(rows, 3))
    for place, value in special.items():
        drawn[int(place[1:]), 0] = value
    return drawn


def told(results: list[Result]) -> bytes:
    """Write results out to the last bit."""
    return json.dumps([[r.values and dict(r.values), r.failure] for r in results]).encode()
