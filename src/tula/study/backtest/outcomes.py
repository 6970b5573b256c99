"""What came of forecasts, and what others had said, as a study file states it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field, model_validator

from tula.errors import did_you_mean
from tula.numbers.record import Path_, Record, refuse
from tula.strategy.answer.inputs import AnswerInputs
from tula.ties.kinds import Text
from tula.world.named import LISTED, Fault

Cited = Annotated[tuple[str, ...], LISTED, Field(min_length=1)]


class Benchmark(Record):
    """A forecast of others: a number, or a range that counts as evenly spread.

    Of an event it is its probability.
    """

    value: float | None = None
    """The number; left out for a range."""
    low: float | None = None
    """Lower end of a range."""
    high: float | None = None
    """Upper end of a range."""
    source: Text
    """Who says so."""
    reading: str = ""
    """How words were turned into the number."""
    evidence: Cited
    """Ids of the facts that say so."""

    @property
    def ends(self) -> tuple[float, float]:
        """The ends, equal for a number."""
        if self.value is not None:
            return self.value, self.value
        assert self.low is not None and self.high is not None
        return self.low, self.high

    @model_validator(mode="after")
    def _one_form(self) -> Benchmark:
        ranged = self.low is not None and self.high is not None
        if (self.value is None) == (not ranged) or (self.low is None) != (self.high is None):
            refuse([((), "state value, or low and high")])
        if self.ends[0] > self.ends[1]:
            refuse([(("high",), f"high {self.high:g} is below low {self.low:g}; swap them")])
        return self


class Came(Record):
    """What came."""

    value: float
    """The number; of an event 1 if it happened, 0 if it did not."""
    note: str = ""
    """What to bear in mind."""
    evidence: Cited
    """Ids of the facts that say so, known only after the day of the study."""


class Outcome(Record):
    """What came of a forecast, beside what was known last and what others had forecast."""

    persistence: Benchmark
    """What was known last: a forecast that nothing changes."""
    published: tuple[Benchmark, ...] = ()
    """What others had forecast; those made after the day are marked."""
    came: Came
    """What came."""


def unforeseen(outcomes: Mapping[str, Outcome], asked: AnswerInputs | None) -> Iterator[Fault]:
    """Yield outcomes of what nobody forecast, and probabilities that are none."""
    known = {one.id: one for one in (asked.forecasts if asked else ())}
    for name, outcome in outcomes.items():
        if name not in known:
            near = did_you_mean(name, known) if known else "; there are none"
            yield ("backtest", name), f"unknown {name!r} of answer.forecasts{near}"
        elif known[name].event:
            yield from _improbable(("backtest", name), outcome)


def _improbable(path: tuple[str, str], outcome: Outcome) -> Iterator[Fault]:
    if outcome.came.value not in (0.0, 1.0):
        told = f"an event happened (1) or did not (0); got {outcome.came.value:g}"
        yield (*path, "came", "value"), told
    published = ((("published", n), one) for n, one in enumerate(outcome.published))
    others: list[tuple[Path_, Benchmark]] = [(("persistence",), outcome.persistence), *published]
    for at, one in others:
        if not 0.0 <= one.ends[0] <= one.ends[1] <= 1.0:
            yield (*path, *at), "a probability lies between 0 and 1"
