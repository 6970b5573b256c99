"""Every belief that the answer rests on: median, range and ground."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import BaseModel

from tula.report.part import AnswerPart, Citing, lowered
from tula.say.words import capital
from tula.strategy.answer.result import BeliefTold
from tula.study.manifest import NumberRecord


class Ground(NamedTuple):
    """A belief and what the study says of it; None where it is stated in place."""

    told: BeliefTold
    title: str
    record: NumberRecord | None


class Beliefs(AnswerPart):
    """One line a belief."""

    link = "Beliefs"

    @property
    def taken(self) -> Mapping[str, Sequence[BaseModel]]:
        """All of them."""
        return {"beliefs": self.found.beliefs}

    @property
    def cited(self) -> Iterator[Citing]:
        """The beliefs that rest on facts."""
        for one in self.grounds:
            if one.record:
                yield f"belief-{one.told.id}", one.title, one.record.evidence

    @property
    def grounds(self) -> list[Ground]:
        """Every belief with its ground."""
        records = {one.field: one for one in self.view.manifest.beliefs}
        return [
            Ground(one, capital(self.belief(one.id)), records.get(one.id))
            for one in self.found.beliefs
        ]

    @property
    def judged(self) -> int:
        """How many rest on no fact."""
        return sum(not (one.record and one.record.evidence) for one in self.grounds)

    @property
    def fitted(self) -> list[str]:
        """What was fitted, so that the model gives a figure of the day."""
        return [one.title for one in self.grounds if one.record and one.record.fitted]

    @property
    def excluding(self) -> list[str]:
        """Labels that no value of a belief that matters gives, a sentence for each set of them."""
        by: dict[str, list[str]] = {}
        for one in self.grounds:
            if one.told.excludes:
                labels = " or ".join(f"“{label}”" for label in one.told.excludes)
                by.setdefault(labels, []).append(f"“{lowered(one.title)}”")
        return [f"{_none(names)} makes the label {labels}." for labels, names in by.items()]


def _none(names: list[str]) -> str:
    if len(names) == 1:
        return f"No value of {names[0]}"
    return f"No value of any one of {', '.join(names[:-1])} and {names[-1]}"
