"""What a backtest file holds. Every key is explained in docs/backtest.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from tula.evidence import Record
from tula.policy.units import Day
from tula.ties.kinds import Code, Text

#: How a forecast was made: by a model of the study, from a declared prior and a rule, from how
#: often or for how long, or as somebody believes.
Kind = Literal["model", "prior", "base rate", "judgement"]
Facts = Annotated[tuple[str, ...], Field(min_length=1)]


class Grounding(Record):
    """``inputs`` with what each of their numbers and days rests on.

    ``evidence`` maps the key of a number to fact ids, ``assumptions`` to a reason, as in ties.
    """

    inputs: dict[str, Any] = Field(default_factory=dict)
    evidence: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    assumptions: dict[str, str] = Field(default_factory=dict)


class ModelBlock(Grounding):
    """A model several forecasts read: its kind, and its inputs."""

    id: Code
    kind: Text


class ForecastBlock(Grounding):
    """One forecast: what is forecast, how, and from what.

    ``frozen`` is the day its inputs are frozen on, where that is before the cut-off of the file;
    ``sentence`` says the method in one sentence.
    """

    id: Code
    quantity: Text
    unit: Text
    kind: Kind
    method: Text
    sentence: Text
    frozen: Day | None = None
    notes: tuple[Text, ...] = ()


class Told(Record):
    """Somebody's number: a point, or a range read as uniform.

    ``reading`` says how words were turned into the number, where it was not a number.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    evidence: Facts
    source: str = ""
    reading: str = ""

    @model_validator(mode="after")
    def _point_or_range(self) -> Told:
        ends = (self.low is not None, self.high is not None)
        if (self.value is None) == (not all(ends)) or any(ends) != all(ends):
            raise ValueError("give value, or low and high")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}")
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """Low and high; a point twice."""
        if self.low is not None and self.high is not None:
            return self.low, self.high
        value = float("nan") if self.value is None else self.value
        return value, value


class Benchmarks(Record):
    """What a forecast has to beat: what was known last, and what others forecast."""

    persistence: Told | None = None
    published: tuple[Told, ...] = ()


class Outcome(Record):
    """What came of it, from facts later than the day the forecast was frozen on.

    An event that happened is 1, one that did not is 0.
    """

    value: float
    evidence: Facts
    note: str = ""


class ConditionBlock(Record):
    """A condition under which the whole model is rejected."""

    id: Code
    check: Text
    says: Text
    reason: Text
    inputs: dict[str, Any] = Field(default_factory=dict)


class BacktestFile(Record):
    """The content of a backtest file.

    ``study`` is the study file beside it, whose world, ties, scenarios and facts it uses.
    ``models``, ``forecasts`` and ``conditions`` are frozen on ``cutoff``; ``benchmarks`` and
    ``outcomes`` are opened only when forecasts are scored.
    """

    title: Text
    study: Text = "study.yaml"
    cutoff: Day
    draws: Annotated[int, Field(ge=8, le=100_000)] = 256
    seed: Annotated[int, Field(ge=0)] = 0
    notes: tuple[Text, ...] = ()
    models: tuple[ModelBlock, ...] = ()
    forecasts: Annotated[tuple[ForecastBlock, ...], Field(min_length=1)]
    conditions: tuple[ConditionBlock, ...] = ()
    benchmarks: dict[str, Benchmarks] = Field(default_factory=dict)
    outcomes: dict[str, Outcome] = Field(default_factory=dict)
