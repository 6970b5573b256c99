"""The import duties that a study stands on: those of a day, by a table, but for some layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.closures import Closure
from tula.equilibrium.day import on_day
from tula.errors import TulaError
from tula.evidence import Document, Problem
from tula.numbers.record import Path_
from tula.policy.duties import (
    DutiesOfDay,
    DutyTable,
    LaidOff,
    LateDayWarning,
)
from tula.study.schema import AsOf
from tula.world.economy import Provenance


@dataclass(frozen=True)
class Standing:
    """Duties before every scenario, and with the layers that a scenario lays on again.

    ``duties`` are None where the world's own stand. Layers are laid on by the texts that lay them
    off.
    """

    duties: DutiesOfDay | None = None

    def before(self, world: Calibration, closure: Closure) -> Calibration:
        """Return the world that has adjusted to the duties; errors as ``on_day``."""
        return on_day(world, self.duties, closure=closure) if self.duties else world

    def with_layers(
        self, world: Calibration, before: Calibration, laid_on: Sequence[str]
    ) -> Calibration:
        """Return the world ``before`` a scenario under the duties that its instruments meet.

        ``world`` is the one before the duties of the day; ``before`` is given back where nothing
        is laid on.
        """
        if self.duties is None or not laid_on:
            return before
        return replace(before, tariff=_tariff(self._left(laid_on), world))

    def at_once(self, world: Calibration, laid_on: Sequence[str] = ()) -> Calibration:
        """Return a world under the duties that a scenario meets, unadjusted."""
        if self.duties is None:
            return world
        day = replace(world, tariff=_tariff(self.duties, world))
        return self.with_layers(world, day, laid_on)

    def told(self, origin: Provenance) -> str:
        """Which import duties stand before every scenario, in words."""
        return self.duties.told if self.duties else f"the world's own duties, of {origin.vintage}"

    def after(self, laid_on: Sequence[str]) -> str:
        """Which import duties the instruments of a scenario meet, in words; empty if the same."""
        return self._left(laid_on).told if self.duties and laid_on else ""

    def laid_on(self, name: str) -> str:
        """A layer that a scenario lays on, with its law."""
        assert self.duties is not None and self.duties.table is not None
        laid = LaidOff.read(name)
        live = [one for one in self.duties.table.on(self.duties.day) if laid.meets(one)]
        of_pair = [one for one in live if laid.partner in ("", one.partner)] or live
        laws = dict.fromkeys(one.law for one in of_pair if one.law)
        return f"{name}, in force on {self.duties.day}" + (f": {'; '.join(laws)}" if laws else "")

    def _left(self, laid_on: Sequence[str]) -> DutiesOfDay:
        assert self.duties is not None
        left = tuple(one for one in self.duties.without if one not in laid_on)
        return replace(self.duties, without=left)


def _tariff(duties: DutiesOfDay, world: Calibration) -> np.ndarray:
    with catch_warnings():
        simplefilter("ignore", LateDayWarning)
        return duties.tariff(world.labels, world.tariff, world.provenance)


def standing_of(
    document: Document, as_of: Any, table: DutyTable | None, world: Calibration | None
) -> tuple[Standing, list[Problem]]:
    """Return the duties that stand, with what is wrong or odd about them where it stands.

    ``as_of`` is what the file says, if it is sound: a day after the last that the table knows, and
    layers that lay nothing off on the day, are warned of.
    """
    if not isinstance(as_of, AsOf) or table is None:
        return Standing(), []
    duties = DutiesOfDay(as_of.day, table, as_of.without)
    problems = list(_odd(document, duties, table))
    if world is not None:
        try:
            _tariff(replace(duties, without=()), world)
        except TulaError as error:
            problems.append(Problem(document.place(("as_of",)), str(error)))
            return Standing(), problems
        problems += _idle(document, duties, world)
    found = any(not one.warning for one in problems)
    return (Standing() if found else Standing(duties)), problems


def _odd(document: Document, duties: DutiesOfDay, table: DutyTable) -> Iterator[Problem]:
    place = document.place(("as_of",))
    if said := table.late(duties.day):
        yield Problem(place, said, warning=True)
    asked = document.at(("on",))
    if isinstance(asked, str) and asked < str(duties.day):
        message = (
            f"duties as of {duties.day} are of a later day than the policy asked about (on: "
            f"{asked}): law made in between stands before every scenario"
        )
        yield Problem(place, message, warning=True)


def _idle(document: Document, duties: DutiesOfDay, world: Calibration) -> Iterator[Problem]:
    """Tell layers laid off that cannot be, or that do nothing on the day, each in its place."""
    whole = _tariff(replace(duties, without=()), world)
    for path, name in document.texts(("as_of", "without")):
        try:
            without = _tariff(replace(duties, without=(name,)), world)
        except TulaError as error:
            yield Problem(document.place(path), str(error))
            continue
        if np.array_equal(whole, without):
            message = f"{name} is not in force on {duties.day}: laying it off changes nothing"
            yield Problem(document.place(path), message, warning=True)


def check_laid_on(document: Document) -> list[Problem]:
    """Layers that scenarios lay on and that were never laid off."""
    off = [name for _, name in document.texts(("as_of", "without"))]
    told = ", ".join(off) or "none"
    return [
        Problem(
            document.place(path),
            f"{name!r} is not laid off, so it cannot be laid on: layers under as_of, without: "
            f"{told}",
        )
        for path, name in _laid_on(document)
        if name not in off
    ]


def _laid_on(document: Document) -> Iterator[tuple[Path_, str]]:
    scenarios = document.at(("scenarios",))
    for place in range(len(scenarios) if isinstance(scenarios, list) else 0):
        yield from document.texts(("scenarios", place, "layers"))
