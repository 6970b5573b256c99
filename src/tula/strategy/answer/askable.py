"""Whether a question can be answered, as far as it and its world tell."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tula.equilibrium.calibration import Calibration
from tula.errors import TulaError, UnknownNameError
from tula.numbers.record import Path_
from tula.policy.duties import DutyTable, LateDayWarning
from tula.strategy.answer.calendar import axes_of
from tula.strategy.answer.errors import AnswerError
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.moves import solved_sets
from tula.strategy.answer.policies import Duties
from tula.strategy.answer.readings import cells


def unanswerable(
    inputs: AnswerInputs,
    drawn: Collection[str],
    world: Calibration | None,
    table: DutyTable | None,
) -> list[tuple[Path_, str]]:
    """Return every reason why there can be no answer, each with its path in the question.

    ``drawn`` are the beliefs with a range, those of the scenarios included. Of trade and duties
    nothing is said without a ``world``, nor of duties without their ``table``.
    """
    found = Faults()
    for place, move in enumerate(inputs.moves):
        for name in sorted(move.beliefs.keys() - drawn):
            unknown = UnknownNameError("belief that the answer draws", name, sorted(drawn))
            found.add(("moves", place, "beliefs", name), str(unknown))
    with found.at("moves"):
        solved_sets(inputs)
    for place, course in enumerate(inputs.options):
        with found.at("options", place):
            axes_of(inputs, course)
    if world is None:
        return found.told
    for place, tie in enumerate(inputs.critical):
        with found.at("critical", place):
            cells(inputs, tie, world)
    if table is not None:
        with found.at("announced"), warnings.catch_warnings():
            warnings.simplefilter("ignore", LateDayWarning)
            _ = Duties(world, inputs, table).unthreatened
    return found.told


@dataclass
class Faults:
    """What is refused, with the path to where it stands."""

    told: list[tuple[Path_, str]] = field(default_factory=list)

    def add(self, path: Path_, message: str) -> None:
        """Note one fault."""
        self.told.append((path, message))

    @contextmanager
    def at(self, *path: str | int) -> Iterator[None]:
        """Take what is refused for a fault of a place."""
        try:
            yield
        except AnswerError as error:
            self.told += [(path, message) for message in error.problems]
        except TulaError as error:
            self.add(path, str(error))
