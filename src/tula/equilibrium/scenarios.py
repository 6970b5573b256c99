"""What makes a batch a sequence of solutions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import overload

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.solution import Solution
from tula.equilibrium.taken import Taken
from tula.errors import UnknownNameError
from tula.world.labels import Labels


class Scenarios(Taken):
    """A base for solutions by number or name; every metric has ``scenario`` as its first axis.

    ``for solution in batch``, ``batch[0]``, ``batch[-1]``, ``batch[1:3]`` and, of scenarios that
    were given by name, ``batch["name"]`` return solutions; where there is none its failure raises.
    """

    calibration: Calibration
    scenarios: tuple[str | int, ...]

    def __len__(self) -> int:
        return len(self.scenarios)

    def solution(self, number: int) -> Solution:
        """Return all of one scenario."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[Solution]:
        return map(self.solution, range(len(self)))

    @overload
    def __getitem__(self, place: int | str) -> Solution: ...
    @overload
    def __getitem__(self, place: slice) -> list[Solution]: ...
    def __getitem__(self, place: int | str | slice) -> Solution | list[Solution]:
        numbers = range(len(self))
        if isinstance(place, slice):
            return [self.solution(number) for number in numbers[place]]
        if isinstance(place, str) and place not in self.scenarios:
            raise UnknownNameError("scenario", place, map(str, self.scenarios))
        found = self.scenarios.index(place) if isinstance(place, str) else place
        return self.solution(numbers[found])

    @property
    def labels(self) -> Labels:
        """Codes of the axes."""
        return self.calibration.labels
