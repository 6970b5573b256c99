"""A tender: criteria with scales, and bids scored on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator

from tula.numbers.quantity import Quantity
from tula.numbers.record import Path_, Record, Unit, refuse
from tula.ties.inputs import repeated, unknown
from tula.world.named import Fault, Region


class Criterion(Record):
    """What bids are judged by, on a fixed scale.

    The partial value runs in a straight line from 0 at ``worst`` to 1 at ``best``; a scale that
    falls (a cost) has ``best`` below ``worst``. A weight is the worth of that whole swing.
    """

    name: str
    """What it is called."""
    unit: str
    """Unit of the scale, in words."""
    worst: Annotated[float, Unit("the criterion's unit", 10.0)]
    """Score worth nothing."""
    best: Annotated[float, Unit("the criterion's unit", 5.0)]
    """Score worth most."""

    @model_validator(mode="after")
    def _scale(self) -> Criterion:
        if self.worst == self.best:
            refuse(
                [(("best",), f"worst equals best ({self.best:g}): expected two ends of a scale")]
            )
        return self


class Bid(Record):
    """One bid."""

    name: str
    """What it is called."""
    vendor: Region
    """Code of the vendor's country."""
    unit_gw: Annotated[float, Field(gt=0.0), Unit("GW", 1.2)]
    """Size of one unit."""
    units: Annotated[int, Field(ge=1), Unit("units", 6)]
    """How many it can build."""
    scores: dict[str, Annotated[Quantity, Unit("the criterion's unit", 7.5)]]
    """Its score on every criterion, by name; ranges stay on the criterion's scale."""


class Tender(Record):
    """Bids scored on criteria."""

    criteria: tuple[Criterion, ...] = Field(min_length=1)
    """What bids are judged by."""
    bids: tuple[Bid, ...] = Field(min_length=2)
    """Who offers to build."""

    @model_validator(mode="after")
    def _consistent(self) -> Tender:
        refuse([*repeated(self, "criteria"), *repeated(self, "bids"), *self._score_faults()])
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the criteria, in order."""
        return tuple(criterion.name for criterion in self.criteria)

    def _score_faults(self) -> Iterator[Fault]:
        for place, bid in enumerate(self.bids):
            at: Path_ = ("bids", place, "scores")
            for name in bid.scores:
                yield from unknown((*at, name), "criterion", name, self.names)
            for criterion in self.criteria:
                yield from _faults(at, bid.scores.get(criterion.name), criterion)


def _faults(at: Path_, score: Quantity | None, criterion: Criterion) -> Iterator[Fault]:
    if score is None:
        yield at, f"no score for criterion {criterion.name!r}"
        return
    lowest, highest = sorted((criterion.worst, criterion.best))
    if score.low < lowest or score.high > highest:
        scale = f"{lowest:g} to {highest:g} {criterion.unit}"
        yield (*at, criterion.name), f"{score.low:g} to {score.high:g} leaves the scale {scale}"
