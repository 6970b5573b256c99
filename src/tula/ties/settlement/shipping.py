"""What can be carried: the least of tankers, insurance cover in force, and inspection at port."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import model_validator

from tula.errors import did_you_mean
from tula.numbers.quantity import NotNegative, Positive
from tula.numbers.record import Record, Unit, refuse
from tula.policy.units import Day
from tula.ties.inputs import repeated
from tula.ties.settlement.network import NetworkNameError


class Insurer(Record):
    """A liability insurer that the ports of call accept."""

    name: str
    """What it is called."""
    cover: Annotated[NotNegative, Unit("mb/d", 0.8)]
    """Largest volume that it can insure."""
    until: Day | None = None
    """Last day on which its cover is accepted; left out, no end is known."""

    def in_force(self, on: date) -> bool:
        """Whether the ports still accept it on this day."""
        return self.until is None or on <= self.until


class Shipping(Record):
    """Means of carriage on one route."""

    need: Annotated[Positive, Unit("mb/d", 1.8)]
    """What should be carried."""
    tankers: Annotated[NotNegative, Unit("mb/d", 1.9)]
    """What the ships at hand can carry."""
    inspection: Annotated[NotNegative, Unit("mb/d", 2.5)]
    """What ports can inspect."""
    insurers: tuple[Insurer, ...]
    """Who insures what is carried."""

    @model_validator(mode="after")
    def _each_insurer_once(self) -> Shipping:
        refuse(repeated(self, "insurers"))
        return self


@dataclass(frozen=True)
class Throughput:
    """What can be carried, million barrels a day, and which of the three limits it."""

    value: float
    limit: str
    coverage: float


def throughput(shipping: Shipping, on: date, closed: Collection[str] = ()) -> Throughput:
    """Return min(tankers, insurance cover in force on the day, inspection) at central values.

    ``closed`` names insurers taken out besides. ``coverage`` is the share of the need, at most 1.
    Raises ``NetworkNameError`` for an insurer that is not listed.
    """
    valid = [insurer.name for insurer in shipping.insurers]
    unknown = [name for name in closed if name not in valid]
    if unknown:
        raise NetworkNameError(
            "; ".join(f"unknown insurer {name!r}{did_you_mean(name, valid)}" for name in unknown)
        )
    cover = sum(
        insurer.cover.value
        for insurer in shipping.insurers
        if insurer.in_force(on) and insurer.name not in closed
    )
    means = {
        "tankers": shipping.tankers.value,
        "insurance": cover,
        "inspection": shipping.inspection.value,
    }
    limit = min(means, key=lambda name: means[name])
    return Throughput(means[limit], limit, min(1.0, means[limit] / shipping.need.value))
