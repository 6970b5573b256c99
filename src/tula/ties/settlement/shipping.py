"""What can be carried: the least of tankers, insurance cover in force, and inspection at port."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from tula.errors import did_you_mean
from tula.numbers.quantity import NotNegative, Positive
from tula.numbers.record import Record
from tula.policy.units import Day
from tula.ties.settlement.network import NetworkNameError


class Insurer(Record):
    """A liability insurer that the ports of call accept.

    ``cover``: largest volume it can insure, million barrels a day; ``until``: last day on which
    its cover is accepted (none: no end known).
    """

    name: str
    cover: NotNegative
    until: Day | None = None

    def in_force(self, on: date) -> bool:
        """Whether the ports still accept it on this day."""
        return self.until is None or on <= self.until


class Shipping(Record):
    """Means of carriage on one route, million barrels a day; ``need`` is what should be carried."""

    need: Positive
    tankers: NotNegative
    inspection: NotNegative
    insurers: tuple[Insurer, ...]

    @model_validator(mode="after")
    def _each_insurer_once(self) -> Shipping:
        names = Counter(insurer.name for insurer in self.insurers)
        twice = [name for name, count in names.items() if count > 1]
        if twice:
            why = f"insurers stand more than once: {', '.join(twice)}"
            raise PydanticCustomError("tie", "{why}", {"why": why})
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
