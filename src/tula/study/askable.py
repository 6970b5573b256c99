"""Whether what a study asks can be answered, as far as its file and its world tell."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tula.equilibrium.calibration import Calibration
from tula.errors import TulaError, UnknownNameError
from tula.evidence import Document, Problem
from tula.file.grounds import Grounds
from tula.numbers.record import quantities
from tula.policy.duties import DutyTable, LateDayWarning
from tula.strategy.answer.calendar import axes_of
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.moves import solved_sets
from tula.strategy.answer.policies import Duties
from tula.strategy.answer.readings import cells
from tula.strategy.answer.scenarios import unnamed_rent
from tula.study.instruments import Grounded
from tula.study.remade import remade

#: Key of a study under which it asks.
KEY = "answer"


def unaskable(
    inputs: AnswerInputs,
    instruments: Mapping[str, tuple[Grounded, ...]],
    document: Document,
    grounds: Grounds,
    world: Calibration | None,
    table: DutyTable | None,
) -> list[Problem]:
    """Return every reason why there can be no answer, each at its place.

    ``instruments`` by scenario; of those that are not known nothing is said, nor of trade and
    duties without a ``world``, nor of duties without their ``table``.
    """
    found = _Found(document)
    used = {one.path: one for name in inputs.scenarios for one in instruments.get(name, ())}
    drawn = {one.belief for one in quantities(inputs).values() if one.ranged}
    for one in used.values():
        if fault := unnamed_rent(one.instrument):
            found.add(one.path, f"the answer needs to know who keeps the rent: {fault}")
        with found.at(*one.path):
            (made,) = remade({"": (one,)}, grounds).values()
            drawn |= {leaf.number.belief for leaf in made.leaves}
    for place, move in enumerate(inputs.moves):
        for name in sorted(move.beliefs.keys() - drawn):
            unknown = UnknownNameError("belief that the answer draws", name, sorted(drawn))
            found.add((KEY, "moves", place, "beliefs", name), str(unknown))
    with found.at(KEY, "moves"):
        solved_sets(inputs)
    for place, course in enumerate(inputs.options):
        with found.at(KEY, "options", place):
            axes_of(inputs, course)
    if world is not None:
        _meet(inputs, world, table, found)
    return found.problems


def _meet(inputs: AnswerInputs, world: Calibration, table: DutyTable | None, found: _Found) -> None:
    """Find ties without a flow, and days without duties."""
    for place, tie in enumerate(inputs.critical):
        with found.at(KEY, "critical", place):
            cells(inputs, tie, world)
    if table is None:
        return
    with found.at(KEY, "announced"), warnings.catch_warnings():
        warnings.simplefilter("ignore", LateDayWarning)
        _ = Duties(world, inputs, table).unthreatened


@dataclass
class _Found:
    document: Document
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: tuple[str | int, ...], message: str) -> None:
        self.problems.append(Problem(self.document.key_place(path), message))

    @contextmanager
    def at(self, *path: str | int) -> Iterator[None]:
        """Take what is refused for a problem of a place."""
        try:
            yield
        except AnswerError as error:
            for message in error.problems:
                self.add(path, message)
        except TulaError as error:
            self.add(path, str(error))
