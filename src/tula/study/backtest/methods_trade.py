"""Forecasts read off the engine at a short horizon, and of the duties that feed it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from pydantic import Field, model_validator

from tula.evidence import Record
from tula.policy.units import Day
from tula.shapes import Float
from tula.study.backtest.frozen import Setting
from tula.study.backtest.inputs import Array, Draw
from tula.study.backtest.lasting import chance_ended, lengths, years_between
from tula.study.backtest.model_trade import TradeDraws
from tula.ties.kinds import Text


class SalesInputs(Record):
    """One exporter's sales to one importer. ``trend``: growth they would have had, a share."""

    model: Text
    scenario: Text
    importer: Text
    exporter: Text
    sectors: Text
    trend: Draw


class Measure(Record):
    """A duty in ``points``, in force since a day; ``lasts`` is the prior of its whole length in
    years, left out for one that stays until a ruling."""

    points: Draw
    since: Day
    lasts: Draw | None = None


class Ruling(Record):
    """A court may strike all measures down: how likely, by when, and what duty replaces them.

    The ruling comes on any day from the freeze to ``by``, all alike.
    """

    struck_down: Draw
    by: Day
    replaced_by: Draw


class DutyInputs(Record):
    """The duty in force on a day."""

    day: Day
    measures: tuple[Measure, ...] = Field(min_length=1)
    ruling: Ruling | None = None


class LiftedInputs(Record):
    """Whether a measure in force since a day is lifted by another."""

    since: Day
    by: Day
    lasts: Draw


class Drag(Record):
    """What a scenario takes off growth, over another one, while it is in force."""

    scenario: Text
    beyond: Text | None = None
    since: Day
    lasts: Draw | None = None


class GrowthInputs(Record):
    """Growth in % over a year: a consensus made without the duties, less what they take off."""

    model: Text
    region: Text
    consensus: Draw
    error: Draw
    start: Day
    end: Day
    drags: tuple[Drag, ...]

    @model_validator(mode="after")
    def _in_order(self) -> GrowthInputs:
        if self.start >= self.end:
            raise ValueError(f"the year starts on {self.start} and ends on {self.end}")
        return self


def sales(inputs: SalesInputs, setting: Setting) -> Float[Array, " D"]:
    """Change (%) of the value of sales on a year before: the engine's, times the trend."""
    route = (inputs.scenario, inputs.importer, inputs.exporter, inputs.sectors)
    ratio = _of(setting, inputs.model).read(lambda one: one.sales(*route))
    trend = setting.drawn(inputs, len(ratio))["trend"]
    change: Array = 100.0 * (ratio * (1.0 + trend) - 1.0)
    return change


def duty(inputs: DutyInputs, setting: Setting) -> Float[Array, " D"]:
    """The duty in force on a day, in points: what has not ended, unless a court struck it down."""
    drawn = setting.drawn(inputs)
    total = np.zeros(setting.count)
    for place, measure in enumerate(inputs.measures):
        points = drawn[f"measures.{place}.points"]
        ends = _length(measure, setting, f"measure {place}")
        total += np.where(ends > years_between(measure.since, inputs.day), points, 0.0)
    if inputs.ruling is None:
        return total
    struck = setting.uniform("ruling") < drawn["ruling.struck_down"]
    wait = setting.uniform("day of the ruling") * years_between(setting.day, inputs.ruling.by)
    gone = struck & (wait <= years_between(setting.day, inputs.day))
    found: Array = np.where(gone, drawn["ruling.replaced_by"], total)
    return found


def lifted(inputs: LiftedInputs, setting: Setting) -> Float[Array, " D"]:
    """The chance that a measure ends by a day, given that it is in force on the freeze."""
    return np.array([chance_ended(inputs.lasts, inputs.since, setting.day, inputs.by)])


def growth(inputs: GrowthInputs, setting: Setting) -> Float[Array, " D"]:
    """Consensus, plus its error, plus each drag for the part of the year it is in force."""
    trade = _of(setting, inputs.model)
    drawn = setting.drawn(inputs, len(trade.draws))
    total: Array = drawn["consensus"] + drawn["error"]
    for place, drag in enumerate(inputs.drags):
        lasts = _length(drag, setting, f"drag {place}", len(total))
        in_force = _part(inputs.start, inputs.end, drag.since, lasts)
        total = total + _effect(trade, drag, inputs.region) * in_force
    return total


def _effect(trade: TradeDraws, drag: Drag, region: str) -> Float[Array, " D"]:
    """What a full year of a drag does to real income, in %."""
    effect = trade.read(lambda one: one.real_income(drag.scenario, region))
    beyond = drag.beyond
    if beyond is None:
        return effect
    further: Array = effect - trade.read(lambda one: one.real_income(beyond, region))
    return further


def _length(
    measure: Measure | Drag, setting: Setting, purpose: str, count: int | None = None
) -> Float[Array, " D"]:
    """Whole lengths of a measure in years; without a prior it has no end."""
    uniform = setting.uniform(purpose, count)
    if measure.lasts is None:
        return np.full_like(uniform, np.inf)
    return lengths(measure.lasts, measure.since, setting.day, uniform)


def _part(start: date, end: date, since: date, lasts: Float[Array, " D"]) -> Float[Array, " D"]:
    """Part of the year from start to end in which a measure is in force."""
    whole = years_between(start, end + timedelta(days=1))
    begins = max(0.0, years_between(start, since))
    stops = np.minimum(whole, years_between(start, since) + lasts)
    part: Array = np.clip(stops - begins, 0.0, None) / whole
    return part


def _of(setting: Setting, model: str) -> TradeDraws:
    found: TradeDraws = setting.models[model]
    return found
