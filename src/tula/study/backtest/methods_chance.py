"""Forecasts without a model of the economy: base rates, quotas and judgements."""

from __future__ import annotations

import numpy as np
from pydantic import model_validator
from scipy.stats import beta

from tula.evidence import Record
from tula.policy.units import Day
from tula.shapes import Float
from tula.study.backtest.frozen import Setting
from tula.study.backtest.inputs import Array, Draw
from tula.study.backtest.lasting import years_between


class RateInputs(Record):
    """How often something happened on how many occasions."""

    successes: Draw
    trials: Draw

    @model_validator(mode="after")
    def _possible(self) -> RateInputs:
        if self.successes.low < 0.0 or self.successes.high > self.trials.low:
            raise ValueError("successes lie between 0 and the trials, over their whole ranges")
        return self


class WaitInputs(Record):
    """Something under way since a day, and the day by which it may be done."""

    since: Day
    by: Day

    @model_validator(mode="after")
    def _in_order(self) -> WaitInputs:
        if self.since >= self.by:
            raise ValueError(f"since {self.since} is not before by {self.by}")
        return self


class BetweenInputs(Record):
    """Two levels between which every level is equally likely."""

    low: Draw
    high: Draw


class JudgementInputs(Record):
    """A probability somebody believes."""

    probability: Draw

    @model_validator(mode="after")
    def _probable(self) -> JudgementInputs:
        wrong = self.probability.within(0.0, 1.0, "probability")
        if wrong:
            raise ValueError(wrong)
        return self


def base_rate(inputs: RateInputs, setting: Setting) -> Float[Array, " D"]:
    """Probability by Jeffreys' rule: Beta(successes + 1/2, failures + 1/2)."""
    drawn = setting.drawn(inputs)
    failures = drawn["trials"] - drawn["successes"]
    chance = setting.uniform("rate")
    found: Array = beta.ppf(chance, drawn["successes"] + 0.5, failures + 0.5)
    return found


def wait(inputs: WaitInputs, setting: Setting) -> Float[Array, " D"]:
    """Probability that what has taken T years is done within t more: t / (T + t).

    The rule for a wait of unknown length seen at a random moment of it (Gott 1993, Nature 363,
    315-319).
    """
    taken, left = years_between(inputs.since, setting.day), years_between(setting.day, inputs.by)
    return np.array([left / (taken + left)])


def between(inputs: BetweenInputs, setting: Setting) -> Float[Array, " D"]:
    """A level drawn uniformly between two."""
    drawn = setting.drawn(inputs)
    level: Array = drawn["low"] + (drawn["high"] - drawn["low"]) * setting.uniform("level")
    return level


def judgement(inputs: JudgementInputs, setting: Setting) -> Float[Array, " D"]:
    """The probability as believed, over its range."""
    return setting.drawn(inputs)["probability"]
