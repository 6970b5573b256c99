"""What is read off the months ahead: numbers, and chances of events, to be scored once they came.

A forecast is a reading of the answer's own path, under the course that keeps the balance and with
its beliefs: nothing is solved for it apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

import numpy as np
from pydantic import model_validator

from tula.numbers.quantity import Quantity, exact
from tula.numbers.record import Record, Unit, refuse
from tula.policy.units import Day
from tula.shapes import Float
from tula.ties.kinds import Code, Text
from tula.world.named import Fault, Region, Sectors

Array = np.ndarray
#: What a forecast may read: of the world, which gives a number; and of what stands or holds.
WORLD, TIES, EVENTS = ("flow", "price", "duty"), ("tie",), ("kept", "stands", "balanced")
ONE, NONE = exact(1.0), exact(0.0)


class Flow(Record):
    """What the pivot trades with a partner."""

    bought_from: Region | None = None
    """Who sells to the pivot, of an import."""
    sold_to: Region | None = None
    """Who buys from the pivot, of an export."""
    sectors: Sectors = ("all",)
    """What is traded."""
    by: Literal["value", "volume"] = "value"
    """Value at the border, or volume as delivered."""

    @model_validator(mode="after")
    def _one_way(self) -> Flow:
        if self.bought_from is not None and self.sold_to is not None:
            refuse([((), "a tie is an import (bought_from) or an export (sold_to): state one")])
        return self

    @property
    def partnerless(self) -> bool:
        """Whether it names nobody to trade with."""
        return self.bought_from is None and self.sold_to is None


class Forecast(Record):
    """A number, or the chance of an event, read off the path over some days.

    It reads one of ``tie``, ``flow``, ``price`` and ``duty``, which give a number, ``plus`` and
    ``times`` what is read; or one of ``kept``, ``stands`` and ``balanced``, which give a chance.
    Days before the first month count as days of it.
    """

    id: Code
    """Name by which the study refers to it."""
    title: Text
    """What readers see it called."""
    unit: str = ""
    """Unit of the number."""
    first: Day
    """First day that is read."""
    last: Day | None = None
    """Last day that is read, the day of ``stands`` and ``balanced``; left out, the first."""
    tie: Code | None = None
    """A critical tie: what arrives, ratio to the base year."""
    flow: Flow | None = None
    """Any other trade of the pivot: the same, but for what events leave of ties."""
    price: Flow | None = None
    """Price of a trade at the border, ratio to that of all other sellers; one in the base year."""
    duty: Flow | None = None
    """Duty on a trade, weighted as in the base year: points above its own."""
    kept: Code | None = None
    """A critical tie that is kept to the share that must be."""
    stands: Code | None = None
    """A threat or an event that stands, or a cause that has happened."""
    balanced: Literal[True] | None = None
    """Whether every condition would hold if all months were like that of the day."""
    times: Annotated[Quantity, Unit("unit of the number", 1750.0)] = ONE
    """What a number that is read is multiplied by: the level of the base year."""
    plus: Annotated[Quantity, Unit("unit of the number", 0.0)] = NONE
    """What is added then: what had come already."""

    @property
    def reads(self) -> str:
        """Key of what it reads."""
        return next(one for one in (*WORLD, *TIES, *EVENTS) if getattr(self, one) is not None)

    @property
    def event(self) -> bool:
        """Whether it is the chance of an event, and no number."""
        return self.reads in EVENTS

    @property
    def watched(self) -> tuple[str, Flow] | None:
        """What it reads of the world: flow, price or duty, and of which trade."""
        return (self.reads, getattr(self, self.reads)) if self.reads in WORLD else None

    @property
    def until(self) -> date:
        """Last day that is read."""
        return self.first if self.last is None else self.last

    @model_validator(mode="after")
    def _one_reading(self) -> Forecast:
        named = [one for one in (*WORLD, *TIES, *EVENTS) if getattr(self, one) is not None]
        if len(named) != 1:
            found = " and ".join(named) or "nothing"
            every = ", ".join((*TIES, *WORLD, *EVENTS))
            refuse([((), f"reads {found}: state one of {every}")])
        if self.until < self.first:
            refuse([(("last",), f"lies before the first day, {self.first}")])
        if self.event and (self.times, self.plus) != (ONE, NONE):
            refuse([((), "the chance of an event is neither multiplied nor added to")])
        if (seen := self.watched) and seen[1].partnerless:
            refuse([((seen[0],), "names nobody: state bought_from or sold_to")])
        return self


def month_of(announced: date, day: date) -> int:
    """Return the month ahead in which a day lies, from 0; those before the first lie in it."""
    whole = 12 * (day.year - announced.year) + day.month - announced.month
    return max(0, whole - (day.day < announced.day))


def months_read(one: Forecast, announced: date, months: int) -> Float[Array, " M"]:
    """Return the part of the days that are read in every month ahead; they add up to one."""
    days = range(one.first.toordinal(), one.until.toordinal() + 1)
    found = [month_of(announced, date.fromordinal(day)) for day in days]
    return np.bincount(found, minlength=months) / len(found)


def out_of_time(forecasts: tuple[Forecast, ...], announced: date, months: int) -> Iterator[Fault]:
    """Yield forecasts of days that are over, or lie beyond the months ahead."""
    for place, one in enumerate(forecasts):
        if one.until < announced:
            yield ("forecasts", place), f"is over on {announced}: there is nothing to forecast"
        elif month_of(announced, one.until) >= months:
            key = "first" if one.last is None else "last"
            yield ("forecasts", place, key), f"lies beyond the {months} months ahead"
